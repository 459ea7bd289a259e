"""One alert to 100,000 chats: how long until it is queued, and how much memory it takes."""

import asyncio
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from marsad.clock import utc_now
from scripts.soak.arrange import add_alert, add_chats, expand
from scripts.soak.figures import Row
from scripts.soak.processes import database_url
from storage import outbox
from storage.database import Database

MOST_SECONDS = 2.0
MOST_MEGABYTES = 120.0


def fanout(kind: str, folder: Path, chats: int = 100_000, sent: int = 3000) -> Row:
    """The fan-out and the first so many messages, in a process of its own that has everything
    loaded that delivers."""
    row = Row(f"fan-out: one alert to {chats} chats, {kind}")
    with database_url(kind, folder) as url:
        database = Database.open(url)
        add_chats(database, range(1, chats + 1), utc_now() - timedelta(hours=1))
        asyncio.run(add_alert(database, 0, utc_now()))
        database.close_now()
        done = subprocess.run(
            [sys.executable, "-m", "scripts.soak.fanout", url, str(sent)],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, megabytes, delivered = map(float, done.stdout.split())
        database = Database.open(url)
        waiting = database.read_now(outbox.counts)
        database.close_now()
    row.at_most("seconds until all is queued", seconds, MOST_SECONDS)
    row.at_most("megabytes resident at most", megabytes, MOST_MEGABYTES)
    row.at_least("messages sent meanwhile", delivered, sent)
    row.at_most("not queued", chats - sum(waiting.values()), 0)
    return row


async def _measure(url: str, sent: int) -> None:
    from zoneinfo import ZoneInfo

    from alerts.dispatcher import Dispatcher
    from alerts.notifier import Outcome, Sent
    from alerts.pacing import Limits
    from alerts.telegram.notifier import message_of
    from models.delivery import Delivery
    from models.subscriber import Channel
    from storage.outbox import SqlOutbox

    stop = asyncio.Event()

    class Counting:
        count = 0

        async def ping(self) -> None:
            return

        async def deliver(self, delivery: Delivery) -> Outcome:
            message_of(delivery, ZoneInfo("UTC"), utc_now())
            self.count += 1
            if self.count >= sent:
                stop.set()
            return Sent(message_id=self.count)

    database = Database.open(url)
    moment: datetime = utc_now()
    began = time.perf_counter()
    await expand(database, moment)
    seconds = time.perf_counter() - began
    notifier = Counting()
    fast = Limits(per_second=1e6, chat_seconds=0.0, group_per_minute=10**6)
    dispatcher = Dispatcher(
        SqlOutbox(database), notifier, Channel.TELEGRAM, "fanout", now=utc_now, limits=fast
    )
    await dispatcher.run(stop, asyncio.Event())
    await database.close()
    print(seconds, _megabytes(), notifier.count)


def _megabytes() -> float:
    """The most that was resident. getrusage would count the parent's, too, before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    from marsad.logs import configure_logs

    configure_logs("ERROR", ())
    asyncio.run(_measure(sys.argv[1], int(sys.argv[2])))
