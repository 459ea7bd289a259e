"""Real parts on loopback: news sites and a strict Bot API in the test, Marsad in a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import TOKEN, Product
from tests.fakes.newssite import NewsSite


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    product = Product(tmp_path)
    product.prepare()
    yield product
    await product.end()


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with NewsSite() as site:
        yield site


@pytest.fixture
async def bot_api(product: Product) -> AsyncIterator[BotApiServer]:
    async with BotApiServer(TOKEN) as server:
        product.settings |= {"MARSAD_BOT_TOKEN": TOKEN, "MARSAD_BOT_API": server.origin}
        yield server
