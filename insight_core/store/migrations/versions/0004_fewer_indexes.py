"""Indexes that nobody asks by go: people are looked for in the snapshot. Whose profile falls due is asked by one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNASKED = (
    ("customer", "kind"),
    ("household", "household_id"),
    ("identity", "email"),
    ("identity", "family_name"),
    ("identity", "organisation_name"),
    ("identity", "phone"),
)
_DUE = "due_at IS NOT NULL"


def upgrade() -> None:
    for table, column in _UNASKED:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    known = sa.text(_DUE)
    op.create_index("ix_customer_due_at", "customer", ["due_at"], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    op.drop_index("ix_customer_due_at", table_name="customer")
    for table, column in _UNASKED:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
