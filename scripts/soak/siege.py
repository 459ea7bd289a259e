"""How long people wait for the bot while sites are crawled that send what is made to hurt."""

import asyncio
import random
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import User
from marsad.initconfig import init
from scripts.soak.figures import Row
from scripts.soak.hostilesites import Serving, turning_sites
from scripts.soak.processes import TOKEN, ended, start_marsad

SITES = 30
PEOPLE = 20
SETTLED_AFTER = 30.0
P99_MS, WORST_MS = 50.0, 200.0
MOST_GROWTH_MB = 150.0

_PAUSE = (2.2, 3.4)  # the bot takes a command of a person every two seconds
_PATIENCE = 30.0
_LOCK_EVERY, _LOCK_SECONDS = 40.0, 5.0
_COMMANDS = ("/topics", "/latest", "/why", "/settings", "/help", "/search إيران", "/mydata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A command or a button: when, and how many milliseconds until the bot answered."""

    what: str
    at: float
    ms: float


@dataclass(slots=True)
class Watched:
    began: float
    waits: list[Waited] = field(default_factory=list)
    changes: list[Waited] = field(default_factory=list)
    locks: list[tuple[float, float]] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def during_a_lock(self, one: Waited) -> bool:
        return any(start <= one.at <= end for start, end in self.locks)


async def siege(folder: Path, seconds: float = 180.0, every: float = 5.0) -> Row:
    """`marsad run` with the shipped topics, 30 sites every 5 seconds, and something hostile from
    one of them every `every` seconds; people use the bot, and a process holds the database's write
    lock for 5 seconds at a time. Waits are counted after the first half minute."""
    row = Row(f"siege: {seconds:g} s, {SITES} sites, an attack every {every:g} s")
    with turning_sites(every) as sites:
        async with BotApiServer(TOKEN) as server:
            _configure(folder, sites.port)
            process = await start_marsad(
                folder,
                sites.port,
                MARSAD_BOT_TOKEN=TOKEN,
                MARSAD_BOT_API=server.origin,
                MARSAD_LOG_LEVEL="warning",
            )
            try:
                watched = await _watch(folder, server, process, seconds)
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


async def _watch(folder: Path, server: BotApiServer, process: Process, seconds: float) -> Watched:
    people = [server.people.add_user(1000 + number) for number in range(PEOPLE)]
    for person in people:
        person.sends("/start")
    await server.until(lambda: all(person.inbox for person in people), within=_PATIENCE)
    watched = Watched(time.monotonic())
    until = watched.began + seconds
    tasks = [
        *(_use(server, person, watched, until) for person in people),
        _lock(folder / "data" / "marsad.sqlite3", watched, until),
        _weigh(process.pid, watched, until),
    ]
    await asyncio.gather(*tasks)
    return watched


# -- a person


async def _use(server: BotApiServer, person: User, watched: Watched, until: float) -> None:
    chance = random.Random(person.id)
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(*_PAUSE))
        buttons = _buttons(person)
        if buttons and chance.random() < 0.4:
            await _press(server, person, *chance.choice(buttons), watched)
        else:
            await _ask(server, person, chance.choice(_COMMANDS), watched)


async def _ask(server: BotApiServer, person: User, command: str, watched: Watched) -> None:
    seen, at = _replies(person), time.monotonic()
    person.sends(command)
    await _until(server, lambda: _replies(person) > seen)
    watched.waits.append(_waited(command, at))


async def _press(
    server: BotApiServer, person: User, message_id: int, data: str, watched: Watched
) -> None:
    """The button's clock goes away; then the message changes."""
    before = person.chat.messages[message_id].as_json()
    at = time.monotonic()
    pressed = person.presses(message_id, data)
    await _until(server, lambda: pressed.answer is not None)
    watched.waits.append(_waited(f"[{data}]", at))
    try:
        await server.until(
            lambda: person.chat.messages[message_id].as_json() != before, within=_LOCK_SECONDS * 2
        )
    except TimeoutError:  # it looked so already
        return
    watched.changes.append(_waited(f"[{data}]", at))


async def _until(server: BotApiServer, condition: Callable[[], object]) -> None:
    """What does not come at all has waited for the whole patience, and is counted so."""
    try:
        await server.until(condition, within=_PATIENCE)
    except TimeoutError:
        return


def _replies(person: User) -> int:
    """Messages that are no alerts; those have buttons to judge them."""
    return sum(not _is_alert(message.as_json()) for message in person.inbox)


def _is_alert(message: dict[str, object]) -> bool:
    return any(data.startswith("1:j:") for data in _data(message))


def _buttons(person: User) -> list[tuple[int, str]]:
    """Of the person's newest message with settings or topics."""
    for message in reversed(person.inbox[-10:]):
        data = [one for one in _data(message.as_json()) if one.startswith(_HARMLESS)]
        if data:
            return [(message.id, one) for one in data]
    return []


# Following, ways of telling, quiet hours, digests, zones: what a person tries out.
_HARMLESS = ("1:t:", "1:m:", "1:q:", "1:d:", "1:z:")


def _data(message: dict[str, object]) -> list[str]:
    markup = message.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, dict) else ()
    return [str(button.get("callback_data", "")) for row in rows for button in row]


def _waited(what: str, at: float) -> Waited:
    return Waited(what=what, at=at, ms=(time.monotonic() - at) * 1e3)


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
    waits = [one for one in watched.waits if one.at - watched.began >= SETTLED_AFTER]
    locked = [one for one in waits if watched.during_a_lock(one)]
    row.note("commands and buttons", len(waits))
    row.at_most("wait for a reply, p99, ms", _share(waits, 0.99), P99_MS)
    row.at_most("… worst", _share(waits, 1.0), WORST_MS)
    row.note("… median", _share(waits, 0.5))
    row.note("while the lock was held: commands and buttons", len(locked))
    row.at_most("… p99, ms", _share(locked, 0.99), P99_MS)
    row.at_most("… worst", _share(locked, 1.0), WORST_MS)
    changes = [one for one in watched.changes if one.at - watched.began >= SETTLED_AFTER]
    free = [one for one in changes if not watched.during_a_lock(one)]
    row.note("message changed after a button, no lock: p99, ms", _share(free, 0.99))
    held = [one for one in changes if watched.during_a_lock(one)]
    row.note("… lock held: worst", _share(held, 1.0))
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
    for one in sorted(waits, key=lambda each: -each.ms)[:5]:
        mark = " (locked)" if watched.during_a_lock(one) else ""
        last = max((each for each in sent if each[0] <= one.at), default=(0.0, "none"))
        print(
            f"  {one.ms:.0f} ms at {one.at - watched.began:.0f} s: {one.what}{mark}, "
            f"{one.at - last[0]:.1f} s after {last[1]}"
        )


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
