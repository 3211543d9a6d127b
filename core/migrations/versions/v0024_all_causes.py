"""Tell addresses that are told of everything of budgets that hold orders too"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ALL_BEFORE = {
    "new_failure",
    "failure_rate",
    "poller_silent",
    "provider_out",
    "wallet_low",
    "plan_finished",
}
ADDED = "budget_holds"

targets = sa.table("alert_targets", sa.column("id", sa.String), sa.column("causes", sa.JSON))


def upgrade() -> None:
    for target_id, causes in _told():
        if set(causes) >= ALL_BEFORE and ADDED not in causes:
            _tell(target_id, [*causes, ADDED])


def downgrade() -> None:
    for target_id, causes in _told():
        if ADDED in causes:
            _tell(target_id, [cause for cause in causes if cause != ADDED])


def _told() -> list[tuple[str, list[str]]]:
    rows = op.get_bind().execute(sa.select(targets.c.id, targets.c.causes))
    return [(row.id, json.loads(row.causes) if isinstance(row.causes, str) else row.causes) for row in rows]


def _tell(target_id: str, causes: list[str]) -> None:
    op.get_bind().execute(sa.update(targets).where(targets.c.id == target_id).values(causes=causes))
