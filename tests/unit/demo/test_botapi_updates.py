"""How updates reach the bot: by polling and by webhook."""

import asyncio

import pytest
from aiohttp import web

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import NoSuchButton, User
from tests.unit.demo.caller import Caller


@pytest.fixture
def reader(server: BotApiServer) -> User:
    return server.people.add_user(7, started=True)


def texts(updates: list[dict[str, dict[str, object]]]) -> list[object]:
    return [update["message"]["text"] for update in updates]


async def test_updates_are_given_again_until_acknowledged(reader: User, call: Caller) -> None:
    for text in ("أ", "ب", "ج"):
        reader.sends(text)
    first = await call.result("getUpdates", limit=2)
    assert texts(first) == ["أ", "ب"]
    assert await call.result("getUpdates", limit=2) == first
    offset = first[-1]["update_id"] + 1
    assert texts(await call.result("getUpdates", offset=offset)) == ["ج"]
    assert await call.result("getUpdates", offset=offset + 1) == []
    assert await call.result("getUpdates") == []


async def test_a_negative_offset_forgets_all_but_the_last(reader: User, call: Caller) -> None:
    for text in ("أ", "ب", "ج"):
        reader.sends(text)
    assert texts(await call.result("getUpdates", offset=-1)) == ["ج"]
    assert texts(await call.result("getUpdates")) == ["ج"]


async def test_updates_older_than_a_day_are_gone(
    reader: User, call: Caller, server: BotApiServer
) -> None:
    reader.sends("قديم")
    server.clock.now += 25 * 3600  # type: ignore[attr-defined]
    reader.sends("جديد")
    assert texts(await call.result("getUpdates")) == ["جديد"]


async def test_a_long_poll_returns_when_something_comes(
    reader: User, call: Caller, server: BotApiServer
) -> None:
    polling = asyncio.create_task(call.result("getUpdates", timeout=30))
    await server.until(lambda: server.calls)
    reader.sends("/start")
    (update,) = await asyncio.wait_for(polling, 30)
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_second_poller_ends_the_first(call: Caller, server: BotApiServer) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await server.until(lambda: server.calls)
    assert await call.result("getUpdates", timeout=0) == []
    assert (await first)["error_code"] == 409
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_only_the_kinds_asked_for_come(reader: User, call: Caller) -> None:
    await call.result("getUpdates", allowed_updates=["message"])
    reader.blocks_bot()
    assert await call.result("getUpdates", allowed_updates=[]) == []
    reader.unblocks_bot()
    (update,) = await call.result("getUpdates")
    assert update["my_chat_member"]["old_chat_member"]["status"] == "kicked"


async def test_pressing_what_is_not_there(reader: User, call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=7, text="x")
    with pytest.raises(NoSuchButton, match="no button"):
        reader.presses(sent["message_id"], "زر")


async def test_a_webhook_gets_each_update_once_it_answers(
    reader: User, call: Caller, server: BotApiServer
) -> None:
    seen: list[tuple[str | None, object]] = []
    done = asyncio.Event()

    async def receive(request: web.Request) -> web.Response:
        body = await request.json()
        seen.append(
            (request.headers.get("X-Telegram-Bot-Api-Secret-Token"), body["message"]["text"])
        )
        if len(seen) == 1:
            return web.Response(status=500)
        if len(seen) == 3:
            done.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        await call.result("setWebhook", url=url, secret_token="s3cret")
        assert (await call.refusal("getUpdates")).startswith("Conflict: can't use getUpdates")
        reader.sends("أ")
        reader.sends("ب")
        await asyncio.wait_for(done.wait(), 30)
        assert seen == [("s3cret", "أ"), ("s3cret", "أ"), ("s3cret", "ب")]
        info = await call.result("getWebhookInfo")
        assert info["last_error_message"].startswith("Wrong response from the webhook: 500")
        await call.result("deleteWebhook")
        assert (await call.result("getWebhookInfo"))["url"] == ""
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "http://x.example/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://x.example/", "secret_token": "سر"},
            "secret token contains unallowed characters",
        ),
        ({"url": "https://x.example/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
    ids=["http", "letters", "length"],
)
async def test_a_bad_webhook_is_refused(
    parameters: dict[str, str], words: str, call: Caller
) -> None:
    assert await call.refusal("setWebhook", **parameters) == f"Bad Request: {words}"
