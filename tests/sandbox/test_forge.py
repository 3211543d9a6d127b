"""The forge's files, judged by the Khronos validator and read back by their own structure."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.sandbox import forge
from tests.sandbox.gltf_validator import complaints, validate

PEOPLE = [
    "knight",
    "warrior",
    "diver",
    "sailor",
    "wizard",
    "robot",
    "zombie",
    "farmer",
    "captain",
    "guard",
    "king",
    "thief",
    "orc",
    "woman",
    "girl",
    "boy",
    "man",
]
BEASTS = {
    "quadruped": [
        "wolf",
        "dog",
        "fox",
        "cat",
        "tiger",
        "lion",
        "bear",
        "unicorn",
        "cow",
        "pig",
        "sheep",
        "deer",
        "elephant",
        "mouse",
        "lizard",
    ],
    "avian": ["eagle", "owl", "chicken", "duck", "bird", "dragon"],
    "octopod": ["spider", "crab"],
    "hexapod": ["ant", "beetle"],
    "serpentine": ["snake", "cobra", "worm"],
    "aquatic": ["fish", "shark", "whale"],
}
THINGS = [
    "sword",
    "axe",
    "shield",
    "barrel",
    "crate",
    "chest",
    "tree",
    "pine tree",
    "rock",
    "house",
    "lantern",
]
THINGS += [
    "post",
    "potion",
    "table",
    "chair",
    "ship",
    "coin",
    "mushroom",
    "crystal",
    "pot",
    "a quiet afternoon",
]
EVERYTHING = [*PEOPLE, *(name for names in BEASTS.values() for name in names), *THINGS]
BIPED_PRESETS = [
    f"preset:{name}"
    for name in ("idle", "walk", "run", "dive", "climb", "jump", "slash", "shoot", "hurt", "fall", "turn")
]
OTHER_PRESETS = {
    "wolf": "preset:quadruped:walk",
    "ant": "preset:hexapod:walk",
    "spider": "preset:octopod:walk",
    "snake": "preset:serpentine:march",
    "shark": "preset:aquatic:march",
}
KNIGHT = "a low poly knight in T-pose"
LARGEST_FILE = 500_000
FORMATS = {5126: "<f4", 5123: "<u2", 5121: "u1"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def read(glb: bytes) -> tuple[dict[str, Any], bytes]:
    magic, version, length = struct.unpack_from("<4sII", glb)
    assert (magic, version, length) == (b"glTF", 2, len(glb))
    size = struct.unpack_from("<I", glb, 12)[0]
    return json.loads(glb[20 : 20 + size]), glb[28 + size :]


def values(glb: bytes, accessor: int) -> np.ndarray:
    document, blob = read(glb)
    entry = document["accessors"][accessor]
    start = document["bufferViews"][entry["bufferView"]]["byteOffset"] + entry["byteOffset"]
    width = WIDTHS[entry["type"]]
    kind = np.dtype(FORMATS[entry["componentType"]])
    flat = np.frombuffer(blob, kind, entry["count"] * width, start)
    return flat.reshape(-1, width)


def attribute(glb: bytes, name: str) -> np.ndarray:
    return values(glb, read(glb)[0]["meshes"][0]["primitives"][0]["attributes"][name])


def channel(glb: bytes, node_name: str, path: str) -> np.ndarray:
    document, _ = read(glb)
    animation = document["animations"][0]
    for entry in animation["channels"]:
        target = entry["target"]
        if target["path"] == path and document["nodes"][target["node"]]["name"] == node_name:
            return values(glb, animation["samplers"][entry["sampler"]]["output"])
    raise AssertionError(f"{node_name} has no {path}")


@pytest.fixture(scope="module")
def forged() -> dict[str, bytes]:
    """Every shape, static, rigged and moving."""
    files: dict[str, bytes] = {}
    for name in EVERYTHING:
        files[f"draft {name}"] = forge.draft(name, 1)
        files[f"rigged {name}"] = forge.rigged(name, 1)
    for name in PEOPLE:
        files[f"walking {name}"] = forge.animated(name, 1, "preset:walk")
    for preset in BIPED_PRESETS:
        files[f"knight {preset}"] = forge.animated("knight", 1, preset)
        files[f"knight {preset} in place"] = forge.animated("knight", 1, preset, in_place=True)
    for name, preset in OTHER_PRESETS.items():
        files[f"{name} {preset}"] = forge.animated(name, 1, preset, rig_type=forge.describe(name).rig_type)
    files["flapping eagle"] = forge.animated("eagle", 1, "preset:walk")
    files["hopping chest"] = forge.animated("chest", 1, "preset:walk")
    files["untextured knight"] = forge.draft("knight", 1, textured=False)
    files["mixamo knight"] = forge.rigged("knight", 1, spec="mixamo")
    files["bones only"] = forge.animated("knight", 1, "preset:run", with_geometry=False)
    return files


@pytest.fixture(scope="module")
def reports(forged: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The validator's word on every file; one Node process for all."""
    folder = tmp_path_factory.mktemp("forged")
    paths: list[Path] = []
    for number, content in enumerate(forged.values()):
        path = folder / f"{number}.glb"
        path.write_bytes(content)
        paths.append(path)
    return dict(zip(forged, validate(paths), strict=True))


