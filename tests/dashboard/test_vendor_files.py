"""The route that sends browser code, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from dashboard.components.browser_parts import part_address
from dashboard.vendor_files import VENDOR, vendor_files

THREE = "/vendor/three-0.187.0"


@pytest.fixture
def http(lab_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=lab_address, trust_env=False, timeout=60) as client:
        yield client


def test_every_vendored_file_is_sent_with_its_type_and_kept_for_ever(http: httpx.Client) -> None:
    types = {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".md": "text/plain",
        ".txt": "text/plain",
        "": "text/plain",
    }

    for name, path in vendor_files().items():
        answer = http.get(f"/vendor/{name}")

        assert answer.status_code == 200, name
        assert answer.headers["content-type"].split(";")[0] == types[path.suffix], name
        assert "immutable" in answer.headers["cache-control"]


def test_code_is_compressed_for_those_who_can_read_it(http: httpx.Client) -> None:
    address = f"{THREE}/build/three.core.js"

    packed = http.get(address, headers={"Accept-Encoding": "gzip"})
    plain = http.get(address, headers={"Accept-Encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.content == plain.content == (VENDOR / "three-0.187.0/build/three.core.js").read_bytes()


def test_a_file_that_the_browser_has_is_not_sent_again(http: httpx.Client) -> None:
    address = f"{THREE}/build/three.module.js"
    etag = http.get(address).headers["etag"]

    again = http.get(address, headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert again.content == b""


def test_bare_imports_get_an_address_while_sending(http: httpx.Client) -> None:
    loader = http.get(f"{THREE}/examples/jsm/loaders/GLTFLoader.js").text

    assert "from '../../../build/three.module.js';" in loader
    assert "} from 'three';" not in loader
    assert b"} from 'three';" in (VENDOR / "three-0.187.0/examples/jsm/loaders/GLTFLoader.js").read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "/vendor/nothing.js",
        "/vendor/",
        f"{THREE}/build/",
        "/vendor/three-0.187.0//build/three.core.js",
        "/parts/0000000000000000/viewer/viewer.js",
        f"/{part_address('viewer/__init__.py')}",
        f"/{part_address('nothing.js')}",
    ],
)
def test_what_is_not_there_is_a_404_and_no_web_page(http: httpx.Client, address: str) -> None:
    answer = http.get(address)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "escape", ["../vendor_files.py", "..%2fvendor_files.py", "%2e%2e/%2e%2e/pyproject.toml"]
)
def test_no_path_leads_out_of_the_folder(http: httpx.Client, escape: str) -> None:
    answer = http.get(f"/vendor/{escape}")

    assert b"import" not in answer.content.split(b"<", 1)[0]
    assert b"[project]" not in answer.content


def test_our_own_modules_are_sent_under_their_fingerprint(http: httpx.Client) -> None:
    for name, kind in {"viewer/viewer.js": "text/javascript", "gallery/gallery.css": "text/css"}.items():
        answer = http.get(f"/{part_address(name)}")

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
