"""The disk of the database fills up under a Marsad at work, and is emptied again."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from marsad.clock import utc_now
from marsad.demo.botapi import BotApiServer
from marsad.demo.faults import Fault, FaultPlan
from scripts.soak.arrange import add_chats
from scripts.soak.figures import Row
from storage import articles, outbox
from storage.database import Database
from tests.e2e.product import TOKEN, Product, publish, stopped
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite

OPERATOR = 900
MOST_RECOVERY_SECONDS = 60
_MEGABYTE = 2**20
_PATIENCE = 60.0


class NoMount(Exception):
    """A small file system cannot be mounted here; the text says why."""


@dataclass(slots=True)
class World:
    """A Marsad whose data are on a disk of 3 MB, what it reads and where it sends."""

    product: Product
    site: NewsSite
    server: BotApiServer
    disk: Path
    chats: range

    @property
    def database(self) -> Path:
        return self.disk / "marsad.sqlite3"

    @property
    def ballast(self) -> Path:
        return self.disk / "ballast"

    def fill(self) -> None:
        """To the last block."""
        with self.ballast.open("wb", buffering=0) as file:
            block = bytes(_MEGABYTE // 64)
            try:
                while True:
                    file.write(block)
            except OSError:
                return

    def got(self, number: int) -> int:
        """How many chats received the alert of this number."""
        return len(set(self._receivers(number)))

    def copies(self, number: int) -> int:
        return len(self._receivers(number))

    def _receivers(self, number: int) -> list[int]:
        title = caspian(number).title
        sent = self.server.receipts.sent()
        return [r.chat_id for r in sent if title in r.text and r.chat_id in self.chats]

    async def everybody_got(self, number: int) -> None:
        await self.server.until(lambda: self.got(number) == len(self.chats), within=_PATIENCE)


async def diskfull(folder: Path, chats: int = 60) -> Row:
    """Raises NoMount."""
    row = Row(f"diskfull: {chats} chats, a disk of 3 MB")
    with small_disk(folder / "disk") as disk:
        async with world(folder, disk, chats) as here:
            await _run(here, row)
    return row


async def _run(here: World, row: Row) -> None:
    publish(here.site, unrelated())
    here.product.add_site("local", here.site)
    first = await here.product.run("run", "--once")
    assert first.code == 0, first.err
    database = Database.open(f"sqlite:///{here.database}")
    add_chats(database, [OPERATOR, *here.chats], utc_now())
    process = await here.product.start("run", MARSAD_LOG_LEVEL="debug")
    publish(here.site, caspian(0))
    await here.everybody_got(0)

    # Most of an alert is queued when the disk fills: Telegram takes its time.
    here.server.faults = FaultPlan([Fault(kind="slow", seconds=2)])
    publish(here.site, caspian(1))
    await here.server.until(lambda: here.server.faults.struck.total() > 0, within=_PATIENCE)
    queued = await database.read(outbox.open_deliveries)
    here.fill()
    await _until_logged(here.product, "disk is full")
    await here.everybody_got(1)
    here.server.faults = FaultPlan()
    stored = (await database.read(articles.count)).total
    publish(here.site, caspian(2))
    doctor = await here.product.run("doctor")
    await asyncio.sleep(5)
    taken_in = (await database.read(articles.count)).total - stored

    here.ballast.unlink()
    began = time.monotonic()
    await here.everybody_got(2)
    recovery = time.monotonic() - began
    await _until_nothing_waits(database)  # the operator hears that there is room, a moment later
    restarts = process.returncode is not None
    code = await stopped(process)
    problems = database.check()
    states = await database.read(outbox.counts)
    await database.close()
    told = [r.text for r in here.server.receipts.sent(OPERATOR) if "is full" in r.text]

    row.at_least("alerts that were queued when it filled", queued, len(here.chats) // 2)
    row.at_most("of them lost", len(here.chats) - here.got(1), 0)
    row.at_most("messages repeated", sum(here.copies(n) - here.got(n) for n in range(3)), 0)
    row.at_most("articles taken in while it was full", taken_in, 0)
    row.at_most("crashes", int(restarts) + int(code != 0), 0)
    row.at_most("seconds until news came through again", recovery, MOST_RECOVERY_SECONDS)
    row.at_least("the operator was told, times", len(told), 1)
    row.at_most("the operator was told, times", len(told), 1)
    row.at_least("doctor says why", int("is full" in doctor.out and doctor.code == 1), 1)
    row.at_most("problems of the database afterwards", len(problems), 0)
    row.at_most("not sent in the database", states["pending"] + states["dead"], 0)
    secret = TOKEN.partition(":")[2]
    seen = here.product.log() + doctor.out + doctor.err
    row.at_most("token in log and doctor", seen.count(secret), 0)
    row.note("tracebacks in the log", here.product.log().count("Traceback"))


async def _until_nothing_waits(database: Database) -> None:
    """What still waits after half a minute is counted as not sent."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while (await database.read(outbox.counts))["pending"]:
                await asyncio.sleep(0.1)


async def _until_logged(product: Product, event: str) -> None:
    async with asyncio.timeout(_PATIENCE):
        while event not in product.log():
            await asyncio.sleep(0.1)


@asynccontextmanager
async def world(folder: Path, disk: Path, chats: int) -> AsyncIterator[World]:
    product = Product(folder)
    product.prepare()
    async with BotApiServer(TOKEN) as server, NewsSite() as site:
        ids = range(1000, 1000 + chats)
        for chat_id in (OPERATOR, *ids):
            server.people.add_user(chat_id, started=True)
        product.settings |= {
            "MARSAD_DATABASE_URL": f"sqlite:///{disk}/marsad.sqlite3",
            "MARSAD_BOT_TOKEN": TOKEN,
            "MARSAD_BOT_API": server.origin,
            "MARSAD_OPERATORS": str(OPERATOR),
        }
        try:
            yield World(product, site, server, disk, ids)
        finally:
            await product.end()


@contextmanager
def small_disk(folder: Path, size: str = "3m") -> Iterator[Path]:
    """A tmpfs of its own. Raises NoMount."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "marsad-soak", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        raise NoMount(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
