"""The tables, as the newest migration leaves them (a test compares the two)."""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.columns import Key, RowId, Text, UtcTime

# The newest revision in storage/migrations/versions: a database that has it is opened without
# loading Alembic.
REVISION: Final = "0009"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

OPEN_STATES: Final = ("pending", "retry", "in flight")
_OPEN: sa.ColumnClause[Any] = sa.literal_column("('pending', 'retry', 'in flight')")
_IS_OPEN = sa.text("state IN ('pending', 'retry', 'in flight')")
_IS_UNDECIDED = sa.text("state = 'undecided'")

sites = Table(
    "sites",
    metadata,
    Column("site", Key, primary_key=True),
    Column("scheduled", Boolean, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("first_crawl_done", Boolean, nullable=False),
    Column("last_started", UtcTime),
    Column("last_finished", UtcTime),
    Column("last_success", UtcTime),
    Column("last_outcome", Text),
    Column("last_problem", Text),
    Column("failures", Integer, nullable=False),
    Column("last_new", UtcTime),
    Column("rhythm", Text),
    Column("crawl_delay_seconds", Float),
    # models.health.Health
    Column("health", sa.JSON),
    # models.access.Access, models.access.Proof; NULL: it lets programs in; it was never tried
    Column("access", sa.JSON),
    Column("proof", sa.JSON),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Key, primary_key=True),
    # NULL: the host has none
    Column("text", Text),
    Column("asked_at", UtcTime, nullable=False),
)

