"""How long people wait for the bot while sites are crawled that send what is made to hurt."""

import asyncio
import gc
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from marsad.demo.botapi import BotApiServer
from marsad.initconfig import init
from scripts.soak.figures import Row
from scripts.soak.hostilesites import Serving, turning_sites
from scripts.soak.people import Arrivals, Waited, Waits, greet, use
from scripts.soak.processes import TOKEN, ended, start_marsad

SITES = 30
PEOPLE = 20
SETTLED_AFTER = 30.0
P99_MS, WORST_MS = 50.0, 200.0
MOST_GROWTH_MB = 150.0

_LOCK_EVERY, _LOCK_SECONDS = 40.0, 5.0
_LOOK_SECONDS = 0.01


@dataclass(slots=True)
class Watched:
    """`late_ms`: by how much what this process does every hundredth of a second came late."""

    began: float
    waits: Waits = field(default_factory=Waits)
    late_ms: list[float] = field(default_factory=list)
    locks: list[tuple[float, float]] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def during_a_lock(self, one: Waited) -> bool:
        return any(start <= one.at <= end for start, end in self.locks)


async def siege(folder: Path, seconds: float = 180.0, every: float = 5.0, only: str = "") -> Row:
    """`marsad run` with the shipped topics, 30 sites every 5 seconds, and something hostile from
    one of them every `every` seconds; people use the bot, and a process holds the database's write
    lock for 5 seconds at a time. Waits are counted after the first half minute, each from the
    moment in which the Bot API has what the person did to that in which the answer arrives there.
    `only`: attacks whose names have it."""
    row = Row(f"siege: {seconds:g} s, {SITES} sites, an attack every {every:g} s")
    with turning_sites(SITES, every, only) as sites:
        async with BotApiServer(TOKEN) as server:
            server.calls = arrivals = Arrivals()
            _configure(folder, sites.port)
            process = await start_marsad(
                folder,
                sites.port,
                MARSAD_BOT_TOKEN=TOKEN,
                MARSAD_BOT_API=server.origin,
                MARSAD_LOG_LEVEL="warning",
            )
            try:
                watched = await _watch(folder, server, arrivals, process, seconds)
            finally:
                code = await ended(process, signal.SIGTERM)
            refused = server.limits.refused
        _tell(row, watched, sites)
    row.note("answers 429", refused)
    row.at_most("exit code", code, 0)
    row.at_most("errors in the log", _errors(folder), 0)
    articles, late = _crawled(folder)
    row.note("articles stored", articles)
    row.at_most("sites not looked at within the last minute", late, 0)
    return row


def _configure(folder: Path, port: int) -> None:
    init(folder / "config")
    for path in (folder / "config" / "sites").iterdir():
        path.unlink()
    (folder / "config" / "marsad.yaml").write_text(
        "access: open\ncontact: soak@example.org\nzone: UTC\n", encoding="utf-8"
    )
    for number in range(SITES):
        (folder / "config" / "sites" / f"site-{number}.yaml").write_text(
            f"title: {{ar: موقع {number}}}\n"
            f"publishes: [{{type: feed, url: 'http://127.0.0.1:{port}/{number}/feed'}}]\n"
            "every: 5s\ndelay: 0s\n",
            encoding="utf-8",
        )


async def _watch(
    folder: Path, server: BotApiServer, arrivals: Arrivals, process: Process, seconds: float
) -> Watched:
    people = await greet(server, PEOPLE)
    gc.freeze()
    watched = Watched(time.monotonic())
    until = watched.began + seconds
    tasks = [
        *(use(arrivals, person, watched.waits, until) for person in people),
        _lock(folder / "data" / "marsad.sqlite3", watched, until),
        _weigh(process.pid, watched, until),
        _look(watched, until),
    ]
    await asyncio.gather(*tasks)
    return watched


async def _look(watched: Watched, until: float) -> None:
    """How late this process is itself, with the Bot API and the people in it."""
    while (due := time.monotonic() + _LOOK_SECONDS) < until:
        await asyncio.sleep(_LOOK_SECONDS)
        watched.late_ms.append((time.monotonic() - due) * 1e3)


# -- another process holds the lock


_HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


async def _lock(file: Path, watched: Watched, until: float) -> None:
    await asyncio.sleep(SETTLED_AFTER + 5)
    while time.monotonic() + _LOCK_SECONDS < until:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _HOLD, str(file), str(_LOCK_SECONDS)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        start = time.monotonic()
        await process.wait()
        watched.locks.append((start, time.monotonic()))
        await asyncio.sleep(_LOCK_EVERY - _LOCK_SECONDS)


async def _weigh(pid: int, watched: Watched, until: float) -> None:
    """The memory of Marsad's own process, without its workers."""
    process = psutil.Process(pid)
    while time.monotonic() < until:
        watched.megabytes.append(process.memory_info().rss / 2**20)
        await asyncio.sleep(1)


# -- what was found


def _tell(row: Row, watched: Watched, sites: Serving) -> None:
    _tell_waits(row, watched)
    early = watched.megabytes[: int(SETTLED_AFTER)]
    row.at_most(
        "memory grown after the first half minute, MB",
        max(watched.megabytes) - max(early),
        MOST_GROWTH_MB,
    )
    row.note("memory, MB", max(watched.megabytes))
    sent, answers = sites.sent()
    row.note("attacks sent", len(sent))
    row.note("kinds of attacks", len({name for _, name in sent}))
    row.note("good answers of the sites", answers)
    for one in sorted(_settled(watched, watched.waits.answers), key=lambda each: -each.ms)[:5]:
        mark = " (locked)" if watched.during_a_lock(one) else ""
        last = max((each for each in sent if each[0] <= one.at), default=(0.0, "none"))
        print(
            f"  {one.ms:.0f} ms at {one.at - watched.began:.0f} s: {one.what}{mark}, "
            f"{one.at - last[0]:.1f} s after {last[1]}"
        )


def _tell_waits(row: Row, watched: Watched) -> None:
    waits = _settled(watched, watched.waits.answers)
    locked = [one for one in waits if watched.during_a_lock(one)]
    row.note("commands and buttons", len(waits))
    row.at_most("wait for a reply, p99, ms", _share(waits, 0.99), P99_MS)
    row.at_most("… worst", _share(waits, 1.0), WORST_MS)
    row.note("… median", _share(waits, 0.5))
    free = [one for one in waits if one.asked_to_wait and not watched.during_a_lock(one)]
    row.note("… commands answered with 'a moment', no lock", len(free))
    row.note("while the lock was held: commands and buttons", len(locked))
    row.at_most("… p99, ms", _share(locked, 0.99), P99_MS)
    row.at_most("… worst", _share(locked, 1.0), WORST_MS)
    changes = _settled(watched, watched.waits.changes)
    held = [one for one in changes if watched.during_a_lock(one)]
    row.note(
        "message changed after a button, no lock: p99, ms",
        _share([one for one in changes if one not in held], 0.99),
    )
    row.note("… lock held: worst", _share(held, 1.0))
    late = sorted(watched.late_ms) or [0.0]
    row.note("this process itself was late: p99, ms", late[int(len(late) * 0.99)])
    row.note("… worst", late[-1])


def _settled(watched: Watched, waits: Sequence[Waited]) -> list[Waited]:
    return [one for one in waits if one.at - watched.began >= SETTLED_AFTER]


def _share(waits: Sequence[Waited], share: float) -> float:
    ordered = sorted(one.ms for one in waits)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _errors(folder: Path) -> int:
    """Tracebacks and errors; what is said of bad pages are warnings."""
    lines = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    found = [line for line in lines if "Traceback" in line or "error    ]" in line]
    for line in found[:5]:
        print(f"  log: {line[:300]}")
    return len(found)


def _crawled(folder: Path) -> tuple[int, int]:
    """How many articles, and of how many sites the last look is more than a minute ago."""
    connection = sqlite3.connect(folder / "data" / "marsad.sqlite3")
    try:
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        looks = connection.execute("SELECT last_started FROM sites").fetchall()
    finally:
        connection.close()
    minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    late = sum(datetime.fromisoformat(at) < minute_ago for (at,) in looks)
    return articles, late + SITES - len(looks)
