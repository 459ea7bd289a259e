"""The in-memory twins of storage's outbox and subscribers, held to the same contract suites."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.alert import Alert, StoredAlert
from models.delivery import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Joined,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    MarkThreadGone,
    Settlement,
)
from models.schedule import URGENT_LEAD, Mode, Placement, Schedule, placement
from models.subscriber import Channel, Chat, ChatStatus, Subscriber
from models.text import Language
from storage.errors import UnknownChat
from storage.search import Answer, SearchHit

_OPEN = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.IN_FLIGHT)


@dataclass(kw_only=True)
class Row:
    """A delivery as the twin remembers it; tests may look at it."""

    id: int
    chat_id: int
    kind: DeliveryKind
    alert: StoredAlert | None
    notice: str | None
    created: datetime
    due_at: datetime
    rank_at: datetime
    held: bool = False
    silent: bool = False
    digest: bool = False
    alone: bool = False
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    maybe_sent: bool = False
    lost: int = 0
    owner: str | None = None
    lease_until: datetime | None = None
    reason: str | None = None
    message_id: int | None = None
    settled_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    def is_leased(self, now: datetime) -> bool:
        return self.is_open and self.lease_until is not None and self.lease_until > now

    def close(self, state: DeliveryState, reason: str | None, now: datetime) -> None:
        self.state, self.reason, self.settled_at = state, reason, now
        self.owner = self.lease_until = None


@dataclass
class MemoryStore:
    """What both twins share: chats, their topics, alerts and deliveries."""

    chats: dict[int, Chat] = field(default_factory=dict)
    topics: dict[int, dict[str, datetime]] = field(default_factory=dict)
    modes: dict[int, dict[str, Mode]] = field(default_factory=dict)
    mutes: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    labels: dict[tuple[int, int], bool] = field(default_factory=dict)
    threads: dict[tuple[int, str], int] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)
    may_have_keywords: set[int] = field(default_factory=set)
    alerts: list[StoredAlert] = field(default_factory=list)
    deliveries: list[Row] = field(default_factory=list)
    # Its archive is never too large: whether it should say so all the same.
    cuts_searches: bool = False
    paused: bool = False
    _last_id: int = 0

    def add_alert(self, alert: Alert, story_id: int, now: datetime) -> StoredAlert:
        """Record the alert and write its deliveries, as storage's `expand` does."""
        stored = StoredAlert(id=len(self.alerts) + 1, story_id=story_id, created=now, alert=alert)
        self.alerts.append(stored)
        for chat_id in sorted(self.chats):
            if self._gets(chat_id, stored):
                how = placement(self.chats[chat_id].schedule, self._mode(chat_id, stored), now)
                self._add(chat_id, DeliveryKind.ALERT, stored, None, now, how)
        return stored

    def _mode(self, chat_id: int, stored: StoredAlert) -> Mode:
        """That in which most is told."""
        chosen = self.modes.get(chat_id, {})
        followed = self.topics.get(chat_id, {})
        modes = [
            chosen.get(match.topic, Mode.NOW)
            for match in stored.alert.topics
            if match.topic in followed
        ]
        return min(modes, key=list(Mode).index)

    def add_notice(self, chat_ids: Sequence[int], text: str, now: datetime) -> int:
        reachable = [
            chat_id
            for chat_id in chat_ids
            if chat_id in self.chats and self.chats[chat_id].status is not ChatStatus.GONE
        ]
        for chat_id in reachable:
            self._add(chat_id, DeliveryKind.NOTICE, None, text, now)
        return len(reachable)

    def counts(self) -> dict[str, int]:
        return {
            state.value: sum(row.state is state for row in self.deliveries)
            for state in DeliveryState
        }

    def place_of(self, row: Row) -> Chat:
        """The chat, with the topic of its forum in which it wants this told."""
        chat = self.chats[row.chat_id]
        topics = row.alert.alert.topics if row.alert is not None else ()
        threads = [self.threads.get((row.chat_id, match.topic)) for match in topics]
        wanted = max((thread for thread in threads if thread is not None), default=None)
        return chat if wanted is None else replace(chat, thread_id=wanted)

    def leave_thread(self, chat: Chat) -> None:
        gone = chat.thread_id
        self.threads = {
            key: to for key, to in self.threads.items() if key[0] != chat.id or to != gone
        }
        known = self.chats[chat.id]
        if known.thread_id == gone:
            self.chats[chat.id] = replace(known, thread_id=None)

    def of_chat(self, chat_id: int) -> Iterator[Row]:
        return (row for row in self.deliveries if row.chat_id == chat_id)

    def cancel_open(self, chat_id: int, reason: str, now: datetime) -> None:
        for row in self.of_chat(chat_id):
            if row.is_open:
                row.close(DeliveryState.CANCELLED, reason, now)

    def change_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        chat = self.chats.get(chat_id)
        if chat is None:
            return None
        self.chats[chat_id] = replace(chat, status=status)
        if status is not ChatStatus.ACTIVE:
            self.cancel_open(chat_id, f"the chat is {status.value}", now)
        return self.chats[chat_id]

    def rename(self, old_id: int, new_id: int, now: datetime) -> None:
        old = self.chats.pop(old_id, None)
        if old is None or old_id == new_id:
            return
        new = self.chats.setdefault(new_id, replace(old, id=new_id))
        if new.status in (ChatStatus.WAITING, ChatStatus.GONE):
            new = self.chats[new_id] = replace(new, status=old.status)
        moved = self.topics.pop(old_id, {})
        self.topics[new_id] = moved | self.topics.get(new_id, {})
        told_there = {row.alert.story_id for row in self.of_chat(new_id) if row.alert}
        for row in list(self.of_chat(old_id)):
            if row.alert and row.alert.story_id in told_there:
                self.deliveries.remove(row)
            row.chat_id = new_id
        if new.status is not ChatStatus.ACTIVE:
            self.cancel_open(new_id, f"the chat is {new.status.value}", now)

    def _gets(self, chat_id: int, stored: StoredAlert) -> bool:
        followed = self.topics.get(chat_id, {})
        told = any(
            row.alert is not None and row.alert.story_id == stored.story_id
            for row in self.of_chat(chat_id)
        )
        is_active = self.chats[chat_id].status is ChatStatus.ACTIVE
        follows = any(
            match.topic in followed and followed[match.topic] < stored.created
            for match in stored.alert.topics
        )
        muted = {("site", stored.alert.site), ("story", str(stored.story_id))}
        mutes = self.mutes.get(chat_id, set())
        return is_active and follows and not told and not muted & mutes

    def _add(
        self,
        chat_id: int,
        kind: DeliveryKind,
        alert: StoredAlert | None,
        notice: str | None,
        now: datetime,
        how: Placement | None = None,
    ) -> None:
        self._last_id += 1
        how = how or Placement()
        due = how.held_until or now
        self.deliveries.append(
            Row(
                id=self._last_id,
                chat_id=chat_id,
                kind=kind,
                alert=alert,
                notice=notice,
                created=now,
                due_at=due,
                rank_at=due - URGENT_LEAD if how.urgent else due,
                held=how.held_until is not None,
                silent=how.silent,
                digest=how.digest,
            )
        )


