"""A subscriber's own keyword and an operator's edit, by a running Marsad, from chat to alert."""

import asyncio

import pytest

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import User
from tests.e2e.product import Product, publish, stopped
from tests.e2e.test_alerts import alerts_to
from tests.e2e.texts import unrelated
from tests.fakes.newssite import NewsSite

pytestmark = pytest.mark.e2e


def plain(text: str) -> str:
    """Without marks of direction."""
    return text.translate(dict.fromkeys(map(ord, "\u200f\u2068\u2069")))


async def asks(server: BotApiServer, person: User, text: str, answer: str) -> None:
    """Writes, and waits for this answer; a busy database may first ask for a moment."""
    person.sends(text)
    await server.until(lambda: person.inbox and answer in plain(person.inbox[-1].text), within=30)


async def logged(product: Product, event: str, times: int) -> None:
    async with asyncio.timeout(30):
        while product.log().count(event) < times:
            await asyncio.sleep(0.1)


async def test_a_keyword_of_ones_own_alerts(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    (product.config / "marsad.yaml").write_text(
        "access: open\ncontact: test@example.org\nzone: UTC\npersonal_keywords: everybody\n",
        encoding="utf-8",
    )
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    reader = bot_api.people.add_user(7)
    process = await product.start("run")
    await asks(bot_api, reader, "/start", "أهلًا بك")
    await asks(bot_api, reader, "/keywords معرض الكتاب", "أُضيفت: معرض الكتاب")

    # what the first crawl brings is no news
    await logged(product, "site crawled", 2)
    fresh = unrelated()
    title = "معرض الكتاب في تونس يختتم دورته"
    publish(site, type(fresh)("/fair/", title, fresh.paragraphs, fresh.published))
    await bot_api.until(lambda: alerts_to(bot_api, reader), within=30)
    # the message is there a moment before Marsad has its number
    await logged(product, "delivery settled", 1)
    await asks(bot_api, reader, "/why", "لأن كلمتك معرض الكتاب وردت في الخبر")
    assert await stopped(process) == 0


async def test_an_operator_edits_a_topic_and_undoes_it(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.settings["MARSAD_OPERATORS"] = "1"
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    topic = product.config / "topics" / "books.yaml"
    text = "# fairs\ntitle: {ar: معارض الكتاب}\nany:\n  - معرض القاهرة للكتاب\n"
    topic.write_text(text, encoding="utf-8")
    operator = bot_api.people.add_user(1)
    process = await product.start("run")
    await asks(bot_api, operator, "/start", "أهلًا بك")
    await asks(bot_api, operator, "/edit books + معرض تونس", "يُضاف: - معرض تونس")
    assert topic.read_text("utf-8") == text

    operator.presses(operator.inbox[-1].id, "حفظ")
    await bot_api.until(lambda: "حُفظ التعديل" in operator.inbox[-1].text, within=30)
    assert topic.read_text("utf-8") == text + "  - معرض تونس\n"
    await asks(bot_api, operator, "/dryrun", "آخر يوم")
    await asks(bot_api, operator, "/undo", "عاد الملف كما كان")
    assert topic.read_text("utf-8") == text
    assert await stopped(process) == 0
