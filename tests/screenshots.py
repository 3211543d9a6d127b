"""`python -m tests.screenshots [FOLDER]`: pictures of the running product, for README and for looking at.

The README's pictures in `docs/` are made anew. With a folder, every page is also taken there in light and dark, at the
width of a screen and of a phone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from core.projects import FIRST_PROJECT
from core.settings import ROOT
from tests.conftest import CHROMIUM_FLAGS
from tests.install_browser import find_browser
from tests.journeys.every_page import KNIGHT, fill
from tests.journeys.started_product import started_product
from tests.journeys.visitor import Visitor

DOCS: Final = ROOT / "docs"
WIDTHS: Final = (1280, 390)
SHOWN_MS: Final = 1_000  # until a picture that has come can be seen


def main(folder: Path | None) -> None:
    """Start the product, fill it, take the pictures, stop it."""
    program = find_browser()
    with tempfile.TemporaryDirectory() as var, started_product(Path(var)) as product:
        pages = fill(product)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
            take_readme_pictures(browser, product.address)
            for scheme in ("light", "dark") if folder else ():
                for width in WIDTHS:
                    visitor = Visitor(browser, product.address, scheme=scheme, width=width)
                    take_all(visitor, pages, folder, f"{scheme}-{width}")
            browser.close()


def take_readme_pictures(browser: Browser, address: str) -> None:
    """Take what the README shows: the walking knight, all assets, and a review in the dark."""
    DOCS.mkdir(exist_ok=True)
    visitor = Visitor(browser, address)
    visitor.open(f"asset?project={FIRST_PROJECT}&asset={KNIGHT}&view=preset:walk")
    visitor.viewer().wait_until("d.playing === 'true' && Number(d.time) > 0.3")
    take(visitor, DOCS / "screenshot.png")
    visitor.open("assets")
    pictures = visitor.page.get_by_test_id("gallery").locator("img[data-state=loaded]")
    pictures.nth(7).wait_for(state="attached")
    pictures.evaluate_all("all => Promise.all(all.map((each) => each.decode()))")
    visitor.page.wait_for_timeout(SHOWN_MS)
    take(visitor, DOCS / "assets.png")
    visitor.close()
    visitor = Visitor(browser, address, scheme="dark")
    visitor.open(f"review?project={FIRST_PROJECT}&asset=wizard")
    visitor.viewer().wait_until("d.playing === 'true' && Number(d.time) > 0.3")
    take(visitor, DOCS / "review.png")
    visitor.close()


def take(visitor: Visitor, file: Path) -> None:
    """Take what fits on a screen, as a small file."""
    visitor.page.set_viewport_size({"width": 1280, "height": 800})
    visitor.page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(192, dither=Image.Dither.NONE).save(file, optimize=True)


def take_all(visitor: Visitor, pages: dict[str, str], folder: Path, kind: str) -> None:
    """Take every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in pages.items():
        visitor.open(path)
        if name in ("asset", "review"):
            visitor.viewer()
        if name.startswith("assets"):
            visitor.page.get_by_test_id("gallery").locator(".card").first.wait_for()
        visitor.photograph(folder / f"{name}-{kind}.png")
    visitor.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
