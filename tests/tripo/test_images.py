"""A model from an image: what is taken, what is sent, and how a file gets to the provider."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
import respx
from pydantic import ValidationError

from core.errors import BusyError, KeyRefusedError, NothingHappenedError, RejectedError, UnreachableError
from core.prices import credits_of
from core.sandbox.server import SandboxServer
from core.tripo import (
    Generate,
    GenerationOptions,
    ImageRef,
    Timeouts,
    TripoClient,
    UnfitImageError,
    Version,
    checked_image,
    pool_of,
)
from tests.tripo.conftest import BASES, KEY, TASK_ID
from tests.tripo.pictures import noisy_picture, picture

LINK = "https://studio.example.com/knight.png"
TOKEN = "file_1ec04ced"
UPLOAD_PATHS = {"v2": "/upload/sts", "v3": "/files"}


def upload_path(version: Version) -> str:
    return BASES[version] + UPLOAD_PATHS[version]


def token_answer(version: Version) -> dict[str, Any]:
    return {"code": 0, "data": {"image_token" if version == "v2" else "file_token": TOKEN}}


# --- what is an image ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_image_is_known_by_its_bytes(kind: str) -> None:
    assert checked_image(picture(kind, 300, 256)) == (f"image/{kind.lower()}", 300, 256)


NO_IMAGES = {
    "image_empty": b"",
    "image_unsupported": b"<!doctype html><title>Sign in</title>",
    "a gif": picture("GIF"),
    "image_damaged": noisy_picture(256)[:-3000],
    "a cut jpeg": picture("JPEG")[:-200],
    "image_too_small": picture(width=300, height=255),
    "too many bytes": b"\x89PNG" + bytes(20_000_000),
    "too many pixels": picture(width=8000, height=6251),
}


@pytest.mark.parametrize("content", NO_IMAGES.values(), ids=NO_IMAGES)
def test_what_is_no_good_image_is_refused_unsent_with_a_sentence(
    wire: respx.MockRouter, client: TripoClient, content: bytes
) -> None:
    with pytest.raises(UnfitImageError) as unfit:
        checked_image(content)
    with pytest.raises(RejectedError) as refused:
        client.upload("knight.png", content, "image/png")

    assert unfit.value.code.startswith("image_")
    assert (refused.value.message, refused.value.code) == (str(unfit.value), unfit.value.code)
    assert not wire.calls


@pytest.mark.parametrize(
    "url",
    [
        "",
        "knight.png",
        "ftp://studio.example.com/a.png",
        "file:///etc/passwd",
        "http://localhost/a.png",
        "http://127.0.0.1:8600/a.png",
        "http://10.0.0.5/a.png",
        "http://[::1]/a.png",
        "http://169.254.169.254/latest",
        "http://127.1/a.png",
        "http://intranet/a.png",
        "https://name:word@studio.example.com/a.png",
        LINK + "?" + "x" * 2000,
    ],
)
def test_a_link_that_the_provider_cannot_reach_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        ImageRef(url=url)


def test_an_image_is_one_thing() -> None:
    for given in ({}, {"url": LINK, "token": TOKEN}, {"token": TOKEN, "pending": "u1"}):
        with pytest.raises(ValidationError, match="either a link or an upload"):
            ImageRef(**given)


# --- what is asked for ---------------------------------------------------------------------------------------


def test_a_model_needs_words_or_an_image() -> None:
    with pytest.raises(ValidationError, match="neither a prompt nor an image"):
        Generate()


@pytest.mark.parametrize(
    ("options", "image", "words"),
    [
        ({"negative_prompt": "blood"}, LINK, "negativePrompt is for models made from words"),
        ({"image_seed": 7}, LINK, "imageSeed is for models made from words"),
        ({"enable_image_autofix": False}, None, "enableImageAutofix is for models made from an image"),
        ({"texture_alignment": "geometry"}, None, "textureAlignment is for models made from an image"),
        ({"orientation": "align_image"}, None, "orientation is for models made from an image"),
    ],
)
def test_options_of_the_other_way_are_refused(options: dict[str, Any], image: str | None, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Generate(
            prompt="a knight",
            image=ImageRef(url=image) if image else None,
            options=GenerationOptions(**options),
        )


@pytest.mark.parametrize("option", [{"orientation": "align_image"}, {"textureAlignment": "geometry"}])
def test_what_speaks_of_a_texture_needs_one(option: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="texture is false"):
        GenerationOptions.model_validate({"texture": False, **option})


OPTIONS = GenerationOptions(enable_image_autofix=True, orientation="align_image", texture_seed=5)
SENT = {"enable_image_autofix": True, "orientation": "align_image", "texture_seed": 5}
REQUESTS: list[tuple[Version, ImageRef, str, dict[str, Any]]] = [
    ("v2", ImageRef(url=LINK), "/task", {"file": {"type": "jpg", "url": LINK}}),
    ("v2", ImageRef(token=TOKEN), "/task", {"file": {"type": "jpg", "file_token": TOKEN}}),
    ("v3", ImageRef(url=LINK), "/generation/image-to-model", {"input": LINK}),
    ("v3", ImageRef(token=TOKEN), "/generation/image-to-model", {"input": TOKEN}),
]


@pytest.mark.parametrize(("version", "image", "path", "body"), REQUESTS)
def test_an_image_travels_in_its_versions_own_words_and_the_prompt_stays_here(
    wire: respx.MockRouter, version: Version, image: ImageRef, path: str, body: dict[str, Any]
) -> None:
    route = wire.post(BASES[version] + path).respond(json={"code": 0, "data": {"task_id": TASK_ID}})
    request = Generate(prompt="a knight", image=image, options=OPTIONS)

    with TripoClient(KEY, version=version) as client:
        client.create(request)

    named = {"model_version": "v3.1-20260211", "type": "image_to_model"}
    expected = named if version == "v2" else {"model": "v3.1-20260211"}
    assert json.loads(route.calls.last.request.content) == {**expected, **body, **SENT}
    assert pool_of(request, version) == "generation"


def test_an_image_that_is_not_uploaded_cannot_be_sent(wire: respx.MockRouter, client: TripoClient) -> None:
    with pytest.raises(ValueError, match="not been uploaded"):
        client.create(Generate(image=ImageRef(pending="u1")))
    assert not wire.calls


@pytest.mark.parametrize(
    ("options", "credits"),
    [
        ({}, 30),
        ({"texture": False}, 20),
        ({"textureQuality": "extreme", "geometryQuality": "detailed"}, 70),
        ({"model": "P1-20260311"}, 50),
        ({"model": "P2-20260801", "texture": False}, 100),
    ],
)
def test_an_image_costs_what_the_price_page_says(options: dict[str, Any], credits: int) -> None:
    request = Generate(image=ImageRef(url=LINK), options=GenerationOptions.model_validate(options))

    assert credits_of(request) == Decimal(credits)


# --- how a file gets there -----------------------------------------------------------------------------------


def test_a_file_goes_the_direct_way_as_multipart(
    wire: respx.MockRouter, client: TripoClient, version: Version
) -> None:
    route = wire.post(upload_path(version)).respond(json=token_answer(version))

    assert client.upload("knight.png", picture(), "image/png") == TOKEN

    sent = route.calls.last.request
    assert sent.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert sent.headers["Authorization"] == f"Bearer {KEY}"
    assert b'name="file"; filename="knight.png"' in sent.content
    assert picture() in sent.content


@pytest.mark.parametrize("word", ["presigned_url", "upload_url"])
def test_a_larger_file_goes_to_a_presigned_link_without_the_key(wire: respx.MockRouter, word: str) -> None:
    place = "https://bucket.s3.us-west-2.amazonaws.com/x.png?X-Amz-Signature=s"
    presign = wire.post(BASES["v3"] + "/files/presign").respond(
        json={"code": 0, "data": {word: place, "file_token": TOKEN, "expires_in": 1800}}
    )
    put = wire.put(place).respond(200)

    with TripoClient(KEY, version="v3", direct_upload_bytes_most=100) as client:
        assert client.upload("knight.png", picture(), "image/png") == TOKEN

    assert json.loads(presign.calls.last.request.content) == {"format": "png"}
    sent = put.calls.last.request
    assert sent.content == picture()
    assert "Authorization" not in sent.headers
    assert sent.headers["Content-Length"] == str(len(picture()))
    assert sent.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "place",
    ["http://bucket.example.com/x", "https://127.0.0.1/x", "https://10.1.2.3/x", "https://intranet/x"],
)
def test_a_file_is_never_put_into_a_private_network(wire: respx.MockRouter, place: str) -> None:
    data = {"presigned_url": place, "file_token": TOKEN}
    wire.post(BASES["v3"] + "/files/presign").respond(json={"code": 0, "data": data})

    with (
        TripoClient(KEY, version="v3", direct_upload_bytes_most=100) as client,
        pytest.raises(NothingHappenedError),
    ):
        client.upload("knight.png", picture(), "image/png")

    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (200, {"code": 0, "data": {}}, NothingHappenedError, "upload_failed"),
        (200, {"code": 0, "data": None}, NothingHappenedError, "upload_failed"),
        (500, {"code": 9, "message": "?"}, NothingHappenedError, "upload_failed"),
        (502, None, NothingHappenedError, "upload_failed"),
        (404, {"code": 9404, "message": "?"}, NothingHappenedError, "upload_failed"),
        (403, {"code": 2010, "message": "?"}, NothingHappenedError, "upload_failed"),
        (429, {"code": 1007, "message": "?"}, BusyError, "provider_busy"),
        (401, {"code": 1002, "message": "?"}, KeyRefusedError, "provider_key_refused"),
        (400, {"code": 2003, "message": "?"}, RejectedError, "image_empty"),
        (400, {"code": 2004, "message": "?"}, RejectedError, "image_unsupported"),
        (413, None, RejectedError, "too_large"),
    ],
)
def test_only_a_refused_file_is_an_end(
    wire: respx.MockRouter,
    client: TripoClient,
    version: Version,
    status: int,
    body: object,
    error: type[Exception],
    code: str,
) -> None:
    answer: dict[str, Any] = {"text": "<h1>Bad gateway</h1>"} if body is None else {"json": body}
    wire.post(upload_path(version)).respond(status, **answer)

    with pytest.raises(error) as raised:
        client.upload("knight.png", picture(), "image/png")

    assert raised.value.code == code  # type: ignore[attr-defined]
    assert not raised.value.stops_queue or code == "provider_key_refused"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ConnectError("refused"), UnreachableError),
        (httpx.ReadTimeout("slow"), NothingHappenedError),
        (httpx.WriteError("broken pipe"), NothingHappenedError),
        (httpx.RemoteProtocolError("no answer"), NothingHappenedError),
    ],
)
def test_a_lost_upload_is_nothing_lost(
    wire: respx.MockRouter, client: TripoClient, version: Version, failure: Exception, error: type[Exception]
) -> None:
    wire.post(upload_path(version)).mock(side_effect=failure)

    with pytest.raises(error):
        client.upload("knight.png", picture(), "image/png")


def test_a_put_that_is_refused_is_nothing_lost(wire: respx.MockRouter) -> None:
    place = "https://bucket.example.com/x?Signature=hidden"
    data = {"presigned_url": place, "file_token": TOKEN}
    wire.post(BASES["v3"] + "/files/presign").respond(json={"code": 0, "data": data})
    wire.put(place).respond(403, text="<Error/>")

    with (
        TripoClient(KEY, version="v3", direct_upload_bytes_most=100) as client,
        pytest.raises(NothingHappenedError) as failed,
    ):
        client.upload("knight.png", picture(), "image/png")

    assert failed.value.http_status == 403
    assert "hidden" not in str(failed.value)


def test_an_upload_ends_when_its_time_is_over(wire: respx.MockRouter, version: Version) -> None:
    def read_all(request: httpx.Request) -> httpx.Response:
        request.read()
        return httpx.Response(200, json=token_answer(version))

    wire.post(upload_path(version)).mock(side_effect=read_all)
    with (
        TripoClient(KEY, version=version, timeouts=Timeouts(upload_seconds=-1)) as client,
        pytest.raises(NothingHappenedError, match="could not be uploaded"),
    ):
        client.upload("knight.png", picture(), "image/png")


# --- against the sandbox -------------------------------------------------------------------------------------


@pytest.fixture
def sandbox_client(sandbox: SandboxServer) -> Callable[..., TripoClient]:
    def client(version: Version, **given: Any) -> TripoClient:
        base = sandbox.v2_base if version == "v2" else sandbox.v3_base
        return TripoClient("tsk_sandbox", version=version, base_url=base, **given)

    return client


@pytest.mark.parametrize(("version", "direct_most"), [("v2", 10**8), ("v2", 100), ("v3", 10**8), ("v3", 100)])
def test_an_uploaded_image_becomes_a_model(
    sandbox: SandboxServer,
    sandbox_client: Callable[..., TripoClient],
    version: Version,
    direct_most: int,
) -> None:
    with sandbox_client(version, direct_upload_bytes_most=direct_most) as client:
        token = client.upload("knight.png", noisy_picture(), "image/png")
        request = Generate(image=ImageRef(token=token), options=OPTIONS)
        task_id = client.create(request).task_id
        sandbox.world.advance(600)
        task = client.read(task_id)

    assert task.status.value == "success"
    assert task.type == "image_to_model"
    assert task.credits == credits_of(request) == 30
    [upload] = sandbox.world.uploads.values()
    assert upload.bytes == len(noisy_picture())


def test_a_token_belongs_to_its_key(
    sandbox: SandboxServer, sandbox_client: Callable[..., TripoClient]
) -> None:
    with sandbox_client("v3") as client:
        token = client.upload("knight.png", picture(), "image/png")
    with (
        TripoClient("tsk_sandbox_other", version="v3", base_url=sandbox.v3_base) as other,
        pytest.raises(RejectedError) as refused,
    ):
        other.create(Generate(image=ImageRef(token=token)))

    assert refused.value.code == "file_missing"
