"""What is posted to programs, and what becomes of it; a real server on loopback takes it."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr, ValidationError

from alerts.notifier import Ambiguous, NotSent, Outcome, Rejected, Sent
from alerts.settlement import MOST_INSISTING, settlement
from alerts.webhooks import WebhookNotifier, content_of
from models.alert import AlsoTold, Changes
from models.delivery import Delivery, DeliveryKind, MarkDead, MarkRetry
from models.subscriber import Channel
from models.text import Localized
from models.webhook import Webhook
from tests.unit.alerts.builders import NOW, UNCHANGED, chat, stored_alert

KEY = "canary-key-of-the-desk"


def webhook(**given: Any) -> Webhook:
    return Webhook(**{"name": "desk", "url": "http://desk.example/in"} | given)


def delivery(*, changes: Changes = UNCHANGED, **given: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": 31,
        "chat": chat(1 << 60, channel=Channel.WEBHOOK, title="desk"),
        "kind": DeliveryKind.ALERT,
        "alert": stored_alert(changes=changes),
        "notice": None,
        "attempts": 0,
        "maybe_sent": False,
        "created": NOW,
    }
    return Delivery(**values | given)


def posted(hook: Webhook, given: Delivery) -> Any:
    return json.loads(content_of(hook, given))


def test_the_whole_event_is_posted_unless_a_body_is_given() -> None:
    event = posted(webhook(), delivery(maybe_sent=True))
    assert (event["event"], event["id"], event["possibly_repeated"]) == ("alert", "1", True)
    assert event["title"] == "موسكو وطهران تبحثان الملاحة في بحر قزوين"
    assert [topic["name"] for topic in event["topics"]] == ["iran-russia", "caspian"]


def test_a_body_is_filled_and_nothing_in_it_is_run() -> None:
    body = {"text": "{source}: {title}", "items": ["{url}", 3, None], "{title}": "{topics}"}
    alert = stored_alert(
        title=replace(stored_alert().alert.title, text="عنوان فيه {url} و{0.__class__}", spans=())
    )
    assert posted(webhook(body=body), delivery(alert=alert)) == {
        "text": "وكالة آفاق: عنوان فيه {url} و{0.__class__}",
        "items": [alert.alert.url, 3, None],
        "{title}": "إيران وروسيا، بحر قزوين",
    }


def test_a_change_is_an_event_of_its_own_with_the_further_sources() -> None:
    changes = Changes(also=(AlsoTold(source=Localized("صدى الجبل"), url="https://b.example/2"),))
    event = posted(webhook(), delivery(kind=DeliveryKind.EDIT, changes=changes))
    assert (event["event"], event["id"]) == ("change", "1.0")
    assert event["also"] == [{"source": "صدى الجبل", "url": "https://b.example/2"}]


def test_an_unknown_placeholder_is_named_with_the_nearest() -> None:
    said = r"unknown placeholder \{titel\}.*did you mean 'title'"
    with pytest.raises(ValidationError, match=said):
        webhook(body=["{titel}"])


@asynccontextmanager
async def program(*answers: int) -> AsyncIterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    """A server that answers so, the last for ever; 0 hangs up without an answer."""
    taken: list[tuple[bytes, dict[str, str]]] = []
    left = list(answers)

    async def take(request: web.Request) -> web.Response:
        taken.append((await request.read(), dict(request.headers)))
        status = left.pop(0) if len(left) > 1 else left[0]
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status or 200, headers={"Location": "http://127.0.0.1:1/"})

    application = web.Application()
    application.router.add_post("/in", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/in", taken
    finally:
        await runner.cleanup()


async def deliver(url: str, given: Delivery | None = None) -> Outcome:
    hooks = {"desk": webhook(url=url)}
    async with WebhookNotifier(lambda: hooks, SecretStr(KEY), now=lambda: NOW) as notifier:
        return await notifier.deliver(given or delivery())


async def test_a_program_can_check_who_posted_what_and_when() -> None:
    async with program(204) as (url, taken):
        assert await deliver(url) == Sent(message_id=31)
    ((content, headers),) = taken
    moment = headers["X-Marsad-Time"]
    assert moment == str(int(NOW.timestamp()))
    signed = hmac.new(KEY.encode(), f"{moment}.".encode() + content, hashlib.sha256)
    assert headers["X-Marsad-Signature"] == f"sha256={signed.hexdigest()}"
    assert headers["X-Marsad-Delivery"] == "31"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        pytest.param(200, Sent(message_id=31), id="taken"),
        pytest.param(302, Ambiguous(reason="HTTP 302", answered=True), id="redirect"),
        pytest.param(401, Ambiguous(reason="HTTP 401", answered=True), id="key-refused"),
        pytest.param(422, Rejected(reason="HTTP 422"), id="body-refused"),
        pytest.param(500, Ambiguous(reason="HTTP 500", answered=True), id="broken"),
        pytest.param(0, Ambiguous(reason="ReadError"), id="hung-up"),
    ],
)
async def test_what_a_program_answers_decides(status: int, outcome: Outcome) -> None:
    async with program(status) as (url, _):
        found = await deliver(url)
    if status == 0:
        assert isinstance(found, Ambiguous)
        assert not found.answered
    else:
        assert found == outcome


async def test_a_program_that_is_not_there_got_nothing() -> None:
    async with program(200) as (url, _):
        pass
    assert isinstance(await deliver(url), NotSent)


async def test_a_webhook_that_was_taken_out_is_posted_to_no_more() -> None:
    async with WebhookNotifier(dict, SecretStr(KEY), now=lambda: NOW) as notifier:
        outcome = await notifier.deliver(delivery())
    assert isinstance(outcome, Rejected)
    assert outcome.final


def test_a_program_is_told_for_days_and_then_given_up() -> None:
    failed = Ambiguous(reason="HTTP 500", answered=True)
    early = settlement(failed, delivery(attempts=3), NOW)
    assert early == MarkRetry(
        not_before=NOW + timedelta(seconds=40), attempts=4, reason="HTTP 500", maybe_sent=True
    )
    late = settlement(failed, delivery(attempts=MOST_INSISTING - 1), NOW)
    assert isinstance(late, MarkDead)


async def test_an_answer_without_an_end_is_an_answer() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"event: hello\n\n")
        await asyncio.wait_for(over.wait(), 60)
        return answer

    over = asyncio.Event()
    application = web.Application()
    application.router.add_post("/in", drip)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with asyncio.timeout(30):
            outcome = await deliver(f"http://127.0.0.1:{runner.addresses[0][1]}/in")
    finally:
        over.set()
        await runner.cleanup()
    assert outcome == Sent(message_id=31)
