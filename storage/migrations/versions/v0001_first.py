"""The first schema."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, RowId, Text, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", RowId, nullable=False),
        sa.Column("key", Key(), nullable=False),
        sa.Column("site", Key(), nullable=False),
        sa.Column("url", Text(), nullable=False),
        sa.Column("title", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("published", UtcTime(), nullable=True),
        sa.Column("author", Text(), nullable=True),
        sa.Column("language", Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("listed_title", Text(), nullable=True),
        sa.Column("listed_updated", Text(), nullable=True),
        sa.Column("etag", Text(), nullable=True),
        sa.Column("last_modified", Text(), nullable=True),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("decision", Text(), nullable=True),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("rules_version", Text(), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("alerted_at", UtcTime(), nullable=True),
        sa.Column("rechecks", sa.Integer(), nullable=False),
        sa.Column("next_recheck_at", UtcTime(), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.CheckConstraint("state IN ('undecided', 'decided')", name=op.f("ck_articles_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("key", name=op.f("uq_articles_key")),
    )
    op.create_index(
        "ix_articles_recheck",
        "articles",
        ["site", "next_recheck_at"],
        unique=False,
        sqlite_where=sa.text("next_recheck_at IS NOT NULL"),
        postgresql_where=sa.text("next_recheck_at IS NOT NULL"),
    )
    op.create_index("ix_articles_site", "articles", ["site"], unique=False)
    op.create_index(
        "ix_articles_undecided",
        "articles",
        ["backlog", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'undecided'"),
        postgresql_where=sa.text("state = 'undecided'"),
    )
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", Text(), nullable=False),
        sa.Column("status", Text(), nullable=False),
        sa.Column("language", Text(), nullable=False),
        sa.Column("title", Text(), nullable=False),
        sa.Column("username", Text(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("created", UtcTime(), nullable=False),
        sa.Column("status_changed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    op.create_table(
        "leases",
        sa.Column("name", Text(), nullable=False),
        sa.Column("owner_id", Text(), nullable=False),
        sa.Column("host", Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "listings",
        sa.Column("url", Key(), nullable=False),
        sa.Column("etag", Text(), nullable=True),
        sa.Column("last_modified", Text(), nullable=True),
        sa.Column("read_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_listings")),
    )
    op.create_table(
        "sites",
        sa.Column("site", Key(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("interval_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("first_crawl_done", sa.Boolean(), nullable=False),
        sa.Column("last_started", UtcTime(), nullable=True),
        sa.Column("last_finished", UtcTime(), nullable=True),
        sa.Column("last_success", UtcTime(), nullable=True),
        sa.Column("last_outcome", Text(), nullable=True),
        sa.Column("last_problem", Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_sites")),
    )
    op.create_table(
        "stories",
        sa.Column("id", RowId, nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", RowId, nullable=False),
        sa.Column("story_id", RowId, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("site", Key(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.Column("expanded_to", sa.BigInteger(), nullable=True),
        sa.Column("expanded_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_alerts_article_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_alerts_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_article_id", "alerts", ["article_id"], unique=False)
    op.create_index(
        "ix_alerts_backlog",
        "alerts",
        ["site"],
        unique=False,
        sqlite_where=sa.text("backlog"),
        postgresql_where=sa.text("backlog"),
    )
    op.create_index("ix_alerts_story_id", "alerts", ["story_id"], unique=False)
    op.create_index(
        "ix_alerts_unexpanded",
        "alerts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("expanded_at IS NULL"),
        postgresql_where=sa.text("expanded_at IS NULL"),
    )
    op.create_table(
        "article_versions",
        sa.Column("id", RowId, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("replaced_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint(
            "article_id", "version", name=op.f("uq_article_versions_article_id_version")
        ),
    )
    op.create_table(
        "links",
        sa.Column("id", RowId, nullable=False),
        sa.Column("key", Key(), nullable=False),
        sa.Column("site", Key(), nullable=False),
        sa.Column("url", Text(), nullable=False),
        sa.Column("listings", sa.JSON(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", Text(), nullable=True),
        sa.Column("last_failed_at", UtcTime(), nullable=True),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.Column("article_id", RowId, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_links_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("key", name=op.f("uq_links_key")),
    )
    op.create_index("ix_links_article_id", "links", ["article_id"], unique=False)
    op.create_table(
        "matches",
        sa.Column("id", RowId, nullable=False),
        sa.Column("article_id", RowId, nullable=False),
        sa.Column("topic", Key(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("rules_version", Text(), nullable=False),
        sa.Column("matched_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_matches_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("article_id", "topic", name=op.f("uq_matches_article_id_topic")),
    )
    op.create_table(
        "story_articles",
        sa.Column("article_id", RowId, autoincrement=False, nullable=False),
        sa.Column("story_id", RowId, nullable=False),
        sa.Column("title_key", Text(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("joined_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_articles_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_articles_story_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_articles")),
    )
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"], unique=False)
    op.create_table(
        "story_keys",
        sa.Column("key", Key(), nullable=False),
        sa.Column("article_id", RowId, autoincrement=False, nullable=False),
        sa.Column("story_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_keys_article_id")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_keys_story_id")),
        sa.PrimaryKeyConstraint("key", "article_id", name=op.f("pk_story_keys")),
    )
    op.create_index("ix_story_keys_article_id", "story_keys", ["article_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", Key(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_subscriptions_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", "topic", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_topic", "subscriptions", ["topic", "chat_id"], unique=False)
    op.create_table(
        "alert_topics",
        sa.Column("story_id", RowId, autoincrement=False, nullable=False),
        sa.Column("topic", Key(), nullable=False),
        sa.Column("alert_id", RowId, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_topics_alert_id")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_alert_topics_story_id")
        ),
        sa.PrimaryKeyConstraint("story_id", "topic", name=op.f("pk_alert_topics")),
    )
    op.create_index("ix_alert_topics_alert_id", "alert_topics", ["alert_id"], unique=False)
    op.create_index("ix_alert_topics_topic", "alert_topics", ["topic", "alert_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", RowId, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("story_id", RowId, nullable=True),
        sa.Column("alert_id", RowId, nullable=True),
        sa.Column("notice", Text(), nullable=True),
        sa.Column("state", Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("maybe_sent", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("lease_owner", Text(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'retry', 'in flight', 'sent', 'dead', 'cancelled')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_deliveries_alert_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_deliveries_chat_id")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_deliveries_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "story_id", "chat_id", "kind", name=op.f("uq_deliveries_story_id_chat_id_kind")
        ),
    )
    op.create_index("ix_deliveries_alert_id", "deliveries", ["alert_id"], unique=False)
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_index("ix_deliveries_message", "deliveries", ["chat_id", "message_id"], unique=False)
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["channel", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'retry', 'in flight')"),
        postgresql_where=sa.text("state IN ('pending', 'retry', 'in flight')"),
    )
    op.create_index(
        "ix_deliveries_open_of_chat",
        "deliveries",
        ["chat_id", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'retry', 'in flight')"),
        postgresql_where=sa.text("state IN ('pending', 'retry', 'in flight')"),
    )


def downgrade() -> None:
    raise NotImplementedError("going back is restoring the backup made before the upgrade")
