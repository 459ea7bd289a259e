"""Two small proxies on loopback: HTTP (absolute addresses) and SOCKS5, with or without login."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Proxy:
    """`asked`: the host and port of each connection; `logins`: what clients gave as login."""

    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)


@contextlib.asynccontextmanager
async def http_proxy(target: tuple[str, int]) -> AsyncIterator[Proxy]:
    """Sends what it receives on to `target`; notes the host of a connection's first request."""
    proxy = Proxy()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            parts = urlsplit(head.split(b" ")[1].decode())
            proxy.asked.append((parts.hostname or "", parts.port or 80))
            await _relay(reader, writer, target, head)

    async with _serving(connected, proxy):
        yield proxy


@contextlib.asynccontextmanager
async def socks_proxy(
    target: tuple[str, int], *, login: tuple[str, str] | None = None
) -> AsyncIterator[Proxy]:
    """Connects every client to `target`, whatever name it asks for."""
    proxy = Proxy()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            count = (await reader.readexactly(2))[1]
            methods = await reader.readexactly(count)
            wanted = 0 if login is None else 2
            writer.write(bytes([5, wanted if wanted in methods else 255]))
            if login is not None:
                await reader.readexactly(1)
                given = (await _counted(reader), await _counted(reader))
                proxy.logins.append(given)
                writer.write(bytes([1, 0 if given == login else 1]))
                if given != login:
                    return
            kind = (await reader.readexactly(4))[3]
            host = await _counted(reader) if kind == 3 else str(await reader.readexactly(4))
            port = int.from_bytes(await reader.readexactly(2), "big")
            proxy.asked.append((host, port))
            writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            await _relay(reader, writer, target, b"")

    async with _serving(connected, proxy):
        yield proxy


@contextlib.asynccontextmanager
async def _serving(connected: object, proxy: Proxy) -> AsyncIterator[None]:
    tasks: set[asyncio.Task[None]] = set()

    async def tracked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await connected(reader, writer)  # type: ignore[operator]
        except asyncio.CancelledError:
            pass
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(tracked, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _relay(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    target: tuple[str, int],
    first: bytes,
) -> None:
    inner_reader, inner_writer = await asyncio.open_connection(*target)
    inner_writer.write(first)
    try:
        both = (_copy(reader, inner_writer), _copy(inner_reader, writer))
        copies = [asyncio.create_task(each) for each in both]
        await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
        for copy in copies:
            copy.cancel()
        await asyncio.gather(*copies, return_exceptions=True)
    finally:
        inner_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def _counted(reader: asyncio.StreamReader) -> str:
    return (await reader.readexactly((await reader.readexactly(1))[0])).decode()
