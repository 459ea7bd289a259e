"""SIGKILL at random in the middle of delivering; receipts are the judge."""

import asyncio
import random
import signal
from pathlib import Path

from alerts.pacing import Limits
from marsad.clock import utc_now
from marsad.demo.receipts import read_receipts
from scripts.soak.arrange import alerts_for
from scripts.soak.canary import not_leaked
from scripts.soak.figures import Row, copies
from scripts.soak.processes import (
    LocalBotApi,
    add_people,
    bot_api,
    database_url,
    ended,
    start_worker,
)
from storage import outbox
from storage.database import Database

ALERTS = 2


async def kills(kind: str, folder: Path, deliveries: int = 3000, kills: int = 100) -> Row:
    """`deliveries` of two alerts to half as many chats."""
    chats = deliveries // ALERTS
    ids = range(1000, 1000 + chats)
    row = Row(f"kills: SIGKILL {kills} times during {deliveries} deliveries, {kind}")
    with database_url(kind, folder) as url:
        database = Database.open(url)
        await alerts_for(database, ids, ALERTS, utc_now())
        async with bot_api(folder, limits=False) as server:
            await add_people(server, ids)
            # Answers take a while, so that something always is in flight.
            slow = {"kind": "slow", "seconds": 0.05}
            await server.control.do("faults", faults=[slow])
            done = await _kill(database, url, server, folder, kills, signal.SIGKILL)
            worker = await start_worker(url, server, folder, "--rate", "400")
            await _until_empty(database)
            await ended(worker, signal.SIGTERM)
            received = copies(read_receipts(server.receipts), ALERTS)
        states = await database.read(outbox.counts)
        await database.close()
    messages = {(chat, count) for (chat, _), count in received.items()}
    row.at_least("kills while it was delivering", done, kills)
    row.at_most("lost", chats * ALERTS - len(received), 0)
    repeated = sum(count - 1 for _, count in messages)
    row.at_most("messages repeated", repeated, kills * Limits().in_flight)
    row.note("messages repeated a kill", repeated / max(done, 1))
    row.at_most("copies of one message", max(received.values()), 1 + kills)
    row.at_most("not sent in the database", chats * ALERTS - states["sent"], 0)
    not_leaked(row, folder)
    return row


async def _kill(
    database: Database, url: str, server: LocalBotApi, folder: Path, times: int, number: int
) -> int:
    """Start and kill; how often it was killed while there was something to deliver."""
    chance = random.Random(1)
    done = 0
    for _ in range(times):
        worker = await start_worker(url, server, folder)
        await asyncio.sleep(chance.uniform(0.05, 0.9))
        done += worker.returncode is None and await database.read(outbox.open_deliveries) > 0
        await ended(worker, number)
    return done


async def _until_empty(database: Database) -> None:
    while await database.read(outbox.open_deliveries):
        await asyncio.sleep(0.2)


async def stops(kind: str, folder: Path, deliveries: int = 600, stops: int = 10) -> Row:
    """SIGTERM instead: nothing lost, nothing repeated."""
    chats = deliveries // ALERTS
    ids = range(1000, 1000 + chats)
    row = Row(f"stops: SIGTERM {stops} times during {deliveries} deliveries, {kind}")
    with database_url(kind, folder) as url:
        database = Database.open(url)
        await alerts_for(database, ids, ALERTS, utc_now())
        async with bot_api(folder, limits=False) as server:
            await add_people(server, ids)
            await server.control.do("faults", faults=[{"kind": "slow", "seconds": 0.05}])
            done = await _kill(database, url, server, folder, stops, signal.SIGTERM)
            worker = await start_worker(url, server, folder, "--rate", "400")
            await _until_empty(database)
            await ended(worker, signal.SIGTERM)
            received = copies(read_receipts(server.receipts), ALERTS)
        await database.close()
    row.at_least("stops while it was delivering", done, stops)
    row.at_most("lost", chats * ALERTS - len(received), 0)
    row.at_most("duplicates", sum(received.values()) - len(received), 0)
    not_leaked(row, folder)
    return row
