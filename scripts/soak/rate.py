"""How fast alerts go out against the limits of the Bot API, and that none is lost."""

import asyncio
import signal
from pathlib import Path
from typing import cast

from alerts.pacing import Limits
from marsad.clock import utc_now
from marsad.demo.receipts import read_receipts
from scripts.soak.arrange import alerts_for
from scripts.soak.canary import not_leaked
from scripts.soak.figures import Row, copies
from scripts.soak.processes import (
    add_people,
    bot_api,
    database_url,
    ended,
    start_worker,
)
from storage.database import Database

LEAST_PER_SECOND = 26.0
MOST_429 = 10


async def rate(kind: str, folder: Path, chats: int = 1500, least: float = LEAST_PER_SECOND) -> Row:
    """One alert to so many chats, at the strict limits of 30 messages a second; `least` is lower
    on a machine that does other things besides."""
    ids = range(1000, 1000 + chats)
    row = Row(f"rate: {chats} alerts to {chats} chats, {kind}")
    with database_url(kind, folder) as url:
        database = Database.open(url)
        await alerts_for(database, ids, 1, utc_now())
        await database.close()
        async with bot_api(folder, limits=True) as server:
            await add_people(server, ids)
            worker = await start_worker(url, server, folder)
            try:
                await server.control.wait(chats, within=60 + chats / 10)
                await asyncio.sleep(1.0)  # what would come twice has time to come
            finally:
                await ended(worker, signal.SIGTERM)
            refused = cast(int, await server.control.do("refusals"))
            receipts = read_receipts(server.receipts)
    received = copies(receipts, 1)
    times = sorted(receipt.time for receipt in receipts)
    row.at_least("messages a second", (chats - 1) / (times[-1] - times[0]), least)
    row.at_most("messages in the fullest second", fullest(times), 30)
    row.at_most("answers 429", refused, MOST_429)
    row.at_most("lost", chats - len(received), 0)
    row.at_most("duplicates", sum(received.values()) - len(received), 0)
    not_leaked(row, folder)
    row.note("rate of the pacing", Limits().per_second)
    return row


def fullest(times: list[float]) -> int:
    """The most events in any one second; the times are sorted."""
    most, start = 0, 0
    for end, time in enumerate(times):
        while times[start] <= time - 1.0:
            start += 1
        most = max(most, end - start + 1)
    return most
