"""Everything of one asset as a zip, written while it is sent: no file of it is ever whole in memory."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from core.errors import VaultError
from core.lifecycle import TaskKind
from core.schemas import ArtifactView, AssetDetail
from core.vault import Vault

BEGINNING: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
STEPS: Final = {TaskKind.GENERATE: "draft", TaskKind.RIG: "rigged"}
ROLES: Final = {"model": "", "rendered_image": "-rendered", "thumbnail": "-picture"}
SUFFIXES: Final = {
    "model/gltf-binary": ".glb",
    "application/octet-stream": ".fbx",
    "image/webp": ".webp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


def archive_of(asset: AssetDetail, vault: Vault) -> Iterator[bytes]:
    """Write a zip with all files of an asset and what is known of it, piece by piece.

    Files are stored as they are, for models hardly shrink. What the vault has lost is named in `missing.txt`.
    """
    sink = _Sink()
    missing = list[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(
            zipfile.ZipInfo("asset.json", BEGINNING), asset.model_dump_json(by_alias=True, indent=2)
        )
        for name, file in names_of(asset.artifacts).items():
            try:
                pieces = vault.read(file.sha256)
                first = next(pieces, b"")
            except VaultError:
                missing.append(name)
                continue
            with archive.open(zipfile.ZipInfo(name, BEGINNING), "w", force_zip64=True) as entry:
                entry.write(first)
                yield sink.taken()
                for piece in pieces:
                    entry.write(piece)
                    yield sink.taken()
        if missing:
            text = "The vault has lost these files:\n" + "\n".join(missing) + "\n"
            archive.writestr(zipfile.ZipInfo("missing.txt", BEGINNING), text)
    yield sink.taken()


def names_of(files: Sequence[ArtifactView]) -> dict[str, ArtifactView]:
    """Name files for people: `walk.glb`, and what was replaced since `earlier/walk-2.glb`; no name twice."""
    named: dict[str, ArtifactView] = {}
    taken: Counter[str] = Counter()
    for file in sorted(files, key=lambda each: not each.current):
        step = STEPS.get(file.kind) or (file.preset or file.kind).removeprefix("preset:").replace(":", "-")
        folder = "" if file.current else "earlier/"
        name = f"{folder}{step}{ROLES.get(file.role, '')}{SUFFIXES.get(file.media_type, '')}"
        taken[name] += 1
        path = PurePosixPath(name)
        number = f"-{taken[name]}" if taken[name] > 1 else ""
        named[str(path.with_name(f"{path.stem}{number}{path.suffix}"))] = file
    return named


class _Sink(io.RawIOBase):
    """Takes what is written, and gives it away; it cannot go back, so the zip is written as a stream."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces += piece
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        pieces, self._pieces = bytes(self._pieces), bytearray()
        return pieces
