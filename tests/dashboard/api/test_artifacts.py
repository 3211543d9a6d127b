"""Stored files over HTTP: whole, in parts, from the cache, and when they are gone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest

from core.projects import FIRST_PROJECT
from tests.dashboard.api.plan import ASSET, MODEL_ONLY, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended
from tests.world import World


@pytest.fixture(scope="module")
def asset(shared_world: World, shared_api: ServedApi) -> dict:
    """A finished knight with a walk."""
    body = WHOLE_CHAIN | {"name": "Knight", "animations": ["preset:walk"]}
    order = ordered(shared_api, "/api/generate-3d", body)
    run_until_ended(shared_world, shared_api, order["chain"][-1]["taskId"])
    return shared_api.get(f"/api/assets/{PROJECT}/{ASSET}").json()


def artifact(asset: dict, kind: str = "generate", role: str = "model") -> dict:
    return next(a for a in asset["artifacts"] if (a["kind"], a["role"]) == (kind, role))


@pytest.fixture(scope="module")
def draft(asset: dict) -> dict:
    """The model before its rig."""
    return artifact(asset)


@pytest.fixture(scope="module")
def whole(shared_api: ServedApi, draft: dict) -> httpx.Response:
    """The draft's file."""
    response = shared_api.get(draft["url"])
    assert response.status_code == 200
    return response


def part(api: ServedApi, draft: dict, span: str, **more: str) -> httpx.Response:
    headers = {"Range": span, **{name.replace("_", "-"): value for name, value in more.items()}}
    return api.request("GET", draft["url"], headers=headers)


def test_a_file_comes_whole_with_its_type_its_hash_and_leave_to_keep_it(
    draft: dict, whole: httpx.Response
) -> None:
    assert hashlib.sha256(whole.content).hexdigest() == draft["sha256"]
    assert len(whole.content) == draft["bytes"] == int(whole.headers["content-length"])
    assert whole.headers["content-type"] == "model/gltf-binary"
    assert whole.headers["etag"] == f'"{draft["sha256"]}"'
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in whole.headers


def test_a_picture_is_a_picture(shared_api: ServedApi, asset: dict) -> None:
    picture = artifact(asset, role="rendered_image")

    response = shared_api.get(picture["url"])

    assert response.headers["content-type"] == picture["mediaType"] == "image/webp"
    assert response.content[8:12] == b"WEBP"


def test_only_its_head_is_sent_when_only_that_is_asked_for(
    shared_api: ServedApi, draft: dict, whole: httpx.Response
) -> None:
    head = shared_api.head(draft["url"])

    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "cache-control", "content-disposition"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("tags", ["{etag}", 'W/{etag}, "other"', '"other",{etag}', "*"])
def test_who_has_it_already_is_told_so(
    shared_api: ServedApi, draft: dict, whole: httpx.Response, tags: str
) -> None:
    headers = {"If-None-Match": tags.format(etag=whole.headers["etag"])}

    response = shared_api.request("GET", draft["url"], headers=headers)

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == whole.headers["etag"]
    assert response.headers["cache-control"] == whole.headers["cache-control"]


def test_who_has_another_file_gets_this_one(shared_api: ServedApi, draft: dict) -> None:
    assert shared_api.request("GET", draft["url"], headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("span", "start", "stop"),
    [("bytes=0-3", 0, 4), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)],
)
def test_a_part_is_that_part(
    shared_api: ServedApi, draft: dict, whole: httpx.Response, span: str, start: int, stop: int | None
) -> None:
    response = part(shared_api, draft, span)

    wanted = whole.content[start:stop]
    first = start % draft["bytes"]
    assert response.status_code == 206
    assert response.content == wanted
    assert response.headers["content-length"] == str(len(wanted))
    assert response.headers["content-range"] == f"bytes {first}-{first + len(wanted) - 1}/{draft['bytes']}"


