"""/healthz, /readyz and /metrics over HTTP, the heartbeat, and what a service manager is told."""

import asyncio
import socket
from collections.abc import AsyncIterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from structlog.testing import capture_logs

from marsad import monitor as monitor_module
from marsad.heartbeat import keep_pinging, ping
from marsad.metrics import metrics_text
from marsad.monitor import Monitor
from marsad.readiness import unready
from marsad.servicemanager import ServiceManager
from models.crawl import SiteState
from models.text import Localized
from storage import sites
from storage.database import Database
from storage.monitoring import Snapshot

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WELL = SiteState(
    site="shore", due_at=NOON, first_crawl_done=True, last_success=NOON - timedelta(minutes=4)
)
GOOD = Snapshot(
    sites=[WELL],
    intervals={"shore": timedelta(minutes=5)},
    undecided=3,
    articles={"shore": 12},
    matches={"caspian": 2},
    alerts=2,
    outbox={"pending": 4},
    oldest_due=NOON - timedelta(seconds=30),
    settled={"sent": 40, "dead": 1},
    paused=False,
    times={},
)


@pytest.mark.parametrize(
    ("seen", "problems"),
    [
        pytest.param(GOOD, [], id="all-is-well"),
        pytest.param(replace(GOOD, sites=[]), [], id="no-site-is-switched-on"),
        pytest.param(
            replace(GOOD, sites=[replace(WELL, last_success=None)]),
            ["no site was read yet"],
            id="first-start",
        ),
        pytest.param(
            replace(GOOD, sites=[replace(WELL, last_success=NOON - timedelta(hours=2))]),
            ["no site was read since 2026-05-01 10:00 UTC"],
            id="nothing-is-read",
        ),
        pytest.param(
            replace(
                GOOD,
                sites=[WELL, replace(WELL, site="dead", last_success=None)],
                intervals={**GOOD.intervals, "dead": timedelta(minutes=5)},
            ),
            [],
            id="one-site-of-two-is-dead",
        ),
        pytest.param(
            replace(GOOD, oldest_due=NOON - timedelta(hours=1)),
            ["a message waits since 2026-05-01 11:00 UTC"],
            id="messages-wait",
        ),
        pytest.param(
            replace(GOOD, oldest_due=NOON - timedelta(hours=1), paused=True), [], id="paused"
        ),
    ],
)
def test_marsad_is_ready_while_it_reads_and_delivers(seen: Snapshot, problems: list[str]) -> None:
    assert unready(seen, NOON) == problems


def test_the_metrics_are_what_prometheus_reads() -> None:
    text = metrics_text(GOOD, NOON).decode()
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["marsad_site_last_success_timestamp_seconds", "shore"] == NOON.timestamp() - 240
    assert samples["marsad_messages_settled", "dead"] == 1
    assert samples["marsad_oldest_message_seconds",] == 30
    assert samples["marsad_matches", "caspian"] == 2


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/marsad.sqlite3")
    yield opened
    await opened.close()


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[str]:
    stop = asyncio.Event()
    topics = {"caspian": Localized("بحر قزوين")}
    monitor = Monitor(database=database, now=lambda: NOON, topics=lambda: topics)
    with capture_logs() as logs:
        serving = asyncio.create_task(monitor.serve("127.0.0.1", 0, stop))
        await said(logs)
    try:
        yield f"http://127.0.0.1:{logs[0]['port']}"
    finally:
        stop.set()
        await serving


async def said(logs: Sequence[MutableMapping[str, object]]) -> None:
    async with asyncio.timeout(30):
        while not logs:
            await asyncio.sleep(0.01)


