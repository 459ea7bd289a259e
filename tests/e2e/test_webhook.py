"""Marsad in a process, told of what people write by webhook."""

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import TOKEN, Product, publish, stopped
from tests.e2e.texts import unrelated
from tests.fakes.newssite import NewsSite
from tests.unit.alerts.world import an_address

pytestmark = pytest.mark.e2e


async def test_a_subscriber_is_answered_by_webhook_and_the_doctor_sees_it(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.add_site("local", site)
    publish(site, unrelated(minutes_ago=60))
    anna = bot_api.people.add_user(7)
    with an_address() as address:
        product.settings |= {
            "MARSAD_WEBHOOK_URL": address.url,
            "MARSAD_WEBHOOK_LISTEN": f"{address.host}:{address.port}",
            "MARSAD_LOG_LEVEL": "debug",
        }
        process = await product.start("run")
        await bot_api.until(lambda: bot_api.webhook.url, within=60)
        anna.sends("/start")
        await bot_api.until(lambda: anna.inbox, within=60)
        assert not [name for name, _ in bot_api.calls if name == "getUpdates"]

        second = await product.run("doctor")
        assert f"Telegram posts the bot's updates to {address.host}:{address.port}" in second.out
        assert await stopped(process) == 0
        assert TOKEN not in product.log()
        assert bot_api.webhook.secret
        assert bot_api.webhook.secret not in product.log()


async def test_half_a_webhook_is_a_sentence(product: Product) -> None:
    ended = await product.run("run", MARSAD_WEBHOOK_LISTEN="127.0.0.1:8443")
    assert ended.code == 1
    assert "without MARSAD_WEBHOOK_URL" in ended.err
    assert "Traceback" not in ended.err
