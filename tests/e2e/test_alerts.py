"""From a site file to an alert on a subscriber's phone."""

import asyncio

import pytest

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import User
from tests.e2e.product import Product, publish, stopped
from tests.e2e.texts import caspian, iran_russia, unrelated
from tests.fakes.newssite import NewsSite

pytestmark = pytest.mark.e2e


async def subscribe(server: BotApiServer, user: User, *topics: str) -> None:
    """Send /start, and press the buttons of these topics on the keyboard that comes."""
    user.sends("/start")
    for topic in topics:
        await server.until(lambda topic=topic: keyboard_of(user, topic), within=30)  # type: ignore[misc]
        await press(server, user, topic)


async def press(server: BotApiServer, user: User, label: str) -> None:
    message_id, buttons = keyboard_of(user, label)
    (button,) = [text for text in buttons if label in text]
    answered = count_of(server, "answerCallbackQuery")
    user.presses(message_id, button)
    await server.until(lambda: count_of(server, "answerCallbackQuery") > answered, within=30)


def count_of(server: BotApiServer, method: str) -> int:
    return sum(name == method for name, _ in server.calls)


def keyboard_of(user: User, marked: str = "قزوين") -> tuple[int, tuple[str, ...]]:
    """The user's newest message with a button of this mark, and its buttons; () if none came."""
    for message in reversed(user.inbox):
        markup: dict[str, list[list[dict[str, str]]]] = message.as_json().get("reply_markup") or {}  # type: ignore[assignment]
        buttons = tuple(
            button["text"] for row in markup.get("inline_keyboard", ()) for button in row
        )
        if any(marked in text for text in buttons):
            return message.id, buttons
    return ()  # type: ignore[return-value]


def alerts_to(server: BotApiServer, user: User) -> list[str]:
    return [r.text for r in server.receipts.sent(user.id) if "#" in r.text]


async def test_a_subscriber_gets_exactly_the_right_alerts_once(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    reader, other = bot_api.people.add_user(11), bot_api.people.add_user(12)
    process = await product.start("run")
    await subscribe(bot_api, reader, "بحر قزوين")
    await subscribe(bot_api, other, "إيران")

    publish(site, caspian(0), iran_russia())
    await bot_api.until(lambda: alerts_to(bot_api, reader) and alerts_to(bot_api, other), within=30)
    # The same story again: at a new address, and with a corrected headline at the old one.
    again = caspian(0)
    publish(site, type(again)("/again/", again.title, again.paragraphs, again.published))
    asked = len(site.asked)
    publish(site, caspian(1))
    await bot_api.until(lambda: len(alerts_to(bot_api, reader)) == 2, within=30)

    assert await stopped(process) == 0
    assert len(site.asked) > asked
    first, second = alerts_to(bot_api, reader)
    assert caspian(0).title in first
    assert caspian(1).title in second
    assert [caspian(0).title in text for text in alerts_to(bot_api, other)] == [False]
    assert iran_russia().title in alerts_to(bot_api, other)[0]


async def test_the_bold_words_of_an_alert_are_the_matched_ones(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    publish(site, unrelated())
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    process = await product.start("run")
    await subscribe(bot_api, reader, "بحر قزوين")
    publish(site, caspian(3))
    await bot_api.until(lambda: alerts_to(bot_api, reader), within=30)
    assert await stopped(process) == 0

    (receipt,) = [r for r in bot_api.receipts.sent(reader.id) if "#" in r.text]
    units = receipt.text.encode("utf-16-le")
    bold = {
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")  # type: ignore[operator]
        for e in receipt.entities
        if e["type"] == "bold"
    }
    assert bold == {"بحر قزوين"}


async def test_with_no_token_alerts_are_shown_in_the_terminal(
    product: Product, site: NewsSite
) -> None:
    publish(site, caspian(0), unrelated())
    product.add_site("local", site)
    ended = await product.run("run", "--once")
    assert ended.code == 0, ended.err
    assert caspian(0).title in ended.out
    assert unrelated().title not in ended.out
    assert "1 messages sent, 0 pending" in ended.out
    assert "MARSAD_BOT_TOKEN" in ended.err


async def test_a_first_crawl_alerts_on_at_most_three_and_on_nothing_old(
    product: Product, site: NewsSite
) -> None:
    old = caspian(4, minutes_ago=60 * 24 * 30)
    publish(site, *(caspian(number, minutes_ago=number + 5) for number in range(4)), old)
    product.add_site("local", site)
    ended = await product.run("run", "--once")
    assert ended.code == 0, ended.err
    # The newest three, which wait together and so come as one message.
    shown = [number for number in range(5) if caspian(number).title in ended.out]
    assert shown == [0, 1, 2]
    explained = await product.run("explain", site.url + old.path)
    assert "too long ago" in explained.out
    over = await product.run("explain", site.url + caspian(3).path)
    assert "at most 3 alerts" in over.out


async def test_a_new_subscription_sends_nothing_that_is_stored(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    publish(site, caspian(0))
    product.add_site("local", site)
    ended = await product.run("run", "--once")
    assert "1 new articles, 0 messages sent" in ended.out
    reader = bot_api.people.add_user(11)
    process = await product.start("run")
    await subscribe(bot_api, reader, "بحر قزوين")
    publish(site, caspian(1))
    await bot_api.until(lambda: alerts_to(bot_api, reader), within=30)
    assert await stopped(process) == 0
    (only,) = alerts_to(bot_api, reader)
    assert caspian(1).title in only


async def test_an_operator_says_yes_once(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.set_access("approval")
    product.settings["MARSAD_OPERATORS"] = "1"
    publish(site, unrelated())
    product.add_site("local", site)
    operator, reader = bot_api.people.add_user(1), bot_api.people.add_user(11)
    process = await product.start("run")
    operator.sends("/start")
    await bot_api.until(lambda: operator.inbox, within=30)
    reader.sends("/start")
    await bot_api.until(lambda: keyboard_of(operator, "قبول"), within=30)
    assert not keyboard_of(reader)
    await press(bot_api, operator, "قبول")
    await bot_api.until(lambda: keyboard_of(reader), within=30)
    assert await stopped(process) == 0


async def test_subscribers_of_a_stopped_marsad_are_not_forgotten(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    """/start and a button wait at the Bot API until the next `run --once` takes them."""
    publish(site, unrelated())
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    reader.sends("/start")
    ended = await product.run("run", "--once")
    assert "1 bot updates" in ended.out
    message_id, buttons = keyboard_of(reader)
    reader.presses(message_id, next(text for text in buttons if "بحر قزوين" in text))
    publish(site, caspian(0))
    await asyncio.sleep(1.1)  # the site's interval, in the process's own clock
    ended = await product.run("run", "--once")
    assert ended.code == 0, ended.err
    assert len(alerts_to(bot_api, reader)) == 1
