"""A product in which something of every kind has happened, and the addresses of all its pages.

Pages are found where they lie, so that a new one is looked at without being named here; those that need more than
their name have their addresses below.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from core.plans.limits import NAME_LENGTH_MOST
from core.projects import FIRST_PROJECT
from dashboard import app_pages
from tests.core.started_process import wait_until
from tests.journeys.started_product import StartedProduct

PAGES: Final = Path(app_pages.__file__).parent
KNIGHT = "knight"
FAILING: Final = "idol"
LOST: Final = "chest"
PEOPLE_AND_THINGS: Final[Mapping[str, dict[str, Any]]] = {
    "barrel": {"prompt": "a wooden barrel with iron hoops"},
    "house": {"prompt": "a small house with a red roof"},
    "fox": {"prompt": "a small fox", "shouldRig": True, "animations": ["preset:quadruped:walk"]},
    "wizard": {"prompt": "a wizard in T-pose", "shouldRig": True, "animations": ["preset:idle"]},
    KNIGHT: {
        "prompt": "a low poly knight in T-pose",
        "shouldRig": True,
        "animations": ["preset:idle", "preset:walk"],
    },
}
# What somebody may call a thing: it must be shown as it is, and break no page.
ODD: Final = (
    '<b onmouseover="alert(1)">Old</b> **bold** `code` $x^2$ :red[red] "said" it\'s 🐉 שלום עולם 剣士 العربية '
    "[link](http://outside.example) ![img](http://outside.example/x.png) <script>alert(1)</script> "
).ljust(NAME_LENGTH_MOST, "x")
ODD_WORDS: Final = ODD.replace("🐉", "")  # a prompt has no emoji
PLAN: Final = """name,category,tag,animations,description
Lantern,Props,STATIC,,A brass lantern with a handle
Toadstools,Props,STATIC,,Three red toadstools with white spots
Guard,People,RIG,idle;walk,A town guard with a halberd in T-pose
"""


def fill(
    product: StartedProduct,
    wanted: Mapping[str, dict[str, Any]] = PEOPLE_AND_THINGS,
    *,
    failing: Mapping[str, Any] | None = None,
    plan: str = PLAN,
) -> dict[str, str]:
    """Order a few assets, one to fail and one of unknown outcome, and wait; return each page's address by its name."""
    api = product.api
    with striking_once(product, "end_failed", message="The figure has no legs."):
        order(api, FAILING, **(failing or {"prompt": "a cursed idol"}))
    with striking_once(product, "create_lost_reply"):
        order(api, LOST, prompt="a treasure chest")
    _order_elsewhere(product, prompt="a treasure chest")
    _wait(lambda: (_tasks(api, LOST)[0]["evidence"] or {}).get("candidates"))
    for asset_id, asked in wanted.items():
        order(api, asset_id, **asked)
    body = {"projectId": FIRST_PROJECT, "filename": "village.csv", "text": plan}
    plan_id = api.post("/api/plans", json=body).raise_for_status().json()["planId"]
    for asset_id in wanted:
        _wait(lambda asset_id=asset_id: _asset(api, asset_id)["status"] == "complete")
    _wait(lambda: _asset(api, FAILING)["status"] == "failed")
    job = {
        "action": "set_category",
        "scope": {"query": "state:complete"},
        "terms": {"category": "Village"},
    }
    job_id = api.post("/api/jobs", json=job).raise_for_status().json()["jobId"]
    failures = api.get("/api/failures").raise_for_status().json()
    return addresses(plan_id, job_id, failures["failures"][0]["fingerprint"])


@contextlib.contextmanager
def striking_once(product: StartedProduct, fault: str, **how: Any) -> Iterator[None]:
    """Let a fault strike once what is ordered in the block; it ends when that was struck, whoever sent it."""
    product.sandbox.post("/sandbox/faults", json={fault: {"count": 1, **how}}).raise_for_status()
    yield
    _wait(lambda: product.sandbox.get("/sandbox/stats").json()["faults_struck"].get(fault))
    product.sandbox.delete("/sandbox/faults").raise_for_status()


def addresses(plan_id: str, job_id: str, fingerprint: str) -> dict[str, str]:
    """The address of every page, by a name for it."""
    asset = f"asset?project={FIRST_PROJECT}&asset="
    special = {
        "asset": f"{asset}{KNIGHT}",
        "asset-failed": f"{asset}{FAILING}",
        "asset-unknown": f"{asset}{LOST}",
        "assets-table": "assets?view=Table",
        "failure": f"failure?fingerprint={fingerprint}",
        "job": f"job?job={job_id}",
        "plan": f"plan?plan={plan_id}",
        "style": f"style?project={FIRST_PROJECT}",
    }
    pages = {path.stem: path.stem for path in sorted(PAGES.glob("*.py")) if path.stem != "__init__"}
    return {**pages, "home": "", **special}


def odd_world() -> dict[str, Any]:
    """What to fill a product with so that whatever people may write is as long and as odd as it may be."""
    named, knight = {"name": ODD, "category": ODD[:100]}, PEOPLE_AND_THINGS[KNIGHT]
    return {
        "wanted": {KNIGHT: {**knight, **named, "prompt": f"{knight['prompt']} {ODD_WORDS}"}},
        "failing": {**named, "prompt": ODD_WORDS},
        "plan": PLAN
        + ",".join('"{}"'.format(each.replace('"', '""')) for each in (ODD, ODD))
        + f",STATIC,,{'wide ' * 80}\n",
    }


def comment(api: httpx.Client, asset_id: str, words: str) -> None:
    """Say something of an asset's model over HTTP, under an odd name."""
    who = {"X-Hatchery-User": "<b onmouseover=1>Ann</b> **bold**"}
    path = f"/api/assets/{FIRST_PROJECT}/{asset_id}/comment"
    api.post(path, json={"text": words}, headers=who).raise_for_status()


def order(api: httpx.Client, asset_id: str, **asked: Any) -> None:
    """Order one asset over HTTP."""
    body = {"projectId": FIRST_PROJECT, "assetId": asset_id, "name": asset_id.capitalize(), **asked}
    api.post("/api/generate-3d", json=body).raise_for_status()


def _asset(api: httpx.Client, asset_id: str) -> dict[str, Any]:
    return api.get(f"/api/assets/{FIRST_PROJECT}/{asset_id}").json()


def _tasks(api: httpx.Client, asset_id: str) -> list[dict[str, Any]]:
    return _asset(api, asset_id)["tasks"]


def _wait(holds: Any) -> None:
    if not wait_until(holds):
        raise TimeoutError("something was not done in time")


def _order_elsewhere(product: StartedProduct, prompt: str) -> None:
    """Order with the same key outside Hatchery, so that nobody can tell the two tasks apart."""
    body, key = {"prompt": prompt, "model": "v3.1-20260211"}, {"Authorization": "Bearer tsk_sandbox"}
    product.sandbox.post("/v3/generation/text-to-model", json=body, headers=key).raise_for_status()
