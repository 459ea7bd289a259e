"""Wires the world: settings and configuration in, a running engine out. Nothing else does."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from alerts.dispatcher import Dispatcher
from alerts.notifier import Notifier
from alerts.terminal import TerminalNotifier
from alerts.webhooks import WebhookNotifier
from crawler.crawl import crawl_site
from crawler.memory import CrawlMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from marsad.clock import utc_now
from marsad.configuration import Configuration, SiteFiles
from marsad.doctor import access_problem
from marsad.edits import EditLog
from marsad.engine import Engine
from marsad.heartbeat import keep_pinging
from marsad.lock import instance_lock, this_process
from marsad.personal import PersonalRules
from marsad.pipeline import Pipeline
from marsad.reload import LiveConfiguration
from marsad.retention import Retention
from marsad.room import Room
from marsad.rulebook import FileRulebook
from marsad.schedule import Schedule
from marsad.settings import TELEGRAM_API, Settings, SettingsError
from marsad.terminal import ABOUT_TELEGRAM, subscribe_terminal, unsubscribe_terminal
from marsad.webhooks import subscribe_webhooks
from models.article import Article
from models.crawl import CrawlReport
from models.site import Site
from models.subscriber import Channel
from models.text import Localized
from storage import takeover
from storage.connection import file_of
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.operating import SqlOperating
from storage.outbox import SqlOutbox
from storage.subscribers import SqlSubscribers

if TYPE_CHECKING:
    from alerts.telegram.bot import TelegramBot, WebhookAddress
    from alerts.telegram.identity import BotCard


class Waking(asyncio.Event):
    """Whoever sets it sets the other one, too."""

    def __init__(self, other: asyncio.Event) -> None:
        super().__init__()
        self._other = other

    def set(self) -> None:
        super().set()
        self._other.set()


class WakingMemory(SqlCrawlMemory):
    """The archive's memory, which also says at once that there is an article to decide."""

    def __init__(self, database: Database, stored: asyncio.Event) -> None:
        super().__init__(database)
        self._stored = stored

    async def store(self, article: Article, now: datetime) -> bool:
        new = await super().store(article, now)
        self._stored.set()
        return new

    async def rechecked(self, article_id: int, *, withdrawn: bool, now: datetime) -> None:
        await super().rechecked(article_id, withdrawn=withdrawn, now=now)
        if withdrawn:
            # The messages that told it are to say so.
            self._stored.set()


def open_database(settings: Settings) -> Database:
    return Database.open(settings.database_url.get_secret_value())


def crawl_options(settings: Settings, configuration: Configuration | SiteFiles) -> CrawlOptions:
    file = file_of(settings.database_url.get_secret_value())
    return CrawlOptions(
        turns=file.with_name(f"{file.name}.turns") if file is not None else None,
        contact=configuration.general.contact,
        proxy=settings.crawl_proxy.get_secret_value() if settings.crawl_proxy else None,
        allow_private=settings.allow_private,
    )


def site_crawl(
    settings: Settings,
    current: Callable[[], Configuration],
    memory: CrawlMemory,
    parser: ParserPool,
) -> Callable[[Site], Awaitable[CrawlReport]]:
    async def crawl(site: Site) -> CrawlReport:
        return await crawl_site(
            site,
            memory=memory,
            parser=parser,
            options=crawl_options(settings, current()),
            now=utc_now,
        )

    return crawl


