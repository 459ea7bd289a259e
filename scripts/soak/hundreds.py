"""Five hundred sites in one process, a fifth of them dead or slow: who is looked at in time."""

import asyncio
import multiprocessing
import random
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from benchmarks.corpus import own_articles
from marsad.initconfig import init
from scripts.soak.figures import Row
from scripts.soak.processes import ended, start_marsad

SITES = 500
EVERY_SECONDS = 120.0
MOST_LATE = 1.2
MOST_MB_AN_HOUR = 1.0
MOST_REQUESTS = 1.1
_SLOW_SECONDS = (4.0, 12.0)
_WARM_UP_LOOKS = 100
_TEXTS = 60
_KINDS = ("dead", "slow", *("idle",) * 4, *("live",) * 4)
# What stands still is counted from this look on: at the first ones there is something to fetch.
_SETTLED = 3


def kind_of(site: int) -> str:
    """Of ten sites one is dead, one slow; four stand still, half of them without validators."""
    return _KINDS[site % 10]


@dataclass(slots=True)
class Seen:
    """What the sites were asked: when for the listing (time.monotonic), how often for what."""

    looks: dict[int, list[float]] = field(default_factory=dict)
    requests: dict[int, int] = field(default_factory=dict)


class Sites:
    def __init__(self) -> None:
        self.seen = Seen()
        self._chance = random.Random(3)
        self._texts = [
            (row.document.title, row.document.text.split("\n\n")) for row in own_articles(_TEXTS)
        ]
        self._began = format_datetime(datetime.now(UTC))

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(await self._answer(head.split(" ")[1], head))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    async def _answer(self, path: str, head: str) -> bytes:
        match path.strip("/").split("/"):
            case [site, "feed"]:
                return await self._feed(int(site), head)
            case [site, number] if number.isdecimal():
                self._count(int(site))
                return self._story(int(site), int(number))
        return _whole("404 x", "", "text/plain")

    def _count(self, site: int) -> None:
        if len(self.seen.looks.get(site, ())) >= _SETTLED:
            self.seen.requests[site] = self.seen.requests.get(site, 0) + 1

    async def _feed(self, site: int, head: str) -> bytes:
        looks = self.seen.looks.setdefault(site, [])
        looks.append(time.monotonic())
        self._count(site)
        kind = kind_of(site)
        if kind == "dead":
            return _whole("500 x", "out of order", "text/plain")
        if kind == "slow":
            await asyncio.sleep(self._chance.uniform(*_SLOW_SECONDS))
        # A live site publishes at every fifth look, each at its own.
        edition = (len(looks) + site) // 5 if kind != "idle" else 0
        validator = f'ETag: "{edition}"\r\n' if site % 2 else ""
        if validator and f'"{edition}"' in head:
            return f"HTTP/1.1 304 x\r\n{validator}\r\n".encode()
        items = "".join(
            f"<item><title>{self._title(site, number)}</title>"
            f"<link>/{site}/{number}</link><pubDate>{self._began}</pubDate></item>"
            for number in range(edition, edition + 5)
        )
        feed = f"<rss version='2.0'><channel><title>s</title>{items}</channel></rss>"
        return _whole("200 x", feed, "application/rss+xml", validator)

    def _title(self, site: int, number: int) -> str:
        return f"{self._texts[(site * 7 + number) % _TEXTS][0]} {site}-{number}"

    def _story(self, site: int, number: int) -> bytes:
        _, paragraphs = self._texts[(site * 7 + number) % _TEXTS]
        title, text = self._title(site, number), "".join(f"<p>{each}</p>" for each in paragraphs)
        return _whole(
            "200 x",
            f"<!doctype html><html lang=ar><meta charset=utf-8><title>{title}</title><body>"
            f"<h1>{title}</h1><article>{text}</article>",
            "text/html; charset=utf-8",
        )


def _whole(status: str, body: str, kind: str, more: str = "") -> bytes:
    data = body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    return head.encode() + data