def test_every_file_passes_the_khronos_validator(reports: dict[str, dict[str, Any]]) -> None:
    problems = {name: complaints(report) for name, report in reports.items() if complaints(report)}

    assert problems == {}
    assert all(report["issues"]["numErrors"] == 0 for report in reports.values())
    assert all(report["info"]["version"] == "2.0" for report in reports.values())


def test_the_validator_would_notice_a_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.glb"
    broken.write_bytes(forge.draft("crate", 1)[:-400])

    (report,) = validate([broken])

    assert report["issues"]["numErrors"] > 0


def test_models_are_small_but_not_crude(forged: dict[str, bytes], reports: dict[str, dict[str, Any]]) -> None:
    drafts = {name: report for name, report in reports.items() if name.startswith("draft")}

    triangles = {name: report["info"]["totalTriangleCount"] for name, report in drafts.items()}
    assert min(triangles.values()) > 300
    assert max(triangles.values()) < 12_500, max(triangles.items(), key=lambda item: item[1])
    assert max(map(len, forged.values())) < LARGEST_FILE


@pytest.mark.parametrize(
    ("prompt", "family", "shape", "rig_type"),
    [
        (KNIGHT, "biped", "knight", "biped"),
        ("A sword for a knight, on a table", "biped", "knight", "biped"),
        ("an old woman with a lantern", "biped", "woman", "biped"),
        ("a brave diver beside a treasure chest", "biped", "diver", "biped"),
        ("grey wolf", "quadruped", "wolf", "quadruped"),
        ("a wolf-like character", "quadruped", "wolf", "quadruped"),
        ("three dragons", "avian", "dragon", "avian"),
        ("a spider", "octopod", "spider", "octopod"),
        ("stag beetle", "hexapod", "beetle", "hexapod"),
        ("green snake", "serpentine", "snake", "serpentine"),
        ("great white shark", "aquatic", "shark", "aquatic"),
        ("an oak barrel", "prop", "barrel", "others"),
        ("wooden crate", "prop", "crate", "others"),
    ],
)
def test_the_prompts_words_decide_the_shape(prompt: str, family: str, shape: str, rig_type: str) -> None:
    subject = forge.describe(prompt)

    assert (subject.family, subject.shape, subject.rig_type) == (family, shape, rig_type)
    assert subject.riggable is (family != "prop")


def test_an_unknown_word_is_a_thing_without_a_rig() -> None:
    subject = forge.describe("qwxz flibbertigibbet")

    assert (subject.family, subject.rig_type, subject.riggable) == ("prop", "others", False)
    assert forge.draft("qwxz flibbertigibbet", 1).startswith(b"glTF")


def test_same_inputs_give_the_same_bytes() -> None:
    def everything() -> list[bytes]:
        return [
            forge.draft(KNIGHT, 5),
            forge.rigged(KNIGHT, 5),
            forge.animated(KNIGHT, 5, "preset:walk"),
            forge.picture(KNIGHT, 5, size=128),
            forge.fbx(KNIGHT, 5),
        ]

    first = everything()
    forge.forget()

    assert everything() == first


