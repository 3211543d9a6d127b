"""What holds for every test: it sees no setting of the machine that it runs on."""

from __future__ import annotations

import os

from tests.bare_environment import bare_environment

_bare = bare_environment()
os.environ.clear()
os.environ.update(_bare)
