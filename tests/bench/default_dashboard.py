"""The dashboard as it would run with Streamlit's own default: a full garbage collection after each run of a script.

The option stands in our configuration file, which wins over the environment, so it is overruled where it is read.
"""

from __future__ import annotations

import sys

from streamlit import config

from dashboard.__main__ import main

_read = config.get_option


def _default(name: str) -> object:
    return True if name == "runner.postScriptGC" else _read(name)


if __name__ == "__main__":
    config.get_option = _default
    sys.exit(main())
