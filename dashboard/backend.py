"""The one door to core for pages and components: cached reads, and actions that clear what they outdate."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import streamlit as st
from pydantic.alias_generators import to_snake
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import asset_search, pauses, queries
from core import projects as projects_of_core
from core import saved_views as views_of_core
from core.asset_lists import Sort, page_of_assets, rows_by_id
from core.asset_query import Query
from core.bootstrap import Core
from core.errors import HatcheryError, SettingsError
from core.health import read_health
from core.idempotency import AlreadyDoneError
from core.key_desk import Region
from core.key_views import list_keys
from core.models import utc_now
from core.projects import add_project, asset_of, project_of
from core.schemas import (
    AssetDetail,
    AssetPage,
    AssetRow,
    Health,
    KeyView,
    ProjectView,
    SavedViewView,
)
from core.tripo import Version
from dashboard import process
from dashboard.form_request import form_request
from dashboard.new_asset import NewAsset

FRESH_SECONDS: Final = 1.0  # all viewers of a page share one reading for so long
NAMES_FRESH_SECONDS: Final = 10.0  # what filters offer
NOBODY: Final = "dashboard"  # who acted, when no name was given


class DataUnavailableError(HatcheryError):
    """The database does not answer: what is shown cannot be brought up to date."""

    code = "database_unavailable"
    default_suggestion = (
        "The page goes on by itself as soon as it answers. `python -m core doctor` says what is wrong."
    )


# --- reads ---------------------------------------------------------------------------------------------------


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def health() -> Health:
    """Read how the product is; a database that does not answer is part of the answer.

    Raises DataUnavailableError only while there is nothing to ask: the database was not there at the start.
    """
    core = _core()
    return read_health(core.database, core.settings)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def projects() -> tuple[ProjectView, ...]:
    """List all projects by name, without counting their assets."""
    with reading() as session:
        return queries.list_projects(session, counted=False)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=200, show_spinner=False)
def assets(query: Query, *, page: int, per_page: int, sort: Sort = Sort.NEWEST) -> AssetPage:
    """Read one numbered page of the assets that match."""
    with reading() as session:
        return page_of_assets(session, query, page=page, per_page=per_page, sort=sort)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=200, show_spinner=False)
def assets_by_id(asset_pks: Sequence[str]) -> tuple[AssetRow, ...]:
    """Read these assets, in this order."""
    with reading() as session:
        return rows_by_id(session, asset_pks)


@st.cache_data(ttl=NAMES_FRESH_SECONDS, max_entries=1, show_spinner=False)
def categories() -> tuple[str, ...]:
    """List the categories in use."""
    with reading() as session:
        return asset_search.known_categories(session)


@st.cache_data(ttl=NAMES_FRESH_SECONDS, max_entries=1, show_spinner=False)
def people() -> tuple[str, ...]:
    """List who ordered assets, as they said themselves."""
    with reading() as session:
        return asset_search.known_people(session)


@st.cache_data(ttl=NAMES_FRESH_SECONDS, max_entries=1, show_spinner=False)
def plan_names() -> tuple[str, ...]:
    """List the names of the plans."""
    with reading() as session:
        return asset_search.known_plans(session)


@st.cache_data(ttl=NAMES_FRESH_SECONDS, max_entries=100, show_spinner=False)
def query_suggestions(text: str) -> tuple[str, ...]:
    """Complete the last word of a query that is being typed."""
    with reading() as session:
        return asset_search.suggestions(session, text)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=200, show_spinner=False)
def asset(project_id: str, asset_id: str) -> AssetDetail:
    """Read all there is to know of one asset; raises NotFoundError."""
    with reading() as session:
        return queries.asset_detail(session, asset_of(session, project_id, asset_id))


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def keys() -> tuple[KeyView, ...]:
    """List the provider keys, never with more of one than its last four characters."""
    with reading() as session:
        return list_keys(session, _core().keys)


def has_shared_key() -> bool:
    """Say whether there is a key for orders that chose none."""
    return _core().keys.has_shared


def version_for(project_id: str | None, key_id: str | None) -> Version:
    """Say by which version of the provider's API an order is sent: that of the key that it uses."""
    chosen = key_id or next((p.key_id for p in projects() if p.project_id == project_id), None)
    spoken = next((key.version for key in keys() if key.key_id == chosen), _core().settings.tripo_api_version)
    return "v2" if spoken == "v2" else "v3"


