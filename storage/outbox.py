"""Deliveries: fanned out from alerts, claimed with leases, settled. Fits alerts.outbox.Outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, func, literal, or_, select, update

from models.delivery import Delivery, DeliveryKind, DeliveryState, Settlement
from models.schedule import URGENT_LEAD, Mode, Placement, placement, schedule_of
from models.subscriber import Channel, ChatStatus
from storage import claims, edits
from storage import settlement as settlements
from storage.codec import alert_from_json
from storage.database import Database
from storage.dialect import AnyInsert, alone, insert
from storage.lanes import ALERTS, HELD
from storage.schema import alerts, chats, deliveries, is_open, mutes, subscriptions
from storage.stories import whole


class SqlOutbox:
    """Each call is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, channel: Channel, *, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Delivery]:
        return await self._database.write(
            lambda connection: claims.claim(connection, channel, owner, now, lease, limit)
        )

    async def mark_in_flight(self, delivery: Delivery, now: datetime) -> bool:
        return await self._database.write(
            lambda connection: claims.mark_in_flight(connection, delivery, now)
        )

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        await self._database.write(
            lambda connection: settlements.settle(connection, delivery, settlement, now)
        )

    async def release(self, owner: str) -> None:
        await self._database.write(lambda connection: claims.release(connection, owner))

    async def next_due(self, channel: Channel, now: datetime) -> datetime | None:
        return await self._database.read(
            lambda connection: claims.next_due(connection, channel, now)
        )


# Small enough that no other write waits long (0.1 s at worst), large enough that the commits are
# not what takes the time: 100,000 chats are written in 20 steps.
CHATS_A_STEP = 5000


def expand(connection: sa.Connection, now: datetime, limit: int = CHATS_A_STEP) -> bool:
    """Write the deliveries of at most `limit` chats for the oldest alert that is not expanded, or
    the edits of as many messages whose alert changed.

    False: there was none. Call it until then: each call is small, and a crash between two loses
    nothing and repeats nothing. Only active chats that followed one of the alert's topics before
    it was decided, and muted neither its site nor its story; a chat that has the story already
    gets it no second time.
    """
    alone(connection, "expansion")
    alert = connection.execute(
        select(
            alerts.c.id,
            alerts.c.story_id,
            alerts.c.site,
            alerts.c.created,
            alerts.c.expanded_to,
            alerts.c.repeats,
            alerts.c.content,
        )
        .where(
            alerts.c.expanded_at.is_(None),
            or_(alerts.c.held_until.is_(None), alerts.c.held_until <= now),
        )
        .order_by(alerts.c.id)
        .limit(1)
    ).one_or_none()
    if alert is None:
        edits.correct(connection, now)
        return edits.expand(connection, now, limit)
    topics = [match.topic for match in alert_from_json(alert.content).topics]
    page = _page(alert, topics).limit(limit).subquery()
    chats_in_page, last = connection.execute(select(func.count(), func.max(page.c.id))).one()
    if chats_in_page:
        followers = _followers(alert, topics, last)
        if _is_first(connection, alert):
            _deliver_to(connection, alert, followers, DeliveryKind.ALERT, now)
        else:
            has_it = chats.c.id.in_(_told(alert))
            _deliver_to(connection, alert, followers.where(~has_it), DeliveryKind.ALERT, now)
            if alert.repeats is not None:
                _deliver_to(connection, alert, followers.where(has_it), DeliveryKind.REPEAT, now)
    done = chats_in_page < limit
    connection.execute(
        update(alerts)
        .where(alerts.c.id == alert.id)
        .values(
            expanded_to=last if chats_in_page else alert.expanded_to,
            expanded_at=now if done else None,
        )
    )
    return True


# The mode in which most is told wins, where a chat follows several of the alert's topics.
_MODES = tuple(Mode)


def _page(alert: Any, topics: Sequence[str]) -> sa.Select[Any]:
    """The chats by id that come next; that they follow is looked up one by one, which needs no
    sorting of those that are not in the page."""
    follows = exists().where(
        subscriptions.c.chat_id == chats.c.id,
        subscriptions.c.topic.in_(topics),
        subscriptions.c.created < alert.created,
        _is_beyond(subscriptions.c.chat_id, alert.expanded_to),
    )
    return (
        select(chats.c.id)
        .where(
            chats.c.status == ChatStatus.ACTIVE.value,
            _is_beyond(chats.c.id, alert.expanded_to),
            follows,
        )
        .order_by(chats.c.id)
    )


def _followers(alert: Any, topics: Sequence[str], last: int) -> sa.Select[Any]:
    """Chats up to this one, with their schedule and the number of their mode in _MODES."""
    rank = case(
        {mode.value: number for number, mode in enumerate(_MODES)},
        value=subscriptions.c.mode,
        else_=len(_MODES) - 1,
    )
    muted = select(mutes.c.chat_id).where(
        or_(
            and_(mutes.c.kind == "site", mutes.c.name == alert.site),
            and_(mutes.c.kind == "story", mutes.c.name == str(alert.story_id)),
        )
    )
    return (
        select(chats.c.id, chats.c.channel, chats.c.schedule, func.min(rank).label("mode"))
        .join(subscriptions, subscriptions.c.chat_id == chats.c.id)
        .where(
            chats.c.status == ChatStatus.ACTIVE.value,
            subscriptions.c.topic.in_(topics),
            subscriptions.c.created < alert.created,
            chats.c.id.not_in(muted),
            _is_beyond(subscriptions.c.chat_id, alert.expanded_to),
            subscriptions.c.chat_id <= last,
        )
        .group_by(chats.c.id)
        .order_by(chats.c.id)
    )


