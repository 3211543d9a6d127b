"""Models from images: an upload waits in the vault and goes to the provider when an order that needs it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import courier
from core.errors import NotFoundError, OrderError
from core.lifecycle import TaskStatus
from core.models import Task, Upload, UploadToken
from core.prices import credits_of_chain
from core.sandbox.world import Upload as TheirUpload
from core.uploads import keep_upload
from tests.tripo.pictures import noisy_picture, picture
from tests.world import World

LINK = "https://studio.example.com/knight.png"


def kept(world: World, content: bytes = b"", name: str = "knight.png") -> str:
    core = world.core
    return keep_upload(core.database, core.vault, content or picture(), name=name, now=world.now())


def order(world: World, image: dict[str, str], **given: Any) -> str:
    return world.order(prompt=None, image=image, **given)[0]


def theirs(world: World) -> list[TheirUpload]:
    return list(world.sandbox.world.uploads.values())


def waiting(world: World, task_id: str) -> Task:
    task = world.task(task_id)
    assert task.status is TaskStatus.READY
    return task


# --- the main job --------------------------------------------------------------------------------------------


def test_an_uploaded_image_becomes_a_walking_character(either_version: World) -> None:
    world = either_version
    upload_id = kept(world)
    assert not theirs(world), "nothing is sent before an order needs it"
    options = {"enableImageAutofix": True, "orientation": "align_image"}
    chain = {"should_rig": True, "animations": ["preset:walk"]}

    order(world, {"uploadId": upload_id}, options=options, **chain)
    asset = world.run_to_the_end()

    assert asset.status == "complete"
    assert world.creates() == {
        "image_to_model": 1,
        "animate_prerigcheck": 1,
        "animate_rig": 1,
        "animate_retarget": 1,
    }
    estimate = credits_of_chain({"image": {"uploadId": upload_id}, "options": options}, **chain)
    assert sum(task.credits_consumed or 0 for task in asset.tasks) == estimate == 65
    assert [upload.name for upload in theirs(world)] == ["knight.png"]
    assert world.ask_sandbox("stats")["key_leaks"] == 0


def test_a_link_is_passed_on_and_the_prompt_stays_here(either_version: World) -> None:
    world = either_version
    world.order(prompt="a knight for the gate", image={"url": LINK})

    asset = world.run_to_the_end()

    [sent] = world.sandbox.world.tasks.values()
    assert (asset.status, asset.prompt) == ("complete", "a knight for the gate")
    assert "prompt" not in sent.fields
    assert LINK in str(sent.echo)
    assert not theirs(world)


def test_an_image_is_uploaded_once_for_many_orders_and_anew_before_its_token_is_over(world: World) -> None:
    upload_id = kept(world)
    for n in range(3):
        order(world, {"uploadId": upload_id}, asset_id=f"knight-{n}")
    assert len(theirs(world)) == 1

    world.offset += courier.TOKEN_LIFE + timedelta(minutes=1)
    order(world, {"uploadId": upload_id}, asset_id="the next day")

    assert len(theirs(world)) == 2
    assert world.creates() == {"image_to_model": 4}


def test_each_key_gets_the_image_for_itself(
    make_world: Callable[..., World], make_settings: Callable[..., Any]
) -> None:
    world = make_world(settings={"tripo_api_key": "tsk_sandbox_one"})
    upload_id = kept(world)
    order(world, {"uploadId": upload_id})
    first = world.core
    base = world.sandbox.v3_base
    world.settings = make_settings(tripo_api_key="tsk_sandbox_two", tripo_api_base=base)
    world.core = world.another_core("second")
    first.close()

    order(world, {"uploadId": upload_id}, asset_id="second")

    assert len({upload.owner for upload in theirs(world)}) == 2
    assert world.creates() == {"image_to_model": 2}
    with world.core.database.reading() as session:
        assert len(session.scalars(select(UploadToken)).all()) == 2


# --- when the upload goes wrong ------------------------------------------------------------------------------


def test_an_upload_that_fails_is_tried_again_quietly_and_the_order_goes_out_once(world: World) -> None:
    upload_id = kept(world)
    world.faults(rate_limited_1007={"count": 2, "on": "any"})
    task_id = order(world, {"uploadId": upload_id})

    assert waiting(world, task_id).waiting_text
    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"image_to_model": 1}


def test_a_provider_without_a_place_does_not_get_the_image_twice(world: World) -> None:
    upload_id = kept(world)
    world.faults(create_429=3)
    order(world, {"uploadId": upload_id})

    assert world.run_to_the_end().status == "complete"
    assert len(theirs(world)) == 1


def test_an_image_that_the_provider_lost_is_brought_again(world: World) -> None:
    upload_id = kept(world)
    order(world, {"uploadId": upload_id}, asset_id="first")
    world.sandbox.world.uploads.clear()

    task_id = order(world, {"uploadId": upload_id})

    assert waiting(world, task_id).waiting_for == "upload_over"
    world.run_until(lambda: world.task(task_id).tripo_task_id)
    assert len(theirs(world)) == 1
    assert world.creates() == {"image_to_model": 2}


def test_a_picture_that_is_missing_from_the_vault_holds_the_order_until_it_is_back(world: World) -> None:
    upload_id = kept(world)
    with world.core.database.reading() as session:
        file = world.core.vault.local_path(session.get_one(Upload, upload_id).sha256)
    assert file is not None
    content = file.read_bytes()
    file.unlink()
    task_id = order(world, {"uploadId": upload_id})
    assert waiting(world, task_id).waiting_for == "vault_unavailable"

    file.write_bytes(content)

    assert world.run_to_the_end().status == "complete"


def test_after_a_slow_upload_the_order_follows_with_a_fresh_claim(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = kept(world)
    monkeypatch.setattr(courier, "SLOW_SECONDS", -1.0)
    task_id = order(world, {"uploadId": upload_id})
    assert waiting(world, task_id).waiting_for == "uploaded"

    world.run_passes()

    assert world.task(task_id).status is TaskStatus.QUEUED
    assert len(theirs(world)) == 1


def test_a_bug_before_the_order_leaves_is_never_an_unknown_outcome(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    upload_id = kept(world)
    with monkeypatch.context() as patch:
        patch.setattr(courier.Courier, "_content", broken)
        task_id = order(world, {"uploadId": upload_id})
        assert waiting(world, task_id).waiting_for == "upload_failed"

    assert world.run_to_the_end().status == "complete"


# --- what is checked -----------------------------------------------------------------------------------------


def test_the_same_image_is_stored_once_and_named_plainly(world: World) -> None:
    first = kept(world, name="C:\\art\\Ritter für Zoë 🗡.PNG")
    second = kept(world, name="")

    with world.core.database.reading() as session:
        uploads = [session.get_one(Upload, upload_id) for upload_id in (first, second)]
    assert [upload.name for upload in uploads] == ["Ritter-fur-Zoe.png", "image.png"]
    assert uploads[0].sha256 == uploads[1].sha256
    assert (uploads[0].media_type, uploads[0].width, uploads[0].height) == ("image/png", 256, 256)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a", "image_unsupported"),
        (picture(width=100), "image_too_small"),
        (noisy_picture()[:-900], "image_damaged"),
    ],
)
def test_what_is_no_good_image_is_not_kept(world: World, content: bytes, code: str) -> None:
    with pytest.raises(OrderError) as refused:
        kept(world, content)

    assert (refused.value.code, refused.value.field) == (code, "file")
    with world.core.database.reading() as session:
        assert session.scalar(select(Upload)) is None
    assert not [path for path in (world.settings.var_dir / "artifacts").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("image", "options", "field"),
    [
        ({}, {}, "image"),
        ({"url": LINK, "uploadId": "x"}, {}, "image"),
        ({"url": "http://10.0.0.1/a.png"}, {}, "image.url"),
        ({"url": LINK}, {"negativePrompt": "blood"}, "options.negativePrompt"),
        ({"url": LINK}, {"texture": False, "orientation": "align_image"}, "options.orientation"),
        (None, {"textureAlignment": "geometry"}, "options.textureAlignment"),
    ],
)
def test_an_image_order_that_cannot_be_is_refused_by_its_field(
    world: World, image: dict[str, str] | None, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(OrderError) as refused:
        world.order(image=image, options=options)

    assert refused.value.field == field
    assert world.creates() == {}


def test_an_upload_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFoundError) as refused:
        world.order(image={"uploadId": "nowhere"})

    assert (refused.value.code, refused.value.field) == ("upload_not_found", "image.uploadId")


def test_a_retry_keeps_the_image_and_checks_its_options_for_it(world: World) -> None:
    world.faults(end_failed={"count": 1})
    task_id = order(world, {"url": LINK})
    world.run_until(lambda: world.task(task_id).status is TaskStatus.FAILED)
    with pytest.raises(OrderError) as refused:
        world.core.desk.retry(task_id, options={"imageSeed": 7})
    assert refused.value.field == "options.imageSeed"

    world.core.desk.retry(task_id, options={"texture": False})

    assert world.run_to_the_end().status == "complete"
    assert world.creates() == {"image_to_model": 2}
