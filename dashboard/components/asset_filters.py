"""Which assets are listed: a query that people type or choose, kept in the page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from core.asset_lists import Sort
from core.asset_query import HAS, MOVING, REMOVED, SINCE, UNKNOWN, Query, Term, read_query
from core.errors import OrderError
from core.schemas import ProjectView
from dashboard import backend
from dashboard.components.address import put_in_address, take_from_address
from dashboard.components.live import last_known
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.state_badge import ASSETS

QUERY, SORT = "q", "sort"
_ANY = ""
_LAST, _GOOD = "assets_address", "assets_query"
_OLD_PARAMETERS: Final = (
    "project",
    "state",
    "tag",
)  # of addresses that were shared before there were queries
_SORTS: Final = {
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.CHANGED: "Last changed",
    Sort.NAME: "By name",
}
_STATES: Final = {
    _ANY: "Any state",
    MOVING: "On its way",
    **{status.value: look.word for status, look in ASSETS.items()},
    UNKNOWN: "Outcome unknown",
    REMOVED: "Left its plan",
}
_KINDS: Final = {_ANY: "All kinds", "rig": "To be rigged", "static": "Static"}
_SHORTEST_PART: Final = 2
HELP: Final = (
    'Words find names, ids, categories and prompts; "quotes" keep words together. `state:` `tag:` `category:` `plan:` '
    f"`project:` `by:` `approval:` `has:` ({', '.join(HAS)}) and `{SINCE}:2h` narrow the list, a minus before any of "
    "them asks for the opposite, the same one twice for either."
)


class Asked(NamedTuple):
    """What a list is asked for, and in which order."""

    query: Query
    sort: Sort


def ask_query(projects: Sequence[ProjectView]) -> Asked:
    """Show the search and the filters that write it, and return what they say."""
    _take_old_parameters()
    take_from_address(QUERY)
    query, fault = _read(str(st.session_state[QUERY]))
    with st.container(key="filters", gap="small"):
        text = st.text_input(
            "Search",
            key=QUERY,
            type="search",
            live=True,
            placeholder='knight  state:failed  plan:"Night"',
            icon=":material/search:",
            help=HELP,
            label_visibility="collapsed",
        )
        put_in_address(QUERY, text.strip())
        if not _offer_completions(text) and fault is not None:
            st.caption(f":material/info: {as_markdown(fault.message)} {as_markdown(fault.suggestion)}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _filter("state", _STATES, query)
            _filter("project", {_ANY: "All projects", **_named_projects(projects)}, query)
            _filter("plan", _names("All plans", last_known("plan_names", None, backend.plan_names)), query)
            _filter(
                "category",
                _names("All categories", last_known("categories", None, backend.categories)),
                query,
            )
            _filter("tag", _KINDS, query)
            _filter("by", _names("Anybody", last_known("people", None, backend.people)), query)
            sort = _ask_sort()
    return Asked(query, sort)


def restore_address() -> None:
    """Put the list's address back when one comes back from an asset.

    On the way there Streamlit leaves an entry in the browser's history that has this page's path and the asset's
    parameters.
    """
    if "asset" in st.query_params:
        st.query_params.from_dict(last_address())


def keep_address() -> None:
    """Remember the list's address, for the way back."""
    st.session_state[_LAST] = st.query_params.to_dict()


def last_address() -> dict[str, str]:
    """Return the parameters with which the list was last shown."""
    return dict(st.session_state.get(_LAST, {}))


def clear_query() -> None:
    """Show all assets again; for a button's `on_click`."""
    st.session_state[QUERY] = ""


def file_address(asked: Asked, ending: str) -> str:
    """Name our own route that sends all that match as a file."""
    return f"/api/assets.{ending}?{urlencode({'q': str(asked.query), 'sort': asked.sort.value})}"


def _read(text: str) -> tuple[Query, OrderError | None]:
    """Read what is typed; what cannot be read leaves the list as it was, and is explained."""
    try:
        st.session_state[_GOOD] = read_query(text)
    except OrderError as error:
        return st.session_state.get(_GOOD, Query()), error
    return st.session_state[_GOOD], None


def _take_old_parameters() -> None:
    old = {word: st.query_params[word] for word in _OLD_PARAMETERS if word in st.query_params}
    words = st.query_params.get("text", "")
    if old or words:
        terms = [str(Term(word, value)) for word, value in old.items() if value]
        st.query_params.from_dict({QUERY: " ".join([*terms, words]).strip()})


def _offer_completions(text: str) -> bool:
    """Offer to complete what is being typed; say whether there was anything to offer."""
    if len(text.strip()) < _SHORTEST_PART or text[-1:].isspace():
        return False
    try:
        offered = backend.query_suggestions(text)
    except backend.DataUnavailableError:
        return False  # the banner says so
    if offered:
        with st.container(horizontal=True, gap="small", key="completions"):
            for number, whole in enumerate(offered):
                label = as_markdown(one_line(whole[_common_start(whole, text) :], 60))
                st.button(label, key=f"completion-{number}", type="tertiary", on_click=_ask, args=(whole,))
    return bool(offered)


def _common_start(whole: str, text: str) -> int:
    """Where the word begins that a suggestion completes."""
    return text.rstrip().rfind(" ") + 1 if whole.startswith(text[: text.rfind(" ") + 1]) else 0


def _ask(whole: str) -> None:
    st.session_state[QUERY] = whole if whole.endswith(":") else f"{whole} "


def _filter(word: str, words: Mapping[str, str], query: Query) -> None:
    """Show what the query says of one word, and write it into the query when another value is chosen."""
    said = query.only(word) or _ANY
    shown = next((value for value in words if value.casefold() == said.casefold()), said)
    key = f"filter-{word}"
    st.session_state[key] = shown
    options = list(words) if shown in words else [*words, shown]
    st.selectbox(
        word.capitalize(),
        options,
        format_func=lambda value: one_line(words.get(value, value), 60),
        key=key,
        width=150,
        label_visibility="collapsed",
        on_change=_write,
        args=(word, key),
    )


def _write(word: str, key: str) -> None:
    query = st.session_state.get(_GOOD, Query())
    st.session_state[QUERY] = str(query.having(word, st.session_state[key] or None))


def _ask_sort() -> Sort:
    take_from_address(SORT, [sort.value for sort in _SORTS])
    values = [sort.value for sort in _SORTS]
    st.session_state[SORT] = st.session_state[SORT] or Sort.NEWEST.value
    chosen = st.selectbox(
        "Order",
        values,
        format_func=lambda value: _SORTS[Sort(value)],
        key=SORT,
        width=150,
        label_visibility="collapsed",
    )
    put_in_address(SORT, "" if chosen == Sort.NEWEST else chosen)
    return Sort(chosen)


def _names(every: str, names: Sequence[str]) -> dict[str, str]:
    return {_ANY: every, **{name: name for name in names}}


def _named_projects(projects: Sequence[ProjectView]) -> dict[str, str]:
    return {project.project_id: project.name for project in projects}
