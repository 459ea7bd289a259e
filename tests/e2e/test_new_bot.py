"""Subscriptions survive a change of the bot's token."""

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import Product, publish, stopped
from tests.e2e.test_alerts import alerts_to, subscribe
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite

pytestmark = pytest.mark.e2e

OTHER_TOKEN = "8888888:AAF-another-bot-another-bot-another-bot"


async def test_who_starts_the_new_bot_goes_on_with_the_topics_chosen_before(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    process = await product.start("run")
    await subscribe(bot_api, reader, "بحر قزوين")
    publish(site, caspian(0))
    await bot_api.until(lambda: alerts_to(bot_api, reader), within=60)
    assert await stopped(process) == 0

    async with BotApiServer(OTHER_TOKEN) as new_api:
        product.settings |= {"MARSAD_BOT_TOKEN": OTHER_TOKEN, "MARSAD_BOT_API": new_api.origin}
        again = new_api.people.add_user(11)
        process = await product.start("run")
        # Nobody has started the new bot yet: it may not write, and the chat is let go.
        publish(site, caspian(1))
        await new_api.until(
            lambda: any(name == "sendMessage" for name, _ in new_api.calls), within=60
        )
        again.sends("/start")
        await new_api.until(lambda: again.inbox, within=60)
        publish(site, caspian(2))
        await new_api.until(lambda: alerts_to(new_api, again), within=60)
        assert await stopped(process) == 0
        (alert,) = alerts_to(new_api, again)
        assert caspian(2).title in alert
