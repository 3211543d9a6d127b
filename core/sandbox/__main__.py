"""`python -m core.sandbox`: serve the local Tripo on SANDBOX_HOST and SANDBOX_PORT."""

from __future__ import annotations

import logging
import os

from core.sandbox.server import DEFAULT_HOST, DEFAULT_PORT, serve


def main() -> None:
    """Read the environment and serve."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    host = os.environ.get("SANDBOX_HOST") or DEFAULT_HOST
    port = os.environ.get("SANDBOX_PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65_535:
        raise SystemExit(f"SANDBOX_PORT cannot be used: {port!r} is no port number.")
    serve(host, int(port))


if __name__ == "__main__":
    main()
