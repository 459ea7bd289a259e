"""The in-memory twin of storage's SqlOperating."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.delivery import DeliveryKind
from models.subscriber import ChatStatus
from storage.operating import SiteLine, Stats
from tests.fakes.memory_store import MemoryStore


@dataclass
class MemoryOperating:
    """Fits alerts.telegram.operating.OperatorStore."""

    store: MemoryStore
    sites: list[SiteLine] = field(default_factory=list)
    invites: dict[str, datetime] = field(default_factory=dict)
    used: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    async def stats(self, now: datetime) -> Stats:
        since = now - timedelta(hours=24)
        counted = Counter(chat.status for chat in self.store.chats.values())
        settled = [row.settled_at for row in self.store.deliveries if row.settled_at is not None]
        return Stats(
            chats={status.value: counted[status] for status in ChatStatus},
            deliveries=self.store.counts(),
            alerts=sum(stored.created > since for stored in self.store.alerts),
            sent=sum(time > since for time in settled),
            paused=self.store.paused,
        )

    async def site_lines(self) -> Sequence[SiteLine]:
        return sorted(self.sites, key=lambda line: (-line.failures, line.site))

    async def pause(self, paused: bool, by_user: int, now: datetime) -> None:
        self.store.paused = paused

    async def reach(self) -> int:
        return sum(chat.status is ChatStatus.ACTIVE for chat in self.store.chats.values())

    async def broadcast(self, text: str, now: datetime) -> int:
        for chat_id, chat in sorted(self.store.chats.items()):
            if chat.status is ChatStatus.ACTIVE:
                self.store._add(chat_id, DeliveryKind.BROADCAST, None, text, now)
        return await self.reach()

    async def add_invite(self, code: str, expires: datetime, now: datetime) -> None:
        self.invites[code] = expires

    async def use_invite(self, code: str, chat_id: int, now: datetime) -> bool:
        by, at = self.used.get(code, (chat_id, now))
        again = by == chat_id and chat_id not in self.store.chats
        free = code not in self.used or (again and at > now - timedelta(minutes=10))
        if self.invites.get(code, now) <= now or not free:
            return False
        self.used[code] = (chat_id, now)
        return True
