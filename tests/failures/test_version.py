"""The version that runs is the one that the package says."""

from __future__ import annotations

import tomllib

from core.settings import ROOT
from core.version import VERSION


def test_the_version_is_that_of_the_package() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
