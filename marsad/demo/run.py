"""`marsad demo`: the shipped command between local news sites and a local Bot API."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from marsad.demo.botapi import DEMO_TOKEN, BotApiServer
from marsad.demo.botapi_people import User
from marsad.demo.configuration import write_demo_config
from marsad.demo.newssites import NewsSites
from marsad.demo.receipts import Receipt

_READER = 1001
_SECONDS_TO_STOP = 20.0
_RULE = "─" * 60

Say = Callable[[str], None]


class DemoFailed(Exception):
    """The program under demonstration ended by itself; `log` is the end of what it logged."""

    log = ""


def run_demo(seconds: float, say: Say) -> int:
    """Run for so many seconds, saying what happens; how many alerts arrived."""
    return asyncio.run(_run(seconds, say))


async def _run(seconds: float, say: Say) -> int:
    with tempfile.TemporaryDirectory(prefix="marsad-demo-") as folder:
        async with NewsSites() as news, BotApiServer(DEMO_TOKEN) as server:
            for site in news.sites:
                say(f"news site {site.title.ar}: {news.origins[site.name]}")
            say(f"Bot API: {server.origin} (stands in for Telegram)\n")
            write_demo_config(Path(folder) / "config", news.sites)
            async with _marsad(Path(folder), news, server) as ended:
                watching = asyncio.create_task(_watch(server, seconds, say))
                await asyncio.wait([watching, ended], return_when=asyncio.FIRST_COMPLETED)
                if not watching.done():
                    watching.cancel()
                    raise DemoFailed
                return await watching


async def _watch(server: BotApiServer, seconds: float, say: Say) -> int:
    """Let a reader subscribe to everything, and show what arrives."""
    ends = time.monotonic() + seconds
    reader = server.people.add_user(_READER, first_name="ليلى")
    shown = _Shown(server, say)
    reader.sends("/start")
    say("a reader sends /start")
    await server.until(lambda: _topic_buttons(reader), within=seconds)
    shown.new()
    for button in _topic_buttons(reader):
        reader.presses(reader.inbox[-1].id, button)
        say(f"the reader presses [ {button} ]")
    while (left := ends - time.monotonic()) > 0:
        shown.new()
        seen = len(server.receipts)
        try:
            await server.until(lambda seen=seen: len(server.receipts) > seen, within=left)  # type: ignore[misc]
        except TimeoutError:
            break
    shown.new()
    return shown.alerts


def _topic_buttons(reader: User) -> list[str]:
    """The buttons of the newest message that choose topics, as they stand there now."""
    if not reader.inbox:
        return []
    markup = reader.inbox[-1].as_json().get("reply_markup") or {}
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, dict) else ()
    return [b["text"] for row in rows for b in row if str(b.get("callback_data", "")).count("t:")]


class _Shown:
    """Says each message that was delivered, once."""

    def __init__(self, server: BotApiServer, say: Say) -> None:
        self._server = server
        self._say = say
        self._count = 0
        self.alerts = 0

    def new(self) -> None:
        sent = self._server.receipts.sent()
        for receipt in sent[self._count :]:
            articles = {str(e["url"]) for e in receipt.entities if e["type"] == "text_link"}
            first, self.alerts = self.alerts + 1, self.alerts + len(articles)
            kind = "the bot answers"
            if articles:
                kind = (
                    f"alert {first}" if len(articles) == 1 else f"alerts {first} to {self.alerts}"
                )
            self._say(f"{_RULE}\n{kind}:\n{shown(receipt, colour=sys.stdout.isatty())}")
        self._count = len(sent)


def shown(receipt: Receipt, *, colour: bool) -> str:
    """The text as the reader's client shows it: bold as ANSI, marks of direction left out."""
    units = receipt.text.encode("utf-16-le")
    marks: dict[int, str] = {}
    for entity in receipt.entities if colour else ():
        if entity["type"] == "bold":
            start, length = int(str(entity["offset"])), int(str(entity["length"]))
            marks[start] = marks.get(start, "") + "\x1b[1m"
            marks[start + length] = "\x1b[22m" + marks.get(start + length, "")
    text, done = "", 0
    for place in sorted(marks):
        text += units[2 * done : 2 * place].decode("utf-16-le") + marks[place]
        done = place
    text += units[2 * done :].decode("utf-16-le")
    return text.translate(dict.fromkeys(map(ord, "\u200f\u2068\u2069")))


@asynccontextmanager
async def _marsad(
    folder: Path, news: NewsSites, server: BotApiServer
) -> AsyncIterator["asyncio.Task[int]"]:
    """`marsad run` in a process of its own, ended by SIGTERM; the task is done when it ended."""
    hosts = " ".join(urlsplit(origin).netloc for origin in news.origins.values())
    environment = {name: value for name, value in os.environ.items() if "MARSAD" not in name} | {
        "MARSAD_CONFIG": str(folder / "config"),
        "MARSAD_DATA": str(folder / "data"),
        "MARSAD_BOT_TOKEN": DEMO_TOKEN,
        "MARSAD_BOT_API": server.origin,
        "MARSAD_ALLOW_PRIVATE_NETWORKS": hosts,
    }
    log = folder / "log"
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "marsad",
            "run",
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
    ended = asyncio.create_task(process.wait())
    try:
        yield ended
    except (DemoFailed, TimeoutError):
        failed = DemoFailed()
        failed.log = _last_lines(log)
        raise failed from None
    finally:
        if not ended.done():
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(ended, _SECONDS_TO_STOP)


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
