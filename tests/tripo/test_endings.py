"""Why a task ended badly, in words."""

from __future__ import annotations

import pytest

from core.tripo import ProviderStatus, Version, explain_failure
from core.tripo.codes_v2 import CODES_V2
from core.tripo.codes_v3 import CODES_V3

FAILED, BANNED = ProviderStatus.FAILED, ProviderStatus.BANNED


@pytest.mark.parametrize(
    ("version", "status", "code", "words", "word", "retryable"),
    [
        ("v2", FAILED, None, None, "provider_task_failed", True),
        ("v2", FAILED, 1001, None, "provider_server_error", True),
        ("v2", FAILED, 1004, None, "parameter_invalid", False),
        ("v2", FAILED, 2018, None, "model_too_complex", False),
        ("v2", FAILED, 31337, None, "provider_task_failed", True),
        ("v2", FAILED, 1002, None, "provider_task_failed", True),
        ("v3", FAILED, 1001, None, "provider_task_failed", True),
        ("v3", FAILED, 2008, None, "prompt_refused", False),
        ("v3", FAILED, 2018, None, "model_too_complex", True),
        ("v3", FAILED, 2018, "Task expired in queue", "task_expired", True),
        ("v3", FAILED, 2015, None, "version_retired", False),
        ("v2", BANNED, None, None, "prompt_refused", False),
        ("v2", ProviderStatus.EXPIRED, None, None, "task_expired", True),
        ("v3", ProviderStatus.CANCELLED, None, None, "cancelled_by_provider", True),
        ("v3", ProviderStatus.SUCCESS, None, None, "no_model_in_success", False),
    ],
)
def test_each_bad_end_has_a_word_a_sentence_and_a_next_step(
    version: Version, status: ProviderStatus, code: int | None, words: str | None, word: str, retryable: bool
) -> None:
    explanation = explain_failure(version, status, code, words)

    assert (explanation.code, explanation.retryable) == (word, retryable)
    assert explanation.message
    assert explanation.suggestion.endswith(".")


def test_the_providers_own_words_are_added_without_their_links() -> None:
    explanation = explain_failure("v3", FAILED, 1004, "see https://x.tripo3d.ai/?Signature=s")

    assert explanation.message == 'Tripo refuses one of the options. Tripo says: "see (link)"'


def test_every_row_of_both_tables_speaks_in_sentences() -> None:
    for table in (CODES_V2, CODES_V3):
        for row in (*table.rows.values(), table.route_missing):
            assert row.message.endswith(".")
            assert row.suggestion.endswith(".")
            assert row.word.replace("_", "").islower()
            assert all(400 <= status < 600 for status in row.http)


def test_the_two_tables_share_no_row() -> None:
    shared = {id(row) for row in CODES_V2.rows.values()} & {id(row) for row in CODES_V3.rows.values()}

    assert not shared
