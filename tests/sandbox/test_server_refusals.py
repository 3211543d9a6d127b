"""Every documented refusal, with the code that each version has for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.sandbox.refusals import V2_ERRORS, V3_ERRORS
from core.sandbox.server import SandboxServer
from tests.sandbox.conftest import Caller, Json, refusal

PICTURE = {"url": "https://example.com/knight.png"}
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_tables_of_the_two_versions_clash_where_the_documents_say() -> None:
    assert (V2_ERRORS["key_refused"].code, V3_ERRORS["key_refused"].code) == (1002, 1000)
    assert (V2_ERRORS["server_error"].code, V3_ERRORS["server_error"].http) == (1000, 500)
    kept = ("too_many_requests", "no_slot", "file_empty", "file_type", "content", "credit", "version_retired")
    assert all(V2_ERRORS[kind] == V3_ERRORS[kind] for kind in kept)


@pytest.mark.parametrize(
    ("key", "v2", "v3"),
    [
        (None, (401, 1002), (401, 1001)),
        ("tcli_abc", (401, 1002), (401, 1000)),
        ("tsk_live", (401, 1002), (401, 1000)),
        ("tsk_sandboxed", (401, 1002), (401, 1000)),
    ],
)
def test_only_the_sandbox_s_own_keys_open_it(
    shared_sandbox: SandboxServer,
    version: str,
    call: Callable[..., Caller],
    key: str | None,
    v2: tuple[int, int],
    v3: tuple[int, int],
) -> None:
    api = call(shared_sandbox, version, key)

    expected = v2 if version == "v2" else v3
    assert refusal(api.try_create("text_to_model", prompt="x")) == expected
    assert refusal(api.try_read(NOBODY)) == expected


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"", b"\xff", b'{"prompt": "\\ud83d"}', b'{"a": NaN}'])
def test_a_body_that_is_no_json_object_is_malformed(api: Caller, body: bytes) -> None:
    path = "/task" if api.version == "v2" else "/generation/text-to-model"

    assert refusal(api.http.post(path, content=body)) == (400, 1003)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"prompt": ""},
        {"prompt": "   "},
        {"prompt": 7},
        {"prompt": "x" * 1025},
        {"prompt": "x", "negative_prompt": "x" * 1025},
        {"prompt": "x", "texture": "yes"},
        {"prompt": "x", "texture_quality": "best"},
        {"prompt": "x", "geometry_quality": "best"},
        {"prompt": "x", "geometry_quality": "detailed", "model": "v2.5-20250123"},
        {"prompt": "x", "face_limit": 0},
        {"prompt": "x", "face_limit": "many"},
        {"prompt": "x", "face_limit": True},
        {"prompt": "x", "face_limit": 1_500_001, "model": "v3.1-20260211"},
        {"prompt": "x", "face_limit": 2_000_001, "geometry_quality": "detailed", "model": "v3.1-20260211"},
        {"prompt": "x", "face_limit": 47, "model": "P1-20260311"},
        {"prompt": "x", "face_limit": 20_001, "model": "P1-20260311"},
        {"prompt": "x", "face_limit": 499, "smart_low_poly": True},
        {"prompt": "x", "face_limit": 20_001, "smart_low_poly": True},
        {"prompt": "x", "face_limit": 10_001, "smart_low_poly": True, "quad": True},
        {"prompt": "x", "compress": "all"},
        {"prompt": "x", "model_seed": 1.5},
        {"prompt": "x", "generate_parts": True},
        {"prompt": "x", "generate_parts": True, "texture": False, "pbr": False, "quad": True},
        {"prompt": "x", "model": 3},
    ],
)
def test_a_missing_or_bad_field_is_refused(api: Caller, fields: Json) -> None:
    assert refusal(api.try_create("text_to_model", **fields)) == (400, 1004)
    assert api.balance() == (10_000, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": "x" * 1024},
        {"prompt": "x", "negative_prompt": "y" * 1024},
        {"prompt": "ein Ritter, 騎士, rыцарь\n— naïve © 10°"},
        {"prompt": "x", "face_limit": 1_500_000, "model": "v3.0-20250812"},
        {"prompt": "x", "face_limit": 2_000_000, "model": "v2.5-20250123"},
        {"prompt": "x", "face_limit": 48, "model": "P1-20260311"},
        {"prompt": "x", "face_limit": 500, "smart_low_poly": True},
        {"prompt": "x", "nobody_knows_this_field": 1},
        {"prompt": "x", "model_seed": -3},
    ],
)
def test_of_disputed_ranges_the_wider_is_accepted(api: Caller, fields: Json) -> None:
    assert api.create(**fields)


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("a knight 🗡", 2009),
        ("a knight\u200d", 2009),
        ("a\x07bell", 2009),
        ("a nsfw knight", 2008),
    ],
)
def test_odd_characters_and_forbidden_content_are_refused(api: Caller, prompt: str, code: int) -> None:
    assert refusal(api.try_create("text_to_model", prompt=prompt)) == (400, code)


def test_some_bad_values_pass_create_and_end_badly(api: Caller) -> None:
    limit, banned = api.create(face_limit=-1), api.create(prompt="a gore knight")
    api.advance()

    ended = api.read(limit)
    assert (ended["status"], ended["error_code"], ended["progress"]) == ("failed", 1004, 100)
    assert ended["error_msg" if api.version == "v2" else "error_message"]
    word = api.read(banned)["status"]
    assert word == ("banned" if api.version == "v2" else "failed")
    if api.version == "v3":
        assert api.read(banned)["error_code"] == 2008
    assert api.balance() == (10_000, 0)


@pytest.mark.parametrize("field", ["quad", "smart_low_poly", "generate_parts", "geometry_quality"])
def test_p1_refuses_fields_of_others_even_an_explicit_false(api: Caller, field: str) -> None:
    value: Any = "standard" if field == "geometry_quality" else False

    answer = api.try_create("text_to_model", prompt="x", model="P1-20260311", **{field: value})

    assert refusal(answer) == (400, 1004 if api.version == "v2" else 2002)


@pytest.mark.parametrize("model", ["Turbo-v1.0-20250506", "v2.0-20240919", "v1.4-20240625", "v1.3-20240522"])
def test_a_retired_model_is_refused(api: Caller, model: str) -> None:
    assert refusal(api.try_create("text_to_model", prompt="x", model=model)) == (400, 2015)


def test_an_unknown_model_is_refused(api: Caller) -> None:
    expected = (400, 2017 if api.version == "v2" else 1004)

    assert refusal(api.try_create("text_to_model", prompt="x", model="v9.9")) == expected
    assert refusal(api.try_create("animate_rig", source=api.finished(), model="v9.9")) == expected
    assert refusal(api.try_create("texture_model", source=api.finished(), model="v9.9")) == expected


def test_p2_is_for_v3_only(api: Caller) -> None:
    answer = api.try_create("text_to_model", prompt="x", model="P2-20260801")

    assert answer.status_code == (400 if api.version == "v2" else 200)


def test_v3_wants_a_model_for_generation_and_v2_has_a_default(api: Caller) -> None:
    if api.version == "v2":
        assert api.create(prompt="x")
    else:
        answer = api.http.post("/generation/text-to-model", json={"prompt": "x"})
        assert refusal(answer) == (400, 1004)


def test_types_that_do_not_exist_or_are_retired(
    shared_sandbox: SandboxServer, call: Callable[..., Caller]
) -> None:
    v2, v3 = call(shared_sandbox, "v2"), call(shared_sandbox, "v3")

    assert refusal(v2.http.post("/task", json={"type": "make_coffee"})) == (400, 2002)
    assert refusal(v2.http.post("/task", json={"prompt": "x"})) == (400, 1004)
    for retired in ("refine_model", "stylize_model", "animate_model"):
        assert refusal(v2.http.post("/task", json={"type": retired})) == (400, 2016)
    assert refusal(v3.http.post("/models/refine", json={})) == (404, 9404)


def test_a_priority_needs_a_right(api: Caller) -> None:
    assert refusal(api.try_create("text_to_model", prompt="x", priority=1)) == (403, 2013)


def test_a_source_must_exist_be_one_s_own_and_have_succeeded(
    api: Caller, call: Callable[..., Caller]
) -> None:
    running = api.create()
    foreign = call(api.sandbox, api.version, f"tsk_sandbox_{uuid.uuid4()}").create()

    for step in ("animate_prerigcheck", "animate_rig", "texture_model"):
        assert refusal(api.try_create(step, source=NOBODY)) == (404, 2001)
        assert refusal(api.try_create(step, source=foreign)) == (404, 2001)
        assert refusal(api.try_create(step, source=running)) == (400, 2007)
        assert refusal(api.try_create(step)) == (400, 1004)


def test_a_source_must_be_of_the_right_kind(api: Caller) -> None:
    picture = api.finished("text_to_image", prompt="a knight")
    draft = api.finished()

    assert refusal(api.try_create("animate_prerigcheck", source=picture)) == (400, 2011)
    assert refusal(api.try_create("animate_rig", source=picture)) == (400, 2006)
    assert refusal(api.try_create("animate_retarget", source=draft, animation="preset:walk")) == (400, 2012)
    rig = api.create("animate_rig", source=draft)
    assert refusal(api.try_create("animate_retarget", source=rig, animation="preset:walk")) == (400, 2007)
    assert refusal(api.try_create("animate_retarget", source=NOBODY, animation="preset:walk")) == (404, 2001)
    assert refusal(api.try_create("animate_retarget", source="x.glb", animation="preset:walk")) == (400, 1004)


def test_v2_works_on_task_ids_only(shared_sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    api = call(shared_sandbox, "v2")

    assert refusal(api.try_create("animate_rig", source="https://example.com/a.glb")) == (400, 1004)


@pytest.mark.parametrize(
    ("fields", "v2", "v3"),
    [
        ({"model": "v1.0-20240301", "rig_type": "quadruped"}, 1004, 1004),
        ({"rig_type": "avian"}, 1004, 1004),
        ({"rig_type": "centaur"}, 1004, 1004),
        ({"spec": "blender"}, 1004, 1004),
        ({"spec": "vrm"}, 1004, 1004),
        ({"spec": "unity", "model": "v2.5-20260210"}, 1004, 0),
        ({"spec": "mixamo"}, 0, 0),
        ({"out_format": "obj"}, 1004, 1004),
        ({"model": "v2.0-20250506", "rig_type": "quadruped"}, 0, 1004),
        ({"model": "v2.5-20260210", "rig_type": "quadruped"}, 0, 0),
        ({"model": "v3.0-20260909"}, 2017, 0),
    ],
)
def test_rig_parameters_by_version(api: Caller, fields: Json, v2: int, v3: int) -> None:
    answer = api.try_create("animate_rig", source=api.finished(), **fields)

    assert answer.json()["code"] == (v2 if api.version == "v2" else v3)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"animation": "preset:walk", "animations": ["preset:walk"]},
        {"animations": []},
        {"animations": ["preset:walk"] * 6},
        {"animations": "preset:walk"},
        {"animation": ["preset:walk"]},
        {"animation": "preset:moonwalk"},
        {"animation": "walk"},
        {"animation": "preset:quadruped:walk"},
        {"animation": "preset:biped:defeat_01"},
        {"animation": "preset:walk", "out_format": "bvh"},
    ],
)
def test_presets_are_checked(api: Caller, fields: Json) -> None:
    assert refusal(api.try_create("animate_retarget", source=api.rigged(), **fields)) == (400, 1004)


@pytest.mark.parametrize(
    ("prompt", "rig", "playable", "unplayable"),
    [
        ("a knight", {}, "preset:biped:press-up", "preset:biped:press_up"),
        ("a knight", {"model": "v2.5-20260210"}, "preset:biped:chop", "preset:biped:agree"),
        ("a knight", {"model": "v2.5-20260210"}, "preset:slash", "preset:aquatic:march"),
        (
            "a wolf",
            {"model": "v2.5-20260210", "rig_type": "quadruped"},
            "preset:quadruped:walk",
            "preset:walk",
        ),
        (
            "a snake",
            {"model": "v2.5-20260210", "rig_type": "serpentine"},
            "preset:serpentine:march",
            "preset:idle",
        ),
        ("an owl", {"model": "v2.5-20260210", "rig_type": "avian"}, None, "preset:walk"),
        ("a knight", {"spec": "mixamo"}, None, "preset:walk"),
    ],
)
def test_a_preset_must_fit_the_rig_s_type_and_version(
    api: Caller, prompt: str, rig: Json, playable: str | None, unplayable: str
) -> None:
    source = api.rigged(prompt, **rig)

    assert refusal(api.try_create("animate_retarget", source=source, animation=unplayable)) == (400, 1004)
    if playable:
        clip = api.finished("animate_retarget", source=source, animation=playable)
        assert api.plain.get(api.model_link(clip)).status_code == 200


def test_too_little_credit_refuses_and_freezes_nothing(start_sandbox: Any, call: Any, version: str) -> None:
    api = call(start_sandbox(credits=25), version)
    api.create()

    assert refusal(api.try_create("text_to_model", prompt="x")) == (403, 2010)
    assert api.balance() == (5, 20)
    api.control("wallet", {"balance": 20})
    assert api.create()


def test_a_task_is_seen_by_its_own_key_only(api: Caller, call: Callable[..., Caller]) -> None:
    task = api.create()
    other = call(api.sandbox, api.version, f"tsk_sandbox_{uuid.uuid4()}")

    assert refusal(other.try_read(task)) == (404, 2001)
    assert refusal(api.try_read(NOBODY)) == (404, 2001)
    assert refusal(api.try_read("nonsense")) == (404, 2001)


@pytest.mark.parametrize("ids", [None, [], "x", [NOBODY] * 101])
def test_a_batch_takes_1_to_100_ids(api: Caller, ids: Any) -> None:
    assert refusal(api.try_read_many(ids)) == (400, 1004)


def test_there_is_no_cancel_list_delete_or_idempotency_route(api: Caller) -> None:
    task = api.create()
    noun = "task" if api.version == "v2" else "tasks"

    answers = [
        api.http.delete(f"/{noun}/{task}"),
        api.http.post(f"/{noun}/{task}/cancel"),
        api.http.get(f"/{noun}s"),
        api.http.put(f"/{noun}/{task}", json={}),
        api.http.get("/idempotency"),
        api.http.get("/webhooks"),
        api.http.get(""),
        api.http.get("/task" if api.version == "v2" else "/generation/text-to-model"),
    ]

    assert {refusal(answer) for answer in answers} == {(404, 9404)}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.png", 2003),
        (b"GIF89a", "a.gif", 2004),
        (b"hello", "a.png", 2004),
        (b"\xff\xd8\xff" + bytes(20_000_001), "a.jpg", 2021),
    ],
)
def test_an_upload_must_be_a_picture_of_at_most_20_mb(
    api: Caller, content: bytes, name: str, code: int
) -> None:
    path = "/upload" if api.version == "v2" else "/files"

    assert refusal(api.http.post(path, files={"file": (name, content)})) == (400, code)


def test_an_upload_needs_its_multipart_field(api: Caller) -> None:
    path = "/upload" if api.version == "v2" else "/files"

    assert refusal(api.http.post(path, files={"other": ("a.png", b"x")})) == (400, 1003)
    assert refusal(api.http.post(path)) == (400, 1003)


def test_models_are_taken_by_v3_only(api: Caller) -> None:
    path = "/upload" if api.version == "v2" else "/files"

    answer = api.http.post(path, files={"file": ("a.glb", b"glTF....")})

    assert answer.json()["code"] == (2004 if api.version == "v2" else 0)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (None, (400, 1004)),
        ({}, (400, 1004)),
        ({"type": "jpg"}, (400, 1004)),
        ({"file_token": "x", "url": "https://example.com/a.png"}, (400, 1004)),
        ({"url": "ftp://example.com/a.png"}, (400, 1004)),
        ({"url": "http://["}, (400, 1004)),
        ({"url": 3}, (400, 1004)),
        ({"object": {"bucket": "b"}}, (400, 1004)),
        ({"file_token": NOBODY}, (404, 2019)),
        ({"file_token": ["x"]}, (404, 2019)),
    ],
)
def test_a_picture_must_be_one_that_can_be_had(api: Caller, file: Any, expected: tuple[int, int]) -> None:
    assert refusal(api.try_create("image_to_model", file=file)) == expected


def test_the_inputs_of_v3(shared_sandbox: SandboxServer, call: Callable[..., Caller]) -> None:
    api = call(shared_sandbox, "v3")

    assert refusal(api.try_create("image_to_model", source="")) == (400, 1004)
    assert refusal(api.try_create("image_to_model", source=3)) == (400, 1004)
    assert refusal(api.try_create("image_to_model", source="file_nobody")) == (404, 2019)
    assert refusal(api.try_create("image_to_model", source=NOBODY)) == (404, 2001)
    assert refusal(api.try_create("multiview_to_model", inputs="x")) == (400, 1004)
    url = PICTURE["url"]
    assert api.create("multiview_to_model", inputs=[url, "", url, ""])
    assert api.create("multiview_to_model", inputs=[{"left": url}, {"front": url}])
    assert refusal(api.try_create("multiview_to_model", inputs=[{"left": url}, {"back": url}])) == (400, 1004)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([PICTURE, {}, PICTURE, {}], 200),
        ([PICTURE, {}, {}, {}], 400),
        ([{}, PICTURE, PICTURE, {}], 400),
        ([PICTURE, PICTURE], 400),
        ([PICTURE] * 6, 400),
    ],
)
def test_four_views_of_which_the_front_and_one_more(api: Caller, files: list[Json], status: int) -> None:
    answer = api.try_create("multiview_to_model", files=files)

    assert answer.status_code == status
    if status == 400:
        assert refusal(answer) == (400, 1004)


def test_v2_shows_free_slots_and_v3_its_request_rate(api: Caller) -> None:
    answer = api.try_create("text_to_model", prompt="x", model="v3.1-20260211")

    if api.version == "v2":
        assert answer.headers["X-ParallelismLimit-Remain"] == "9"
    else:
        assert int(answer.headers["X-RateLimit-Remaining"]) < int(answer.headers["X-RateLimit-Limit"])
        assert answer.headers["X-RateLimit-Reset"].isdecimal()


@pytest.mark.parametrize(
    ("v2_limit", "v3_limit", "task_type", "fields"),
    [
        (10, 10, "text_to_model", {"prompt": "x", "model": "v3.1-20260211"}),
        (5, 5, "text_to_model", {"prompt": "x", "model": "P1-20260311"}),
        (1, 1, "generate_multiview_image", {"file": PICTURE}),
    ],
)
def test_each_pool_takes_its_documented_number_at_once(
    api: Caller, v2_limit: int, v3_limit: int, task_type: str, fields: Json
) -> None:
    limit = v2_limit if api.version == "v2" else v3_limit
    for _ in range(limit):
        api.create(task_type, **fields)
    balance = api.balance()

    full = api.try_create(task_type, **fields)

    assert refusal(full) == (429, 2000)
    assert 1 <= int(full.headers["Retry-After"]) <= 12
    assert api.balance() == balance
    api.advance(int(full.headers["Retry-After"]) + 1)
    assert api.create(task_type, **fields)


def test_v3_has_one_pool_for_all_of_animation_and_v2_one_for_each(
    start_sandbox: Any, call: Callable[..., Caller], version: str
) -> None:
    limits = {"animation": 1, "animate_rig": 1, "animate_prerigcheck": 1}
    api = call(start_sandbox(limits=limits), version)
    draft = api.finished()
    api.create("animate_prerigcheck", source=draft)

    rig = api.try_create("animate_rig", source=draft)

    assert rig.status_code == (200 if version == "v2" else 429)


def test_pools_and_wallets_are_each_key_s_own(
    start_sandbox: Any, call: Callable[..., Caller], version: str
) -> None:
    server = start_sandbox(limits={"generation": 1, "h_series": 1}, credits=30)
    first, second = call(server, version), call(server, version, "tsk_sandbox_two")
    first.create()

    assert second.create()
    assert first.try_create("text_to_model", prompt="x").status_code == 429
    assert second.balance() == (10, 20)


def test_retry_after_can_be_left_out(start_sandbox: Any, call: Callable[..., Caller], version: str) -> None:
    api = call(start_sandbox(retry_after=False, limits={"generation": 0, "h_series": 0}), version)

    full = api.try_create("text_to_model", prompt="x")

    assert refusal(full) == (429, 2000)
    assert "Retry-After" not in full.headers


def test_too_many_requests_in_a_minute_are_refused(
    start_sandbox: Any, call: Callable[..., Caller], version: str
) -> None:
    server = start_sandbox(requests_per_minute=3)
    api = call(server, version)
    answers: list[httpx.Response] = [api.try_read(NOBODY) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert refusal(answers[-1]) == (429, 1007)
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert call(server, version, "tsk_sandbox_two").try_read(NOBODY).status_code == 404
