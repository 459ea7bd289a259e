"""A database of an earlier Marsad is taken over with what it holds."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from marsad.lock import instance_lock
from storage import outbox
from storage.connection import parse_url, prepare_file, writing_engine
from storage.database import Database
from storage.errors import DatabaseInUse
from storage.migration import revision_of
from storage.schema import REVISION, deliveries, subscriptions
from tests.contract.archive import NOW

SCRIPTS = Path(__file__).parents[2] / "storage" / "migrations"

HELD = (
    "INSERT INTO chats (id, channel, status, language, title, created, status_changed_at)"
    " VALUES (7, 'telegram', 'active', 'ar', 'سعاد', :now, :now)",
    "INSERT INTO subscriptions (chat_id, topic, created) VALUES (7, 'caspian', :now)",
    "INSERT INTO deliveries (chat_id, channel, kind, notice, state, attempts, maybe_sent, due_at,"
    " created) VALUES (7, 'telegram', 'notice', 'إشعار', 'pending', 0, :no, :now, :now)",
)


def at_revision(url: str, revision: str) -> None:
    """An empty database as that release made it, with a subscriber and what waits for it."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        prepare_file(parsed)
    engine = writing_engine(parsed)
    now = NOW if engine.dialect.name == "postgresql" else NOW.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(SCRIPTS))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, revision)
        for statement in HELD:
            connection.execute(sa.text(statement), {"now": now, "no": False})
    engine.dispose()


def test_a_database_of_0_1_0_keeps_its_subscribers_and_what_waits_for_them(
    database_url: str,
) -> None:
    at_revision(database_url, "0001")
    database = Database.open(database_url)
    try:
        assert database.read_now(revision_of) == REVISION
        assert database.read_now(outbox.counts)["pending"] == 1
        waiting = database.read_now(lambda c: c.execute(sa.select(deliveries)).one())
        assert (waiting.lane, waiting.rank_at, waiting.due_at) == (0, NOW, NOW)
        assert (waiting.silent, waiting.digest, waiting.alone) == (False, False, False)
        followed = database.read_now(lambda c: c.execute(sa.select(subscriptions)).one())
        assert (followed.topic, followed.mode) == ("caspian", "now")
        assert database.check() == []
    finally:
        database.close_now()


async def test_no_database_is_migrated_under_a_marsad_that_runs(database_url: str) -> None:
    at_revision(database_url, "0008")
    older = Database.attach(database_url)
    lock = instance_lock(older, lambda: datetime.now(UTC))
    await lock.acquire()
    with pytest.raises(DatabaseInUse, match=rf"still runs \(process {os.getpid()}\b.*stop it"):
        Database.open(database_url)
    assert older.read_now(revision_of) == "0008"
    await lock.release()
    Database.open(database_url).close_now()
    assert older.read_now(revision_of) == REVISION
    await older.close()


async def test_a_database_of_this_release_opens_beside_a_marsad_that_runs(
    database_url: str,
) -> None:
    running = Database.open(database_url)
    lock = instance_lock(running, lambda: datetime.now(UTC))
    await lock.acquire()
    Database.open(database_url).close_now()
    await lock.release()
    await running.close()
