"""Killed in the middle of a fan-out: nothing is lost, and little arrives twice."""

import asyncio
import json
import signal
from collections import Counter
from datetime import UTC, datetime

import pytest

from alerts.pacing import Limits
from marsad.demo.botapi import BotApiServer
from marsad.demo.faults import Fault, FaultPlan
from tests.e2e.product import Product, publish, stopped
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite

pytestmark = pytest.mark.e2e

CHATS = 200


async def import_chats(product: Product, server: BotApiServer) -> None:
    """200 people who follow the Caspian, as `marsad export subscribers` would have written them."""
    created = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    rows = [
        {
            "chat": 1000 + number,
            "channel": "telegram",
            "status": "active",
            "language": "ar",
            "title": f"قارئ {number}",
            "created": created,
            "topics": [{"topic": "caspian", "since": created}],
        }
        for number in range(CHATS)
    ]
    for row in rows:
        server.people.add_user(int(str(row["chat"])), started=True)
    file = product.home / "subscribers.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ended = await product.run("import", str(file))
    assert ended.code == 0, ended.err


def copies(server: BotApiServer) -> Counter[int]:
    return Counter(receipt.chat_id for receipt in server.receipts.sent())


async def ready_to_alert(product: Product, site: NewsSite, server: BotApiServer) -> None:
    """A site that was crawled once, 200 subscribers, and an article that nobody has seen."""
    publish(site, unrelated())
    product.add_site("local", site)
    ended = await product.run("run", "--once")
    assert ended.code == 0, ended.err
    await import_chats(product, server)
    # Answers take a while, so that there always is something in flight.
    server.faults = FaultPlan([Fault(kind="slow", seconds=0.05)])
    publish(site, caspian(0))


async def test_sigkill_in_a_fan_out_loses_nothing_and_repeats_only_what_was_in_flight(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    await ready_to_alert(product, site, bot_api)
    process = await product.start("run")
    await bot_api.until(lambda: len(bot_api.receipts) >= 40, within=60)
    await stopped(process, signal.SIGKILL)
    assert len(copies(bot_api)) < CHATS, "it was killed too late to show anything"

    process = await product.start("run")
    await bot_api.until(lambda: len(copies(bot_api)) == CHATS, within=120)
    # A message that was in flight is repeated when its lease ends; wait for the outbox to be empty.
    await wait_until_delivered(product, process)
    received = copies(bot_api)
    assert set(received) == set(range(1000, 1000 + CHATS))
    assert max(received.values()) <= 2
    assert sum(received.values()) - CHATS <= Limits().in_flight


async def wait_until_delivered(product: Product, process: asyncio.subprocess.Process) -> None:
    assert await stopped(process) == 0
    ended = await product.run("run", "--once", "--max-seconds", "90")
    assert "0 pending" in ended.out, ended.out + ended.err


async def test_sigterm_in_a_fan_out_loses_nothing_and_repeats_nothing(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    await ready_to_alert(product, site, bot_api)
    process = await product.start("run")
    await bot_api.until(lambda: len(bot_api.receipts) >= 30, within=60)
    assert await stopped(process) == 0
    at_stop = len(bot_api.receipts)
    assert at_stop < CHATS
    process = await product.start("run")
    await bot_api.until(lambda: len(bot_api.receipts) >= CHATS, within=120)
    assert await stopped(process) == 0
    assert copies(bot_api) == Counter(range(1000, 1000 + CHATS))
