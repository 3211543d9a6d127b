"""Where the browser finds the JavaScript and CSS of our components.

The code is not sent with every rerun: Streamlit carries a small loader, which imports the component's
module from our own route, whose address holds a fingerprint of the files and may be cached for ever.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

HERE = Path(__file__).parent
LOADER_HTML = "<div data-piece></div>"
LOADER_JS = (HERE / "loader.js").read_text(encoding="utf-8")


def part_files() -> dict[str, Path]:
    """Every JavaScript and CSS file of the components, by its path below this package."""
    found = [path for kind in ("**/*.js", "**/*.css") for path in HERE.glob(kind)]
    return {path.relative_to(HERE).as_posix(): path for path in sorted(found)}


def fingerprint(files: dict[str, Path]) -> str:
    """A short name that changes whenever a file does."""
    digest = hashlib.sha256()
    for name, path in files.items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


FINGERPRINT = fingerprint(part_files())


def part_address(path: str) -> str:
    """The address of one of our modules, relative to the page, so that a base path keeps working."""
    return f"parts/{FINGERPRINT}/{path}"
