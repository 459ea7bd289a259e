"""What a running Marsad makes of a clock that is moved under it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

from aiohttp import web

from marsad.initconfig import init
from scripts.soak.figures import Row
from scripts.soak.processes import ended

EVERY = 4.0
_STEADY = 24.0
JUMPS = {"steady": 0, "forward an hour": 3600, "back an hour": -3600, "back 30 seconds": -30}
FAST = 600
# The nights in which the clocks of these places change (Tehran's do not any more) are walked
# through at once, from the day before.
CHANGES = {
    "Asia/Beirut": "2026-03-28",
    "Africa/Cairo": "2026-04-23",
    "Europe/Berlin": "2026-10-24",
    "Asia/Tehran": "2026-03-21",
}
_FAST_HOURS = 1


class Asked:
    """A site with a feed; `times` are when it was asked, by a clock nobody moves."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.port = 0

    async def __aenter__(self) -> "Asked":
        application = web.Application()
        application.router.add_get("/feed", self._feed)
        application.router.add_get("/{number}", self._page)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _feed(self, _: web.Request) -> web.Response:
        self.times.append(asyncio.get_running_loop().time())
        date = format_datetime(datetime.now(UTC))
        link = f"<link>/{len(self.times)}</link><pubDate>{date}</pubDate>"
        item = f"<item><title>سفينة ترسو في الميناء</title>{link}</item>"
        body = f"<rss version='2.0'><channel><title>ميناء</title>{item}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml")

    async def _page(self, request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        text = f"رست السفينة رقم {request.path[1:]} في الميناء صباح اليوم. " * 8
        title = "<h1>سفينة ترسو في الميناء</h1>"
        page = f"<html lang=ar><body><article>{title}<p>{text}</p></article></body></html>"
        return web.Response(text=page, content_type="text/html")


async def clock(folder: Path, days: float) -> Row:
    """Jumps of an hour and of half a minute, then `days` at 600 times the speed over the changes
    to and from summer time. What counts is real time between two looks at a site."""
    row = Row("a clock that is moved")
    await _jump(row, folder / "jumps")
    if days:
        await asyncio.gather(
            *(
                _walk(row, folder / zone.replace("/", "-"), zone, day, days)
                for zone, day in CHANGES.items()
            )
        )
    return row


async def _jump(row: Row, folder: Path) -> None:
    async with Asked() as site:
        _configure(folder, site.port, f"{EVERY:g}s")
        process = await _start(folder, site.port, "2026-03-01")
        try:
            await _first(site)
            for name, seconds in JUMPS.items():
                began = len(site.times)
                _tell(process, str(seconds))
                await asyncio.sleep(_STEADY)
                _judge(row, name, site.times[began - 1 :], EVERY)
        finally:
            code = await ended(process, signal.SIGTERM)
    row.at_most("exit code", code, 0)


async def _walk(row: Row, folder: Path, zone: str, day: str, days: float) -> None:
    async with Asked() as site:
        _configure(folder, site.port, f"{_FAST_HOURS}h")
        process = await _start(folder, site.port, day, TZ=zone)
        try:
            await _first(site)
            _tell(process, f"x{FAST}")
            await asyncio.sleep(days * 86_400 / FAST)
        finally:
            code = await ended(process, signal.SIGTERM)
    _judge(row, f"{zone}, x{FAST}", site.times, _FAST_HOURS * 3600 / FAST)
    row.at_most(f"{zone}: exit code", code, 0)


def _tell(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


def _judge(row: Row, name: str, times: list[float], every: float) -> None:
    """`times`: from the last look before the clock was moved; the look after that may come soon."""
    gaps = [later - earlier for earlier, later in pairwise(times)]
    row.at_least(f"{name}: looks", len(gaps), 3)
    row.at_most(f"{name}: longest gap, s", max(gaps, default=float("inf")), 2 * every)
    row.at_most(f"{name}: twice", sum(gap < every / 4 for gap in gaps[1:]), 0)


async def _first(site: Asked) -> None:
    async with asyncio.timeout(60):
        while not site.times:
            await asyncio.sleep(0.1)


def _configure(folder: Path, port: int, every: str) -> None:
    init(folder / "config")
    for path in (folder / "config" / "sites").iterdir():
        path.unlink()
    (folder / "config" / "sites" / "port.yaml").write_text(
        f"title: {{ar: الميناء}}\nevery: {every}\ndelay: 0s\n"
        f"publishes: [{{type: feed, url: 'http://127.0.0.1:{port}/feed'}}]\n",
        encoding="utf-8",
    )


async def _start(folder: Path, port: int, day: str, **environment: str) -> Process:
    inherited = {key: text for key, text in os.environ.items() if not key.startswith("MARSAD")}
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scripts.soak.movedclock", day),
            env={
                **inherited,
                "MARSAD_CONFIG": str(folder / "config"),
                "MARSAD_DATA": str(folder / "data"),
                "MARSAD_ALLOW_PRIVATE_NETWORKS": f"127.0.0.1:{port}",
                **environment,
            },
            stdin=PIPE,
            stdout=log,
            stderr=log,
        )
