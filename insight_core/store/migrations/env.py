"""Alembic's entry: the connection is handed in by `insight_core.store.migrate`."""

from alembic import context
from sqlmodel import SQLModel

from insight_core.store import facet_tables, tables  # noqa: F401  (their tables register themselves)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
