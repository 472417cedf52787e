"""What a draft was made against; every undo and redo of a fix, kept in order."""

import sqlalchemy as sa
from alembic import op

from insight_core.store.guard import never_changed

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draft", sa.Column("seen", sa.Text(), nullable=True))
    op.create_table(
        "fix_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_fix_event_change", "fix_event", ["change"], unique=False)
    op.execute(
        "INSERT INTO fix_event (change, what, at) "
        "SELECT change, 'made', verified_at FROM correction ORDER BY verified_at, change"
    )
    op.execute(
        "INSERT INTO fix_event (change, what, at) "
        "SELECT change, 'undone', undone_at FROM correction WHERE undone_at IS NOT NULL ORDER BY undone_at, change"
    )
    for statement in never_changed("fix_event", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_fix_event_change", table_name="fix_event")
    op.drop_table("fix_event")
    op.drop_column("draft", "seen")