# The parts of a site's archive (sitemaps, pages) that `marsad backfill` has read whole.
backfilled = Table(
    "backfilled",
    metadata,
    Column("site", Key, primary_key=True),
    Column("url", Key, primary_key=True),
    Column("done_at", UtcTime, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("site", Key, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", UtcTime),
    Column("author", Text),
    Column("language", Text),
    Column("evidence", sa.JSON, nullable=False),
    Column("listed_title", Text),
    Column("listed_updated", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("content_hash", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("decision", Text),
    Column("reason", Text),
    Column("rules_version", Text),
    Column("decided_at", UtcTime),
    # decided_at is that of the newest version; how long the first took is told by this
    Column("first_decided_at", UtcTime),
    Column("alerted_at", UtcTime),
    Column("rechecks", Integer, nullable=False),
    Column("next_recheck_at", UtcTime),
    Column("withdrawn_at", UtcTime),
    sa.CheckConstraint("state IN ('undecided', 'decided')", name="state"),
    Index("ix_articles_site", "site"),
    Index("ix_articles_first_seen", "first_seen"),
    Index(
        "ix_articles_undecided",
        "backlog",
        "id",
        sqlite_where=_IS_UNDECIDED,
        postgresql_where=_IS_UNDECIDED,
    ),
    Index(
        "ix_articles_recheck",
        "site",
        "next_recheck_at",
        sqlite_where=sa.text("next_recheck_at IS NOT NULL"),
        postgresql_where=sa.text("next_recheck_at IS NOT NULL"),
    ),
)

links = Table(
    "links",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("site", Key, nullable=False),
    Column("url", Text, nullable=False),
    # [[title, updated], ...]: what the site's listings said of it, the newest last
    Column("listings", sa.JSON, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("last_failed_at", UtcTime),
    Column("first_seen", UtcTime, nullable=False),
    Column("article_id", RowId, ForeignKey("articles.id")),
    Index("ix_links_article_id", "article_id"),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("replaced_at", UtcTime, nullable=False),
    UniqueConstraint("article_id", "version"),
    Index("ix_article_versions_replaced_at", "replaced_at"),
)

# The one row of what is known of the search index, which the two databases keep each in a table of
# its own kind (storage.searchindex). `built_to`: while it is built anew, the last article in it.
search_state = Table(
    "search_state",
    metadata,
    Column("normaliser", Text, primary_key=True),
    Column("built_to", sa.BigInteger),
    Column("built_at", UtcTime, nullable=False),
)

listings = Table(
    "listings",
    metadata,
    Column("url", Key, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("read_at", UtcTime, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("created", UtcTime, nullable=False),
    # The older story that this one turned out to be; never one that was merged itself.
    Column("merged_into", sa.BigInteger),
    Index("ix_stories_merged_into", "merged_into"),
)

story_articles = Table(
    "story_articles",
    metadata,
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("story_id", RowId, ForeignKey("stories.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    # The first article of which it is a copy; NULL and its own number: of none.
    Column("telling", sa.BigInteger),
    # The meaning of its opening (alerts.stories.meaning): 384 half-precision floats
    Column("vector", sa.LargeBinary),
    Index("ix_story_articles_story_id", "story_id"),
)

story_keys = Table(
    "story_keys",
    metadata,
    Column("key", Key, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("story_id", RowId, ForeignKey("stories.id"), nullable=False),
    Index("ix_story_keys_article_id", "article_id"),
)

matches = Table(
    "matches",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("topic", Key, nullable=False),
    Column("score", Float, nullable=False),
    Column("verdict", sa.JSON, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("matched_at", UtcTime, nullable=False),
    UniqueConstraint("article_id", "topic"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("story_id", RowId, ForeignKey("stories.id"), nullable=False),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("site", Key, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("content", sa.JSON, nullable=False),
    Column("created", UtcTime, nullable=False),
    # the expansion into deliveries: chats up to this one are done; expanded_at: all are
    Column("expanded_to", sa.BigInteger),
    Column("expanded_at", UtcTime),
    # What changed since it was decided (codec.changes_to_json), counted by `revision`; the version
    # and the withdrawal of its article that `changes` knows of.
    Column("revision", Integer, nullable=False, default=0),
    Column("changes", sa.JSON),
    Column("seen_version", Integer, nullable=False, default=0),
    Column("seen_withdrawn", Boolean, nullable=False, default=False),
    # While the messages that told it are being edited: deliveries up to this one are done.
    Column("editing", Boolean, nullable=False, default=False),
    Column("edited_to", sa.BigInteger),
    # Not fanned out before this time: copies of it may come meanwhile.
    Column("held_until", UtcTime),
    # Why those that got the story already are told again, on these topics; NULL: they are not.
    Column("repeats", Text),
    Index("ix_alerts_story_id", "story_id"),
    Index("ix_alerts_article_id", "article_id"),
    Index(
        "ix_alerts_backlog",
        "site",
        sqlite_where=sa.text("backlog"),
        postgresql_where=sa.text("backlog"),
    ),
    Index(
        "ix_alerts_unexpanded",
        "id",
        sqlite_where=sa.text("expanded_at IS NULL"),
        postgresql_where=sa.text("expanded_at IS NULL"),
    ),
    Index(
        "ix_alerts_editing",
        "id",
        sqlite_where=sa.text("editing"),
        postgresql_where=sa.text("editing"),
    ),
)

# That a story is told once a topic is this primary key.
alert_topics = Table(
    "alert_topics",
    metadata,
    Column("story_id", RowId, ForeignKey("stories.id"), primary_key=True, autoincrement=False),
    Column("topic", Key, primary_key=True),
    Column("alert_id", RowId, ForeignKey("alerts.id"), nullable=False),
    Index("ix_alert_topics_topic", "topic", "alert_id"),
    Index("ix_alert_topics_alert_id", "alert_id"),
)

chats = Table(
    "chats",
    metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("username", Text),
    Column("thread_id", sa.BigInteger),
    Column("created", UtcTime, nullable=False),
    Column("status_changed_at", UtcTime, nullable=False),
    # When it wants its alerts (models.schedule.Schedule as text); none: at once, at any hour
    Column("schedule", Text),
    # Whether an operator lets it have keywords of its own
    Column("may_have_keywords", Boolean, nullable=False, default=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("chat_id", sa.BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("topic", Key, primary_key=True),
    Column("created", UtcTime, nullable=False),
    # models.subscriber.Mode
    Column("mode", Text, nullable=False, default="now"),
    # The topic of a forum group in which it is told; none: that of the chat
    Column("thread_id", sa.BigInteger),
    Index("ix_subscriptions_topic", "topic", "chat_id"),
)

# Words and phrases that chats watch for themselves. Each is a topic of its own, whose name chats
# follow in `subscriptions`: two chats with one phrase share the row.
keywords = Table(
    "keywords",
    metadata,
    Column("topic", Key, primary_key=True),
    Column("text", Text, nullable=False),
    Column("created", UtcTime, nullable=False),
)

# What a chat does not want to hear of: a site by its name, a story by its id.
mutes = Table(
    "mutes",
    metadata,
    Column("chat_id", sa.BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("name", Key, primary_key=True),
    Column("created", UtcTime, nullable=False),
    sa.CheckConstraint("kind IN ('site', 'story')", name="kind"),
    Index("ix_mutes_name", "kind", "name", "chat_id"),
)

# Relevant or not: what readers say of the alerts that they got.
labels = Table(
    "labels",
    metadata,
    Column("chat_id", sa.BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("alert_id", RowId, ForeignKey("alerts.id"), primary_key=True, autoincrement=False),
    Column("relevant", Boolean, nullable=False),
    Column("created", UtcTime, nullable=False),
    Index("ix_labels_alert_id", "alert_id"),
)

invites = Table(
    "invites",
    metadata,
    Column("code", Key, primary_key=True),
    Column("created", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_by", sa.BigInteger),
    Column("used_at", UtcTime),
)

# What operators set in the chat and what outlives a restart: 'paused', 'dryrun'.
switches = Table(
    "switches",
    metadata,
    Column("name", Key, primary_key=True),
    Column("changed", UtcTime, nullable=False),
    Column("by_user", sa.BigInteger),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", sa.BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("story_id", RowId, ForeignKey("stories.id")),
    Column("alert_id", RowId, ForeignKey("alerts.id")),
    Column("notice", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("maybe_sent", Boolean, nullable=False),
    # 0 alerts and notices, 1 edits (only while no alert waits), 2 held until due_at
    Column("lane", Integer, nullable=False, default=0),
    # Within a lane the lowest goes first; it stays when an attempt is repeated.
    Column("rank_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("silent", Boolean, nullable=False, default=False),
    Column("digest", Boolean, nullable=False, default=False),
    # How often its answer was lost: it may have arrived each time.
    Column("lost", Integer, nullable=False, default=0),
    # Not to be joined with others: together they were refused.
    Column("alone", Boolean, nullable=False, default=False),
    # What of alerts.revision the message shows, or is to show.
    Column("revision", Integer, nullable=False, default=0),
    Column("lease_owner", Text),
    Column("lease_until", UtcTime),
    Column("reason", Text),
    Column("message_id", sa.BigInteger),
    Column("created", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    # A chat gets a story once, by whatever topic (a notice has no story, and NULLs differ).
    UniqueConstraint("story_id", "chat_id", "kind"),
    sa.CheckConstraint(
        "state IN ('pending', 'retry', 'in flight', 'sent', 'dead', 'cancelled')", name="state"
    ),
    Index(
        "ix_deliveries_open",
        "channel",
        "lane",
        "rank_at",
        "id",
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    Index(
        "ix_deliveries_open_of_chat",
        "chat_id",
        "id",
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    Index(
        "ix_deliveries_leased",
        "lease_until",
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    ),
    Index("ix_deliveries_alert_id", "alert_id"),
    Index("ix_deliveries_settled_at", "settled_at"),
    Index("ix_deliveries_message", "chat_id", "message_id"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner_id", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)


def is_open(table: Any = deliveries) -> sa.ColumnElement[bool]:
    """Spelled like the condition of the partial indexes, so that they serve."""
    condition: sa.ColumnElement[bool] = table.c.state.op("IN", is_comparison=True)(_OPEN)
    return condition