def _is_first(connection: sa.Connection, alert: Any) -> bool:
    others = select(alerts.c.id).where(
        alerts.c.story_id.in_(whole(alert.story_id)), alerts.c.id != alert.id
    )
    return connection.execute(others.limit(1)).first() is None


def _told(alert: Any) -> sa.Select[Any]:
    """The chats that have the story by another alert, under whatever number."""
    return select(deliveries.c.chat_id).where(
        deliveries.c.story_id.in_(whole(alert.story_id)),
        deliveries.c.kind == DeliveryKind.ALERT.value,
        deliveries.c.alert_id != alert.id,
    )


def next_held(connection: sa.Connection) -> datetime | None:
    """When the next alert that is held is to be fanned out."""
    held: datetime | None = connection.scalar(
        select(func.min(alerts.c.held_until)).where(alerts.c.expanded_at.is_(None))
    )
    return held


def _is_beyond(chat_id: sa.ColumnElement[int], last: int | None) -> sa.ColumnElement[bool]:
    return sa.true() if last is None else chat_id > last


def _deliver_to(
    connection: sa.Connection,
    alert: Any,
    followers: sa.Select[Any],
    kind: DeliveryKind,
    now: datetime,
) -> None:
    """Without bringing the followers into Python: those that want it alike, in one statement."""
    page = followers.subquery()
    alike = connection.execute(select(page.c.schedule, page.c.mode).distinct()).all()
    for schedule, mode in alike:
        how = placement(schedule_of(schedule) if schedule else None, _MODES[mode], now)
        wanted = (
            page.c.schedule.is_(None) if schedule is None else page.c.schedule == schedule,
            page.c.mode == mode,
        )
        columns = {
            "chat_id": page.c.id,
            "channel": page.c.channel,
            "story_id": literal(alert.story_id, deliveries.c.story_id.type),
            "alert_id": literal(alert.id, deliveries.c.alert_id.type),
        } | {
            name: literal(value, deliveries.c[name].type)
            for name, value in pending(kind, now, how).items()
        }
        # SQLite needs a WHERE to tell ON CONFLICT from a join's ON
        chosen = select(*columns.values()).where(*(wanted if len(alike) > 1 else (sa.true(),)))
        statement = insert(connection, deliveries).from_select(list(columns), chosen)
        connection.execute(
            _anew(statement, columns)
            if kind is DeliveryKind.REPEAT
            else statement.on_conflict_do_nothing()
        )


def _anew(statement: AnyInsert, columns: Iterable[str]) -> AnyInsert:
    """A story that is told again once more takes the row of the time before."""
    new = {name: statement.excluded[name] for name in columns}
    settled = {"message_id": None, "settled_at": None, "reason": None}
    return statement.on_conflict_do_update(
        index_elements=["story_id", "chat_id", "kind"],
        set_=new | settled,
        where=deliveries.c.state != DeliveryState.IN_FLIGHT.value,
    )


_AT_ONCE = Placement()


def pending(kind: DeliveryKind, now: datetime, how: Placement = _AT_ONCE) -> dict[str, Any]:
    """The columns of a new delivery but for its chat and what it tells."""
    due = how.held_until or now
    return {
        "kind": kind.value,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "maybe_sent": False,
        "lane": ALERTS if how.held_until is None else HELD,
        "rank_at": due - URGENT_LEAD if how.urgent else due,
        "due_at": due,
        "silent": how.silent,
        "digest": how.digest,
        "lost": 0,
        "alone": False,
        "revision": 0,
        "created": now,
    }


# The longest pause before a further attempt (alerts.settlement), and some more.
_LONGEST_PAUSE = timedelta(hours=1)


def hasten(connection: sa.Connection, now: datetime) -> int:
    """What is to be tried again later than any pause is due now: the clock was set back. How many
    that were."""
    stranded = and_(
        deliveries.c.state == DeliveryState.RETRY.value, deliveries.c.due_at > now + _LONGEST_PAUSE
    )
    return connection.execute(update(deliveries).where(stranded).values(due_at=now)).rowcount


def add_notice(connection: sa.Connection, chat_ids: Iterable[int], text: str, now: datetime) -> int:
    """A plain text for each of these chats that can be reached; how many that are. Telegram lets
    no bot write to somebody who never wrote to it."""
    reachable = connection.execute(
        select(chats.c.id, chats.c.channel).where(
            chats.c.id.in_(list(chat_ids)), chats.c.status != ChatStatus.GONE.value
        )
    ).all()
    rows = [
        pending(DeliveryKind.NOTICE, now)
        | {"chat_id": chat.id, "channel": chat.channel, "notice": text}
        for chat in reachable
    ]
    if rows:
        connection.execute(sa.insert(deliveries), rows)
    return len(rows)


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many deliveries are in which state (DeliveryState); states that none is in are 0."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}


def open_deliveries(connection: sa.Connection) -> int:
    """How many wait, are to be tried again or are in flight; alerts not expanded yet count one."""
    rows = connection.execute(
        select(func.count()).select_from(deliveries).where(is_open())
    ).scalar_one()
    unexpanded = connection.execute(
        select(func.count()).select_from(alerts).where(alerts.c.expanded_at.is_(None))
    ).scalar_one()
    return rows + unexpanded