def _serve(pipe: Connection) -> None:
    async def run() -> None:
        sites = Sites()
        server = await asyncio.start_server(sites.connected, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while True:
            await asyncio.to_thread(pipe.recv)
            pipe.send(sites.seen)

    asyncio.run(run())


@contextmanager
def served() -> Iterator[tuple[int, Connection]]:
    """The port of the sites, and a pipe that answers with what was seen."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield mine.recv(), mine
    finally:
        process.kill()
        process.join()


async def hundreds(folder: Path, minutes: float = 30.0) -> Row:
    """`marsad run` without a bot. Dead sites answer 500, slow ones after 4 to 12 seconds."""
    row = Row(f"hundreds: {SITES} sites every {EVERY_SECONDS:g} s for {minutes:g} minutes")
    with served() as (port, pipe):
        _configure(folder, port)
        process = await start_marsad(folder, port, MARSAD_LOG_LEVEL="error")
        try:
            weights = await _weigh(process, minutes * 60, pipe)
        finally:
            code = await ended(process, signal.SIGTERM)
        seen = _ask(pipe)
    _tell(row, seen, weights)
    row.at_most("exit code", code, 0)
    return row


def _configure(folder: Path, port: int) -> None:
    init(folder / "config")
    for path in (folder / "config" / "sites").iterdir():
        path.unlink()
    for site in range(SITES):
        (folder / "config" / "sites" / f"site-{site}.yaml").write_text(
            f"title: {{ar: موقع {site}}}\n"
            f"publishes: [{{type: feed, url: 'http://127.0.0.1:{port}/{site}/feed'}}]\n"
            f"every: {EVERY_SECONDS:g}s\ndelay: 0s\n",
            encoding="utf-8",
        )


def _ask(pipe: Connection) -> Seen:
    pipe.send(None)
    seen: Seen = pipe.recv()
    return seen


async def _weigh(process: Process, seconds: float, pipe: Connection) -> list[tuple[float, float]]:
    """(seconds, MB of Marsad's own process) every five seconds, after the first hundred crawls."""
    marsad, began = psutil.Process(process.pid), time.monotonic()
    weights: list[tuple[float, float]] = []
    warm = False
    while (passed := time.monotonic() - began) < seconds:
        await asyncio.sleep(5)
        warm = warm or sum(map(len, _ask(pipe).looks.values())) >= _WARM_UP_LOOKS
        if warm:
            weights.append((passed, marsad.memory_info().rss / 2**20))
    return weights


def _tell(row: Row, seen: Seen, weights: Sequence[tuple[float, float]]) -> None:
    row.note("looks", sum(map(len, seen.looks.values())))
    for kind in ("live", "idle", "slow"):
        late = _lateness(seen.looks, kind)
        row.at_most(f"{kind} sites: longest wait between two looks, intervals", late, MOST_LATE)
    row.note(
        "dead sites: longest wait, intervals (they are asked less)", _lateness(seen.looks, "dead")
    )
    fewest = min(len(seen.looks.get(n, ())) for n in range(SITES) if kind_of(n) != "dead")
    row.at_least("looks at the site that had fewest, dead ones aside", fewest, 1)
    idle = [site for site in range(SITES) if kind_of(site) == "idle"]
    for name, odd in (("with", 1), ("without", 0)):
        chosen = [site for site in idle if site % 2 == odd]
        checks = sum(max(0, len(seen.looks[site]) - _SETTLED + 1) for site in chosen)
        requests = sum(seen.requests.get(site, 0) for site in chosen)
        if not checks:
            continue
        row.at_most(
            f"requests a check of what stands still, {name} an ETag",
            requests / checks,
            MOST_REQUESTS,
        )
    slope = _slope(weights) * 3600
    row.at_most("memory, MB an hour after the first 100 crawls", slope, MOST_MB_AN_HOUR)
    half = weights[len(weights) // 2 :]
    row.note("… of the second half", _slope(half) * 3600)
    row.note("memory after the first 100 crawls, MB", weights[0][1])
    row.note("memory at the end, MB", weights[-1][1])


def _lateness(looks: Mapping[int, Sequence[float]], kind: str) -> float:
    """The longest time between two looks at a site of this kind, in intervals."""
    waits = [
        later - earlier
        for site, times in looks.items()
        if kind_of(site) == kind
        for earlier, later in pairwise(times)
    ]
    return max(waits, default=float("inf")) / EVERY_SECONDS


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the line through the points, by least squares."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    width = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / width if width else 0.0
