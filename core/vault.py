"""The vault: our own copies of the provider's files, verified, hashed, stored once under their hash.

A file goes to a temporary place first, is checked there, and reaches its final name in one step. What stands in the
vault is therefore whole. Any fsspec store will do (a folder by default).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import urlsplit

import fsspec
from PIL import Image, UnidentifiedImageError

from core.commit_points import CommitPoint, passed
from core.errors import FileDamagedError, VaultError
from core.glb import check_fbx, check_glb

CHUNK_BYTES: Final = 1 << 20
MEDIA_TYPES: Final = {
    "glb": "model/gltf-binary",
    "fbx": "application/octet-stream",
    "webp": "image/webp",
    "png": "image/png",
    "jpeg": "image/jpeg",
}


_FOLDER: Final = re.compile(r"[0-9a-f]{2}$")
Sink = Callable[[bytes], object]
Check = Callable[[Path], tuple[str, dict[str, Any]]]  # a file's media type and facts, or FileDamagedError


class StoredFile(NamedTuple):
    """What the vault holds after a file was verified and stored."""

    sha256: str
    bytes: int
    media_type: str
    facts: dict[str, Any]


class Vault:
    """A content-addressed store behind an fsspec URL."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def store(self, bring: Callable[[Sink], object], check: Check, *, only: str | None = None) -> StoredFile:
        """Take a file as `bring` hands it over in pieces, verify it by `check`, store it under its hash.

        With `only` no other hash will do, and the file takes the place of what lies under it.
        Raises FileDamagedError when the check fails, VaultError when the store or the disk refuses. Nothing of a
        refused file stays behind.
        """
        try:
            with tempfile.NamedTemporaryFile(prefix="hatchery-") as file:
                bring(file.write)
                file.flush()
                passed(CommitPoint.FILE_STREAMED)
                arrived = Path(file.name)
                media_type, facts = check(arrived)
                with arrived.open("rb") as whole:
                    sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
                if only is not None and sha256 != only:
                    raise FileDamagedError(
                        "What arrived is whole, but another file than the one that is wanted."
                    )
                self._put(arrived, sha256, anew=only is not None)
                passed(CommitPoint.FILE_STORED)
                return StoredFile(sha256, arrived.stat().st_size, media_type, facts)
        except OSError as error:
            raise _refusal(error) from error

    def try_out(self) -> None:
        """Store something small and remove it again; raises VaultError when the store or the disk refuses."""
        name = f".trying-{uuid.uuid4().hex}"
        try:
            with tempfile.NamedTemporaryFile(prefix="hatchery-") as file:
                file.write(os.urandom(CHUNK_BYTES))
                file.flush()
                self._fs.makedirs(self._root, exist_ok=True)
                self._fs.put_file(file.name, f"{self._root}/{name}")
                self._fs.rm_file(f"{self._root}/{name}")
        except OSError as error:
            raise _refusal(error) from error

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading, seekable; raises VaultError when it is missing."""
        try:
            return self._fs.open(self._path(sha256), "rb")  # type: ignore[no-any-return]
        except OSError as error:
            raise VaultError("The file is missing from the vault.", code="artifact_missing") from error

    def local_path(self, sha256: str) -> Path | None:
        """Name the file on this machine's disk, if the vault is a folder here and holds it."""
        if "file" not in self._fs.protocol:
            return None
        path = Path(self._path(sha256))
        return path if path.is_file() else None

    def has(self, sha256: str) -> bool:
        """Say whether a file with this hash is stored."""
        return bool(self._fs.exists(self._path(sha256)))

    def read(self, sha256: str) -> Iterator[bytes]:
        """Read a stored file in chunks."""
        with self.open(sha256) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def remove(self, sha256: str) -> None:
        """Remove a stored file that no row names any more; one that is gone already is as good."""
        try:
            self._fs.rm_file(self._path(sha256))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refusal(error) from error

    def names(self, prefix: str) -> list[str]:
        """List what lies in one of the vault's 256 folders; raises VaultError when it cannot be listed."""
        return [name for name, _ in self._listed(f"{self._root}/{prefix}")]

    def strays(self) -> list[str]:
        """List what lies in the vault outside its folders."""
        return [
            name for name, kind in self._listed(self._root) if kind != "directory" or not _FOLDER.match(name)
        ]

    def _listed(self, path: str) -> list[tuple[str, str]]:
        try:
            entries = self._fs.ls(path, detail=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refusal(error) from error
        return [(entry["name"].rstrip("/").rsplit("/", 1)[-1], entry["type"]) for entry in entries]

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def _put(self, local: Path, sha256: str, *, anew: bool) -> None:
        final = self._path(sha256)
        if not anew and self._fs.exists(final):
            return
        self._fs.makedirs(final.rsplit("/", 1)[0], exist_ok=True)
        if "file" in self._fs.protocol:
            _put_in_folder(local, Path(final))
        else:
            self._fs.put_file(str(local), final)  # an object store shows a key only when it is whole


def _refusal(error: OSError) -> VaultError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return VaultError(
            "There is no room left for files.",
            suggestion="Free some space where ARTIFACTS_URL leads; downloads then go on by themselves.",
            code="vault_full",
        )
    return VaultError(
        f"The vault takes no files: {error.strerror or 'the store refused'}.",
        suggestion="Check the place and the rights of ARTIFACTS_URL; downloads then go on by themselves.",
        code="vault_refuses",
    )


def _put_in_folder(local: Path, final: Path) -> None:
    """Copy beside the final name, flush to the disk, rename: there is never half a file under a hash."""
    descriptor, beside = tempfile.mkstemp(prefix=".arriving-", dir=final.parent)
    try:
        with os.fdopen(descriptor, "wb") as target, local.open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        Path(beside).chmod(0o644)
        passed(CommitPoint.FILE_BESIDE)
        Path(beside).replace(final)
    except BaseException:  # whatever ended it, half a file must not stay beside the whole ones
        Path(beside).unlink(missing_ok=True)
        raise


def check_model(url: str) -> Check:
    """Choose the check for a model by its link's path suffix (FBX comes under the same key as GLB)."""
    is_fbx = urlsplit(url).path.lower().endswith(".fbx")

    def check(path: Path) -> tuple[str, dict[str, Any]]:
        if is_fbx:
            return MEDIA_TYPES["fbx"], check_fbx(path)
        return MEDIA_TYPES["glb"], check_glb(path)

    return check


def check_picture(path: Path) -> tuple[str, dict[str, Any]]:
    """Verify a rendered picture; raises FileDamagedError."""
    try:
        with Image.open(path) as image:
            image.verify()
            kind, size = (image.format or "").lower(), image.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileDamagedError("The file is not a picture.") from error
    if kind not in MEDIA_TYPES:
        raise FileDamagedError(f"The picture is of a kind that pages do not show ({kind}).")
    return MEDIA_TYPES[kind], {"width": size[0], "height": size[1]}
