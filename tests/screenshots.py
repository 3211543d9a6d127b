"""`python -m tests.screenshots [FOLDER]`: pictures of the running product, for README and for looking at.

Without a folder only `docs/screenshot.png` is made anew; with one, every page is also taken there in light and
dark, at the width of a screen and of a phone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import sync_playwright

from core.projects import FIRST_PROJECT
from core.settings import ROOT
from tests.conftest import CHROMIUM_FLAGS
from tests.core.started_process import wait_until
from tests.install_browser import find_browser
from tests.journeys.started_product import StartedProduct, started_product
from tests.journeys.visitor import Visitor

README_PICTURE = ROOT / "docs" / "screenshot.png"
KNIGHT = "knight"
PEOPLE_AND_THINGS: dict[str, dict[str, Any]] = {
    "barrel": {"prompt": "a wooden barrel with iron hoops"},
    "house": {"prompt": "a small house with a red roof"},
    "fox": {"prompt": "a small fox", "shouldRig": True, "animations": ["preset:quadruped:walk"]},
    "wizard": {"prompt": "a wizard in T-pose", "shouldRig": True, "animations": ["preset:idle"]},
    KNIGHT: {
        "prompt": "a low poly knight in T-pose",
        "shouldRig": True,
        "animations": ["preset:idle", "preset:walk"],
    },
}


def main(folder: Path | None) -> None:
    """Start the product, fill it, take the pictures, stop it."""
    program = find_browser()
    with tempfile.TemporaryDirectory() as var, started_product(Path(var)) as product:
        fill(product)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
            take_readme_picture(Visitor(browser, product.address))
            for scheme in ("light", "dark") if folder else ():
                for width in (1280, 390):
                    visitor = Visitor(browser, product.address, scheme=scheme, width=width)
                    take_all(visitor, folder, f"{scheme}-{width}")
            browser.close()


def fill(product: StartedProduct) -> None:
    """Order a few assets, one of them to fail and one of unknown outcome, and wait until the rest is done."""
    with httpx.Client(base_url=product.address, timeout=30) as api:
        sandbox = f"{product.sandbox_address}/sandbox/faults"
        api.post(sandbox, json={"end_failed": {"count": 1, "message": "The figure has no legs."}})
        order(api, "idol", prompt="a cursed idol")
        httpx.delete(sandbox)
        api.post(sandbox, json={"create_lost_reply": {"count": 1}})
        order(api, "chest", prompt="a treasure chest")
        httpx.delete(sandbox)
        order_elsewhere(product, prompt="a treasure chest")
        wait_until_looked_for(api, "chest")
        for asset_id, asked in PEOPLE_AND_THINGS.items():
            order(api, asset_id, **asked)
        for asset_id in PEOPLE_AND_THINGS:
            wait_until_complete(api, asset_id)


def order(api: httpx.Client, asset_id: str, **asked: Any) -> None:
    """Order one asset over HTTP."""
    body = {"projectId": FIRST_PROJECT, "assetId": asset_id, "name": asset_id.capitalize(), **asked}
    api.post("/api/generate-3d", json=body).raise_for_status()


def wait_until_complete(api: httpx.Client, asset_id: str) -> None:
    """Wait until an asset is complete."""

    def is_complete() -> bool:
        asset = api.get(f"/api/assets/{FIRST_PROJECT}/{asset_id}").json()
        return bool(asset["status"] == "complete")

    if not wait_until(is_complete):
        raise TimeoutError(f"{asset_id} was not done in time")


def order_elsewhere(product: StartedProduct, prompt: str) -> None:
    """Order with the same key outside Hatchery, so that nobody can tell the two tasks apart."""
    url = f"{product.sandbox_address}/v3/generation/text-to-model"
    key = {"Authorization": "Bearer tsk_sandbox"}
    httpx.post(url, json={"prompt": prompt, "model": "v3.1-20260211"}, headers=key).raise_for_status()


def wait_until_looked_for(api: httpx.Client, asset_id: str) -> None:
    """Wait until there is something to show of what became of a lost order."""

    def is_looked_for() -> bool:
        (task,) = api.get(f"/api/assets/{FIRST_PROJECT}/{asset_id}").json()["tasks"]
        return bool(task["evidence"]["candidates"])

    if not wait_until(is_looked_for):
        raise TimeoutError(f"{asset_id} was not looked for in time")


def take_readme_picture(visitor: Visitor) -> None:
    """Take the walking knight, as the README shows it."""
    visitor.open(f"asset?project={FIRST_PROJECT}&asset={KNIGHT}&view=preset:walk")
    viewer = visitor.viewer()
    viewer.wait_until("d.playing === 'true' && Number(d.time) > 0.3")
    README_PICTURE.parent.mkdir(exist_ok=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    visitor.page.screenshot(path=README_PICTURE)
    Image.open(README_PICTURE).convert("RGB").save(README_PICTURE, optimize=True)
    visitor.close()


def take_all(visitor: Visitor, folder: Path, kind: str) -> None:
    """Take every page, and the asset page in its other states."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"submit": "submit", "assets": "assets", "table": "assets?view=Table", "health": "health"}
    for asset_id in (KNIGHT, "idol", "chest"):
        pages[f"asset-{asset_id}"] = f"asset?project={FIRST_PROJECT}&asset={asset_id}"
    for name, path in pages.items():
        visitor.open(path)
        if name == f"asset-{KNIGHT}":
            visitor.viewer()
        visitor.photograph(folder / f"{name}-{kind}.png")
    visitor.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
