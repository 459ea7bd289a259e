"""The processes of a run: a local Bot API, a worker that delivers, a PostgreSQL."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from marsad.demo.botapi_control import BotApiControl

TOKEN = "4242:soak-canary-soak-canary-soak-canary-soak"


@dataclass(frozen=True, slots=True)
class LocalBotApi:
    base_url: str
    control: BotApiControl
    receipts: Path


@asynccontextmanager
async def bot_api(folder: Path, *, limits: bool) -> AsyncIterator[LocalBotApi]:
    """In a process of its own; its receipts outlive whatever is killed."""
    receipts = folder / "receipts.jsonl"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "marsad.demo.botapi", "--token", TOKEN),
        *("--receipts", str(receipts)),
        *(() if limits else ("--no-limits",)),
        stdout=PIPE,
    )
    try:
        assert process.stdout is not None
        address = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        async with BotApiControl(address["control"]) as control:
            yield LocalBotApi(address["base_url"], control, receipts)
    finally:
        await ended(process, signal.SIGTERM)


async def add_people(server: LocalBotApi, chat_ids: Sequence[int]) -> None:
    for start in range(0, len(chat_ids), 50):
        await asyncio.gather(
            *(server.control.add_user(one, started=True) for one in chat_ids[start : start + 50])
        )


async def start_marsad(folder: Path, port: int, **settings: str) -> Process:
    """`marsad run` on folder/config and folder/data, which may reach the sites on this port of
    loopback. Its log goes to folder/log."""
    kept = {name: value for name, value in os.environ.items() if "MARSAD" not in name}
    with (folder / "log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "marsad", "run"),
            cwd=folder,
            env=kept
            | {
                "MARSAD_CONFIG": str(folder / "config"),
                "MARSAD_DATA": str(folder / "data"),
                "MARSAD_ALLOW_PRIVATE_NETWORKS": f"127.0.0.1:{port}",
            }
            | settings,
            stdout=log,
            stderr=log,
        )


async def start_worker(url: str, server: LocalBotApi, folder: Path, *arguments: str) -> Process:
    """Delivers until it is stopped. Its log, at DEBUG, goes to folder/log. Returns when it is
    about to claim."""
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scripts.soak.worker", url, server.base_url, *arguments),
            stdout=PIPE,
            stderr=log,
            stdin=DEVNULL,
        )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    return process


async def ended(process: Process, number: int) -> int:
    """The exit code after a signal."""
    if process.returncode is None:
        process.send_signal(number)
    return await asyncio.wait_for(process.wait(), 60)


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """Of a new database: 'sqlite', or 'postgresql', which is started for it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/soak.db"
        return
    runtime, data = (Path(tempfile.mkdtemp(prefix="marsad-soak-")) for _ in range(2))
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(runtime)}):
        from pgserver.postgres_server import get_server

        server = get_server(data, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            shutil.rmtree(runtime, ignore_errors=True)
            shutil.rmtree(data, ignore_errors=True)
