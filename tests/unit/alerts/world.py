"""A bot in a world of its own: the local Bot API over HTTP, people, and a store in memory."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.telegram.bot import TelegramBot, WebhookAddress
from alerts.telegram.room import Access, KeywordAccess
from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_people import Group, User
from marsad.demo.botapi_state import Message
from marsad.demo.botapi_text import TextParser
from marsad.demo.faults import Fault, FaultPlan
from models.text import Localized
from tests.fakes.memory_operating import MemoryOperating
from tests.fakes.memory_rulebook import MemoryRulebook
from tests.fakes.memory_store import MemoryStore, MemorySubscribers
from tests.fakes.td_parser import TdTextParser

TOKEN = "4242:canary-canary-canary-canary-canary"
OPERATOR = 1
SITES = {f"site-{n:02d}": Localized(f"وكالة {n:02d}", f"Agency {n:02d}") for n in range(32)}
TOPICS = {
    "caspian": Localized("بحر قزوين", "Caspian Sea"),
    "iran-russia": Localized("إيران وروسيا", "Iran and Russia"),
}


class Transport:
    """How the bots of these worlds take updates; the fixture `transport` changes it."""

    by_webhook = False


@dataclass
class World:
    server: BotApiServer
    store: MemoryStore
    access: Access = "approval"
    shift: timedelta = timedelta()
    keyword_access: KeywordAccess = "allowed"
    # In how many of the newest 300 articles a keyword is, if not in three.
    found: dict[str, int] = field(default_factory=dict)
    bots: list[TelegramBot] = field(default_factory=list)
    webhook: WebhookAddress | None = None

    def __post_init__(self) -> None:
        self.operating = MemoryOperating(self.store)
        self.rulebook = MemoryRulebook()
        self.subscribers = MemorySubscribers(self.store)
        self._heard = self.server.queue.next_id

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def new_bot(
        self,
        subscribers: MemorySubscribers | None = None,
        held: Callable[[], bool] = lambda: False,
    ) -> TelegramBot:
        bot = TelegramBot(
            self.server.token,
            api_base=self.server.base_url,
            proxy=None,
            operators=frozenset({OPERATOR}),
            access=lambda: self.access,
            topics=lambda: TOPICS,
            store=subscribers or MemorySubscribers(self.store),
            operating=self.operating,
            held=held,
            now=self.now,
            zone=lambda: ZoneInfo("Asia/Tehran"),
            webhook=self.webhook,
            keyword_access=lambda: self.keyword_access,
            try_out=self.try_out,
            rulebook=self.rulebook,
            sites=lambda: SITES,
        )
        self.bots.append(bot)
        return bot

    async def hears(self) -> int:
        """The bot processes what people wrote and pressed so far; how many updates."""
        if self.webhook is None:
            return await self.bots[0].poll_waiting(10)
        await self.server.queue.until_taken()
        before, self._heard = self._heard, self.server.queue.next_id
        return self._heard - before

    async def try_out(self, keyword: str, _now: datetime) -> tuple[int, int]:
        return self.found.get(keyword, 3), 300

    def person(self, user_id: int = 7, *, language: str | None = "ar") -> User:
        return self.server.people.add_user(
            user_id, "سلمى", username="salma", language_code=language, started=True
        )


@asynccontextmanager
async def world(
    access: Access = "approval", *faults: Fault, parser: TextParser | None = None
) -> AsyncIterator[World]:
    """A world with a started bot; flood limits are off: they are tested on their own."""
    server = BotApiServer(
        TOKEN,
        parser=parser or TdTextParser(),
        limits=FloodLimits(enabled=False),
        faults=FaultPlan(faults),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server)
        webhook = stack.enter_context(an_address()) if Transport.by_webhook else None
        place = World(server, MemoryStore(), access, webhook=webhook)
        bot = place.new_bot()
        stop = asyncio.Event()
        taking: asyncio.Task[None] | None = None
        try:
            await bot.start()
            if webhook is not None:
                taking = asyncio.create_task(bot.take_updates(stop))
                await server.until(lambda: server.webhook.url)
            yield place
        finally:
            stop.set()
            if taking is not None:
                await taking
            for bot in place.bots:
                await bot.stop()


@contextmanager
def an_address() -> Iterator[WebhookAddress]:
    """A port of loopback that nobody else gets meanwhile: it stays bound here, and who listens
    on it reuses the address."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        yield WebhookAddress(url=f"http://127.0.0.1:{port}/updates", host="127.0.0.1", port=port)


def last(who: User | Group) -> Message:
    return who.inbox[-1]


def buttons(who: User | Group) -> list[str]:
    return [str(button["text"]) for button in last(who).buttons]
