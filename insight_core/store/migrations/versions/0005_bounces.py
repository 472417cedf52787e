"""When a message to a contact point came back last."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = ("email_bounced_at", "phone_bounced_at", "street_bounced_at")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("usage_pattern", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column("usage_pattern", name)
