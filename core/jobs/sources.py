"""What the models that a job is about were ordered from: their words, what in them is suspect, their images."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.jobs.renewals import CHANGE_PROMPT
from core.jobs.scope import Scope, chosen_by
from core.lifecycle import TaskKind
from core.suspects import Suspect, suspects_in


class Source(NamedTuple):
    """What one model was ordered from last; `asset_pk` is `Asset.id`."""

    asset_pk: str
    name: str
    prompt: str
    has_image: bool
    suspects: tuple[Suspect, ...]


class Sources(NamedTuple):
    """The first of them, how many there are, and in how many of their prompts each suspect word stands."""

    first: tuple[Source, ...]
    with_prompt: int
    with_image: int
    suspects: tuple[tuple[str, str, int], ...]  # text, what it is about, prompts; the most frequent first


def sources_of(session: Session, scope: Scope, now: datetime, most: int) -> Sources:
    """Read what a scope's models were ordered from; raises OrderError for too many or a bad query."""
    first: list[Source] = []
    with_prompt = with_image = 0
    counts: Counter[tuple[str, str]] = Counter()
    for chosen in chosen_by(session, scope, CHANGE_PROMPT, now):
        ordered = chosen.chain.newest(TaskKind.GENERATE)
        if ordered is None:
            continue
        prompt, has_image = str(ordered.order.get("prompt") or ""), bool(ordered.order.get("image"))
        suspects = suspects_in(prompt)
        with_prompt, with_image = with_prompt + bool(prompt), with_image + has_image
        counts.update({(each.text.casefold(), each.about) for each in suspects})
        if len(first) < most:
            asset = chosen.chain.asset
            first.append(Source(asset.id, asset.name, prompt, has_image, suspects))
    ranked = tuple((text, about, count) for (text, about), count in counts.most_common())
    return Sources(tuple(first), with_prompt, with_image, ranked)
