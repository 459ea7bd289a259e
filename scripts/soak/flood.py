"""A flood of commands from a few users while alerts go out: the alerts' delay hardly grows."""

import asyncio
import signal
from pathlib import Path

from marsad.clock import utc_now
from marsad.demo.receipts import read_receipts
from scripts.soak.arrange import alerts_for, title_of
from scripts.soak.canary import not_leaked
from scripts.soak.figures import Row
from scripts.soak.processes import add_people, bot_api, database_url, ended, start_worker
from storage.database import Database

USERS = 3


async def flood(folder: Path, commands: int = 5000, chats: int = 300) -> Row:
    """The same fan-out in calm and under the flood; delays are counted from the first message."""
    row = Row(f"flood: {commands} commands of {USERS} users while {chats} alerts go out")
    calm_folder, flood_folder = folder / "calm", folder / "flood"
    for one in (calm_folder, flood_folder):
        one.mkdir()
    calm, _ = await _delays(calm_folder, 0, chats)
    flooded, answers = await _delays(flood_folder, commands, chats)
    row.at_most("p95 delay, times that in calm", p95(flooded) / p95(calm), 2.0)
    row.note("p95 delay in calm, seconds", p95(calm))
    row.note("p95 delay under the flood, seconds", p95(flooded))
    row.note("answers to the flood", answers)
    row.at_most("lost", chats - len(flooded), 0)
    not_leaked(row, folder)
    return row


def p95(delays: list[float]) -> float:
    return sorted(delays)[int(len(delays) * 0.95)]


async def _delays(folder: Path, commands: int, chats: int) -> tuple[list[float], int]:
    """When each alert arrived after the start, and how many other messages there were."""
    ids = range(1000, 1000 + chats)
    people = range(1, USERS + 1)
    with database_url("sqlite", folder) as url:
        database = Database.open(url)
        await alerts_for(database, ids, 1, utc_now())
        await database.close()
        async with bot_api(folder, limits=True) as server:
            await add_people(server, [*ids, *people])
            for start in range(0, commands, 100):
                await asyncio.gather(
                    *(
                        server.control.sends(1 + number % USERS, "/help")
                        for number in range(start, min(start + 100, commands))
                    )
                )
            began = utc_now().timestamp()
            worker = await start_worker(url, server, folder, "--poll")
            await _until_told(server.receipts, chats)
            await ended(worker, signal.SIGTERM)
            receipts = read_receipts(server.receipts)
    alerts = [receipt.time - began for receipt in receipts if title_of(0) in receipt.text]
    return alerts, len(receipts) - len(alerts)


async def _until_told(receipts: Path, count: int) -> None:
    async with asyncio.timeout(60 + count):
        while sum(title_of(0) in r.text for r in read_receipts(receipts)) < count:
            await asyncio.sleep(0.5)