def test_prompts_and_seeds_change_the_shape(forged: dict[str, bytes]) -> None:
    shapes = [attribute(forged[f"draft {name}"], "POSITION").tobytes() for name in EVERYTHING]
    seeds = [attribute(forge.draft("knight", seed), "POSITION").tobytes() for seed in range(4)]

    assert len(set(shapes)) == len(shapes)
    assert len(set(seeds)) == len(seeds)


def test_a_colour_in_the_prompt_is_seen() -> None:
    def mean(prompt: str) -> np.ndarray:
        picture = Image.open(io.BytesIO(forge.picture(prompt, 1, size=128))).convert("RGB")
        return np.asarray(picture, dtype=float)[32:96, 32:96].mean(axis=(0, 1))

    red, blue = mean("a red barrel"), mean("a blue barrel")

    assert red[0] - red[2] > 25
    assert blue[2] - blue[0] > 25


def test_people_stand_on_the_floor_and_are_human_size() -> None:
    for name in ("man", "woman", "sailor", "zombie"):
        positions = attribute(forge.draft(name, 3), "POSITION")
        assert abs(positions[:, 1].min()) < 1e-4
        assert 1.6 < positions[:, 1].max() < 2.1
        span = np.ptp(positions[:, 0])
        assert span > 1.2, "arms are spread in T-pose"


def test_a_textured_draft_carries_its_picture_and_an_untextured_one_does_not() -> None:
    textured, _ = read(forge.draft(KNIGHT, 1))
    plain, _ = read(forge.draft(KNIGHT, 1, textured=False))

    assert textured["images"][0]["mimeType"] == "image/png"
    assert "TEXCOORD_0" in textured["meshes"][0]["primitives"][0]["attributes"]
    assert "images" not in plain
    assert "skins" not in textured


def test_weights_are_whole_and_unused_joints_are_zero() -> None:
    for name in ("knight", "wolf", "snake", "chest"):
        glb = forge.rigged(name, 1)
        joints, weights = attribute(glb, "JOINTS_0"), attribute(glb, "WEIGHTS_0")
        assert (weights.sum(axis=1, dtype=int) == 255).all()
        assert (joints[weights == 0] == 0).all()
        assert joints.max() < len(read(glb)[0]["skins"][0]["joints"])


def test_inverse_bind_matrices_undo_the_rest_pose() -> None:
    glb = forge.rigged(KNIGHT, 1)
    document, _ = read(glb)
    skin, nodes = document["skins"][0], document["nodes"]
    inverse = values(glb, skin["inverseBindMatrices"]).reshape(-1, 4, 4)

    places = {skin["skeleton"]: np.array(nodes[skin["skeleton"]]["translation"])}
    for parent in skin["joints"]:
        for child in nodes[parent].get("children", []):
            places[child] = places[parent] + nodes[child]["translation"]

    for joint, matrix in zip(skin["joints"], inverse, strict=True):
        assert np.allclose(matrix[3, :3], -places[joint], atol=1e-5)
        assert np.allclose(matrix[:3, :3], np.eye(3))


def test_joint_names_follow_the_spec() -> None:
    def names(spec: str) -> set[str]:
        document, _ = read(forge.rigged(KNIGHT, 1, spec=spec))
        return {document["nodes"][joint]["name"] for joint in document["skins"][0]["joints"]}

    assert {"Hip", "Head", "L_Upperarm", "R_Foot"} <= names("tripo")
    assert {"mixamorig:Hips", "mixamorig:Head", "mixamorig:LeftArm", "mixamorig:RightFoot"} <= names("mixamo")


@pytest.mark.parametrize("preset", [*BIPED_PRESETS, "preset:biped:wave_goodbye_01", "preset:biped:press-up"])
def test_a_clip_is_alone_and_named_after_its_preset(preset: str) -> None:
    document, _ = read(forge.animated(KNIGHT, 1, preset))

    assert [animation["name"] for animation in document["animations"]] == [preset]


