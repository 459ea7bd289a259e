"""`marsad run --once`, and one Marsad at a time on one database."""

import asyncio

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import Product, publish, stopped
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import Fault, NewsSite

pytestmark = pytest.mark.e2e


async def locked(product: Product) -> asyncio.subprocess.Process:
    """A running Marsad that holds its lock."""
    process = await product.start("run")
    lock = product.database.with_name(product.database.name + ".lock")
    async with asyncio.timeout(30):
        while not (lock.exists() and lock.stat().st_size):
            await asyncio.sleep(0.05)
    return process


async def test_a_second_instance_names_the_first_and_exits_75(
    product: Product, site: NewsSite
) -> None:
    publish(site, unrelated())
    product.add_site("local", site)
    first = await locked(product)
    second = await product.run("run", "--once")
    assert second.code == 75
    assert f"process {first.pid} " in second.err
    assert "started 20" in second.err
    skipped = await product.run("run", "--once", "--skip-if-running")
    assert skipped.code == 0
    assert await stopped(first) == 0


async def test_a_killed_instance_leaves_no_lock(product: Product, site: NewsSite) -> None:
    publish(site, unrelated())
    product.add_site("local", site)
    first = await locked(product)
    await stopped(first, 9)
    ended = await product.run("run", "--once")
    assert ended.code == 0, ended.err


async def test_one_round_ends_in_time_and_leaves_the_rest_pending(
    product: Product, site: NewsSite
) -> None:
    publish(site, caspian(0))
    site.pages[caspian(0).path] = Fault.HANG
    product.add_site("local", site)
    async with asyncio.timeout(40):
        ended = await product.run("run", "--once", "--max-seconds", "4")
    assert ended.out.startswith("marsad: ")
    publish(site, caspian(0))
    ended = await product.run("run", "--once")
    assert "1 new articles, 1 messages sent" in ended.out


async def test_a_round_in_which_every_site_failed_exits_1_and_says_where_to_look(
    product: Product, site: NewsSite
) -> None:
    site.pages["/feed/"] = Fault.RESET
    product.add_site("local", site)
    ended = await product.run("run", "--once")
    assert ended.code == 1
    assert "local failed" in ended.out
    assert "marsad doctor" in ended.err


async def test_with_a_token_but_nobody_to_say_yes_marsad_refuses_to_start(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.add_site("local", site)
    product.set_access("approval")
    ended = await product.run("run", "--once")
    assert ended.code == 1
    assert "MARSAD_OPERATORS" in ended.err
    assert "access: open" in ended.err