@asynccontextmanager
async def locked_database(settings: Settings) -> AsyncIterator[tuple[Database, asyncio.Event]]:
    """The database, with this process as the only Marsad on it; the event: the lock was lost.
    Raises AlreadyRunning."""
    database = open_database(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        lock = instance_lock(database, utc_now)
        await lock.acquire()
        stack.push_async_callback(lock.release)
        yield database, lock.lost


@asynccontextmanager
async def open_engine(settings: Settings) -> AsyncIterator[tuple[Engine, asyncio.Event]]:
    """A wired engine that holds the instance lock; the event says that the lock was lost.

    Raises SettingsError, ConfigErrors, AlreadyRunning, DatabaseUnreachable, DatabaseNewer and
    TokenRefused, each one sentence for the person who runs it."""
    live = LiveConfiguration(settings.config, partial(access_problem, settings))
    problem = access_problem(settings, live.current)
    if problem is not None:
        raise SettingsError(problem)
    async with locked_database(settings) as (database, lost), AsyncExitStack() as stack:
        await database.write(lambda c: takeover.end_leases(c, utc_now()))
        articles_waiting, posts_waiting = asyncio.Event(), asyncio.Event()
        deliveries_waiting = Waking(posts_waiting)
        parser = ParserPool()
        stack.push_async_callback(parser.close)
        personal = PersonalRules(
            database, lambda: live.current.general.personal_keywords != "nobody"
        )
        bot = await _start_bot(settings, live, database, personal, stack)
        channel, notifier = await _notifier(database, live, bot)
        posts = await _posts(settings, live, database, stack)
        yield (
            Engine(
                database=database,
                live=live,
                schedule=Schedule(
                    database,
                    lambda: live.current.sites,
                    site_crawl(
                        settings,
                        lambda: live.current,
                        WakingMemory(database, articles_waiting),
                        parser,
                    ),
                    utc_now,
                    articles_waiting.set,
                ),
                pipeline=Pipeline(database, lambda: live.current, utc_now, personal),
                dispatcher=Dispatcher(
                    SqlOutbox(database),
                    notifier,
                    channel,
                    this_process(utc_now()).id,
                    now=utc_now,
                ),
                posts=posts,
                posts_waiting=posts_waiting,
                bot=bot,
                operators=settings.operators,
                now=utc_now,
                articles_waiting=articles_waiting,
                deliveries_waiting=deliveries_waiting,
                room=Room(database.file),
                retention=Retention(database, lambda: live.current, utc_now),
                companions=tuple(_companions(settings, live, database)),
            ),
            lost,
        )


async def _posts(
    settings: Settings, live: LiveConfiguration, database: Database, stack: AsyncExitStack
) -> Dispatcher | None:
    """What takes alerts to webhooks; without a key that could sign there is none."""
    await subscribe_webhooks(database, live.current, utc_now())
    if settings.signing_key is None:
        return None
    notifier = await stack.enter_async_context(
        WebhookNotifier(lambda: live.current.webhooks, settings.signing_key, now=utc_now)
    )
    owner = f"{this_process(utc_now()).id}-posts"
    return Dispatcher(SqlOutbox(database), notifier, Channel.WEBHOOK, owner, now=utc_now)


def _companions(
    settings: Settings, live: LiveConfiguration, database: Database
) -> Iterator[Callable[[asyncio.Event], Coroutine[Any, Any, None]]]:
    if settings.monitor_listen is None and settings.heartbeat_url is None:
        return
    # Its HTTP server weighs 9 MB.
    from marsad.monitor import Monitor

    monitor = Monitor(database=database, now=utc_now, topics=lambda: topic_titles(live.current))
    if settings.monitor_listen is not None:
        yield partial(monitor.serve, *settings.monitor_listen)
    if settings.heartbeat_url is not None:
        yield partial(keep_pinging, settings.heartbeat_url, monitor.unready)


async def ask_bot(settings: Settings) -> "BotCard":
    """Who the bot is, asked of the Bot API. Raises TokenRefused or Unreachable."""
    if settings.bot_token is None:
        raise ValueError("no bot token is set")
    # Weighs 10 MB, as in _start_bot.
    from alerts.telegram.identity import ask_card

    return await ask_card(
        settings.bot_token.get_secret_value(),
        api_base=_api_base(settings),
        proxy=settings.bot_proxy.get_secret_value() if settings.bot_proxy else None,
    )


def _api_base(settings: Settings) -> str | None:
    return None if settings.bot_api == TELEGRAM_API else f"{settings.bot_api}/bot"


async def _start_bot(
    settings: Settings,
    live: LiveConfiguration,
    database: Database,
    personal: PersonalRules,
    stack: AsyncExitStack,
) -> "TelegramBot | None":
    if settings.bot_token is None:
        return None
    # With what it needs it weighs 10 MB, and alerts may go to a terminal or to webhooks alone.
    from alerts.telegram.bot import TelegramBot

    bot = TelegramBot(
        settings.bot_token.get_secret_value(),
        api_base=_api_base(settings),
        proxy=settings.bot_proxy.get_secret_value() if settings.bot_proxy else None,
        operators=settings.operators,
        access=lambda: live.current.general.access,
        topics=lambda: topic_titles(live.current),
        store=SqlSubscribers(database),
        operating=SqlOperating(database),
        now=utc_now,
        zone=lambda: ZoneInfo(live.current.general.zone),
        held=database.is_held,
        webhook=_webhook(settings),
        keyword_access=lambda: live.current.general.personal_keywords,
        try_out=personal.try_out,
        sites=lambda: site_titles(live.current),
        rulebook=FileRulebook(
            folder=settings.config,
            current=lambda: live.current,
            database=database,
            edits=EditLog(settings.data / "edits.json"),
            now=utc_now,
        ),
    )
    stack.push_async_callback(bot.stop)
    await bot.start()
    return bot


def _webhook(settings: Settings) -> "WebhookAddress | None":
    if settings.webhook_url is None:
        return None
    from alerts.telegram.bot import WebhookAddress

    host, port = settings.webhook_listen
    return WebhookAddress(url=settings.webhook_url, host=host, port=port)


def site_titles(configuration: Configuration) -> dict[str, Localized]:
    return {
        name: site.title.localized() for name, site in configuration.sites.items() if site.enabled
    }


def topic_titles(configuration: Configuration) -> dict[str, Localized]:
    return {name: configuration.topics[name].title.localized() for name in configuration.alerting}


async def _notifier(
    database: Database, live: LiveConfiguration, bot: "TelegramBot | None"
) -> tuple[Channel, Notifier]:
    if bot is not None:
        await unsubscribe_terminal(database, utc_now())
        return Channel.TELEGRAM, bot.notifier
    print(ABOUT_TELEGRAM, file=sys.stderr)  # noqa: T201 - for the person at the terminal
    await subscribe_terminal(database, live.current, utc_now())
    return Channel.TERMINAL, TerminalNotifier(sys.stdout, ZoneInfo(live.current.general.zone))
