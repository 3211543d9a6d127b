"""What reaches the vault is whole; what is not leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from core.errors import FileDamagedError, VaultError
from core.picture_size import picture_size
from core.sandbox import forge
from core.vault import Check, Sink, StoredFile, Vault, check_model, check_picture

LINK = "https://files.example/model.glb?Signature=x"


@pytest.fixture(scope="module")
def knight() -> bytes:
    return forge.animated("a low poly knight", 1, "preset:walk")


def bring(content: bytes) -> Callable[[Sink], None]:
    def hand_over(sink: Sink) -> None:
        for n in range(0, len(content), 10_000):
            sink(content[n : n + 10_000])

    return hand_over


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def store(folder: Path, content: bytes, check: Check) -> StoredFile:
    return Vault(folder.as_uri()).store(bring(content), check)


def test_a_whole_model_is_stored_under_its_hash_with_its_facts(tmp_path: Path, knight: bytes) -> None:
    file = store(tmp_path, knight, check_model(LINK))

    assert file.sha256 == hashlib.sha256(knight).hexdigest()
    assert b"".join(Vault(tmp_path.as_uri()).read(file.sha256)) == knight
    assert file.facts["clips"] == ["preset:walk"]
    assert file.facts["joints"] > 10
    assert file.facts["triangles"] > 500


def test_the_same_bytes_are_stored_once(tmp_path: Path, knight: bytes) -> None:
    store(tmp_path, knight, check_model(LINK))
    store(tmp_path, knight, check_model(LINK))

    assert len(stored_files(tmp_path)) == 1


def damaged(knight: bytes) -> dict[str, bytes]:
    json_length = struct.unpack("<I", knight[12:16])[0]
    return {
        "nothing": b"",
        "a web page": b"<html><body>502 Bad Gateway</body></html>",
        "cut in the middle": knight[: len(knight) // 2],
        "cut by a byte": knight[:-1],
        "a byte too long": knight + b"\0",
        "only the magic": b"glTF",
        "another version": knight[:4] + struct.pack("<I", 1) + knight[8:],
        "a chunk longer than the file": knight[:12] + struct.pack("<I", 2**31) + knight[16:],
        "json that is not json": knight[:20] + b"x" * json_length + knight[20 + json_length :],
        "json without a scene": b"glTF" + struct.pack("<III", 2, 24, 4) + b"JSON" + b"[1] ",
        "no chunk at all": b"glTF" + struct.pack("<II", 2, 12),
        "half a chunk head": b"glTF" + struct.pack("<II", 2, 16) + b"\0\0\0\0",
    }


@pytest.mark.parametrize("fault", damaged(b"glTF" + bytes(60)))
def test_a_damaged_file_is_never_stored(tmp_path: Path, knight: bytes, fault: str) -> None:
    with pytest.raises(FileDamagedError):
        store(tmp_path, damaged(knight)[fault], check_model(LINK))

    assert stored_files(tmp_path) == []


def test_an_fbx_is_known_by_its_magic_and_not_taken_for_a_glb(tmp_path: Path, knight: bytes) -> None:
    link = "https://files.example/model.fbx?Signature=x"

    assert store(tmp_path, forge.fbx("a crate", 1), check_model(link)).facts == {}
    with pytest.raises(FileDamagedError):
        store(tmp_path, knight, check_model(link))


def test_a_picture_is_verified_too(tmp_path: Path) -> None:
    picture = forge.picture("a crate", 1, size=64)

    assert store(tmp_path, picture, check_picture).media_type == "image/webp"
    with pytest.raises(FileDamagedError):
        store(tmp_path, picture[:40], check_picture)
    with pytest.raises(FileDamagedError):
        store(tmp_path, b"<html></html>", check_picture)


def test_a_store_that_refuses_says_so_and_keeps_nothing(tmp_path: Path, knight: bytes) -> None:
    (tmp_path / "artifacts").write_text("a file where the folder should be")

    with pytest.raises(VaultError) as refused:
        store(tmp_path / "artifacts", knight, check_model(LINK))

    assert "ARTIFACTS_URL" in refused.value.suggestion


def test_a_missing_file_is_an_error_that_names_itself(tmp_path: Path) -> None:
    vault = Vault(tmp_path.as_uri())

    assert not vault.has("0" * 64)
    assert vault.local_path("0" * 64) is None
    with pytest.raises(VaultError) as missing:
        vault.open("0" * 64)
    assert missing.value.code == "artifact_missing"


def test_any_fsspec_store_will_do(knight: bytes) -> None:
    vault = Vault("memory://vault-test")

    file = vault.store(bring(knight), check_model(LINK))

    assert vault.has(file.sha256)
    assert vault.local_path(file.sha256) is None
    assert b"".join(vault.read(file.sha256)) == knight


def test_a_models_facts_are_read_once_when_it_is_stored(tmp_path: Path, knight: bytes) -> None:
    facts = store(tmp_path, knight, check_model(LINK)).facts

    assert facts["faults"] == []
    assert len(facts["texturePixels"]) >= facts["textures"] > 0
    assert facts["textureBytes"] > 256 * 256 * 4
    assert 0.2 < facts["clipSeconds"][0] < 20


def rewritten(model: bytes, change: Callable[[dict], None]) -> bytes:
    """The model with another description."""
    length = int.from_bytes(model[12:16], "little")
    content = json.loads(model[20 : 20 + length])
    change(content)
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % 4)
    whole = len(text).to_bytes(4, "little") + b"JSON" + text + model[20 + length :]
    return b"glTF" + (2).to_bytes(4, "little") + (len(whole) + 12).to_bytes(4, "little") + whole


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c: c["bufferViews"][0].update(byteLength=10**9), "reaches beyond the end of the file"),
        (lambda c: c["accessors"][0].update(count=10**9), "Accessor 0 reaches beyond its buffer view"),
        (lambda c: c["meshes"][0]["primitives"][0].update(material=99), "names materials 99"),
        (lambda c: c["meshes"][0]["primitives"][0]["attributes"].pop("WEIGHTS_0"), "lacks joints or weights"),
        (lambda c: c.update(nodes="none"), "has not the form"),
    ],
)
def test_a_model_that_breaks_the_rules_is_kept_and_its_faults_are_told(
    tmp_path: Path, knight: bytes, change: Callable[[dict], None], fault: str
) -> None:
    facts = store(tmp_path, rewritten(knight, change), check_model(LINK)).facts

    assert fault in " ".join(facts["faults"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_size_of_a_texture_is_read_from_its_first_bytes(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 200)).save(file, kind)

    assert picture_size(file.getvalue()) == (300, 200)
    assert picture_size(file.getvalue()[:15]) is None
