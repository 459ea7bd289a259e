"""The topic of a forum group in which a topic is told."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("thread_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("subscriptions", "thread_id")