class MemoryOutbox:
    """Fits alerts.outbox.Outbox; it knows no edits."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    async def claim(
        self, channel: Channel, *, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Delivery]:
        rows = [] if self.store.paused else self._open(channel)
        for row in rows:
            row.held = row.held and row.due_at > now
        due = sorted(
            (row for row in rows if row.due_at <= now), key=lambda row: (row.rank_at, row.id)
        )
        if channel.in_order:
            firsts = {row.id for row in _first_of_each_chat(rows)}
            due = [row for row in due if row.id in firsts]
        busy = {row.chat_id for row in rows if row.is_leased(now)}
        of_chats: dict[int, list[Row]] = {}
        for row in due:
            if row.chat_id in busy:
                continue
            if row.chat_id not in of_chats and len(of_chats) == limit:
                break
            of_chats.setdefault(row.chat_id, []).append(row)
        for row in due:
            known = of_chats.get(row.chat_id)
            if known is not None and row not in known:
                known.append(row)
        return [self._message(waiting, owner, now + lease) for waiting in of_chats.values()]

    def _message(self, waiting: Sequence[Row], owner: str, until: datetime) -> Delivery:
        first, *others = waiting
        place = self.store.place_of
        mates = [row for row in others if _go_together(first, row) and place(first) == place(row)]
        for row in (first, *mates):
            self._lease(row, owner, until)
        return replace(
            self._delivery(first),
            joined=tuple(Joined(id=row.id, alert=row.alert) for row in mates if row.alert),
            silent=first.silent and all(row.silent for row in mates),
        )

    async def mark_in_flight(self, delivery: Delivery, now: datetime) -> bool:
        rows = [
            row
            for row in self._rows(delivery)
            if row.is_leased(now) and row.state is not DeliveryState.IN_FLIGHT
        ]
        whole = len(rows) == len(delivery.ids)
        for row in rows:
            if whole:
                row.state = DeliveryState.IN_FLIGHT
            else:
                row.owner = row.lease_until = None
        return whole

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        for row in self._rows(delivery):
            self._settle_row(row, delivery, settlement, now)
        match settlement:
            case MarkGone():
                self.store.change_status(delivery.chat.id, ChatStatus.GONE, now)
            case MarkMigrated(new_chat_id=new_chat_id):
                self.store.rename(delivery.chat.id, new_chat_id, now)
            case MarkThreadGone():
                self.store.leave_thread(delivery.chat)

    def _settle_row(
        self, row: Row, delivery: Delivery, settlement: Settlement, now: datetime
    ) -> None:
        is_ours = row.is_open and row.attempts == delivery.attempts
        match settlement:
            case MarkSent(message_id=message_id):
                row.close(DeliveryState.SENT, None, now)
                row.message_id = message_id
            case MarkDead(reason=reason) if is_ours:
                row.close(DeliveryState.DEAD, reason, now)
            case MarkRetry() if is_ours:
                _retry(row, settlement)
            case MarkMigrated() | MarkThreadGone() if is_ours:
                row.state, row.due_at = DeliveryState.RETRY, now
                row.owner = row.lease_until = None

    async def release(self, owner: str) -> None:
        for row in self.store.deliveries:
            if row.is_open and row.owner == owner and row.state is not DeliveryState.IN_FLIGHT:
                row.owner = row.lease_until = None

    async def next_due(self, channel: Channel, now: datetime) -> datetime | None:
        if self.store.paused:
            return None
        leased = [row for row in self._open(channel) if row.is_leased(now)]
        busy = {row.chat_id for row in leased}
        waiting = self._open(channel)
        if channel.in_order:
            waiting = _first_of_each_chat(waiting)
        times = [row.due_at for row in waiting if row.chat_id not in busy]
        times += [row.lease_until for row in leased if row.lease_until is not None]
        return min(times, default=None)

    def _open(self, channel: Channel) -> list[Row]:
        return [
            row
            for row in self.store.deliveries
            if row.is_open and self.store.chats[row.chat_id].channel is channel
        ]

    def _rows(self, delivery: Delivery) -> list[Row]:
        return [row for row in self.store.deliveries if row.id in delivery.ids]

    @staticmethod
    def _lease(row: Row, owner: str, until: datetime) -> None:
        if row.state is DeliveryState.IN_FLIGHT:
            row.state, row.maybe_sent = DeliveryState.RETRY, True
            row.attempts += 1
        row.owner, row.lease_until = owner, until

    def _delivery(self, row: Row) -> Delivery:
        return Delivery(
            id=row.id,
            chat=self.store.place_of(row),
            kind=row.kind,
            alert=row.alert,
            notice=row.notice,
            attempts=row.attempts,
            maybe_sent=row.maybe_sent,
            created=row.created,
            lost=row.lost,
            silent=row.silent,
            digest=row.digest,
        )


def _first_of_each_chat(rows: Sequence[Row]) -> list[Row]:
    firsts: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: (row.rank_at, row.id)):
        firsts.setdefault(row.chat_id, row)
    return list(firsts.values())


def _tried_as(row: Row) -> tuple[int, int, bool, bool]:
    return row.attempts, row.lost, row.maybe_sent, row.state is DeliveryState.IN_FLIGHT


def _go_together(first: Row, other: Row) -> bool:
    same = _tried_as(first) == _tried_as(other)
    both_alerts = first.alert is not None and other.alert is not None
    return (
        same
        and both_alerts
        and first.digest == other.digest
        and not other.held
        and not (first.alone or other.alone)
    )


def _retry(row: Row, settlement: MarkRetry) -> None:
    row.state, row.due_at = DeliveryState.RETRY, settlement.not_before
    row.attempts, row.maybe_sent = settlement.attempts, settlement.maybe_sent
    row.lost = settlement.lost
    row.alone = row.alone or settlement.alone
    row.reason, row.owner, row.lease_until = settlement.reason, None, None


class MemorySubscribers:
    """Fits alerts.telegram.store.SubscriberStore."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    async def subscriber(self, chat_id: int) -> Subscriber | None:
        chat = self.store.chats.get(chat_id)
        return None if chat is None else self._subscriber(chat)

    async def register(self, chat: Chat) -> Chat:
        known = self.store.chats.get(chat.id, chat)
        self.store.chats[chat.id] = replace(
            known, title=chat.title, username=chat.username, thread_id=chat.thread_id
        )
        return self.store.chats[chat.id]

    async def set_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        return self.store.change_status(chat_id, status, now)

    async def set_language(self, chat_id: int, language: Language) -> None:
        if chat_id in self.store.chats:
            self.store.chats[chat_id] = replace(self.store.chats[chat_id], language=language)

    async def subscribe(
        self, chat_id: int, topic: str, now: datetime, thread_id: int | None = None
    ) -> None:
        if chat_id not in self.store.chats:
            raise UnknownChat(chat_id)
        if thread_id is not None and topic not in self.store.topics.get(chat_id, {}):
            self.store.threads[chat_id, topic] = thread_id
        self.store.topics.setdefault(chat_id, {}).setdefault(topic, now)

    async def unsubscribe(self, chat_id: int, topic: str) -> None:
        self.store.topics.get(chat_id, {}).pop(topic, None)
        self.store.threads.pop((chat_id, topic), None)
        self.store.modes.get(chat_id, {}).pop(topic, None)

    async def set_mode(self, chat_id: int, topic: str, mode: Mode) -> None:
        if topic in self.store.topics.get(chat_id, {}):
            self.store.modes.setdefault(chat_id, {})[topic] = mode

    async def set_schedule(self, chat_id: int, schedule: Schedule | None) -> None:
        if chat_id in self.store.chats:
            self.store.chats[chat_id] = replace(self.store.chats[chat_id], schedule=schedule)

    async def mute(self, chat_id: int, kind: str, name: str, now: datetime) -> None:
        if chat_id not in self.store.chats:
            raise UnknownChat(chat_id)
        self.store.mutes.setdefault(chat_id, set()).add((kind, name))
        for row in self.store.of_chat(chat_id):
            of = row.alert and {("site", row.alert.alert.site), ("story", str(row.alert.story_id))}
            if (
                row.is_open
                and row.state is not DeliveryState.IN_FLIGHT
                and (kind, name) in (of or ())
            ):
                row.close(DeliveryState.CANCELLED, f"the chat muted the {kind}", now)

    async def unmute(self, chat_id: int, kind: str, name: str) -> None:
        self.store.mutes.get(chat_id, set()).discard((kind, name))

    async def label(self, chat_id: int, alert_id: int, relevant: bool, now: datetime) -> None:
        if chat_id not in self.store.chats:
            raise UnknownChat(chat_id)
        if await self.alert(alert_id) is not None:
            self.store.labels[chat_id, alert_id] = relevant

    async def watch_for(self, chat_id: int, topic: str, text: str, now: datetime) -> None:
        await self.subscribe(chat_id, topic, now)
        self.store.keywords[topic] = text

    async def stop_watching_for(self, chat_id: int, topic: str) -> None:
        await self.unsubscribe(chat_id, topic)
        if not any(topic in followed for followed in self.store.topics.values()):
            self.store.keywords.pop(topic, None)

    async def allow_keywords(self, chat_id: int, allowed: bool) -> None:
        if chat_id not in self.store.chats:
            raise UnknownChat(chat_id)
        if allowed:
            self.store.may_have_keywords.add(chat_id)
            return
        self.store.may_have_keywords.discard(chat_id)
        for topic in list(self._keywords(chat_id)):
            await self.stop_watching_for(chat_id, topic)

    def _keywords(self, chat_id: int) -> dict[str, str]:
        return {
            topic: self.store.keywords[topic]
            for topic in self.store.topics.get(chat_id, {})
            if topic in self.store.keywords
        }

    async def forget(self, chat_id: int) -> bool:
        store = self.store
        for topic in self._keywords(chat_id):
            await self.stop_watching_for(chat_id, topic)
        store.may_have_keywords.discard(chat_id)
        for kept in (store.topics, store.modes, store.mutes):
            kept.pop(chat_id, None)
        store.deliveries = [row for row in store.deliveries if row.chat_id != chat_id]
        store.labels = {key: said for key, said in store.labels.items() if key[0] != chat_id}
        return store.chats.pop(chat_id, None) is not None

    async def my_data(self, chat_id: int) -> Mapping[str, object]:
        chat = self.store.chats.get(chat_id)
        if chat is None:
            return {}
        return {
            "chat": chat.id,
            "title": chat.title,
            "topics": ", ".join(sorted(self._subscriber(chat).topics)),
            "keywords": ", ".join(self._keywords(chat_id).values()),
            "messages": sum(1 for _ in self.store.of_chat(chat_id)),
        }

    async def alert(self, alert_id: int) -> StoredAlert | None:
        return next((stored for stored in self.store.alerts if stored.id == alert_id), None)

    async def subscribers(self) -> Sequence[Subscriber]:
        return [self._subscriber(chat) for _, chat in sorted(self.store.chats.items())]

    async def latest(
        self, topics: Sequence[str], limit: int, skip: int = 0
    ) -> Sequence[StoredAlert]:
        newest: dict[int, StoredAlert] = {}
        for stored in reversed(self.store.alerts):
            if any(match.topic in topics for match in stored.alert.topics):
                newest.setdefault(stored.story_id, stored)
        return list(newest.values())[skip : skip + limit]

    async def search(self, query: str, now: datetime, limit: int, skip: int) -> Answer | None:
        if '"' in query:
            return None
        hits = [
            SearchHit(
                article_id=stored.alert.article_id,
                site=stored.alert.site,
                url=stored.alert.url,
                title=stored.alert.title,
                snippet=stored.alert.quote,
                published=stored.alert.published,
                first_seen=stored.alert.first_seen,
                withdrawn=False,
            )
            for stored in reversed(self.store.alerts)
            if query in stored.alert.title.text
        ]
        return Answer(hits[skip : skip + limit], whole=not self.store.cuts_searches)

    async def delivered(self, chat_id: int, message_id: int | None) -> Sequence[StoredAlert]:
        sent = [
            row
            for row in self.store.of_chat(chat_id)
            if row.state is DeliveryState.SENT
            and row.alert is not None
            and message_id in (None, row.message_id)
        ]
        sent.sort(key=lambda row: (row.settled_at or row.created, row.id))
        last = sent[-1].message_id if sent else None
        told = sorted(
            (row for row in sent if row.message_id == last), key=lambda row: (row.rank_at, row.id)
        )
        return [row.alert for row in told if row.alert is not None]

    def _subscriber(self, chat: Chat) -> Subscriber:
        modes = self.store.modes.get(chat.id, {})
        keywords = self._keywords(chat.id)
        return Subscriber(
            chat=chat,
            topics=frozenset(self.store.topics.get(chat.id, {})) - keywords.keys(),
            keywords=keywords,
            may_have_keywords=chat.id in self.store.may_have_keywords,
            modes={topic: mode for topic, mode in modes.items() if mode is not Mode.NOW},
            muted_sites=frozenset(
                name for kind, name in self.store.mutes.get(chat.id, ()) if kind == "site"
            ),
        )
