"""What an operator sees: edits, bad edits, broken sites, wrong tokens, the doctor."""

import asyncio

import pytest

from marsad.demo.botapi import BotApiServer
from tests.e2e.product import TOKEN, Product, publish, stopped
from tests.e2e.test_alerts import alerts_to, subscribe
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import Fault, NewsSite, Page

pytestmark = pytest.mark.e2e


async def test_an_edit_is_taken_over_and_a_bad_one_is_reported_to_the_operator(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.settings["MARSAD_OPERATORS"] = "1"
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    operator = bot_api.people.add_user(1)
    process = await product.start("run")
    operator.sends("/start")
    await bot_api.until(lambda: operator.inbox, within=30)

    topic = product.config / "topics" / "caspian.yaml"
    good = topic.read_text(encoding="utf-8")
    topic.write_text(good + "\nnonne: [كلمة]\n", encoding="utf-8")
    await bot_api.until(lambda: "caspian.yaml" in operator.inbox[-1].text, within=30)
    assert "none" in operator.inbox[-1].text

    topic.write_text(good, encoding="utf-8")
    (product.config / "topics" / "books.yaml").write_text(
        "title: {ar: معارض الكتاب, en: Book fairs}\nany: [معرض الكتاب]\n", encoding="utf-8"
    )
    async with asyncio.timeout(30):
        while "configuration replaced" not in product.log():
            await asyncio.sleep(0.1)
    await subscribe(bot_api, operator, "معارض الكتاب")
    publish(site, unrelated())
    site.pages["/news/fair/"] = site.pages[unrelated().path]
    fresh = unrelated()
    publish(
        site,
        type(fresh)("/fair/", "معرض الكتاب في تونس يختتم دورته", fresh.paragraphs, fresh.published),
    )
    await bot_api.until(lambda: alerts_to(bot_api, operator), within=30)
    assert await stopped(process) == 0


async def test_broken_sites_stop_neither_the_others_nor_marsad_and_show_in_the_doctor(
    product: Product, site: NewsSite
) -> None:
    publish(site, caspian(0))
    product.add_site("sound", site)
    broken = {
        "answers-500": Page("sorry", status=500),
        "hangs": Fault.HANG,
        "broken-xml": Page("<rss><channel><item><titl", content_type="application/rss+xml"),
        "gzip-bomb": Fault.GZIP_BOMB,
    }
    servers = []
    for name, answer in broken.items():
        server = await NewsSite().__aenter__()
        servers.append(server)
        server.pages["/feed/"] = answer
        product.add_site(name, server)
    try:
        ended = await product.run("run", "--once", "--max-seconds", "60")
    finally:
        for server in servers:
            await server.__aexit__(None, None, None)
    assert ended.code == 0, ended.err
    assert caspian(0).title in ended.out
    doctor = await product.run("doctor")
    assert doctor.code == 1
    for name in broken:
        assert f"error    {name}: unproven: its ways have not worked yet" in doctor.out
    assert "ok       sound: 1 articles" in doctor.out
    assert "HTTP 500" in doctor.out


async def test_a_wrong_token_is_one_sentence_and_appears_nowhere(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    wrong = "7777777:AAF-wrong-canary-wrong-canary-wrong"
    publish(site, unrelated())
    product.add_site("local", site)
    ended = await product.run("run", "--once", MARSAD_BOT_TOKEN=wrong, MARSAD_LOG_LEVEL="debug")
    assert ended.code == 1
    assert "refused the bot token" in ended.err
    doctor = await product.run("doctor", MARSAD_BOT_TOKEN=wrong, MARSAD_LOG_LEVEL="debug")
    assert "refused the bot token" in doctor.out
    for text in (ended.err, ended.out, doctor.out, doctor.err):
        assert "canary" not in text


async def test_the_token_appears_in_no_log_database_or_export(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    product.settings["MARSAD_LOG_LEVEL"] = "debug"
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    process = await product.start("run")
    await subscribe(bot_api, reader, "بحر قزوين")
    publish(site, caspian(0))
    await bot_api.until(lambda: alerts_to(bot_api, reader), within=30)
    await bot_api.stop()  # every further call fails
    publish(site, caspian(1))
    async with asyncio.timeout(20):
        while "bot api not reachable" not in product.log():
            await asyncio.sleep(0.1)
    await stopped(process)
    exported = await product.run("export", "subscribers")
    key = TOKEN.partition(":")[2]
    assert "alert decided" in product.log()
    assert key not in product.log()
    assert key not in exported.out + exported.err
    for file in (product.home / "data").iterdir():
        assert key.encode() not in file.read_bytes(), file.name


async def test_a_database_of_a_newer_marsad_is_refused_with_a_sentence(
    product: Product, site: NewsSite
) -> None:
    import sqlite3

    publish(site, unrelated())
    product.add_site("local", site)
    assert (await product.run("run", "--once")).code == 0
    with sqlite3.connect(product.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    ended = await product.run("run", "--once")
    assert ended.code == 1
    assert "newer Marsad" in ended.err
    assert "Traceback" not in ended.err


async def test_an_unreadable_configuration_is_refused_with_all_its_problems(
    product: Product, site: NewsSite
) -> None:
    product.add_site("local", site, every="soon")
    topic = product.config / "topics" / "caspian.yaml"
    topic.write_text("title: {ar: بحر}\nnone: [كلمة]\n", encoding="utf-8")
    ended = await product.run("run", "--once")
    assert ended.code == 1
    assert "local.yaml:4:8: every: " in ended.err
    checked = await product.run("check")
    assert checked.code == 1
    assert "local.yaml:4:8: every: " in checked.err
