"""PostgreSQL is killed in the middle of commits under a Marsad at work."""

import asyncio
import os
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import psutil

from marsad.clock import utc_now
from marsad.demo.botapi import BotApiServer
from scripts.soak.arrange import add_chats
from scripts.soak.figures import Row
from storage import outbox
from storage.database import Database
from storage.errors import DatabaseError
from tests.e2e.product import TOKEN, Product, publish, stopped
from tests.e2e.texts import unrelated
from tests.fakes.newssite import NewsSite

CHATS = 200
MOST_DRAINING_SECONDS = 30
# Longer than the lease by which one Marsad keeps others off
LONG_OUTAGE_SECONDS = 40.0
PASSWORD = "database-canary-canary"
_PATIENCE = 120.0
_WRITERS = 4


@dataclass(slots=True)
class Writing:
    """Commits notices until told to stop; `acknowledged` are those whose commit returned."""

    database: Database
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    number: int = 0

    async def until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.number += 1
            number = self.number
            text = f"إشعار رقم {number} ."
            try:
                await self.database.write(
                    lambda c, number=number, text=text: outbox.add_notice(  # type: ignore[misc]
                        c, [1000 + number % CHATS], text, utc_now()
                    )
                )
                self.acknowledged.append(text)
            except DatabaseError:
                self.refused += 1
            await asyncio.sleep(0.05)


async def pgkill(folder: Path, kills: int = 12, *, long_outage: bool = True) -> Row:
    row = Row(f"pgkill: PostgreSQL killed {kills} times while committing")
    chance = random.Random(1)
    with postgres() as server:
        url = with_password(server.get_uri())
        async with _world(folder, url) as (product, bot_api):
            database = Database.open(url)
            add_chats(database, range(1000, 1000 + CHATS), utc_now())
            process = await product.start("run", MARSAD_LOG_LEVEL="debug")
            await bot_api.until(lambda: bot_api.calls, within=_PATIENCE)
            writing = Writing(database)
            drained, absent = [], []
            for number in range(kills):
                stop = asyncio.Event()
                writers = [asyncio.create_task(writing.until(stop)) for _ in range(_WRITERS)]
                await asyncio.sleep(chance.uniform(0.5, 2.0))
                kill(server)
                died = time.monotonic()
                stop.set()
                is_long = long_outage and number == kills // 2
                await asyncio.sleep(LONG_OUTAGE_SECONDS if is_long else chance.uniform(0, 3))
                await asyncio.to_thread(server.ensure_postgres_running)
                back = time.monotonic()
                absent.append(back - died)
                await asyncio.gather(*writers)
                await _until_empty(database)
                drained.append(time.monotonic() - back)
            died_itself = process.returncode is not None
            code = await stopped(process)
            problems = database.check()
            await database.close()
        received = {receipt.text for receipt in bot_api.receipts.sent()}
        sent = [receipt.text for receipt in bot_api.receipts.sent()]
    lost = [text for text in writing.acknowledged if not any(text in got for got in received)]
    row.at_least("commits acknowledged", len(writing.acknowledged), kills * 5)
    row.at_most("of them lost", len(lost), 0)
    row.at_most(
        "longest time until the outbox was empty again, s", max(drained), MOST_DRAINING_SECONDS
    )
    row.note("longest absence, s", max(absent))
    row.note("commits whose end nobody knows", writing.refused)
    row.note("messages repeated", len(sent) - len(received))
    row.at_most("crashes", int(died_itself) + int(code != 0), 0)
    row.at_most("problems of the database afterwards", len(problems), 0)
    log = product.log()
    row.at_most("token in the log", log.count(TOKEN.partition(":")[2]), 0)
    row.at_most("database password in the log", log.count(PASSWORD), 0)
    row.note("tracebacks in the log", log.count("Traceback"))
    return row


async def _until_empty(database: Database) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                if not await database.read(outbox.open_deliveries):
                    return
            except DatabaseError:
                pass
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _world(folder: Path, url: str) -> AsyncIterator[tuple[Product, BotApiServer]]:
    product = Product(folder)
    product.prepare()
    async with BotApiServer(TOKEN) as bot_api, NewsSite() as site:
        # crawled every second, so that crawls, too, meet a database that is away
        publish(site, unrelated())
        product.add_site("local", site)
        for chat_id in range(1000, 1000 + CHATS):
            bot_api.people.add_user(chat_id, started=True)
        product.settings |= {
            "MARSAD_DATABASE_URL": url,
            "MARSAD_BOT_TOKEN": TOKEN,
            "MARSAD_BOT_API": bot_api.origin,
        }
        try:
            yield product, bot_api
        finally:
            await product.end()


@contextmanager
def postgres() -> Iterator[Any]:
    """A pgserver.PostgresServer with its own settings: what is committed is on the disk."""
    runtime, data = (Path(tempfile.mkdtemp(prefix="marsad-soak-")) for _ in range(2))
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(runtime)}):
        from pgserver.postgres_server import get_server

        server = get_server(data, cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()
            shutil.rmtree(runtime, ignore_errors=True)
            shutil.rmtree(data, ignore_errors=True)


def kill(server: Any) -> None:
    """The postmaster and all that serve its connections, at once."""
    postmaster = psutil.Process(server.get_pid())
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=30)


def with_password(uri: str) -> str:
    """The server trusts whoever comes; the password is there to be looked for."""
    return uri.replace("postgresql://postgres:@", f"postgresql://postgres:{PASSWORD}@")