def last_project_id(actor: str) -> str | None:
    """Name the project in which somebody last ordered; None when there is none."""
    with reading() as session:
        return queries.last_project_id(session, actor)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=1, show_spinner=False)
def saved_views() -> tuple[SavedViewView, ...]:
    """List the saved views by name."""
    with reading() as session:
        return views_of_core.saved_views(session)


# --- actions -------------------------------------------------------------------------------------------------


def submit(order: NewAsset, form: str, *, actor: str) -> tuple[str, str]:
    """Order a new asset and return the ids of its project and of itself; sent twice, it is ordered once.

    `form` names the form that was filled in. Raises HatcheryError when it cannot be ordered.
    """
    request = order.request_key(form)
    new_project_id, asset_id = order.new_ids(request)
    with acting() as core:
        project_id = order.project_id or project_named(core, order.new_project, new_project_id)
        with contextlib.suppress(AlreadyDoneError):
            core.desk.generate(
                request,
                project_id=project_id,
                asset_id=asset_id,
                prompt=order.prompt.strip() or None if order.image else order.prompt,
                image=order.image,
                name=order.title,
                should_rig=order.rig,
                animations=order.presets,
                options=order.options,
                rig=order.rig_options if order.rig else None,
                key_id=order.key_id,
                actor=actor,
            )
    return project_id, asset_id


def order_rig(project_id: str, asset_id: str, options: Mapping[str, str], form: str, *, actor: str) -> None:
    """Order a rig of an asset's model, sent twice once; raises HatcheryError when that cannot be."""
    order: dict[str, Any] = {"project_id": project_id, "asset_id": asset_id}
    order |= {to_snake(name): value for name, value in options.items()}
    with acting() as core, contextlib.suppress(AlreadyDoneError):
        core.desk.rig(form_request("page rig", form, order), actor=actor, **order)


def order_animations(
    project_id: str,
    asset_id: str,
    presets: Sequence[str],
    options: Mapping[str, Any],
    form: str,
    *,
    actor: str,
) -> None:
    """Order animations of an asset's rig, sent twice once; raises HatcheryError when that cannot be."""
    order = {"project_id": project_id, "asset_id": asset_id, "animations": list(presets), **options}
    with acting() as core, contextlib.suppress(AlreadyDoneError):
        core.desk.animate(form_request("page animate", form, order), actor=actor, **order)


def retry(task_id: str, *, actor: str) -> None:
    """Order a step again; raises HatcheryError when that cannot be."""
    with acting() as core:
        core.desk.retry(task_id, actor=actor)


def cancel(task_id: str, *, actor: str) -> None:
    """End a step and what waits behind it; raises HatcheryError when that cannot be."""
    with acting() as core:
        core.desk.cancel(task_id, reason="Cancelled on the page.", actor=actor)


def resolve(task_id: str, *, outcome: str, tripo_task_id: str | None, reason: str, actor: str) -> None:
    """Decide what became of an order whose answer was lost; raises HatcheryError when that cannot be."""
    with acting() as core:
        core.desk.resolve(task_id, outcome=outcome, tripo_task_id=tripo_task_id, reason=reason, actor=actor)


def pause(project_id: str | None, reason: str, *, actor: str) -> None:
    """Send nothing more of a project, None for everything; raises HatcheryError when that cannot be."""
    with acting() as core, core.database.transaction() as session:
        pauses.pause(session, project_id, actor=actor, reason=reason, now=utc_now())


