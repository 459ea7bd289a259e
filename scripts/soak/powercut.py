"""The power is cut at random while the real schema does its real transactions.

SQLite runs on a disk in memory (scripts.soak.cutdisk): what was synced survives, of the rest some
writes do, whole or torn. What a transaction acknowledged must be there after the cut, what it did
not may be there whole or not at all.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.article import Article
from models.delivery import MarkRetry, MarkSent
from models.subscriber import Channel
from scripts.soak import apswdriver
from scripts.soak.arrange import TOPIC, decide, title_of
from scripts.soak.cutdisk import CutDisk, CutVfs
from scripts.soak.figures import Row
from storage import claims, outbox, retention, subscribers
from storage.connection import NEW_FILE_PRAGMA, PRAGMAS, parse_url
from storage.crawls import store
from storage.migration import migrate, revision_of
from storage.schema import articles, deliveries
from storage.settlement import settle

CHATS = 4
# A new database after so many cuts, or checking it would take ever longer.
CUTS_A_DATABASE = 40
_MOST_STEPS_BEFORE_A_CUT = 700
_FILE = "/marsad.db"
_URL = parse_url(f"sqlite:///{_FILE}")
_BEGAN = datetime(2026, 11, 20, tzinfo=UTC)
_LEASE = timedelta(seconds=45)

# What is compared: the outbox row by row, and how far everything else is.
State = tuple[Any, ...]


@dataclass(slots=True)
class Found:
    """After all cuts."""

    cuts: int = 0
    corrupt: int = 0
    lost: int = 0
    half: int = 0
    acknowledged: int = 0
    in_checkpoint: int = 0
    in_migration: int = 0
    problems: list[str] = field(default_factory=list)


def powercut(cuts: int = 600, seed: int = 1, synchronous: str | None = None) -> Row:
    """`synchronous`: OFF or NORMAL, to see that what they lose is found."""
    found = Found()
    vfs, chance = CutVfs(), random.Random(seed)
    engine = _engine(chance, synchronous)
    try:
        while found.cuts < cuts:
            _one_database(vfs, Work(engine, chance), found, min(CUTS_A_DATABASE, cuts - found.cuts))
    finally:
        engine.dispose()
        vfs.unregister()
    row = Row(f"powercut: {found.cuts} cuts, seed {seed}")
    row.at_most("corrupt", found.corrupt, 0)
    row.at_most("cuts after which an acknowledged row was lost or changed", found.lost, 0)
    row.at_most("cuts after which a transaction was there by half", found.half, 0)
    row.note("transactions acknowledged", found.acknowledged)
    row.note("cuts in a checkpoint", found.in_checkpoint)
    row.note("cuts while the tables were made", found.in_migration)
    for problem in found.problems[:5]:
        row.tell(problem)
    return row


def _one_database(vfs: CutVfs, work: "Work", found: Found, cuts: int) -> None:
    files: dict[str, bytearray] = {}
    chance = work.chance
    for _ in range(cuts):
        vfs.disk = CutDisk(files, chance, chance.randint(1, _MOST_STEPS_BEFORE_A_CUT))
        migrating = not work.exists
        work.until_cut(vfs.disk)
        found.cuts += 1
        found.in_migration += migrating and not work.exists
        found.in_checkpoint += vfs.disk.cut_file == _FILE
        assert vfs.disk.survivors is not None
        files = vfs.disk.survivors
        # on a disk of its own: the next start, too, gets what the cut left
        vfs.disk = CutDisk(files, chance, 0)
        if not _is_sound(work, found):
            break
    found.acknowledged += work.acknowledged


def _is_sound(work: "Work", found: Found) -> bool:
    """Judge what was found; False: the database is of no use any more."""
    try:
        with work.connected() as connection:
            problems = _damage(connection)
            state = _state(connection)
    except sa.exc.DBAPIError as error:
        problems, state = [str(error.orig)], ()
    if problems:
        found.corrupt += 1
        found.problems += problems
        return False
    if state not in (work.acked, work.committing):
        kind = "half" if _is_beyond(state, work.acked) else "lost"
        found.half += kind == "half"
        found.lost += kind == "lost"
        found.problems.append(f"{kind}: {state[1:]} after {work.acked[1:]}")
    work.acked = work.committing = state
    return True


def _is_beyond(state: State, acked: State) -> bool:
    """Whether all that was acknowledged is there, and more besides."""
    return bool(state) and bool(acked) and set(acked[0]) <= set(state[0])


@dataclass(slots=True)
class Work:
    """What Marsad does all day; `acked` is the state after the last commit that returned,
    `committing` what the one would leave that did not."""

    engine: sa.Engine
    chance: random.Random
    acked: State = ()
    committing: State = ()
    acknowledged: int = 0
    number: int = 0
    now: datetime = _BEGAN

    @property
    def exists(self) -> bool:
        return bool(self.acked)

    def until_cut(self, disk: CutDisk) -> None:
        try:
            if not self.exists:
                self._commit(_create)
            while True:
                self.now += timedelta(seconds=1)
                for step in (self._add, self._expand, self._claim, self._settle):
                    self._commit(step)
                if self.chance.random() < 0.2:
                    self._commit(self._forget)
        except sa.exc.DBAPIError:
            if not disk.is_off:
                raise
        finally:
            self.engine.dispose()

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """For one look, as of a process of its own."""
        try:
            with self.engine.begin() as connection:
                yield connection
        finally:
            self.engine.dispose()

    def _commit(self, step: Callable[[sa.Connection], object]) -> None:
        with self.engine.begin() as connection:
            step(connection)
            self.committing = _state(connection)
        self.acked = self.committing
        self.acknowledged += 1

    def _add(self, connection: sa.Connection) -> None:
        self.number += 1
        # what was lost with a cut may have had this number
        number = self.number
        key = f"cut.example/{number}"
        text = "نص الخبر الطويل عن السفن والموانئ في بحر قزوين. " * 40
        found = Article(
            site="cut", url=f"https://{key}", key=key, title=title_of(number), text=text
        )
        assert store(connection, found, self.now) is not None
        decide(connection, found, number, self.now)

    def _expand(self, connection: sa.Connection) -> None:
        outbox.expand(connection, self.now)

    def _claim(self, connection: sa.Connection) -> None:
        claimed = claims.claim(connection, Channel.TELEGRAM, "cut", self.now, _LEASE, limit=8)
        for delivery in claimed:
            claims.mark_in_flight(connection, delivery, self.now)

    def _settle(self, connection: sa.Connection) -> None:
        """Most arrive, some are to be tried again; the others were in flight when it ended."""
        self.now += timedelta(seconds=30)
        for delivery in claims.claim(
            connection, Channel.TELEGRAM, "cut", self.now + _LEASE, _LEASE, limit=8
        ):
            if not claims.mark_in_flight(connection, delivery, self.now):
                continue
            retry = MarkRetry(
                not_before=self.now, attempts=delivery.attempts + 1, reason="502", maybe_sent=False
            )
            sent = MarkSent(message_id=delivery.id)
            settle(connection, delivery, sent if self.chance.random() < 0.8 else retry, self.now)

    def _forget(self, connection: sa.Connection) -> None:
        """Retention: articles whose messages are settled go, with all that hangs on them."""
        later = self.now + timedelta(days=9)
        retention.delete_articles(connection, None, later, later, limit=2)
        retention.delete_remains(connection, later, limit=2)
        retention.give_back(connection, limit=20)


def _create(connection: sa.Connection) -> None:
    migrate(connection, _URL)
    since = _BEGAN - timedelta(days=1)
    rows = [
        {
            "chat": 1000 + number,
            "channel": "telegram",
            "status": "active",
            "language": "ar",
            "title": f"قارئ {number}",
            "created": since.isoformat(),
            "topics": [{"topic": TOPIC, "since": since.isoformat()}],
        }
        for number in range(CHATS)
    ]
    subscribers.import_(connection, enumerate(rows, 1))


def _state(connection: sa.Connection) -> State:
    """Empty: there are no tables yet."""
    if revision_of(connection) is None:
        return ()
    columns = (deliveries.c.id, deliveries.c.chat_id, deliveries.c.state, deliveries.c.attempts)
    rows = connection.execute(sa.select(*columns).order_by(deliveries.c.id)).all()
    counted = connection.execute(
        sa.select(sa.func.count(), sa.func.count(articles.c.decided_at)).select_from(articles)
    ).one()
    return (tuple(map(tuple, rows)), *counted)


def _damage(connection: sa.Connection) -> list[str]:
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    problems = [str(row) for row in found if row != "ok"]
    problems += map(str, connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    if not problems and revision_of(connection) is not None:
        connection.exec_driver_sql(
            "INSERT INTO article_search (article_search) VALUES ('integrity-check')"
        )
    return problems


def _engine(chance: random.Random, synchronous: str | None) -> sa.Engine:
    """One connection, as storage's writing one is set up; a new one after each `dispose`."""

    def connect() -> apswdriver.Connection:
        connection = apswdriver.Connection(_FILE, CutVfs.NAME)
        pragmas = [
            # There is no shared memory on this disk; the index of the WAL is in the process's own.
            "locking_mode = EXCLUSIVE",
            NEW_FILE_PRAGMA,
            *PRAGMAS,
            # SQLite's own number, and a small one that brings more checkpoints
            f"wal_autocheckpoint = {chance.choice((1000, 60))}",
            *([] if synchronous is None else [f"synchronous = {synchronous}"]),
        ]
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = sa.create_engine(
        "sqlite://", module=apswdriver, creator=connect, poolclass=sa.QueuePool, pool_size=1
    )
    sa.event.listen(engine, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
