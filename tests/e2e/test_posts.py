"""From a site file to a signed post at somebody's program."""

import hashlib
import hmac
import json

import pytest
from aiohttp import web

from tests.e2e.product import Product, publish
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite

pytestmark = pytest.mark.e2e

KEY = "canary-key-of-the-desk"


async def test_a_round_by_cron_posts_an_alert_signed_and_says_nothing_of_the_key(
    product: Product, site: NewsSite
) -> None:
    taken: list[tuple[bytes, dict[str, str]]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append((await request.read(), dict(request.headers)))
        return web.Response(status=204)

    application = web.Application()
    application.router.add_post("/in", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook = product.config / "webhooks" / "desk.yaml"
    hook.parent.mkdir(mode=0o755)
    port = runner.addresses[0][1]
    hook.write_text(f"url: http://127.0.0.1:{port}/in\ntopics: [caspian]\n", encoding="utf-8")
    publish(site, unrelated(minutes_ago=60))
    product.add_site("local", site)
    try:
        refused = await product.run("run", "--once")
        assert (refused.code, "MARSAD_SIGNING_KEY" in refused.err) == (1, True)
        first = await product.run("run", "--once", MARSAD_SIGNING_KEY=KEY)
        publish(site, caspian(0))
        second = await product.run(
            "run", "--once", MARSAD_SIGNING_KEY=KEY, MARSAD_LOG_LEVEL="debug"
        )
    finally:
        await runner.cleanup()
    assert (first.code, second.code) == (0, 0)
    ((content, headers),) = taken
    event = json.loads(content)
    assert (event["title"], event["topics"][0]["name"]) == (caspian(0).title, "caspian")
    signed = hmac.new(
        KEY.encode(), f"{headers['X-Marsad-Time']}.".encode() + content, hashlib.sha256
    )
    assert headers["X-Marsad-Signature"] == f"sha256={signed.hexdigest()}"
    assert KEY not in first.out + first.err + second.out + second.err
