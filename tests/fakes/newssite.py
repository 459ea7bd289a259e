"""A small news site on loopback: real HTTP, pages by path, and faults on demand."""

import asyncio
import contextlib
import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from urllib.parse import unquote

_GIGABYTE = 1024**3
_BLOCK = 16 * 1024 * 1024


class Fault(Enum):
    """What a server can do instead of answering."""

    HANG = auto()
    RESET = auto()
    CUT_OFF = auto()
    ENDLESS_HEADERS = auto()
    ENDLESS_BODY = auto()
    SLOW_DRIP = auto()
    GZIP_BOMB = auto()


@dataclass(frozen=True, slots=True)
class Page:
    """An answer. With an etag or last_modified, the server answers 304 to who has it."""

    body: bytes | str = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    at: float
    status: int | None


NOT_FOUND = Page("not here", status=404)


class NewsSite:
    """`async with NewsSite() as site:` then site.pages[path] = Page(...) or a Fault.

    `plan` holds answers that are used up one by one before `pages` is looked at. `asked` is what
    was requested, in order. A path is looked up decoded, with its query.
    """

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self._tls = tls
        self.port = 0
        self.pages: dict[str, Page | Fault] = {}
        self.plan: dict[str, list[Page | Fault]] = {}
        self.asked: list[Asked] = []
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "NewsSite":
        self._server = await asyncio.start_server(self._connected, self.host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def paths_asked(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while await self._answer_next(reader, writer):
                    pass
        except asyncio.CancelledError:
            pass  # the site is closing
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_next(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        # A proxy's client sends the whole address (RFC 9112, section 3.2.2).
        path = unquote(re.sub(r"^http://[^/]+", "", head[0].split(" ")[1]))
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        planned = self.plan.get(path)
        answer = planned.pop(0) if planned else self.pages.get(path, NOT_FOUND)
        if isinstance(answer, Page) and _is_known(answer, headers):
            answer = Page(status=304, etag=answer.etag, last_modified=answer.last_modified)
        status = answer.status if isinstance(answer, Page) else None
        self.asked.append(Asked(path, headers, asyncio.get_running_loop().time(), status))
        if isinstance(answer, Fault):
            await _FAULTS[answer](writer)
            return False
        writer.write(_head(answer) + (b"" if answer.status == 304 else answer.bytes))
        await writer.drain()
        return True


def _is_known(page: Page, headers: Mapping[str, str]) -> bool:
    if "if-none-match" in headers:
        return page.etag is not None and headers["if-none-match"] == page.etag
    return page.last_modified is not None and headers.get("if-modified-since") == page.last_modified


def _head(page: Page) -> bytes:
    lines = [f"HTTP/1.1 {page.status} Answer"]
    if page.status != 304:
        lines += [f"Content-Type: {page.content_type}", f"Content-Length: {len(page.bytes)}"]
    if page.etag is not None:
        lines.append(f"ETag: {page.etag}")
    if page.last_modified is not None:
        lines.append(f"Last-Modified: {page.last_modified}")
    lines += [f"{name}: {value}" for name, value in page.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _cut_off(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>")
    await writer.drain()


async def _endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"a" * 1000 + b"\r\n")
        await writer.drain()


async def _endless_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"<p>" + b"a" * 65536)
        await writer.drain()


async def _slow_drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.1)


async def _gzip_bomb(writer: asyncio.StreamWriter) -> None:
    """3 GB of zeros in some 3 MB: the same compressed block again and again."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    packer = zlib.compressobj(9, wbits=31)
    writer.write(head + packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH))
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(3 * _GIGABYTE // _BLOCK):
        writer.write(block)
        await writer.drain()


_FAULTS = {
    Fault.HANG: _hang,
    Fault.RESET: _reset,
    Fault.CUT_OFF: _cut_off,
    Fault.ENDLESS_HEADERS: _endless_headers,
    Fault.ENDLESS_BODY: _endless_body,
    Fault.SLOW_DRIP: _slow_drip,
    Fault.GZIP_BOMB: _gzip_bomb,
}
