"""The Khronos glTF validator (npm `gltf-validator`), run over many files by one Node process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.node_packages import NODE, npm_package

VERSION = "2.0.0-dev.3.10"

SCRIPT = """
const validator = require(process.cwd()), fs = require("fs");
const paths = JSON.parse(fs.readFileSync(0, "utf8"));
Promise.all(paths.map((path) => validator
    .validateBytes(new Uint8Array(fs.readFileSync(path)), {maxIssues: 40})
    .catch((problem) => ({issues: {numErrors: 1, numWarnings: 0, messages: [{message: String(problem)}]}}))))
  .then((reports) => process.stdout.write(JSON.stringify(reports)));
"""


def validate(glb_paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The validator's report of each file, in the order given; `report["issues"]` counts and lists."""
    package = npm_package("gltf-validator", VERSION)
    answer = subprocess.run(
        [str(NODE), "--eval", SCRIPT],
        input=json.dumps([str(path) for path in glb_paths]),
        capture_output=True,
        text=True,
        cwd=package,
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
