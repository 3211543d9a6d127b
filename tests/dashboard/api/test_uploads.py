"""Images over HTTP: sent in once, named by orders; refused with a reason before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from core.models import Upload
from tests.dashboard.api.plan import ASSET, MODEL_ONLY, NAMES, PROJECT, WHOLE_CHAIN
from tests.dashboard.api.served import ServedApi, ordered, refusal, run_until_ended
from tests.tripo.pictures import noisy_picture, picture
from tests.world import World

LINK = "https://studio.example.com/knight.png"


def send(api: ServedApi, content: bytes, name: str = "knight.png", **headers: str) -> httpx.Response:
    return api.request("POST", "/api/uploads", files={"file": (name, content)}, headers=headers)


def uploads(world: World) -> int:
    with world.core.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Upload)) or 0


def test_an_image_is_sent_in_and_a_model_made_from_it(world: World, api: ServedApi) -> None:
    kept = send(api, noisy_picture())
    assert kept.status_code == 201, kept.text
    assert set(kept.json()) == {"uploadId", "sha256", "bytes", "mediaType", "width", "height"}
    assert (kept.json()["mediaType"], kept.json()["width"]) == ("image/png", 512)

    order = ordered(api, "/api/generate-3d", NAMES | {"image": {"uploadId": kept.json()["uploadId"]}})

    assert run_until_ended(world, api, order["taskId"])["status"] == "success"
    assert world.creates() == {"image_to_model": 1}


def test_an_image_that_was_sent_in_is_handed_out_again_as_it_was(shared_api: ServedApi) -> None:
    sent_in = noisy_picture()
    kept = send(shared_api, sent_in, "Gate Knight.png").json()
    path = f"/api/uploads/{kept['uploadId']}"

    whole = shared_api.get(path)
    known = shared_api.get(path, headers={"If-None-Match": whole.headers["etag"]})
    part = shared_api.get(path, headers={"Range": "bytes=0-3"})

    assert (whole.status_code, whole.content) == (200, sent_in)
    assert whole.headers["content-type"] == "image/png"
    assert whole.headers["etag"] == f'"{kept["sha256"]}"'
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-disposition"] == 'inline; filename="Gate-Knight.png"'
    assert "immutable" in whole.headers["cache-control"]
    assert (known.status_code, known.content) == (304, b"")
    assert (part.status_code, part.content) == (206, b"\x89PNG")
    assert shared_api.head(path).headers["content-length"] == str(len(sent_in))


def test_an_image_that_is_not_there_is_404(shared_api: ServedApi) -> None:
    assert refusal(shared_api.get("/api/uploads/nowhere")) == (404, "upload_not_found", "uploadId")


def test_an_asset_names_the_image_it_is_made_from(world: World, api: ServedApi) -> None:
    upload_id = send(api, noisy_picture()).json()["uploadId"]
    ordered(api, "/api/generate-3d", NAMES | {"image": {"uploadId": upload_id}})
    ordered(api, "/api/generate-3d", NAMES | {"assetId": "linked", "image": {"url": LINK}})
    ordered(api, "/api/generate-3d", MODEL_ONLY | {"assetId": "said"})

    shown = {
        name: api.get(f"/api/assets/{PROJECT}/{name}").json()["sourceImage"]
        for name in (ASSET, "linked", "said")
    }

    assert shown[ASSET]["url"] == f"/api/uploads/{upload_id}"
    assert (shown[ASSET]["name"], shown[ASSET]["width"]) == ("knight.png", 512)
    assert (shown["linked"]["url"], shown["linked"]["uploadId"]) == (LINK, None)
    assert shown["said"] is None


def test_a_link_takes_the_place_of_the_prompt(world: World, api: ServedApi) -> None:
    ordered(api, "/api/generate-3d", NAMES | {"image": {"url": LINK}})

    assert world.creates() == {"image_to_model": 1}


@pytest.mark.parametrize(
    ("image", "status", "code", "field"),
    [
        ({}, 400, "image_invalid", "image"),
        ({"url": LINK, "uploadId": "x"}, 400, "image_invalid", "image"),
        ({"url": "file:///etc/passwd"}, 400, "image_invalid", "image.url"),
        ({"url": 7}, 400, "invalid_request", "image.url"),
        ({"token": "x"}, 400, "unknown_field", "image.token"),
        ({"uploadId": "nowhere"}, 404, "upload_not_found", "image.uploadId"),
        (LINK, 400, "invalid_request", "image"),
    ],
)
def test_an_image_that_cannot_be_is_refused_by_its_name(
    shared_api: ServedApi, image: Any, status: int, code: str, field: str
) -> None:
    assert refusal(shared_api.post("/api/generate-3d", NAMES | {"image": image})) == (status, code, field)


def test_options_must_fit_what_the_model_is_made_from(shared_api: ServedApi) -> None:
    words = shared_api.post("/api/generate-3d", MODEL_ONLY | {"options": {"orientation": "align_image"}})
    image = {"image": {"url": LINK}, "options": {"negativePrompt": "blood"}}

    assert refusal(words) == (400, "options_invalid", "options.orientation")
    assert refusal(shared_api.post("/api/generate-3d", NAMES | image)) == (
        400,
        "options_invalid",
        "options.negativePrompt",
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "image_empty"),
        (b"%PDF-1.7", "image_unsupported"),
        (picture(width=255), "image_too_small"),
        (noisy_picture()[:-5000], "image_damaged"),
    ],
)
def test_what_is_no_good_image_is_400_with_what_to_send(
    shared_api: ServedApi, content: bytes, code: str
) -> None:
    assert refusal(send(shared_api, content)) == (400, code, "file")


def test_an_image_over_20_mb_is_413(shared_api: ServedApi) -> None:
    assert refusal(send(shared_api, b"\x89PNG" + bytes(20_000_000))) == (413, "body_too_large", None)


def test_a_form_without_a_length_is_counted_too(shared_api: ServedApi) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(21):
            yield bytes(1_000_000)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = shared_api.request("POST", "/api/uploads", content=pieces(), headers=headers)

    assert refusal(response) == (413, "body_too_large", None)


def test_a_body_that_is_no_form_is_415(shared_api: ServedApi) -> None:
    assert refusal(shared_api.post("/api/uploads", {"file": "x"})) == (415, "not_multipart", None)


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n", b"\x00" * 99])
def test_a_broken_form_is_400(shared_api: ServedApi, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert refusal(shared_api.request("POST", "/api/uploads", content=body, headers=headers))[0] == 400


def test_a_form_has_one_file_and_nothing_else(shared_api: ServedApi) -> None:
    two = [("file", ("a.png", picture())), ("file", ("b.png", picture()))]
    more = {"file": ("a.png", picture()), "note": ("n.txt", b"x")}

    assert refusal(shared_api.request("POST", "/api/uploads", files=two)) == (400, "unknown_field", "file")
    assert refusal(shared_api.request("POST", "/api/uploads", files=more)) == (400, "unknown_field", "note")
    assert refusal(shared_api.request("POST", "/api/uploads", files={"picture": ("a.png", picture())})) == (
        400,
        "unknown_field",
        "picture",
    )
    assert (
        refusal(shared_api.request("POST", "/api/uploads", data={"file": "text"}, files={"x": b""}))[0] == 400
    )


def test_a_page_of_another_site_cannot_upload(shared_api: ServedApi) -> None:
    assert refusal(send(shared_api, picture(), Origin="https://elsewhere.example"))[:2] == (
        403,
        "foreign_origin",
    )


def test_the_same_upload_under_the_same_key_is_one(world: World, api: ServedApi) -> None:
    first = send(api, picture(), **{"Idempotency-Key": "k1"})
    again = send(api, picture(), **{"Idempotency-Key": "k1"})
    other = send(api, noisy_picture(), **{"Idempotency-Key": "k1"})

    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert refusal(other) == (409, "idempotency_key_reused", None)
    assert uploads(world) == 1


def test_an_order_by_words_needs_no_image_as_before(world: World, api: ServedApi) -> None:
    ordered(api, "/api/generate-3d", WHOLE_CHAIN)

    assert world.creates() == {"text_to_model": 1}
