"""Every cause that may end or hold a task has an entry; what nobody knows yet is kept and called new."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest

from core import errors
from core.failures.catalogue import ACTION_OF, CATALOGUE, CURE_WORDS, ELSEWHERE, PAID, Cure, entry_of, is_new
from core.failures.fingerprint import Fingerprint, fingerprint_of
from core.jobs.catalogue import ACTIONS
from core.settings import ROOT
from core.tripo import ProviderStatus, explain_failure
from core.tripo.codes_v2 import CODES_V2
from core.tripo.codes_v3 import CODES_V3

TABLES = {"v2": CODES_V2, "v3": CODES_V3}
NEVER_ENDS_A_TASK = {  # of the client and of its callers: no task is ended or held by these
    "provider_error",
    "usage_not_offered",
    "artifact_missing",
}


def entry(word: str, version: str | None = None, code: int | None = None) -> object:
    read = Fingerprint.read(fingerprint_of("generate", word, said_by=version, provider_code=code))
    assert read is not None
    assert not is_new(read), read
    return entry_of(read)


@pytest.mark.parametrize("version", TABLES)
def test_every_documented_code_has_an_entry(version: str) -> None:
    table = TABLES[version]
    for code, row in table.rows.items():
        assert entry(row.word, version, code), code
    assert entry(table.route_missing.word, version, 9404)


@pytest.mark.parametrize("version", TABLES)
def test_every_final_status_has_an_entry_with_and_without_a_code(version: str) -> None:
    for status in ProviderStatus:
        if status.is_final:
            for code in (None, *TABLES[version].rows):
                assert entry(explain_failure(version, status, code).code, version, code)


def test_every_kind_of_error_has_an_entry() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    words = {kind.code for kind in kinds if issubclass(kind, errors.TripoError | errors.VaultError)}
    words |= {errors.FileDamagedError.code}
    assert words - NEVER_ENDS_A_TASK <= CATALOGUE.keys()


def test_every_reason_that_our_code_ends_a_task_for_has_an_entry() -> None:
    assert set(_reasons_in_the_code()) <= CATALOGUE.keys()


def _reasons_in_the_code() -> Iterator[str]:
    """The words with which a `Reason` is made, and those of the provider's client's own refusals."""
    found = 0
    for path in (ROOT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            word = node.args[0] if node.func.id in ("Reason", "Explanation") and node.args else None
            if node.func.id in ("RejectedError", "UnfitImageError", "VaultError"):
                word = next((each.value for each in node.keywords if each.arg == "code"), word)
            if isinstance(word, ast.Constant) and word.value not in NEVER_ENDS_A_TASK:
                found += 1
                yield word.value
    assert found > 12


def test_a_code_or_a_word_that_nobody_knows_is_new_and_keeps_its_name() -> None:
    code = Fingerprint.read(fingerprint_of("rig", "provider_task_failed", said_by="v3", provider_code=4711))
    word = Fingerprint.read(fingerprint_of("rig", "moon_is_full"))
    assert code
    assert word
    assert is_new(code)
    assert is_new(word)
    assert "4711" in entry_of(code).title
    assert "moon is full" in entry_of(word).title


def test_the_same_number_in_the_two_versions_is_looked_up_in_its_own_table() -> None:
    only_v3 = next(iter(CODES_V3.rows.keys() - CODES_V2.rows.keys()))
    for version, new in (("v3", False), ("v2", True)):
        read = Fingerprint.read(
            fingerprint_of("generate", "provider_task_failed", said_by=version, provider_code=only_v3)
        )
        assert read is not None
        assert is_new(read) is new


def test_every_cure_has_words_and_every_entry_a_cure() -> None:
    assert set(CURE_WORDS) == set(Cure)
    assert set(Cure) >= PAID
    assert set(ACTION_OF.values()) <= ACTIONS.keys()
    assert set(ACTION_OF) | set(ELSEWHERE) == set(Cure), (
        "a cure is a button, or says where it is done and why"
    )
    assert not set(ACTION_OF) & set(ELSEWHERE)
    for word, each in CATALOGUE.items():
        assert each.title, word
        assert each.why, word
        assert each.cures, word
