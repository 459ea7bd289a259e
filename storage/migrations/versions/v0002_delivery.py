"""Lanes and edits of deliveries, and what subscribers and operators choose in the chat."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Key, RowId, Text, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('pending', 'retry', 'in flight')")
# SQLite adds no column that is NOT NULL without a constant default.
_LONG_AGO = "1970-01-01T00:00:00.000000Z"


def upgrade() -> None:
    _alerts()
    _deliveries()
    op.add_column("chats", sa.Column("schedule", Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("mode", Text(), nullable=False, server_default="now"))
    _tables()


def _alerts() -> None:
    op.add_column("alerts", _integer("revision"))
    op.add_column("alerts", sa.Column("changes", sa.JSON(), nullable=True))
    op.add_column("alerts", _integer("seen_version"))
    op.add_column("alerts", _boolean("seen_withdrawn"))
    op.add_column("alerts", _boolean("editing"))
    op.add_column("alerts", sa.Column("edited_to", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_alerts_editing",
        "alerts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("editing"),
        postgresql_where=sa.text("editing"),
    )


def _deliveries() -> None:
    op.add_column("deliveries", _integer("lane"))
    op.add_column(
        "deliveries", sa.Column("rank_at", UtcTime(), nullable=False, server_default=_LONG_AGO)
    )
    op.execute("UPDATE deliveries SET rank_at = due_at")
    for name in ("silent", "digest", "alone"):
        op.add_column("deliveries", _boolean(name))
    for name in ("lost", "revision"):
        op.add_column("deliveries", _integer(name))
    op.drop_index("ix_deliveries_open", "deliveries")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["channel", "lane", "rank_at", "id"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _tables() -> None:
    op.create_table(
        "mutes",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("name", Key(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.CheckConstraint("kind IN ('site', 'story')", name=op.f("ck_mutes_kind")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_mutes_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", "kind", "name", name=op.f("pk_mutes")),
    )
    op.create_index("ix_mutes_name", "mutes", ["kind", "name", "chat_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alert_id", RowId, autoincrement=False, nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_labels_alert_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_labels_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", "alert_id", name=op.f("pk_labels")),
    )
    op.create_index("ix_labels_alert_id", "labels", ["alert_id"], unique=False)
    op.create_table(
        "invites",
        sa.Column("code", Key(), nullable=False),
        sa.Column("created", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invites")),
    )
    op.create_table(
        "switches",
        sa.Column("name", Key(), nullable=False),
        sa.Column("changed", UtcTime(), nullable=False),
        sa.Column("by_user", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )


def _integer(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _boolean(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def downgrade() -> None:
    raise NotImplementedError("going back is restoring the backup made before the upgrade")
