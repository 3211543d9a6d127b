"""The life of tasks, in both versions: from create to files."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from core.sandbox.server import SandboxServer
from tests.sandbox.conftest import Caller, Json, refusal
from tests.sandbox.gltf_validator import validate


def glb_json(file: bytes) -> Json:
    assert file[:4] == b"glTF"
    (length,) = struct.unpack_from("<I", file, 12)
    return json.loads(file[20 : 20 + length])


def test_a_v2_task_waits_runs_and_ends_with_whole_numbers(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, "v2")
    first = api.create()
    api.advance(0.1)
    second = api.create(prompt="a wolf")

    queued = api.read(second)
    assert (queued["status"], queued["progress"], queued["queuing_num"]) == ("queued", 0, 1)
    assert api.read(first)["queuing_num"] == 0
    assert queued["running_left_time"] == -1
    assert isinstance(queued["create_time"], int)
    assert "consumed_credit" not in queued

    api.advance(4)
    running = api.read(first)
    assert running["status"] == "running"
    assert 0 < running["progress"] <= 99
    assert 0 < running["running_left_time"] <= 10
    assert isinstance(running["running_left_time"], int)
    assert running["output"] == {}

    api.advance()
    ended = api.read(first)
    assert (ended["status"], ended["progress"], ended["consumed_credit"]) == ("success", 100, 20)
    assert (ended["queuing_num"], ended["running_left_time"]) == (-1, -1)
    assert ended["input"] == {"prompt": "a low poly knight"}
    assert set(ended["output"]) == {"pbr_model", "rendered_image"}


def test_a_v3_task_has_iso_times_and_decimal_credits_and_no_queue(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, "v3")
    created = api.data(api.try_create("text_to_model", prompt="a knight"))
    assert created == {"task_id": created["task_id"], "type": "text_to_model", "status": "queued"}

    api.advance(4)
    running = api.read(created["task_id"])
    assert running["status"] == "running"
    assert not {"queuing_num", "running_left_time", "create_time"} & set(running)

    api.advance()
    ended = api.read(created["task_id"])
    assert ended["credits_consumed"] == 20.0
    assert isinstance(ended["credits_consumed"], float)
    made, done = (datetime.fromisoformat(ended[name]) for name in ("created_at", "completed_at"))
    assert made.utcoffset() is not None
    assert made < done
    assert set(ended["output"]) == {"model_url", "rendered_image_url"}


def test_progress_only_rises_and_may_sit_at_99(
    sandbox: SandboxServer, version: str, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, version)
    task_ids = [api.create() for _ in range(8)]
    seen: dict[str, list[int]] = {task_id: [] for task_id in task_ids}
    for _ in range(30):
        tasks = api.data(api.try_read_many(task_ids))["tasks"]
        for task_id, task in tasks.items():
            seen[task_id].append(task["progress"])
        api.advance(0.4)

    assert all(progress == sorted(progress) for progress in seen.values())
    assert any(progress.count(99) > 1 for progress in seen.values())
    assert all(progress[-1] == 100 for progress in seen.values())


def test_a_chain_ends_in_files_that_the_khronos_validator_accepts(api: Caller, tmp_path) -> None:  # type: ignore[no-untyped-def]
    draft = api.finished(prompt="a low poly knight")
    check = api.finished("animate_prerigcheck", source=draft)
    assert api.read(check)["output"] == {"riggable": True, "rig_type": "biped"}
    rig = api.finished("animate_rig", source=draft, model="v1.0-20240301", rig_type="biped")
    walk = api.finished("animate_retarget", source=rig, animation="preset:walk", export_with_geometry=True)
    two = api.finished("animate_retarget", source=rig, animations=["preset:idle", "preset:run"])

    paths = []
    for task_id in (draft, rig, walk, two):
        file = api.plain.get(api.model_link(task_id))
        assert file.headers["content-type"] == "model/gltf-binary"
        assert int(file.headers["content-length"]) == len(file.content)
        paths.append(tmp_path / f"{task_id}.glb")
        paths[-1].write_bytes(file.content)
    models = [glb_json(path.read_bytes()) for path in paths]
    assert "skins" not in models[0]
    assert "skins" in models[1]
    assert "animations" not in models[1]
    assert [clip["name"] for clip in models[2]["animations"]] == ["preset:walk"]
    assert [clip["name"] for clip in models[3]["animations"]] == ["preset:idle", "preset:run"]
    picture = api.plain.get(api.picture_link(walk))
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content[8:12] == b"WEBP"
    for report in validate(paths):
        assert report["issues"]["numErrors"] == 0, report["issues"]["messages"]
    # text 20, check 0, rig 25, one preset 10, two presets 20
    assert api.balance() == (10_000 - 75, 0)


def test_the_rig_type_comes_from_the_prompt_and_a_prop_cannot_be_rigged(api: Caller) -> None:
    wolf, barrel = api.finished(prompt="a grey wolf"), api.finished(prompt="a wooden barrel")

    wolf_check, barrel_check = (api.finished("animate_prerigcheck", source=task) for task in (wolf, barrel))

    assert api.read(wolf_check)["output"] == {"riggable": True, "rig_type": "quadruped"}
    assert api.read(barrel_check)["output"] == {"riggable": False, "rig_type": "others"}
    rig = api.create("animate_rig", source=barrel)
    api.advance()
    assert api.read(rig)["status"] == "failed"
    assert api.balance()[1] == 0


@pytest.mark.parametrize(
    ("fields", "v2_key", "suffix"),
    [
        ({}, "pbr_model", ".glb"),
        ({"pbr": False}, "model", ".glb"),
        ({"texture": False}, "pbr_model", ".glb"),
        ({"texture": False, "pbr": False}, "base_model", ".glb"),
        ({"quad": True}, "pbr_model", ".fbx"),
    ],
)
def test_the_output_field_and_file_kind_follow_from_what_was_asked(
    api: Caller, fields: Json, v2_key: str, suffix: str
) -> None:
    task = api.finished(**fields)

    output = api.read(task)["output"]
    assert (v2_key if api.version == "v2" else "model_url") in output
    link = api.model_link(task)
    assert urlsplit(link).path.endswith(suffix)
    magic = b"Kaydara FBX Binary  \x00\x1a\x00" if suffix == ".fbx" else b"glTF"
    assert api.plain.get(link).content.startswith(magic)


def test_a_rig_or_clip_in_fbx_is_fbx(api: Caller) -> None:
    rig = api.rigged(out_format="fbx")
    clip = api.finished("animate_retarget", source=rig, animation="preset:walk", out_format="fbx")

    for task in (rig, clip):
        assert api.plain.get(api.model_link(task)).content.startswith(b"Kaydara")


def test_the_same_seed_makes_the_same_model_and_another_another(api: Caller) -> None:
    links = [api.model_link(api.finished(model_seed=seed)) for seed in (7, 7, 8)]

    first, same, other = (api.plain.get(link).content for link in links)

    assert first == same
    assert first != other


def test_a_batch_read_answers_tasks_by_id_and_names_what_it_missed(
    api: Caller, call: Callable[..., Caller]
) -> None:
    own = [api.create(), api.create("text_to_model", prompt="a cat")]
    foreign = call(api.sandbox, api.version, "tsk_sandbox_other").create()

    data = api.data(api.try_read_many([*own, foreign, "nonsense"]))

    assert set(data["tasks"]) == set(own)
    assert data["tasks"][own[1]] == api.read(own[1])
    assert data["missed"] == [foreign, "nonsense"]


def test_usage_lists_tasks_newest_first_for_v3_only(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, "v3")
    first = api.finished()
    second = api.create("animate_rig", source=first)

    page = api.data(api.http.get("/account/usage", params={"limit": 1, "offset": 0}))["items"]
    rest = api.data(api.http.get("/account/usage", params={"offset": 1}))["items"]

    assert [(row["task_id"], row["type"], row["credits"]) for row in page] == [(second, "animate_rig", 0.0)]
    assert [(row["task_id"], row["status"], row["credits"]) for row in rest] == [(first, "success", 20.0)]
    assert datetime.fromisoformat(page[0]["created_at"]).utcoffset() is not None
    assert api.http.get("/account/usage", params={"limit": 201}).status_code == 400
    assert call(sandbox, "v2").http.get("/account/usage").status_code == 404


def test_every_answer_has_a_trace_id_of_its_own(api: Caller) -> None:
    answers = [api.try_read(api.create()), api.try_read("nonsense"), api.http.get("/nowhere")]
    answers += [api.plain.get(api.sandbox.url + "/nowhere")]

    assert len({answer.headers["X-Tripo-Trace-ID"] for answer in answers}) == len(answers)


def test_links_are_signed_anew_on_each_read_and_name_their_end(api: Caller) -> None:
    task = api.finished()
    first, second = api.model_link(task), api.model_link(task)

    assert first != second
    assert parse_qs(urlsplit(first).query)["Signature"] != parse_qs(urlsplit(second).query)["Signature"]
    policy = parse_qs(urlsplit(first).query)["Policy"][0].translate(str.maketrans("-_~", "+=/"))
    ends_at = json.loads(base64.b64decode(policy))["Statement"][0]["Condition"]["DateLessThan"][
        "AWS:EpochTime"
    ]
    assert ends_at > api.control("health")["now"]
    assert api.plain.get(first).content == api.plain.get(second).content


def test_a_link_dies_and_a_fresh_one_lives(api: Caller) -> None:
    task = api.finished()
    link = api.model_link(task)

    api.advance(301)

    dead = api.plain.get(link)
    assert dead.status_code == 403
    assert "<Code>AccessDenied</Code>" in dead.text
    assert dead.headers["content-type"].startswith("application/xml")
    assert api.plain.get(api.model_link(task)).status_code == 200


def test_a_link_without_its_signature_or_for_another_file_opens_nothing(api: Caller) -> None:
    task = api.finished()
    model, picture = urlsplit(api.model_link(task)), urlsplit(api.picture_link(task))

    for url in (
        model._replace(query="").geturl(),
        model._replace(query=picture.query).geturl(),
        model._replace(query=model.query.replace("Signature=", "Signature=A")).geturl(),
        model._replace(query=model.query.replace("Policy=", "Policy=A")).geturl(),
    ):
        assert api.plain.get(url).status_code == 403


def test_a_key_that_reaches_the_file_host_is_refused_and_counted(api: Caller) -> None:
    link = api.model_link(api.finished())

    before = api.stats()["key_leaks"]
    leaked = api.plain.get(link, headers={"Authorization": "Bearer tsk_sandbox"})

    assert leaked.status_code == 400
    assert api.stats()["key_leaks"] == before + 1
    assert api.plain.get(link).status_code == 200


def test_a_part_of_a_file_can_be_had(api: Caller) -> None:
    link = api.model_link(api.finished())
    whole = api.plain.get(link).content

    part = api.plain.get(link, headers={"Range": "bytes=4-11"})
    rest = api.plain.get(link, headers={"Range": f"bytes={len(whole) - 5}-"})
    beyond = api.plain.get(link, headers={"Range": f"bytes={len(whole)}-"})

    assert (part.status_code, part.content) == (206, whole[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(whole)}"
    assert rest.content == whole[-5:]
    assert beyond.status_code == 416


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def test_a_picture_is_sent_in_and_becomes_a_model(api: Caller) -> None:
    if api.version == "v2":
        for path in ("/upload", "/upload/sts"):
            token = api.data(api.http.post(path, files={"file": ("a_knight.png", PNG)}))["image_token"]
        fields: Json = {"file": {"type": "jpg", "file_token": token}}
    else:
        fields = {
            "input": api.data(api.http.post("/files", files={"file": ("a_knight.png", PNG)}))["file_token"]
        }
        assert fields["input"].startswith("file_")

    task = api.finished("image_to_model", **fields)

    assert api.balance() == (10_000 - 30, 0)
    check = api.finished("animate_prerigcheck", source=task)
    assert api.read(check)["output"]["rig_type"] == "biped"
    if api.version == "v2":
        stored = api.read(task)["input"]["file"]["object"]
        assert stored["bucket"] == "tripo-data"
        assert task in stored["key"]


def test_credentials_of_version_2_let_one_file_be_put_in_one_place(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, "v2")
    assert refusal(api.http.post("/upload/sts/token", json={"format": "gif"})) == (400, 2004)
    given = api.data(api.http.post("/upload/sts/token", json={"format": "png"}))
    assert set(given) == {
        "s3_host",
        "resource_bucket",
        "resource_uri",
        "session_token",
        "sts_ak",
        "sts_sk",
    }
    place = f"http://{given['s3_host']}/{given['resource_bucket']}/{given['resource_uri']}"
    stored = {"bucket": given["resource_bucket"], "key": given["resource_uri"]}
    fields: Json = {"file": {"type": "png", "object": stored}}
    assert refusal(api.try_create("image_to_model", **fields)) == (404, 2019)

    signed = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={given['sts_ak']}/20261122/us-west-2/s3/aws4_request",
        "x-amz-security-token": given["session_token"],
    }
    assert api.plain.put(place, content=PNG).status_code == 403
    assert api.plain.put(place + "x", content=PNG, headers=signed).status_code == 403
    assert api.plain.put(place, content=PNG, headers=signed).status_code == 200

    api.finished("image_to_model", **fields)


def test_a_presigned_link_takes_a_file_without_the_key(
    sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    api = call(sandbox, "v3")
    presigned = api.data(api.http.post("/files/presign", json={"format": "png"}))
    fields = {"input": presigned["file_token"]}
    assert api.try_create("image_to_model", **fields).json()["code"] == 2019

    leaked = api.plain.put(
        presigned["presigned_url"], content=PNG, headers={"Authorization": "Bearer tsk_sandbox"}
    )
    put = api.plain.put(presigned["presigned_url"], content=PNG)

    assert (leaked.status_code, put.status_code) == (400, 200)
    assert api.create("image_to_model", **fields)


@pytest.mark.parametrize(
    ("task_type", "fields", "credits"),
    [
        ("text_to_model", {"texture": False, "pbr": False}, 10),
        ("text_to_model", {"texture": False}, 20),
        (
            "text_to_model",
            {"texture_quality": "detailed", "geometry_quality": "detailed", "model": "v3.0-20250812"},
            50,
        ),
        ("text_to_model", {"texture_quality": "extreme", "smart_low_poly": True}, 50),
        ("text_to_model", {"quad": True}, 25),
        ("text_to_model", {"generate_parts": True, "texture": False, "pbr": False}, 30),
        ("text_to_model", {"model": "P1-20260311"}, 40),
        ("image_to_model", {"file": {"url": "https://example.com/a.png"}}, 30),
        ("image_to_model", {"file": {"url": "https://example.com/a.png"}, "model": "P1-20260311"}, 50),
        ("text_to_image", {"prompt": "a knight"}, 5),
    ],
)
def test_prices_are_frozen_at_create_and_taken_at_success(
    api: Caller, task_type: str, fields: Json, credits: int
) -> None:
    api.create(task_type, **fields)
    assert api.balance() == (10_000 - credits, credits)

    api.advance()

    assert api.balance() == (10_000 - credits, 0)


@pytest.mark.parametrize(
    ("task_type", "fields", "credits"),
    [
        ("texture_model", {"texture_quality": "detailed"}, 20),
        ("convert_model", {"format": "FBX"}, 5),
        ("convert_model", {"format": "GLTF", "face_limit": 500}, 10),
        ("animate_rig", {}, 25),
        ("animate_prerigcheck", {}, 0),
        ("mesh_segmentation", {}, 40),
        ("mesh_completion", {}, 50),
        ("mesh_completion", {"completion_mode": "quick_cap"}, 30),
        ("highpoly_to_lowpoly", {"face_limit": 1000}, 30),
        ("edit_multiview_image", {"prompts": [{"view": "left", "prompt": "x"}] * 2}, 10),
    ],
)
def test_work_on_a_model_has_its_price_too(api: Caller, task_type: str, fields: Json, credits: int) -> None:
    source = api.finished()

    task = api.finished(task_type, source=source, **fields)

    assert api.balance() == (10_000 - 20 - credits, 0)
    if task_type == "convert_model":
        assert api.plain.get(api.model_link(task)).content[:4] in (b"Kayd", b"glTF")


def test_four_views_come_from_one_picture(api: Caller) -> None:
    field = {"file": {"url": "https://example.com/knight.png"}}

    task = api.finished("generate_multiview_image", **field)

    views = api.read(task)["output"]["generate_multiview_image"]
    assert set(views) == {f"{view}_view_url" for view in ("front", "left", "back", "right")}
    assert api.plain.get(views["front_view_url"]).content[8:12] == b"WEBP"
    model = {"original_task_id": task} if api.version == "v2" else {"inputs": [{"task_id": task}]}
    assert api.finished("multiview_to_model", **model)


def test_v3_takes_most_of_the_v2_names(sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    api = call(sandbox, "v3")
    draft = api.finished()

    rig = api.data(
        api.http.post(
            "/animations/rig", json={"original_model_task_id": draft, "model_version": "v2.5-20260210"}
        )
    )
    image = api.http.post(
        "/generation/image-to-model",
        json={"file": {"type": "jpg", "url": "https://example.com/a.png"}, "model_version": "v2.5-20250123"},
    )

    assert rig["type"] == "animate_rig"
    assert image.status_code == 200


def test_v3_rigs_and_checks_files_too(sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    api = call(sandbox, "v3")

    check = api.finished("animate_prerigcheck", source="https://example.com/grey_wolf.glb")
    rig = api.finished("animate_rig", source="https://example.com/knight.glb")

    assert api.read(check)["output"]["rig_type"] == "quadruped"
    assert api.finished("animate_retarget", source=rig, animation="preset:walk")
