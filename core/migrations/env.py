"""Alembic's entry: `Database.migrate` hands over its connection."""

from __future__ import annotations

from alembic import context

from core.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
