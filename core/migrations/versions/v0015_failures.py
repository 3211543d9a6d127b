"""Failures: their groups, what people say about those, what was said to the provider and back"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime
from core.failures.fingerprint import fingerprint_of
from core.failures.states import INTERRUPTED

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_ONCE = 1000
MOMENT = UtcDateTime(timezone=True)
SAID_BY_THE_PROVIDER = ("prompt_refused", "task_expired", "cancelled_by_provider", "provider_task_failed")
STOPPED_WHILE_SENDING = "Whoever was sending this order stopped"

OF_A_TASK = (
    *("id", "kind", "status", "key_id", "fingerprint"),
    *("error_code", "error_message", "provider_error_code", "waiting_text"),
)
tasks = sa.table("tasks", *(sa.column(name) for name in OF_A_TASK))
keys = sa.table("provider_keys", sa.column("id"), sa.column("version"))


def upgrade() -> None:
    op.add_column("tasks", sa.Column("fingerprint", sa.String(120), nullable=True))
    op.create_index(
        "ix_tasks_fingerprint",
        "tasks",
        ["fingerprint", "status_at", "project_id"],
        sqlite_where=sa.text("fingerprint IS NOT NULL"),
        postgresql_where=sa.text("fingerprint IS NOT NULL"),
    )
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.String(36), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("request", sa.JSON(), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("trace_id", sa.String(120), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_exchanges_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
    )
    op.create_index("ix_exchanges_task_id", "exchanges", ["task_id"])
    op.create_table(
        "failure_groups",
        sa.Column("fingerprint", sa.String(120), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("count_then", sa.Integer(), nullable=False),
        sa.Column("ignored_until", MOMENT, nullable=True),
        sa.Column("ignored_for", sa.Integer(), nullable=True),
        sa.Column("ignored_in", sa.String(40), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_failure_groups"),
    )
    op.create_table(
        "failure_notes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.String(120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failure_notes"),
    )
    op.create_index("ix_failure_notes_fingerprint", "failure_notes", ["fingerprint"])
    _name_the_groups_of_old_failures()


def _name_the_groups_of_old_failures() -> None:
    connection = op.get_bind()
    versions = dict(connection.execute(sa.select(keys.c.id, keys.c.version)).all())
    ended = sa.select(tasks).where(tasks.c.status.in_(["failed", "unknown"])).order_by(tasks.c.id)
    last = ""
    while rows := connection.execute(ended.where(tasks.c.id > last).limit(AT_ONCE)).all():
        last = rows[-1].id
        connection.execute(
            tasks.update().where(tasks.c.id == sa.bindparam("of")).values(fingerprint=sa.bindparam("named")),
            [{"of": row.id, "named": _group_of(row, versions)} for row in rows],
        )


def _group_of(row: sa.Row[Any], versions: dict[str, str]) -> str:
    if row.status == "unknown":
        was_stopped = (row.waiting_text or "").startswith(STOPPED_WHILE_SENDING)
        return fingerprint_of(row.kind, INTERRUPTED if was_stopped else "outcome_unknown")
    was_told = row.provider_error_code is not None or row.error_code in SAID_BY_THE_PROVIDER
    return fingerprint_of(
        row.kind,
        row.error_code or "failed",
        row.error_message or "",
        said_by=versions.get(row.key_id) if was_told else None,
        provider_code=row.provider_error_code,
    )


def downgrade() -> None:
    op.drop_table("failure_notes")
    op.drop_table("failure_groups")
    op.drop_table("exchanges")
    op.drop_index("ix_tasks_fingerprint", "tasks")
    op.drop_column("tasks", "fingerprint")
