"""What a running Marsad opens and leaves on a machine: only what docs/operate.md says."""

import asyncio
import os
import stat
from contextlib import suppress
from pathlib import Path

import aiohttp
import psutil
import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import Product, publish, stopped
from tests.e2e.texts import unrelated
from tests.fakes.newssite import NewsSite
from tests.unit.alerts.world import an_address

pytestmark = pytest.mark.e2e


def family(pid: int) -> list[psutil.Process]:
    """Marsad and its parsers, of which any may end while it is looked at."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def listening(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found |= {
                (connection.laddr.ip, connection.laddr.port)
                for connection in process.net_connections()
                if connection.status == psutil.CONN_LISTEN
            }
    return found


def users(processes: list[psutil.Process]) -> set[tuple[int, ...]]:
    """Real, effective and saved."""
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found.add(tuple(process.uids()))
    return found


def readable_by_others(folder: Path) -> dict[str, str]:
    found = {}
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):
            mode = path.stat().st_mode
            if mode & 0o077:
                found[str(path.relative_to(folder))] = stat.filemode(mode)
    return found


async def site_was_read(site: NewsSite) -> None:
    async with asyncio.timeout(90):
        while unrelated().path not in site.paths_asked():
            await asyncio.sleep(0.1)


async def until_answered(address: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(90):
        while True:
            try:
                async with session.get(f"{address}/healthz") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


async def test_it_listens_where_it_is_told_to_and_its_files_are_its_own(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.add_site("local", site)
    publish(site, unrelated(minutes_ago=60))
    with an_address() as hook, an_address() as monitor:
        product.settings |= {
            "MARSAD_WEBHOOK_URL": hook.url,
            "MARSAD_WEBHOOK_LISTEN": f"{hook.host}:{hook.port}",
            "MARSAD_MONITOR_LISTEN": f"{monitor.host}:{monitor.port}",
        }
        before = os.umask(0o022)
        try:
            process = await product.start("run")
        finally:
            os.umask(before)
        await until_answered(f"http://{monitor.host}:{monitor.port}")
        await bot_api.until(lambda: bot_api.webhook.url, within=60)
        await site_was_read(site)
        processes = family(process.pid)
        assert listening(processes) == {(hook.host, hook.port), (monitor.host, monitor.port)}
        assert users(processes) == {(os.getuid(),) * 3}
        files = {path.name for path in (product.home / "data").iterdir()}
        assert {"marsad.sqlite3", "marsad.sqlite3-wal", "marsad.sqlite3.lock"} <= files
        assert readable_by_others(product.home / "data") == {}
        assert await stopped(process) == 0


async def test_without_being_told_to_it_listens_nowhere(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.add_site("local", site)
    publish(site, unrelated(minutes_ago=60))
    process = await product.start("run")
    await site_was_read(site)
    assert listening(family(process.pid)) == set()
    assert await stopped(process) == 0


async def test_what_is_turned_off_is_not_even_imported(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.add_site("local", site)
    publish(site, unrelated(minutes_ago=60))
    run = await product.run("run", "--once", PYTHONPROFILEIMPORTTIME="1")
    assert run.code == 0
    # Marsad's own imports and those of its parser processes.
    imported = {line.rpartition("|")[2].strip() for line in run.err.splitlines()}
    assert {"scrapy", "telegram", "crawler.extraction.page", "crawler.robots"} <= imported
    assert imported.isdisjoint(
        {"aiohttp", "prometheus_client", "requests", "tldextract", "twisted.conch"}
    )
