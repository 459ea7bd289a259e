"""Updates by webhook: only Telegram's are taken, none is lost, none is taken twice."""

import asyncio
import socket
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from alerts.telegram.bot import CannotListen, TelegramBot, WebhookAddress
from alerts.telegram.webhook import Webhook, secret_of
from marsad.demo.botapi_people import User
from tests.unit.alerts.test_bot_polling import BrokenSubscribers, HeldSubscribers
from tests.unit.alerts.world import TOKEN, World, an_address, last, world

SECRET = {"X-Telegram-Bot-Api-Secret-Token": secret_of(TOKEN)}


async def listening(place: World, bot: TelegramBot, stop: asyncio.Event) -> "asyncio.Task[None]":
    """The task, once Telegram knows where to post."""
    task = asyncio.create_task(bot.take_updates(stop))
    before = len(place.server.calls)
    await place.server.until(
        lambda: any(name == "setWebhook" for name, _ in place.server.calls[before:]), within=30
    )
    return task


def start_by(person: User, number: int = 1) -> dict[str, Any]:
    """An update as Telegram posts it."""
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(person.people.clock()),
            "chat": person.chat.as_json(),
            "from": person.account.as_json(),
            "text": "/start",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        },
    }


async def test_the_bot_api_is_told_where_to_post_what_and_with_which_secret() -> None:
    async with world("open") as place:
        with an_address() as place.webhook:
            stop = asyncio.Event()
            task = await listening(place, place.new_bot(), stop)
            given = dict(place.server.calls)["setWebhook"]
            stop.set()
            await task

        assert place.webhook is not None
        assert given.text("url") == place.webhook.url
        assert given.text("secret_token") == secret_of(TOKEN)
        assert "canary" not in given.text("secret_token")
        assert given.integer("max_connections") == 1
        assert "channel_post" in given.text("allowed_updates")


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}],
    ids=["none", "another"],
)
async def test_without_the_secret_nothing_is_taken(headers: dict[str, str]) -> None:
    async with world("open") as place, httpx.AsyncClient() as http:
        anna = place.person()
        with an_address() as place.webhook:
            stop = asyncio.Event()
            task = await listening(place, place.new_bot(), stop)
            answer = await http.post(place.webhook.url, json=start_by(anna), headers=headers)
            stop.set()
            await task

        assert answer.status_code == 403
        assert place.store.chats == {}


async def test_an_update_that_is_posted_again_is_taken_once() -> None:
    async with world("open") as place, httpx.AsyncClient(headers=SECRET) as http:
        anna = place.person()
        with an_address() as place.webhook:
            stop = asyncio.Event()
            task = await listening(place, place.new_bot(), stop)
            for _ in range(2):
                answer = await http.post(place.webhook.url, json=start_by(anna))
                assert answer.status_code == 200
            stop.set()
            await task

        assert len(anna.inbox) == 1


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"not json"], ids=["empty", "a list", "no json"])
async def test_what_is_not_understood_is_let_go_and_logged(body: bytes) -> None:
    async with world("open") as place, httpx.AsyncClient(headers=SECRET) as http:
        with an_address() as place.webhook, capture_logs() as logs:
            stop = asyncio.Event()
            task = await listening(place, place.new_bot(), stop)
            answer = await http.post(place.webhook.url, content=body)
            stop.set()
            await task

        assert answer.status_code == 200
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
            "an update is not understood"
        ]


async def test_a_command_that_fails_by_webhook_does_not_block_the_next() -> None:
    async with world("open") as place:
        anna = place.person()
        with an_address() as place.webhook:
            stop = asyncio.Event()
            broken = place.new_bot(BrokenSubscribers(place.store))
            task = await listening(place, broken, stop)
            anna.sends("/start")
            anna.sends("/help")
            await place.server.queue.until_taken()
            stop.set()
            await task

        assert "/help" in last(anna).text


async def test_a_stop_leaves_what_is_posted_meanwhile_at_the_bot_api() -> None:
    async with world("open") as place:
        anna = place.person()
        held = HeldSubscribers(place)
        with an_address() as place.webhook:
            stop = asyncio.Event()
            task = await listening(place, place.new_bot(held), stop)
            anna.sends("/start")
            anna.sends("/help")
            await held.entered.wait()
            stop.set()
            held.go.set()
            await task
            assert len(anna.inbox) == 1

        # From cron there is nobody to post to; the webhook is taken away.
        place.webhook = None
        assert await place.new_bot().poll_waiting(5) == 1
        assert len(anna.inbox) == 2
        assert not place.server.webhook.url


async def test_polling_takes_an_old_webhook_away_and_loses_nothing() -> None:
    async with world("open") as place:
        anna = place.person()
        async with httpx.AsyncClient() as http:
            await http.post(
                f"{place.server.base_url}{TOKEN}/setWebhook", json={"url": "https://x.invalid/"}
            )
        anna.sends("/start")
        stop = asyncio.Event()
        polling = asyncio.create_task(place.new_bot().take_updates(stop))
        await place.server.until(lambda: anna.inbox, within=30)
        stop.set()
        await polling


async def test_a_port_that_is_taken_is_a_sentence() -> None:
    async with world("open") as place:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            place.webhook = WebhookAddress(url="https://x.invalid/", host="127.0.0.1", port=port)
            with pytest.raises(CannotListen, match=f"127.0.0.1:{port}: .*MARSAD_WEBHOOK_LISTEN"):
                await place.new_bot().take_updates(asyncio.Event())


async def test_a_webhook_that_another_program_changed_is_set_again() -> None:
    async with world("open") as place:
        seen = asyncio.Event()

        def note(_logger: object, _method: str, event: EventDict) -> EventDict:
            if "changed by another program" in str(event["event"]):
                seen.set()
            return event

        with an_address() as address, capture_logs(processors=[note]):
            stop = asyncio.Event()
            bot = place.new_bot()
            webhook = Webhook(bot._app, address, bot._get_ready, bot._take, every=0.05)
            task = asyncio.create_task(webhook.run(stop))
            await place.server.until(lambda: place.server.webhook.url, within=30)
            async with httpx.AsyncClient() as http:
                await http.post(f"{place.server.base_url}{TOKEN}/deleteWebhook")
            async with asyncio.timeout(30):
                await seen.wait()
            await place.server.until(lambda: place.server.webhook.url == address.url, within=30)
            stop.set()
            await task


async def test_it_is_said_when_telegram_cannot_reach_us() -> None:
    async with world("open") as place:
        said = asyncio.Event()
        reasons: list[object] = []

        def note(_logger: object, _method: str, event: EventDict) -> EventDict:
            if event["event"] == "telegram could not reach the webhook":
                reasons.append(event["reason"])
                said.set()
            return event

        with an_address() as address, an_address() as elsewhere, capture_logs(processors=[note]):
            stop = asyncio.Event()
            bot = place.new_bot()
            # Telegram is told a port where nobody listens.
            wrong = WebhookAddress(url=elsewhere.url, host=address.host, port=address.port)
            webhook = Webhook(bot._app, wrong, bot._get_ready, bot._take, every=0.05)
            task = asyncio.create_task(webhook.run(stop))
            place.person().sends("/start")
            async with asyncio.timeout(30):
                await said.wait()
            stop.set()
            await task

        assert "Connect" in str(reasons[0])
