"""Pictures that people take of models: kept, shown in lists, replaced."""

from __future__ import annotations

import io

from PIL import Image

from core.vault_check import check_vault
from tests.dashboard.api.served import ServedApi, refusal
from tests.world import World


def picture(colour: str, pixels: int = 512) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (pixels, pixels), colour).save(file, "WEBP")
    return file.getvalue()


def test_a_view_of_a_model_becomes_its_picture_until_there_is_a_newer_one(
    world: World, api: ServedApi
) -> None:
    def shown_in_lists() -> str:
        (asset,) = api.get("/api/assets").json()["assets"]
        return str(asset["pictureUrl"])

    def take(content: bytes, artifact_id: str) -> ServedApi:
        file = {"file": ("view.webp", content, "image/webp")}
        headers = {"X-Hatchery-User": "Ann"}
        return api.http.post(f"/api/artifacts/{artifact_id}/thumbnail", files=file, headers=headers)

    world.order()
    asset = world.run_to_the_end()
    model, rendered = sorted(asset.artifacts, key=lambda file: file.role)
    assert shown_in_lists() == rendered.url

    first = take(picture("red"), model.artifact_id)
    assert first.status_code == 201
    assert shown_in_lists() == first.json()["url"]
    second = take(picture("blue"), model.artifact_id)
    assert shown_in_lists() == second.json()["url"] != first.json()["url"]
    assert api.get(second.json()["url"]).content == picture("blue")
    assert api.get(first.json()["url"]).status_code == 404
    assert not [
        finding for part in check_vault(world.core.database, world.core.vault) for finding in part.findings
    ]
    assert world.asset().events[-1].actor == "Ann"

    assert refusal(take(b"<html>", model.artifact_id))[2] == "file"
    assert refusal(take(picture("red", 2049), model.artifact_id))[2] == "file"
    assert refusal(take(picture("red"), rendered.artifact_id))[2] == "artifactId"
    assert refusal(take(picture("red"), "nowhere"))[0] == 404
    assert shown_in_lists() == second.json()["url"]