def resume(project_id: str | None, *, actor: str) -> None:
    """End a pause; raises HatcheryError when that cannot be."""
    with acting() as core, core.database.transaction() as session:
        pauses.resume(session, project_id, actor=actor, now=utc_now())


def add_key(*, name: str, key: str, region: Region | None, actor: str) -> None:
    """Check a key and keep it; raises HatcheryError when it is refused."""
    with acting() as core:
        core.key_desk.add(name=name, key=key, region=region, actor=actor)


def replace_key(key_id: str, *, key: str, actor: str) -> None:
    """Put another key in a key's place; raises HatcheryError when it is refused."""
    with acting() as core:
        core.key_desk.replace(key_id, key=key, actor=actor)


def remove_key(key_id: str, *, actor: str) -> None:
    """Send nothing more with a key; raises HatcheryError when that cannot be."""
    with acting() as core:
        core.key_desk.remove(key_id, actor=actor)


def check_key(key_id: str, *, actor: str) -> None:  # noqa: ARG001 - an action like the others
    """Ask the provider whether a key works; raises HatcheryError for one that is over."""
    with acting() as core:
        core.key_desk.check(key_id)


def choose_key(project_id: str, key_id: str | None, *, actor: str) -> None:  # noqa: ARG001 - as above
    """Let a project's orders use a key, None for the shared one; raises HatcheryError when it cannot be chosen."""
    with acting() as core, core.database.transaction() as session:
        projects_of_core.choose_key(session, project_of(session, project_id), key_id)


def save_view(name: str, query: str, sort: Sort, shape: str, *, actor: str) -> None:
    """Save a list under a name; raises HatcheryError when that cannot be."""
    with acting() as core, core.database.transaction() as session:
        views_of_core.save_view(
            session, name=name, query=query, sort=sort, shape=shape, actor=actor, now=utc_now()
        )


def rename_view(view_id: str, name: str, *, actor: str) -> None:  # noqa: ARG001 - an action like the others
    """Give a saved view another name; raises HatcheryError when that cannot be."""
    with acting() as core, core.database.transaction() as session:
        views_of_core.rename_view(session, view_id, name, utc_now())


def delete_view(view_id: str, *, actor: str) -> None:  # noqa: ARG001 - as above
    """Delete a saved view; raises HatcheryError when it is gone."""
    with acting() as core, core.database.transaction() as session:
        views_of_core.delete_view(session, view_id)


# --- how core is asked ---------------------------------------------------------------------------------------


def project_named(core: Core, name: str, new_id: str) -> str:
    """Find the project of this name, or make it; its id is returned."""
    with core.database.transaction() as session:
        wanted = name.strip().casefold()
        known = next((p for p in queries.list_projects(session) if p.name.casefold() == wanted), None)
        return known.project_id if known else add_project(session, name, new_id).id


@contextlib.contextmanager
def asking() -> Iterator[Core]:
    """Ask core something; raises DataUnavailableError while the database does not answer."""
    try:
        yield _core()
    except SQLAlchemyError as error:
        raise DataUnavailableError("The database does not answer.") from error


@contextlib.contextmanager
def reading() -> Iterator[Session]:
    """Read rows, as `asking` does."""
    with asking() as core, core.database.reading() as session:
        yield session


@contextlib.contextmanager
def acting() -> Iterator[Core]:
    """Have core change something, and forget what was read before; raises as `asking` does."""
    try:
        yield _core()
    except SQLAlchemyError as error:
        raise DataUnavailableError("The database does not answer, so nothing was changed.") from error
    finally:
        forget()


def forget() -> None:
    """Forget what was read before, since something was changed."""
    for read in (health, projects, assets, assets_by_id, asset, keys, saved_views):
        read.clear()


def _core() -> Core:
    try:
        return process.the_core()
    except SettingsError as error:
        raise DataUnavailableError(error.message, suggestion=error.suggestion) from error
