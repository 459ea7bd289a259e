"""The secrets of what Marsad connects to (proxies, heartbeat, programs) are looked for everywhere,
at DEBUG, while each of them refuses, breaks and goes away: found nowhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from marsad.demo.botapi import BotApiServer
from marsad.demo.faults import Fault, FaultPlan
from tests.e2e.product import TOKEN, Product, publish, stopped
from tests.e2e.test_canaries import command_lines, content_of
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite
from tests.fakes.proxies import http_proxy, socks_proxy

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PASSWORDS = {name: f"canary-{name}-kx83hq" for name in ("bot-proxy", "crawl-proxy", "ping", "key")}
SECRETS = (TOKEN.partition(":")[2], *PASSWORDS.values())


@asynccontextmanager
async def refusing_program(asked: list[str]) -> AsyncIterator[int]:
    """A port where everything that is asked or posted is answered with 500."""

    async def refuse(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=500, text="out of order")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def commands(product: Product) -> tuple[tuple[str, ...], ...]:
    return (
        ("doctor",),
        ("metrics",),
        ("export", "articles", f"{product.home}/articles.jsonl"),
        ("backup", f"{product.home}/b.zip"),
    )


async def until_logged(product: Product, *words: str) -> None:
    async with asyncio.timeout(90):
        while not all(word in product.log() for word in words):
            await asyncio.sleep(0.2)


async def test_no_secret_of_a_connection_is_found_in_any_output_while_connections_break(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    reader = bot_api.people.add_user(11)
    telegram = urlsplit(bot_api.origin)
    asked: list[str] = []
    bot_api.faults = FaultPlan([Fault(kind="reset", nth=(3,)), Fault(kind="status", nth=(5,))])
    async with AsyncExitStack() as proxies, refusing_program(asked) as port:
        bot_proxy = await proxies.enter_async_context(
            http_proxy((str(telegram.hostname), telegram.port or 80))
        )
        login = ("crawler", PASSWORDS["crawl-proxy"])
        crawl_proxy = await proxies.enter_async_context(
            socks_proxy((site.host, site.port), login=login)
        )
        hook = product.config / "webhooks" / "desk.yaml"
        hook.parent.mkdir(mode=0o755)
        hook.write_text(f"url: http://127.0.0.1:{port}/in\n", encoding="utf-8")
        product.settings |= {
            "MARSAD_LOG_LEVEL": "debug",
            "MARSAD_BOT_PROXY": f"http://bot:{PASSWORDS['bot-proxy']}@127.0.0.1:{bot_proxy.port}",
            "MARSAD_CRAWL_PROXY": f"socks5://crawler:{login[1]}@127.0.0.1:{crawl_proxy.port}",
            "MARSAD_HEARTBEAT_URL": f"http://127.0.0.1:{port}/{PASSWORDS['ping']}",
            "MARSAD_SIGNING_KEY": PASSWORDS["key"],
        }
        outputs = [await product.run("run", "--once")]
        process = await product.start("run")
        reader.sends("/start")
        await bot_api.until(lambda: reader.inbox, within=60)
        publish(site, caspian(0))
        async with asyncio.timeout(90):
            while not {f"/{PASSWORDS['ping']}", "/in"} <= set(asked):
                await asyncio.sleep(0.1)
        seen = command_lines()
        await proxies.aclose()
        await until_logged(product, "nobody answers at the crawl proxy", "ConnectError")
        outputs += [await product.run(*command) for command in commands(product)]
        assert await stopped(process) == 0

    assert crawl_proxy.logins
    texts = {f"output {number}": one.out + one.err for number, one in enumerate(outputs)}
    texts |= {"log": product.log(), "process list": seen}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in product.home.glob("*.jsonl")}
    texts["backup"] = content_of(product.home / "b.zip")
    texts["database"] = product.database.read_bytes().decode(errors="replace")
    found = {where: [one for one in SECRETS if one in text] for where, text in texts.items()}
    assert {where: secrets for where, secrets in found.items() if secrets} == {}
    assert "heartbeat was refused" in texts["log"]
    assert caspian(0).title in texts["articles.jsonl"]