@pytest.mark.parametrize(
    "span", ["bytes=", "bytes=-", "bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "x"]
)
def test_a_range_that_is_not_understood_is_ignored(shared_api: ServedApi, draft: dict, span: str) -> None:
    response = part(shared_api, draft, span)

    assert (response.status_code, len(response.content)) == (200, draft["bytes"])


@pytest.mark.parametrize("span", ["bytes=99999999-", "bytes=99999999-99999999", "bytes=-0"])
def test_a_part_behind_the_end_is_416(shared_api: ServedApi, draft: dict, span: str) -> None:
    response = part(shared_api, draft, span)

    assert refusal(response) == (416, "range_not_satisfiable", None)
    assert response.headers["content-range"] == f"bytes */{draft['bytes']}"


def test_a_part_of_another_version_is_not_sent(
    shared_api: ServedApi, draft: dict, whole: httpx.Response
) -> None:
    assert part(shared_api, draft, "bytes=0-3", If_Range=whole.headers["etag"]).status_code == 206
    assert part(shared_api, draft, "bytes=0-3", If_Range='"older"').status_code == 200


@pytest.mark.parametrize(
    ("kind", "role", "name"),
    [
        ("generate", "model", "Knight.glb"),
        ("generate", "rendered_image", "Knight.webp"),
        ("rig", "model", "Knight-rigged.glb"),
        ("animate", "model", "Knight-walk.glb"),
    ],
)
def test_a_file_has_a_name_for_people(
    shared_api: ServedApi, asset: dict, kind: str, role: str, name: str
) -> None:
    url = artifact(asset, kind, role)["url"]

    shown, saved = shared_api.head(url), shared_api.head(f"{url}?download=1")

    assert shown.headers["content-disposition"] == f'inline; filename="{name}"'
    assert saved.headers["content-disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("given", "plain", "full"),
    [
        ('../../etc/"passwd"', "etc-passwd.glb", None),
        ("Zoë's orc\r\nSet-Cookie: x", "Zoe-s-orc-Set-Cookie-x.glb", "Zoë-s-orc-Set-Cookie-x.glb"),
        ("騎士", "model.glb", "騎士.glb"),
        ("???", "model.glb", None),
        ("k" * 200, "k" * 60 + ".glb", None),
    ],
)
def test_no_name_is_dangerous(
    shared_world: World, shared_api: ServedApi, given: str, plain: str, full: str | None
) -> None:
    order = ordered(shared_api, "/api/generate-3d", MODEL_ONLY | {"assetId": f"named-{plain}", "name": given})
    model = run_until_ended(shared_world, shared_api, order["taskId"])["output"]["modelUrl"]

    disposition = shared_api.head(model).headers["content-disposition"]

    first, _, star = disposition.partition("; filename*=UTF-8''")
    assert first == f'inline; filename="{plain}"'
    assert (unquote(star) or None) == full


def test_a_vault_that_is_no_folder_serves_as_well(
    make_world: Callable[..., World], serve: Callable[[World], ServedApi]
) -> None:
    world = make_world(settings={"artifacts_url": "memory://models"})
    api = serve(world).with_the_plans_project()
    made = run_until_ended(world, api, ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"])

    whole = api.get(made["output"]["modelUrl"])
    some = api.request("GET", made["output"]["modelUrl"], headers={"Range": "bytes=4-7"})

    assert whole.content.startswith(b"glTF")
    assert (some.status_code, some.content) == (206, whole.content[4:8])


# --- gone ----------------------------------------------------------------------------------------------------


def test_an_id_that_nobody_knows_is_404(shared_api: ServedApi) -> None:
    assert refusal(shared_api.get("/api/artifacts/none")) == (404, "artifact_not_found", None)


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_file_that_is_gone_or_cut_is_404_with_help_and_kept_by_nobody(
    world: World, api: ServedApi, damage: str
) -> None:
    made = run_until_ended(world, api, ordered(api, "/api/generate-3d", MODEL_ONLY)["taskId"])
    url = made["output"]["modelUrl"]
    stored = world.core.vault.local_path(api.head(url).headers["etag"].strip('"'))
    if damage == "missing":
        stored.unlink()
    else:
        stored.write_bytes(stored.read_bytes()[:100])

    response = api.get(url)

    assert refusal(response) == (404, "artifact_missing", None)
    assert "ARTIFACTS_URL" in response.json()["details"]
    assert "etag" not in response.headers


def test_everything_of_an_asset_comes_as_one_zip(world: World, api: ServedApi) -> None:
    world.order(name="Ünï knight")
    asset = world.run_to_the_end()
    model, picture = sorted(asset.artifacts, key=lambda file: file.role)
    world.core.vault.remove(picture.sha256)

    answer = api.get(f"/api/assets/{FIRST_PROJECT}/knight/archive")

    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["asset.json", "draft.glb", "missing.txt"]
        assert archive.read("draft.glb") == api.get(model.url).content
        assert json.loads(archive.read("asset.json"))["name"] == "Ünï knight"
        assert "draft-rendered" in archive.read("missing.txt").decode()
    assert refusal(api.get(f"/api/assets/{FIRST_PROJECT}/nobody/archive"))[0] == 404
