"""Alerts: what was told lately, and the addresses that it goes to. What comes back never holds an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field, SecretStr
from sqlalchemy.orm import Session

from core import idempotency
from core.alerts.causes import Cause
from core.alerts.recent import AlertView, recent_alerts
from core.alerts.sending import LONGEST_ADDRESS
from core.alerts.targets import (
    LONGEST_NAME,
    AlertTargetView,
    choose_causes,
    let_go,
    list_targets,
    target_of,
    view_of,
)
from core.idempotency import RequestKey
from core.models import AlertTarget
from core.schemas import View
from dashboard.api.answers import CREATED, DONE, PROBLEMS, Answer, answer, written
from dashboard.api.bodies import Body, EmptyBody
from dashboard.api.once import carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/alerts", tags=["alerts"], route_class=CheckedRoute)

TargetId = Annotated[str, Path(alias="targetId", max_length=200)]
Causes = Annotated[list[Annotated[Cause, Field(strict=False)]], Field(min_length=1, max_length=len(Cause))]


class AlertList(View):
    """The newest alerts."""

    alerts: tuple[AlertView, ...]


class TargetList(View):
    """The addresses that alerts go to, by their services and names alone."""

    targets: tuple[AlertTargetView, ...]


class TargetBody(Body):
    """Add an address; without causes it is told of everything."""

    name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    url: Annotated[
        SecretStr,
        Field(
            max_length=LONGEST_ADDRESS, description="As Apprise writes it; kept encrypted, never shown again."
        ),
    ]
    causes: Causes = Field(default=list(Cause))


class TargetChange(Body):
    """Of what an address is told from now on."""

    causes: Causes


@router.get("", response_model=AlertList, responses=PROBLEMS)
def list_alerts(core: TheCore) -> Response:
    """List what was told lately, and to how many addresses it went."""
    with core.database.reading() as session:
        return written(answer(DONE, AlertList(alerts=recent_alerts(session))))


@router.get("/targets", response_model=TargetList, responses=PROBLEMS)
def list_alert_targets(core: TheCore) -> Response:
    """List where alerts go, of what each is told and how its last message went."""
    with core.database.reading() as session:
        return written(answer(DONE, TargetList(targets=list_targets(session))))


@router.post("/targets", status_code=201, response_model=AlertTargetView, responses=PROBLEMS)
def add_alert_target(body: TargetBody, core: TheCore, caller: TheCaller) -> Response:
    """Add an address for alerts; nothing is sent to it before there is news, or a test."""

    def add(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            made = core.targets.add(
                session,
                name=body.name,
                url=body.url.get_secret_value(),
                causes=body.causes,
                owner=caller.actor,
                now=core.clock(),
            )
            idempotency.note_made(session, key, [made])
            return [made]

    return carried_out_once(core, caller.key, add, _made)


@router.patch("/targets/{targetId}", response_model=AlertTargetView, responses=PROBLEMS)
def change_alert_target(
    target_id: TargetId, body: TargetChange, core: TheCore, caller: TheCaller
) -> Response:
    """Choose of what an address is told."""

    def change(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            choose_causes(session, target_id, body.causes)
            idempotency.note_made(session, key, [target_id])
            return [target_id]

    return carried_out_once(core, caller.key, change, _described)


@router.delete("/targets/{targetId}", response_model=AlertTargetView, responses=PROBLEMS)
def remove_alert_target(target_id: TargetId, core: TheCore, caller: TheCaller) -> Response:
    """Send nothing more to an address, and forget it."""

    def remove(key: RequestKey | None) -> list[str]:
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            let_go(session, target_id, core.clock())
            idempotency.note_made(session, key, [target_id])
            return [target_id]

    return carried_out_once(core, caller.key, remove, _described)


@router.post("/targets/{targetId}/test", response_model=AlertTargetView, responses=PROBLEMS)
def try_alert_target(
    target_id: TargetId,
    core: TheCore,
    caller: TheCaller,
    order: EmptyBody | None = None,  # noqa: ARG001 - refuses fields
) -> Response:
    """Send a test message now; 502 with the reason when it is not taken."""

    def test(key: RequestKey | None) -> list[str]:
        with core.database.reading() as session:
            target_of(session, target_id)
        core.watch.test(target_id)
        with core.database.transaction() as session:
            idempotency.claim(session, key)
            idempotency.note_made(session, key, [target_id])
        return [target_id]

    return carried_out_once(core, caller.key, test, _described)


def _made(session: Session, ids: Sequence[str]) -> Answer:
    return answer(CREATED, view_of(session, session.get_one(AlertTarget, ids[0])))


def _described(session: Session, ids: Sequence[str]) -> Answer:
    return answer(DONE, view_of(session, session.get_one(AlertTarget, ids[0])))