@pytest.mark.parametrize("preset", BIPED_PRESETS)
def test_clips_last_a_moment_have_enough_keys_and_loop(preset: str) -> None:
    glb = forge.animated(KNIGHT, 1, preset, in_place=True)
    document, _ = read(glb)
    times = values(glb, document["animations"][0]["samplers"][0]["input"])[:, 0]

    assert 0.8 <= times[-1] <= 2.5 + 1e-6
    assert len(times) / times[-1] >= 15
    for sampler in document["animations"][0]["samplers"]:
        track = values(glb, sampler["output"])
        if track.shape[1] == 4:
            assert abs(np.dot(track[0], track[-1])) > 0.9999
        else:
            assert np.allclose(track[0], track[-1], atol=2e-3)


def test_a_walk_swings_arms_and_legs_in_turn() -> None:
    glb = forge.animated("a man", 1, "preset:walk")

    left, right = channel(glb, "L_Thigh", "rotation")[:, 0], channel(glb, "R_Thigh", "rotation")[:, 0]
    knee = channel(glb, "L_Calf", "rotation")[:, 0]
    assert np.ptp(left) > 0.3
    assert np.corrcoef(left, right)[0, 1] < -0.5, "one leg goes forward while the other goes back"
    assert np.ptp(knee) > 0.35, "knees bend"
    assert np.ptp(channel(glb, "L_Upperarm", "rotation"), axis=0).max() > 0.15
    assert abs(channel(glb, "L_Upperarm", "rotation")[0, 2]) > 0.4, "arms hang instead of pointing sideways"


def test_a_walk_travels_unless_it_is_to_stay_in_place() -> None:
    for name, preset in {"man": "preset:walk", **OTHER_PRESETS}.items():
        root = {"man": "Hip", "wolf": "Hip", "snake": "Body01"}.get(name, "Body")
        going = channel(forge.animated(name, 1, preset), root, "translation")
        staying = channel(forge.animated(name, 1, preset, in_place=True), root, "translation")
        assert going[-1, 2] - going[0, 2] > 0.15, name
        assert np.allclose(staying[0], staying[-1], atol=2e-3), name


def test_every_other_rig_moves_its_joints() -> None:
    for name, preset in OTHER_PRESETS.items():
        glb = forge.animated(name, 1, preset)
        document, _ = read(glb)
        swings = [
            np.ptp(values(glb, sampler["output"]), axis=0).max()
            for sampler in document["animations"][0]["samplers"]
        ]
        assert sum(swing > 0.05 for swing in swings) >= 5, name


def test_an_animated_model_is_the_rigged_one() -> None:
    still, moving = forge.rigged(KNIGHT, 1), forge.animated(KNIGHT, 1, "preset:run")

    for name in ("POSITION", "NORMAL", "TEXCOORD_0", "JOINTS_0", "WEIGHTS_0"):
        assert np.array_equal(attribute(still, name), attribute(moving, name))


def test_a_clip_without_geometry_is_bones_and_keys() -> None:
    document, _ = read(forge.animated(KNIGHT, 1, "preset:walk", with_geometry=False))

    assert "meshes" not in document
    assert len(document["animations"]) == 1


@pytest.mark.parametrize("prompt", [KNIGHT, "wolf", "dragon", "a wooden crate"])
def test_a_picture_is_a_webp_of_the_asked_size_and_shows_something(prompt: str) -> None:
    content = forge.picture(prompt, 1, size=256)

    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.size) == ("WEBP", (256, 256))
    colours = picture.convert("RGB").getcolors(256 * 256)
    assert colours is not None
    assert len(colours) > 200
    pixels = np.asarray(picture.convert("L"), dtype=float)
    assert np.abs(pixels[64:192, 64:192] - pixels[2, 2]).mean() > 10, "the middle is not empty ground"


def test_an_fbx_has_the_binary_magic_and_a_version() -> None:
    content = forge.fbx(KNIGHT, 1)

    assert content.startswith(b"Kaydara FBX Binary  \x00\x1a\x00")
    assert struct.unpack_from("<I", content, 23)[0] == 7400
    assert b"Knight" in content
