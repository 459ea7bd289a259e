"""What is killed: python -m scripts.soak.worker DATABASE_URL BOT_API [--lease S] [--rate N]

Expands alerts and delivers, as `marsad run` does, without crawling. Prints 'ready' before its
first claim; ends cleanly on SIGTERM.
"""

import argparse
import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from alerts.dispatcher import LEASE, Dispatcher
from alerts.pacing import Limits
from alerts.telegram.bot import TelegramBot
from models.subscriber import Channel
from models.text import Localized
from scripts.soak.arrange import expand
from scripts.soak.canary import log_everything
from scripts.soak.processes import TOKEN
from storage import takeover
from storage.database import Database
from storage.operating import SqlOperating
from storage.outbox import SqlOutbox
from storage.subscribers import SqlSubscribers


def _now() -> datetime:
    return datetime.now(UTC)


def _topics() -> Mapping[str, Localized]:
    return {"caspian": Localized("بحر قزوين", "Caspian Sea")}


async def work(arguments: argparse.Namespace) -> None:
    database = Database.open(arguments.database)
    bot = TelegramBot(
        TOKEN,
        api_base=arguments.bot_api,
        proxy=None,
        operators=frozenset({1}),
        access=lambda: "open",
        topics=_topics,
        store=SqlSubscribers(database),
        operating=SqlOperating(database),
        now=_now,
    )
    dispatcher = Dispatcher(
        SqlOutbox(database),
        bot.notifier,
        Channel.TELEGRAM,
        f"soak {os.getpid()}",
        now=_now,
        limits=Limits(per_second=arguments.rate),
        lease=timedelta(seconds=arguments.lease),
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print("ready", flush=True)
    # It is alone on its database, as a Marsad that holds the instance lock.
    await database.write(lambda connection: takeover.end_leases(connection, _now()))
    await expand(database, _now())
    polling = asyncio.create_task(bot.take_updates(stop)) if arguments.poll else None
    await dispatcher.run(stop, asyncio.Event())
    if polling is not None:
        await polling
    await bot.stop()
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("bot_api")
    parser.add_argument("--lease", type=float, default=LEASE.total_seconds())
    parser.add_argument("--rate", type=float, default=Limits().per_second)
    parser.add_argument("--poll", action="store_true")
    arguments = parser.parse_args()
    log_everything()
    asyncio.run(work(arguments))


if __name__ == "__main__":
    main()
