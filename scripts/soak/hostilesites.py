"""News sites of which one turns hostile every few seconds, in a process of their own.

What they send is that of the table of attacks in tests/unit/crawler and of the parsers' known weak
places: bombs in every encoding, endless and broken answers, trees that are too deep or too wide,
texts that backtrack, lies about what comes. All of it is made before the first request: real sites
would not take Marsad's processor. The first attack comes once every site has been read: one that is
hostile from the first look on is tried daily (decision 3), and so no site that is crawled.
"""

import asyncio
import gzip
import itertools
import json
import multiprocessing
import os
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from multiprocessing.connection import Connection
from typing import Literal

import brotli  # type: ignore[import-untyped]  # its package has no types
from backports import zstd

from benchmarks.corpus import own_articles

_TEXTS = 200
_LISTED = 10
_BLOCK = 16 * 2**20
_BLOCKS = 3 * 2**30 // _BLOCK
_PACKED_BLOCKS = 64
# They are elsewhere; here they stand back behind those who wait.
_NICE = 10
_SENTENCE = "قال مسؤول في هيئة الموانئ إن السفينة ترسو صباح الغد في الميناء. "

Place = Literal["feed", "page"]
Send = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What is sent instead of a feed or of a page."""

    name: str
    place: Place
    send: Send


# -- whole answers


def _answer(body: bytes | str, kind: str = "text/html; charset=utf-8", **headers: str) -> Send:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return _raw(("HTTP/1.1 200 OK\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + data)


def _raw(data: bytes) -> Send:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return send


def _page(body: str) -> Send:
    head = "<!doctype html><html lang=ar><meta charset=utf-8><title>خبر</title><body><h1>خبر</h1>"
    return _answer(f"{head}<article>{body}</article>")


def _feed(body: str, before: str = "") -> Send:
    text = f"<?xml version='1.0'?>{before}<rss version='2.0'><channel>{body}</channel></rss>"
    return _answer(text, "application/rss+xml")


# -- answers that go on


def _stream(head: str, blocks: Callable[[], Iterable[bytes]], pause: float = 0.0) -> Send:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\n{head}".encode())
        for block in blocks():
            writer.write(block)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)

    return send


def _bomb(encoding: str, blocks: Callable[[], Iterable[bytes]], kind: str = "text/html") -> Send:
    head = f"Content-Type: {kind}\r\n"
    head += f"Content-Encoding: {encoding}\r\n" if encoding else ""
    return _stream(head + "\r\n", blocks)


def _gzip_blocks() -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    yield packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    yield from itertools.repeat(_deflated(), _BLOCKS)


def _deflate_blocks() -> Iterator[bytes]:
    yield from itertools.repeat(_deflated(), _BLOCKS)


@cache
def _deflated() -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)


@cache
def _brotli_blocks() -> Sequence[bytes]:
    packer = brotli.Compressor(quality=5)
    return [packer.process(bytes(_BLOCK)) + packer.flush() for _ in range(_PACKED_BLOCKS)]


@cache
def _zstd_blocks() -> Sequence[bytes]:
    packer = zstd.ZstdCompressor()
    return [
        packer.compress(bytes(_BLOCK), mode=zstd.ZstdCompressor.FLUSH_BLOCK)
        for _ in range(_PACKED_BLOCKS)
    ]


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def _reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


_HTML = "Content-Type: text/html\r\n"
_LAUGHS = "<!DOCTYPE r [<!ENTITY a 'ضضضضضضضضضض'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in itertools.pairwise("abcdefghij")
)


def attacks(only: str = "") -> tuple[Attack, ...]:
    """In the order in which they come; feeds and pages mixed. `only`: those whose names have it.
    Raises ValueError where none has."""
    chosen = tuple(each for each in _attacks() if only in each.name)
    if not chosen:
        raise ValueError(f"no attack has {only!r} in its name: {[a.name for a in _attacks()]}")
    return chosen


def _attacks() -> tuple[Attack, ...]:
    for make in (_deflated, _brotli_blocks, _zstd_blocks):
        make()
    item = f"<item><title>{_SENTENCE}</title><link>http://127.0.0.1/x</link></item>"
    feeds: dict[str, Send] = {
        "gzip bomb": _bomb("gzip", _gzip_blocks),
        "deep xml": _feed("<a>" * 200_000),
        "endless headers": _stream("", lambda: itertools.repeat(b"X: " + b"a" * 1000 + b"\r\n")),
        "billion laughs": _feed("<item><title>&j;</title></item>", _LAUGHS + "]>"),
        "brotli bomb": _bomb("br", _brotli_blocks),
        "a million items": _feed(item * 30_000),
        "slow headers": _stream("", lambda: itertools.repeat(b"X: a\r\n"), 0.2),
        "attributes": _feed("<item " + " ".join(f"a{n}='1'" for n in range(40_000)) + "/>"),
        "broken gzip": _answer(
            gzip.compress(item.encode())[:-30] + b"x" * 3000, Content_Encoding="gzip"
        ),
        "zstd bomb": _bomb("zstd", _zstd_blocks),
        "dates": _feed(f"<item><title>خ</title><pubDate>{'1' * 500_000}</pubDate></item>" * 10),
        "json depth": _answer("[" * 2_000_000, "application/feed+json"),
        "slow drip": _stream(f"{_HTML}\r\n", lambda: itertools.repeat(b"."), 0.2),
        "quadratic entities": _feed(
            f"<item><title>{'&a;' * 50_000}</title></item>",
            f"<!DOCTYPE r [<!ENTITY a '{'ض' * 50_000}'>]>",
        ),
        "endless chunks": _stream(
            f"{_HTML}Transfer-Encoding: chunked\r\n\r\n",
            lambda: itertools.repeat(b"10000\r\n" + b"a" * 0x10000 + b"\r\n"),
        ),
        "xxe": _feed(
            "<item><title>&x;</title></item>",
            "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
        ),
        "hang": _hang,
        "a title of a megabyte": _feed(
            f"<item><title>{'إيران وروسيا في بحر قزوين ' * 40_000}</title>"
            "<link>http://127.0.0.1/t</link></item>"
        ),
        "location loop": _raw(b"HTTP/1.1 302 x\r\nLocation: /0/feed\r\nContent-Length: 0\r\n\r\n"),
        "location in bytes": _raw(
            b"HTTP/1.1 302 x\r\nLocation: /\xc7\xe1\xda\xd1\xc8\r\nContent-Length: 0\r\n\r\n"
        ),
        "huge numbers": _answer(
            "<rss/>", Retry_After="9" * 5_000, Cache_Control=f"max-age={'9' * 5_000}"
        ),
    }
    pages: dict[str, Send] = {
        "attributes": _page("<div " + " ".join(f"a{n}=1" for n in range(200_000)) + ">"),
        "deep": _page("<div>" * 100_000 + _SENTENCE),
        "misnested": _page("<b><i><u><a href=x>" * 20_000 + _SENTENCE),
        "deflate bomb": _bomb("deflate", _deflate_blocks),
        "a megabyte of letters": _page("<p>" + "ا" * 1_000_000),
        "keywords": _page("<p>" + "إيران وروسيا في بحر قزوين " * 30_000),
        "links": _page("<a href=/1>خبر</a> " * 100_000),
        "tables": _page("<table><tr><td>" * 3_000 + _SENTENCE),
        "json-ld": _page(
            "<script type=application/ld+json>" + "[" * 500_000 + f"</script>{_SENTENCE * 20}"
        ),
        "json-ld values": _page(
            f"<script type=application/ld+json>{json.dumps({'@graph': [{'a': 1}] * 200_000})}"
            f"</script>{_SENTENCE * 20}"
        ),
        "zeros": _answer(bytes(7 * 2**20)),
        "a wrong charset": _answer(
            (_SENTENCE * 20_000).encode("utf-16"), "text/html; charset=windows-1256"
        ),
        "read also": _page("اقرأ أيضا: " * 200_000),
        "dates": _page("الأحد 1 مارس 2026 " * 100_000),
        "spaces": _page("<p>" + " " * 3_000_000 + "x"),
        "comment": _page("<!--" * 400_000),
        "cut off": _raw(f"HTTP/1.1 200 OK\r\n{_HTML}Content-Length: 90000\r\n\r\n<p>".encode()),
        "reset": _reset,
        "double gzip": _answer(
            gzip.compress(gzip.compress(bytes(512 * 2**20), 1)), Content_Encoding="gzip, gzip"
        ),
        "header of 60 kB": _answer(_SENTENCE, X_Long="a" * 60_000),
        "three thousand headers": _answer(
            _SENTENCE, **{f"X_{number}": "a" for number in range(3_000)}
        ),
    }
    one = [Attack(name=f"feed: {name}", place="feed", send=send) for name, send in feeds.items()]
    two = [Attack(name=f"page: {name}", place="page", send=send) for name, send in pages.items()]
    return tuple(both for pair in zip(one, two, strict=True) for both in pair)


# -- the sites


class TurningSites:
    """/N/feed and /N/M of `sites` sites. Each look at a feed finds a new article."""

    def __init__(self, sites: int, every_seconds: float, only: str = "") -> None:
        self._sites = sites
        self._every = every_seconds
        self._texts = [
            (row.document.title, row.document.text.split("\n\n")) for row in own_articles(_TEXTS)
        ]
        self._attacks = itertools.cycle(attacks(only))
        self._next = next(self._attacks)
        self._due = float("inf")
        self._looks: dict[str, int] = {}
        self._read: set[str] = set()
        self.sent: list[tuple[float, str]] = []
        self.answers = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("ascii", "replace")
                attack = self._attack(path)
                if attack is not None:
                    await attack.send(writer)
                    return
                await self._answer(path)(writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    def _attack(self, path: str) -> Attack | None:
        place = "feed" if path.endswith("/feed") else "page"
        if path.endswith("robots.txt") or time.monotonic() < self._due:
            return None
        if place != self._next.place:
            return None
        attack, self._next = self._next, next(self._attacks)
        self._due += self._every
        self.sent.append((time.monotonic(), attack.name))
        return attack

    def _answer(self, path: str) -> Send:
        self.answers += 1
        match path.strip("/").split("/"):
            case [site, "feed"]:
                return self._listing(site)
            case [site, number] if number.isdecimal():
                return self._story(site, int(number))
        return _raw(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n")

    def _listing(self, site: str) -> Send:
        look = self._looks[site] = self._looks.get(site, 0) + 1
        now = format_datetime(datetime.now(UTC))
        return _feed(
            "".join(
                f"<item><title>{self._title(site, number)}</title>"
                f"<link>/{site}/{number}</link><pubDate>{now}</pubDate></item>"
                for number in range(max(0, look - _LISTED), look)
            )
        )

    def _title(self, site: str, number: int) -> str:
        return f"{self._texts[(int(site) * 7 + number) % _TEXTS][0]} {site}-{number}"

    def _story(self, site: str, number: int) -> Send:
        self._read.add(site)
        if len(self._read) >= self._sites:
            self._due = min(self._due, time.monotonic() + self._every)
        _, paragraphs = self._texts[(int(site) * 7 + number) % _TEXTS]
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        title = self._title(site, number)
        return _answer(
            f"<!doctype html><html lang=ar><meta charset=utf-8><title>{title}</title><body>"
            f"<h1>{title}</h1><div class=story>{text}</div>"
        )


def _serve(pipe: Connection, count: int, every_seconds: float, only: str) -> None:
    os.nice(_NICE)

    async def run() -> None:
        sites = TurningSites(count, every_seconds, only)
        server = await asyncio.start_server(sites.connected, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while True:
            await asyncio.to_thread(pipe.recv)
            pipe.send((sites.sent, sites.answers))

    asyncio.run(run())


@dataclass(frozen=True, slots=True)
class Serving:
    port: int
    pipe: Connection

    def sent(self) -> tuple[Sequence[tuple[float, str]], int]:
        """When which attack was sent (of time.monotonic), and how many good answers there were."""
        self.pipe.send(None)
        found: tuple[Sequence[tuple[float, str]], int] = self.pipe.recv()
        return found


@contextmanager
def turning_sites(sites: int, every_seconds: float, only: str = "") -> Iterator[Serving]:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, sites, every_seconds, only), daemon=True)
    process.start()
    theirs.close()  # so that its end is noticed
    try:
        yield Serving(mine.recv(), mine)
    finally:
        process.kill()
        process.join()
