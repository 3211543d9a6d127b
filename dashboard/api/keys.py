"""People's own provider keys: list, add, check, replace, remove. What comes back never holds a key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from core.bootstrap import Core
from core.key_views import key_view, list_keys
from core.schemas import KeyView
from dashboard.api.answers import CREATED, DONE, PROBLEMS, Answer, KeyList, answer, written
from dashboard.api.bodies import KeyBody, ReplaceKeyBody
from dashboard.api.once import Describe, carried_out_once
from dashboard.api.requests import CheckedRoute, TheCaller, TheCore

router = APIRouter(prefix="/keys", tags=["keys"], route_class=CheckedRoute)

KeyId = Annotated[str, Path(alias="keyId", description="Hatchery's id of the key, from GET /api/keys.")]


@router.get("", response_model=KeyList, responses=PROBLEMS)
def list_provider_keys(core: TheCore) -> Response:
    """List the shared key and people's own, each with its last four characters, its state and who uses it."""
    with core.database.reading() as session:
        return written(answer(DONE, KeyList(keys=list_keys(session, core.keys))))


@router.post("", status_code=201, response_model=KeyView, responses=PROBLEMS)
def add_key(body: KeyBody, core: TheCore, caller: TheCaller) -> Response:
    """Add a key of one's own; it is checked with the provider, at no cost, before it is kept."""
    add = partial(
        core.key_desk.add,
        name=body.name,
        key=body.key.get_secret_value(),
        region=body.region,
        actor=caller.actor,
    )
    return carried_out_once(core, caller.key, add, _described(core, CREATED))


@router.put("/{keyId}", response_model=KeyView, responses=PROBLEMS)
def replace_key(key_id: KeyId, body: ReplaceKeyBody, core: TheCore, caller: TheCaller) -> Response:
    """Put another key in a key's place; answers with the new one. Chains under way end with the old one."""
    secret = body.key.get_secret_value()
    replace = partial(core.key_desk.replace, key_id, key=secret, actor=caller.actor)
    return carried_out_once(core, caller.key, replace, _described(core))


@router.delete("/{keyId}", response_model=KeyView, responses=PROBLEMS)
def remove_key(key_id: KeyId, core: TheCore, caller: TheCaller) -> Response:
    """Send nothing more with a key; what is at the provider is followed to its end, what was not sent fails unpaid."""
    remove = partial(core.key_desk.remove, key_id, actor=caller.actor)
    return carried_out_once(core, caller.key, remove, _described(core))


@router.post("/{keyId}/check", response_model=KeyView, responses=PROBLEMS)
def check_key(key_id: KeyId, core: TheCore, caller: TheCaller) -> Response:
    """Ask the provider whether a key works and what its balance is; `state` says what came of it."""
    return carried_out_once(core, caller.key, partial(core.key_desk.check, key_id), _described(core))


def _described(core: Core, status: int = DONE) -> Describe:
    def describe(session: Session, ids: Sequence[str]) -> Answer:
        return answer(status, key_view(session, core.keys, ids[0]))

    return describe
