"""Alerts through the Bot API, and what each of its answers means."""

from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs
from telegram import Bot
from telegram.request import HTTPXRequest

from alerts.notifier import (
    Ambiguous,
    Gone,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    Sent,
    ThreadGone,
    Wait,
)
from alerts.telegram.errors import Floods, opt_in_to_durations
from alerts.telegram.notifier import TelegramNotifier
from marsad.demo.botapi_state import Standing
from marsad.demo.botapi_text import MarkupError, ParsedText
from marsad.demo.faults import Fault
from models.alert import Changes
from models.delivery import Delivery, DeliveryKind
from tests.unit.alerts.builders import NOW, chat, delivery, stored_alert
from tests.unit.alerts.world import TOKEN, World, last, world


async def attempted(base_url: str, what: Delivery, token: str = TOKEN) -> Outcome:
    """One delivery by a notifier of its own."""
    opt_in_to_durations()
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    bot = Bot(token, base_url, request=request)
    notifier = TelegramNotifier(bot, lambda: ZoneInfo("Asia/Tehran"), now=lambda: NOW)
    try:
        return await notifier.deliver(what)
    finally:
        await request.shutdown()


async def delivered(place: World, chat_id: int = 7) -> Outcome:
    return await attempted(place.server.base_url, delivery(chat=chat(chat_id)))


async def test_an_alert_arrives_as_composed() -> None:
    async with world() as place:
        anna = place.person()

        outcome = await delivered(place)

        assert outcome == Sent(message_id=last(anna).id)
        (receipt,) = place.server.receipts.sent(7)
        assert receipt.text.splitlines()[0] == "\u200fموسكو وطهران تبحثان الملاحة في بحر قزوين"
        assert receipt.preview is not None
        assert receipt.preview["url"] == "https://news.example/2026/caspian?id=7&page=2"
        assert not receipt.silent


async def test_a_notice_arrives_without_preview() -> None:
    async with world() as place:
        place.person()
        notice = delivery(kind=DeliveryKind.NOTICE, alert=None, notice="site <afaq> is blind")
        await attempted(place.server.base_url, notice)

        (receipt,) = place.server.receipts.sent(7)
        assert "site <afaq> is blind" in receipt.text


async def test_a_thread_of_a_forum_gets_it() -> None:
    async with world() as place:
        place.server.people.add_group(-1007, threads=[12])
        there = delivery(chat=chat(-1007, thread_id=12))

        await attempted(place.server.base_url, there)

        assert place.server.receipts.sent(-1007)[0].thread_id == 12


async def test_a_blocked_bot_is_gone() -> None:
    async with world() as place:
        place.person().blocks_bot()

        outcome = await delivered(place)

        assert outcome == Gone(reason="Forbidden: bot was blocked by the user")


async def test_an_unknown_chat_is_gone() -> None:
    async with world() as place:
        outcome = await delivered(place, 999)

        assert isinstance(outcome, Gone)
        assert "chat not found" in outcome.reason.lower()


async def test_a_deleted_account_and_a_kicked_bot_are_gone() -> None:
    async with world() as place:
        anna = place.person()
        anna.deletes_account()
        place.server.people.add_group(-5, bot=Standing.KICKED)

        assert isinstance(await delivered(place), Gone)
        assert isinstance(await delivered(place, -5), Gone)


async def test_a_group_that_moved_says_where() -> None:
    async with world() as place:
        group = place.server.people.add_group(-5, type="group")
        group.migrates(-1005)

        assert await delivered(place, -5) == Migrated(new_chat_id=-1005)


async def test_a_flood_is_a_wait_of_its_seconds() -> None:
    async with world("open", Fault(kind="flood", seconds=7.0, times=1)) as place:
        place.person()

        assert await delivered(place) == Wait(seconds=7.0, scope="chat")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(kind="reset"), "the answer was lost"),
        (Fault(kind="reset", accepted=True), "the answer was lost"),
        (Fault(kind="hang", seconds=0.1), "the answer was lost"),
    ],
    ids=["reset", "accepted, then reset", "hang, then reset"],
)
async def test_a_lost_answer_is_ambiguous(fault: Fault, expected: str) -> None:
    async with world("open", fault) as place:
        place.person()

        outcome = await delivered(place)

        assert isinstance(outcome, Ambiguous)
        assert outcome.reason.startswith(expected)
        assert not outcome.answered


@pytest.mark.parametrize("status", [500, 502])
async def test_a_failing_server_has_answered(status: int) -> None:
    async with world("open", Fault.model_validate({"kind": "status", "status": status})) as place:
        place.person()

        assert await delivered(place) == Ambiguous(reason="the Bot API failed (5xx)", answered=True)


async def test_without_a_connection_nothing_was_sent(unused_tcp_port: int) -> None:
    outcome = await attempted(f"http://127.0.0.1:{unused_tcp_port}/bot", delivery())

    assert outcome == NotSent(reason="no connection to the Bot API (ConnectError)")


async def test_a_refused_token_sends_nothing_and_is_not_shown() -> None:
    async with world() as place:
        wrong = "4242:wrong-canary-wrong-canary-wrong-canary"

        outcome = await attempted(place.server.base_url, delivery(), wrong)

        assert outcome == NotSent(reason="the bot token was refused")


class RefusingParser:
    def parse(self, text: str, parse_mode: str) -> ParsedText:
        raise MarkupError("unsupported start tag")


async def test_markup_that_is_refused_goes_out_as_plain_text_with_its_link() -> None:
    async with world("open", parser=RefusingParser()) as place:
        place.person()
        with capture_logs() as logs:
            assert isinstance(await delivered(place), Sent)

        (receipt,) = place.server.receipts.sent(7)
        assert "https://news.example/2026/caspian?id=7&page=2" in receipt.text
        assert "<b>" not in receipt.text
        assert [entry["event"] for entry in logs] == ["markup refused, sent as plain text"]


async def test_a_topic_of_a_forum_that_is_gone_is_not_the_group() -> None:
    async with world() as place:
        place.server.people.add_group(-1007, threads=[12])
        there = delivery(chat=chat(-1007, thread_id=99))

        assert isinstance(await attempted(place.server.base_url, there), ThreadGone)


async def test_an_edit_changes_the_message_and_one_that_changes_nothing_is_fine() -> None:
    async with world() as place:
        anna = place.person()
        await delivered(place)
        told = last(anna).id
        withdrawn = stored_alert(changes=Changes(withdrawn=True))
        edit = delivery(kind=DeliveryKind.EDIT, alert=withdrawn, message_id=told)

        for _ in range(2):
            outcome = await attempted(place.server.base_url, edit)
            assert outcome == Sent(message_id=told)

        assert [receipt.method for receipt in place.server.receipts] == [
            *("sendMessage", "editMessageText")
        ]
        assert "سحب الموقع هذا الخبر" in last(anna).text
        assert "strikethrough" in {entity.type for entity in last(anna).entities}


async def test_a_message_that_is_not_there_cannot_be_edited_for_good() -> None:
    async with world() as place:
        place.person()
        edit = delivery(kind=DeliveryKind.EDIT, message_id=999)

        outcome = await attempted(place.server.base_url, edit)

        assert isinstance(outcome, Rejected)
        assert outcome.final


def test_three_chats_that_wait_at_once_are_the_bots_own_limit() -> None:
    time = 0.0
    floods = Floods(clock=lambda: time)

    assert [floods.wait(chat_id, 5).scope for chat_id in (1, 2, 2, 3)] == [
        *("chat", "chat", "chat"),
        "all",
    ]
    time = 6.0
    assert floods.wait(4, 5).scope == "chat"
