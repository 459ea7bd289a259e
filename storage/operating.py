"""What operators see and do in the chat: counts, a pause, messages to everybody, invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, exists, func, select, update

from models.delivery import DeliveryKind
from models.subscriber import Channel, ChatStatus
from storage import outbox
from storage.database import Database
from storage.dialect import insert
from storage.schema import alerts, chats, deliveries, invites, switches
from storage.sites import scheduled_states

PAUSED = "paused"
# Long enough for a restart; whoever deletes its data later comes with a new invitation.
_USED_AGAIN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """`chats` by status, `deliveries` by state; `alerts` and `sent` of the last 24 hours."""

    chats: dict[str, int]
    deliveries: dict[str, int]
    alerts: int
    sent: int
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """`failures`: crawls in a row that failed; `problem` is the last one's. `proven`: its ways were
    seen to work."""

    site: str
    last_success: datetime | None
    failures: int
    problem: str | None
    blind_since: datetime | None = None
    blocked_since: datetime | None = None
    proven: bool = True


class SqlOperating:
    """Fits alerts.telegram.operating.OperatorStore; each call is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stats(self, now: datetime) -> Stats:
        return await self._database.read(lambda connection: stats(connection, now))

    async def site_lines(self) -> Sequence[SiteLine]:
        return await self._database.read(site_lines)

    async def pause(self, paused: bool, by_user: int, now: datetime) -> None:
        await self._database.write(lambda connection: pause(connection, paused, by_user, now))

    async def reach(self) -> int:
        return await self._database.read(reach)

    async def broadcast(self, text: str, now: datetime) -> int:
        return await self._database.write(lambda connection: broadcast(connection, text, now))

    async def add_invite(self, code: str, expires: datetime, now: datetime) -> None:
        await self._database.write(
            lambda connection: connection.execute(
                sa.insert(invites).values(code=code, created=now, expires_at=expires)
            )
        )

    async def use_invite(self, code: str, chat_id: int, now: datetime) -> bool:
        return await self._database.write(
            lambda connection: use_invite(connection, code, chat_id, now)
        )


def stats(connection: sa.Connection, now: datetime) -> Stats:
    counted = connection.execute(select(chats.c.status, func.count()).group_by(chats.c.status))
    by_status = {row[0]: int(row[1]) for row in counted}
    since = now - timedelta(hours=24)
    return Stats(
        chats={status.value: by_status.get(status.value, 0) for status in ChatStatus},
        deliveries=outbox.counts(connection),
        alerts=_count(connection, alerts, alerts.c.created > since),
        sent=_count(connection, deliveries, deliveries.c.settled_at > since),
        paused=is_paused(connection),
    )


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()


def site_lines(connection: sa.Connection) -> list[SiteLine]:
    """The sites that are crawled, those in trouble first."""
    lines = [
        SiteLine(
            site=state.site,
            last_success=state.last_success,
            failures=state.failures,
            problem=state.last_problem if state.failures else None,
            blind_since=state.health.blind_since,
            blocked_since=state.access.since if state.access is not None else None,
            proven=state.proof is None or state.proof.passed,
        )
        for state in scheduled_states(connection)
    ]
    return sorted(lines, key=lambda line: (line.blind_since is None, -line.failures, line.site))


def pause(connection: sa.Connection, paused: bool, by_user: int, now: datetime) -> None:
    """While it is paused nothing is claimed; what is in flight ends. It outlives a restart."""
    connection.execute(delete(switches).where(switches.c.name == PAUSED))
    if paused:
        connection.execute(sa.insert(switches).values(name=PAUSED, changed=now, by_user=by_user))


def is_paused(connection: sa.Connection) -> bool:
    return connection.execute(select(exists().where(switches.c.name == PAUSED))).scalar_one()


def reach(connection: sa.Connection) -> int:
    """How many chats a message to everybody goes to."""
    return _count(connection, chats, _is_told())


def broadcast(connection: sa.Connection, text: str, now: datetime) -> int:
    """A message for every active chat; how many those are."""
    row = outbox.pending(DeliveryKind.BROADCAST, now)
    values = {name: sa.literal(value, deliveries.c[name].type) for name, value in row.items()}
    columns = {
        "chat_id": chats.c.id,
        "channel": chats.c.channel,
        "notice": sa.literal(text, deliveries.c.notice.type),
    } | values
    active = select(*columns.values()).where(_is_told())
    connection.execute(insert(connection, deliveries).from_select(list(columns), active))
    return reach(connection)


def _is_told() -> sa.ColumnElement[bool]:
    """Programs read no messages to everybody."""
    return sa.and_(
        chats.c.status == ChatStatus.ACTIVE.value, chats.c.channel != Channel.WEBHOOK.value
    )


def use_invite(connection: sa.Connection, code: str, chat_id: int, now: datetime) -> bool:
    """True once: for a code that was given out, did not expire and was not used; once more for a
    chat that used it but was not registered then, because the program ended in between."""
    known = exists().where(chats.c.id == chat_id)
    came_to_nothing = sa.and_(
        invites.c.used_by == chat_id, invites.c.used_at > now - _USED_AGAIN_WITHIN, ~known
    )
    used = connection.execute(
        update(invites)
        .where(invites.c.code == code, invites.c.expires_at > now)
        .where(sa.or_(invites.c.used_by.is_(None), came_to_nothing))
        .values(used_by=chat_id, used_at=now)
    )
    return bool(used.rowcount)
