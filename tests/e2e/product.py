"""The shipped command in a process of its own, with a configuration and a data folder for it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.initconfig import init
from tests.fakes.newssite import NewsSite, Page

TOKEN = "7777777:AAF-canary-canary-canary-canary-canary"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(slots=True)
class Product:
    """`home` holds config/ (the shipped topics, no sites) and data/."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def database(self) -> Path:
        return self.home / "data" / "marsad.sqlite3"

    def prepare(self) -> None:
        init(self.config)
        for site in (self.config / "sites").iterdir():
            site.unlink()
        self.set_access("open")

    def set_access(self, access: str) -> None:
        (self.config / "marsad.yaml").write_text(
            f"access: {access}\ncontact: test@example.org\nzone: UTC\n", encoding="utf-8"
        )

    def add_site(self, name: str, site: NewsSite, *, every: str = "1s", more: str = "") -> None:
        (self.config / "sites" / f"{name}.yaml").write_text(
            f"title: {{ar: موقع {name}, en: {name}}}\n"
            f"publishes:\n  - {{type: feed, url: '{site.url}/feed/'}}\n"
            f"every: {every}\ndelay: 0s\n{more}",
            encoding="utf-8",
        )
        self.allow(site.host, site.port)

    def allow(self, host: str, port: int) -> None:
        known = self.settings.get("MARSAD_ALLOW_PRIVATE_NETWORKS", "")
        self.settings["MARSAD_ALLOW_PRIVATE_NETWORKS"] = f"{known} {host}:{port}".strip()

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "MARSAD" not in name}
        return {
            **kept,
            "MARSAD_CONFIG": str(self.config),
            "MARSAD_DATA": str(self.home / "data"),
            **self.settings,
            **more,
        }

    async def start(self, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        """Start `marsad ARGUMENTS`; its output goes to home/out and home/err."""
        with (self.home / "out").open("ab") as out, (self.home / "err").open("ab") as err:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "marsad",
                *arguments,
                cwd=self.home,
                env=self.environment(more),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        self.running.append(process)
        return process

    async def run(self, *arguments: str, **more: str) -> Ended:
        """Run `marsad ARGUMENTS` to its end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "marsad",
            *arguments,
            cwd=self.home,
            env=self.environment(more),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.running.append(process)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    def log(self) -> str:
        return (self.home / "err").read_text(encoding="utf-8")

    async def end(self) -> None:
        """Kill what a failed test left running."""
        for process in self.running:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def stopped(process: asyncio.subprocess.Process, number: int = signal.SIGTERM) -> int:
    """The exit code after a signal."""
    process.send_signal(number)
    return await asyncio.wait_for(process.wait(), PATIENCE)


@dataclass(frozen=True, slots=True)
class Story:
    """An article of a local site."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    published: str


def publish(site: NewsSite, *stories: Story) -> None:
    """Put the articles on the site, newest first, and list all that it has in its feed."""
    for story in stories:
        body = "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs)
        site.pages[story.path] = Page(
            f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
            f"<title>{story.title}</title></head><body><nav><a href='/'>الرئيسية</a></nav>"
            f'<article><h1>{story.title}</h1><div class="entry-content">{body}</div></article>'
            f"<footer>جميع الحقوق محفوظة</footer></body></html>"
        )
    listed = site.pages.get("/feed/")
    earlier = listed.bytes.decode().partition("<item>") if isinstance(listed, Page) else ("",) * 3
    items = "".join(
        f"<item><title>{story.title}</title><link>{site.url}{story.path}</link>"
        f"<pubDate>{story.published}</pubDate></item>"
        for story in stories
    )
    rest = f"{earlier[1]}{earlier[2]}" or "</channel></rss>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>موقع</title>{items}{rest}'
    site.pages["/feed/"] = Page(feed, content_type="application/rss+xml", etag=f'"{hash(feed)}"')
