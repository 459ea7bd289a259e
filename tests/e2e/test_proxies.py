"""Telegram is blocked in much of the region: the bot works through a proxy."""

from urllib.parse import urlsplit

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import Product, publish
from tests.e2e.texts import unrelated
from tests.fakes.newssite import NewsSite
from tests.fakes.proxies import http_proxy, socks_proxy

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_the_bot_talks_through_a_proxy(
    product: Product, site: NewsSite, bot_api: BotApiServer, scheme: str
) -> None:
    publish(site, unrelated())
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    reader.sends("/start")
    serve = http_proxy if scheme == "http" else socks_proxy
    address = urlsplit(bot_api.origin)
    async with serve((str(address.hostname), address.port or 80)) as proxy:
        ended = await product.run(
            "run", "--once", MARSAD_BOT_PROXY=f"{scheme}://127.0.0.1:{proxy.port}"
        )
    assert ended.code == 0, ended.err
    assert "1 bot updates" in ended.out
    assert reader.inbox
    assert proxy.asked[0][1] == address.port
