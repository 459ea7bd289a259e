"""Stories that become one, copies of one text in them, alerts that wait or are told again."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Text, UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"])
    op.add_column("story_articles", sa.Column("telling", sa.BigInteger(), nullable=True))
    op.add_column("story_articles", sa.Column("vector", sa.LargeBinary(), nullable=True))
    op.drop_column("story_articles", "title_key")
    op.drop_column("story_articles", "bands")
    # Keys of another kind: nothing is found by them any more.
    op.execute("DELETE FROM story_keys")
    op.add_column("alerts", sa.Column("held_until", UtcTime(), nullable=True))
    op.add_column("alerts", sa.Column("repeats", Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("alerts", "repeats")
    op.drop_column("alerts", "held_until")
    op.execute("DELETE FROM story_keys")
    op.add_column(
        "story_articles", sa.Column("bands", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "story_articles", sa.Column("title_key", Text(), nullable=False, server_default="")
    )
    op.drop_column("story_articles", "vector")
    op.drop_column("story_articles", "telling")
    op.drop_index("ix_stories_merged_into", "stories")
    op.drop_column("stories", "merged_into")