async def test_the_three_addresses_answer(database: Database) -> None:
    async with served(database) as address, aiohttp.ClientSession() as client:
        async with client.get(f"{address}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        async with client.get(f"{address}/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ready": True, "problems": []})
        async with client.get(f"{address}/metrics") as answer:
            assert answer.content_type == "text/plain"
            assert "marsad_articles_undecided 0.0" in await answer.text()


async def test_what_is_not_ready_answers_503_with_the_reason(database: Database) -> None:
    await database.write(lambda c: sites.sync_sites(c, {"shore": timedelta(minutes=5)}, NOON))
    async with (
        served(database) as address,
        aiohttp.ClientSession() as client,
        client.get(f"{address}/readyz") as answer,
    ):
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "problems": ["no site was read yet"]}


async def test_the_feeds_of_the_topics_are_served_and_no_others(database: Database) -> None:
    async with served(database) as address, aiohttp.ClientSession() as client:
        async with client.get(f"{address}/feeds/caspian.atom") as answer:
            assert (answer.status, answer.content_type) == (200, "application/atom+xml")
            assert "بحر قزوين" in await answer.text()
        async with client.get(f"{address}/feeds/private.json") as answer:
            assert answer.status == 404


async def test_an_address_that_is_taken_is_logged_and_stops_nothing(database: Database) -> None:
    with socket.socket() as taken, capture_logs() as logs:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stop = asyncio.Event()
        monitor = Monitor(database=database, now=lambda: NOON)
        serving = asyncio.create_task(monitor.serve("127.0.0.1", taken.getsockname()[1], stop))
        async with asyncio.timeout(30):
            while not logs:
                await asyncio.sleep(0.01)
        assert not serving.done()
        stop.set()
        await serving
    assert logs[0]["event"] == "monitoring is not served"


@asynccontextmanager
async def listener(status: int) -> AsyncIterator[tuple[SecretStr, list[str]]]:
    """An address to ping, and what was asked there."""
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status)

    application = web.Application()
    application.router.add_get("/{rest:.*}", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield SecretStr(f"http://{host}:{port}/ping/canary-key"), asked
    finally:
        await runner.cleanup()


async def test_the_heartbeat_comes_while_there_is_no_problem_and_stops_with_one() -> None:
    found: list[list[str]] = [[], ["no site was read yet"], []]
    stop = asyncio.Event()

    async def problems() -> list[str]:
        now = found.pop(0)
        if not found:
            stop.set()
        return now

    async with listener(200) as (url, asked):
        await keep_pinging(url, problems, stop, every=0.001)
    assert asked == ["/ping/canary-key"] * 2


async def test_a_heartbeat_that_fails_is_logged_without_its_address() -> None:
    with capture_logs() as logs:
        async with listener(404) as (url, _):
            await ping(url)
        await ping(url)  # nobody listens there any more
    assert [entry["event"] for entry in logs] == [
        "heartbeat was refused",
        "heartbeat could not be sent",
    ]
    assert "canary-key" not in str(logs)


async def test_a_service_manager_hears_that_marsad_is_ready_and_alive(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    stop = asyncio.Event()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "20000"}
        told = ServiceManager(environment)
        told.tell("READY=1")
        living = asyncio.create_task(told.keep_alive(stop))
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(30):
            heard = [await loop.sock_recv(manager, 100) for _ in range(3)]
        stop.set()
        await living
    assert heard == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


async def test_without_a_service_manager_nothing_is_said() -> None:
    stop = asyncio.Event()
    quiet = ServiceManager({})
    quiet.tell("READY=1")
    stop.set()
    await quiet.keep_alive(stop)


async def test_a_service_manager_that_is_gone_ends_nothing(tmp_path: Path) -> None:
    gone = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    with capture_logs() as logs:
        gone.tell("READY=1")
    assert [line["event"] for line in logs] == ["service manager could not be told"]


async def test_who_still_waits_for_an_answer_holds_up_no_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def never(_: Monitor) -> Snapshot:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(Monitor, "look", never)
    monkeypatch.setattr(monitor_module, "_ANSWER_SECONDS", 0.01)
    async with asyncio.timeout(30):
        async with served(database) as address, aiohttp.ClientSession() as client:
            asking = asyncio.create_task(client.get(f"{address}/metrics"))
            await asked.wait()
        with pytest.raises(aiohttp.ClientError):
            await asking
