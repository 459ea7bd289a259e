"""Sites' health and rhythm, robots.txt of hosts, and how far a walk through an archive came."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, Text, UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("last_new", UtcTime(), nullable=True))
    op.add_column("sites", sa.Column("rhythm", Text(), nullable=True))
    op.add_column("sites", sa.Column("crawl_delay_seconds", sa.Float(), nullable=True))
    op.add_column("sites", sa.Column("health", sa.JSON(), nullable=True))
    op.create_table(
        "robots",
        sa.Column("origin", Key(), nullable=False),
        sa.Column("text", Text(), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
    )
    op.create_table(
        "backfilled",
        sa.Column("site", Key(), nullable=False),
        sa.Column("url", Key(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("site", "url", name=op.f("pk_backfilled")),
    )


def downgrade() -> None:
    op.drop_table("backfilled")
    op.drop_table("robots")
    for column in ("health", "crawl_delay_seconds", "rhythm", "last_new"):
        op.drop_column("sites", column)
