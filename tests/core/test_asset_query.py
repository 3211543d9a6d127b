"""The words in which people ask for assets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.asset_query import Query, Term, read_query
from core.errors import OrderError

TERMS = {
    "knight": [Term("", "knight")],
    'old sword "old sword"': [Term("", "old"), Term("", "sword"), Term("", "old sword")],
    "STATE:Failed -has:clip": [Term("state", "failed"), Term("has", "clip", True)],
    'plan:"Night run" -plan:x': [Term("plan", "Night run"), Term("plan", "x", True)],
    "category:小道具 剣": [Term("category", "小道具"), Term("", "剣")],
    r'by:"An \"na\""': [Term("by", 'An "na"')],
    "http://a.b": [Term("", "http://a.b")],
    '"preset:idle"': [Term("", "preset:idle")],
    "knight knight": [Term("", "knight")],
    # being typed
    "state: knight": [Term("", "knight")],
    'plan:"Nig': [Term("plan", "Nig")],
    'knight "': [Term("", "knight")],
    "-": [],
    "": [],
}


@pytest.mark.parametrize("text", TERMS)
def test_a_query_is_read(text: str) -> None:
    assert list(read_query(text).terms) == TERMS[text]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sate:failed", "Did you mean state:failed?"),
        ("state:fialed", "Did you mean state:failed?"),
        ("colour:red", "There are state, tag"),
        ("preset:idle", "in quotes"),
        ("since:yesterday", "since:2h"),
        ("since:9999999999d", "since:2h"),
        ("knight\x00", "Type it again"),
        ("x" * 501, "Leave some of it out"),
        (" ".join(f"w{n}" for n in range(31)), "Leave some of them out"),
    ],
)
def test_what_cannot_be_asked_for_is_said_with_what_can(text: str, says: str) -> None:
    with pytest.raises(OrderError) as refused:
        read_query(text)

    assert says in refused.value.suggestion
    assert refused.value.field == "q"


printable = st.text(max_size=20).filter(lambda text: all(c.isprintable() for c in text))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["", "category", "plan", "by"]), printable, st.booleans()), max_size=5)
)
def test_a_query_that_is_written_is_read_as_the_same(parts: list[tuple[str, str, bool]]) -> None:
    terms = (Term(word, " ".join(value.split()), minus) for word, value, minus in parts if value.split())
    query = Query(tuple(dict.fromkeys(terms)))

    assert read_query(str(query)) == query


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab:"\\- \t', max_size=30))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    try:
        query = read_query(text)
    except OrderError:
        return
    assert read_query(str(query)) == query


def test_a_filter_writes_the_query() -> None:
    query = read_query("knight state:failed -tag:rig")

    assert str(query.having("state", "complete")) == "state:complete knight -tag:rig"
    assert str(query.having("state", None)) == "knight -tag:rig"
    assert query.only("state") == "failed"
    assert query.only("tag") is None
