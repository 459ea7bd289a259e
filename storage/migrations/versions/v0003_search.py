"""The search index, filled from the articles, and when an article was first decided."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage import searchindex
from storage.columns import Text, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ARTICLES_AT_ONCE = 500


def upgrade() -> None:
    op.add_column("articles", sa.Column("first_decided_at", UtcTime(), nullable=True))
    op.execute("UPDATE articles SET first_decided_at = decided_at")
    op.create_index(
        "ix_articles_first_seen",
        "articles",
        ["first_seen"],
        unique=False,
    )
    op.create_table(
        "search_state",
        sa.Column("normaliser", Text(), nullable=False),
        sa.Column("built_to", sa.BigInteger(), nullable=True),
        sa.Column("built_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("normaliser", name=op.f("pk_search_state")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE article_search (position BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"
        )
        # With fastupdate every search first reads the list of what is not yet sorted in.
        op.execute(
            "CREATE INDEX ix_article_search_words ON article_search"
            " USING gin (words) WITH (fastupdate = off)"
        )
        op.execute("ALTER TABLE article_search ALTER COLUMN words SET STATISTICS 1000")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5("
            "title, body, site, content='', tokenize='unicode61 remove_diacritics 0')"
        )
    _fill(connection)


def _fill(connection: sa.Connection) -> None:
    now = datetime.now(UTC)
    connection.execute(
        sa.text("INSERT INTO search_state (normaliser, built_at) VALUES ('', :now)").bindparams(
            sa.bindparam("now", now, UtcTime())
        )
    )
    searchindex.begin_rebuild(connection, now)
    while searchindex.continue_rebuild(connection, _ARTICLES_AT_ONCE):
        pass


def downgrade() -> None:
    raise NotImplementedError("going back is restoring the backup made before the upgrade")
