"""Keywords that chats have for themselves, and which chats may."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, Text, UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keywords",
        sa.Column("topic", Key(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_keywords")),
    )
    op.add_column(
        "chats",
        sa.Column("may_have_keywords", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("chats", "may_have_keywords")
    op.drop_table("keywords")
