"""What people write and press, and what the bot answers, over real HTTP."""

from datetime import timedelta

import pytest

from marsad.demo.botapi_people import User
from marsad.demo.botapi_state import Standing
from marsad.demo.faults import Fault
from models.delivery import DeliveryState
from models.subscriber import ChatStatus
from tests.unit.alerts.bidi import first_strong
from tests.unit.alerts.builders import alert, marked
from tests.unit.alerts.world import OPERATOR, World, buttons, last, world

pytestmark = pytest.mark.usefixtures("transport")


async def started(place: World, person: User) -> None:
    person.sends("/start")
    await place.hears()


async def alerted(place: World, person: User, message_id: int | None = None) -> None:
    """The person has received an alert, as the dispatcher records it."""
    now = place.now()
    place.store.topics.setdefault(person.id, {})["iran-russia"] = now - timedelta(days=1)
    stored = place.store.add_alert(alert(), len(place.store.alerts) + 1, now)
    row = next(row for row in place.store.deliveries if row.alert == stored)
    row.close(DeliveryState.SENT, None, now)
    row.message_id = message_id


def replies_to(person: User, text: str, message_id: int) -> None:
    """Writes a reply to a message of the bot's."""
    written = person.people._say(person.account, person.chat, "-", None)
    person.people.queue.put(
        "message",
        {
            **written.as_json(),
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
            "reply_to_message": {**written.as_json(), "message_id": message_id},
        },
    )


def status(place: World, chat_id: int) -> ChatStatus:
    return place.store.chats[chat_id].status


# Subscribing


async def test_with_open_access_a_newcomer_chooses_topics_at_once() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)

        assert last(anna).text.splitlines()[0] == "\u200fأهلًا بك في مرصد."
        assert buttons(anna) == ["▫️ بحر قزوين", "▫️ إيران وروسيا", "English"]
        assert status(place, 7) is ChatStatus.ACTIVE


async def test_a_topic_button_follows_and_unfollows_in_place() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)

        pressed = anna.presses(last(anna).id, "▫️ بحر قزوين")
        await place.hears()
        assert buttons(anna)[0] == "✅ بحر قزوين"
        assert "تتابع موضوعًا واحدًا." in last(anna).text
        assert set(place.store.topics[7]) == {"caspian"}
        assert pressed.answer is not None

        anna.presses(last(anna).id, "✅ بحر قزوين")
        await place.hears()
        assert buttons(anna)[0] == "▫️ بحر قزوين"
        assert place.store.topics[7] == {}
        assert len(anna.inbox) == 1


async def test_a_button_pressed_twice_reaches_the_state_that_it_names() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        for _ in range(2):
            anna.presses(last(anna).id, "▫️ بحر قزوين")
        await place.hears()

        assert set(place.store.topics[7]) == {"caspian"}


async def test_a_button_of_a_topic_that_is_gone_follows_nothing() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        data = {"text": "قديم", "callback_data": "1:t:removed:1"}
        last(anna).buttons[0].update(data)
        anna.presses(last(anna).id, "قديم")
        await place.hears()

        assert place.store.topics.get(7, {}) == {}


async def test_who_waits_follows_nothing_by_an_old_button() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        place.store.change_status(7, ChatStatus.REFUSED, place.now())
        pressed = anna.presses(last(anna).id, "▫️ بحر قزوين")
        await place.hears()

        assert place.store.topics.get(7, {}) == {}
        assert pressed.answer is not None
        assert "بعد موافقة المشرف" in str(pressed.answer["text"])


async def test_with_approval_a_newcomer_waits_and_operators_are_asked_once() -> None:
    async with world() as place:
        boss, anna = place.person(OPERATOR), place.person()
        await started(place, boss)
        asked_before = len(boss.inbox)
        await started(place, anna)
        await started(place, anna)

        assert "وصل طلبك إلى المشرف" in anna.inbox[0].text
        assert "ما زال بانتظار" in last(anna).text
        assert status(place, 7) is ChatStatus.WAITING
        assert len(boss.inbox) == asked_before + 1
        assert "سلمى" in last(boss).text
        assert "@salma · 7" in last(boss).text
        assert buttons(boss) == ["قبول", "رفض"]


async def test_an_approved_newcomer_is_told_and_chooses() -> None:
    async with world() as place:
        boss, anna = place.person(OPERATOR), place.person()
        await started(place, boss)
        await started(place, anna)
        boss.presses(last(boss).id, "قبول")
        await place.hears()

        assert status(place, 7) is ChatStatus.ACTIVE
        assert "وافق المشرف على طلبك." in last(anna).text
        assert buttons(anna)[0] == "▫️ بحر قزوين"
        assert "قُبل الطلب." in last(boss).text
        assert last(boss).buttons == []


async def test_a_refused_newcomer_is_told_and_stays_refused() -> None:
    async with world() as place:
        boss, anna = place.person(OPERATOR), place.person()
        await started(place, boss)
        await started(place, anna)
        boss.presses(last(boss).id, "رفض")
        await place.hears()
        place.access = "open"
        await started(place, anna)

        assert status(place, 7) is ChatStatus.REFUSED
        assert "لم يقبل المشرف" in last(anna).text


async def test_nobody_but_an_operator_approves() -> None:
    async with world() as place:
        boss, anna, eve = place.person(OPERATOR), place.person(7), place.person(8)
        await started(place, boss)
        await started(place, anna)
        place.server.state.chats[8].messages[last(boss).id] = last(boss)
        pressed = eve.presses(last(boss).id, "1:a:7")
        await place.hears()

        assert status(place, 7) is ChatStatus.WAITING
        assert pressed.answer is not None
        assert pressed.answer["text"] == "هذا متاح للمشرفين فقط."


async def test_operators_that_could_not_be_asked_are_asked_at_the_next_start() -> None:
    async with world() as place:
        anna = place.person()
        await started(place, anna)
        boss = place.person(OPERATOR)
        await started(place, anna)

        assert buttons(boss) == ["قبول", "رفض"]


async def test_an_operator_needs_no_approval() -> None:
    async with world() as place:
        boss = place.person(OPERATOR)
        await started(place, boss)

        assert status(place, OPERATOR) is ChatStatus.ACTIVE


@pytest.mark.parametrize("command", ["/topics", "/latest", "/why"])
async def test_who_waits_may_not(command: str) -> None:
    async with world() as place:
        anna = place.person()
        await started(place, anna)
        anna.sends(command)
        await place.hears()

        assert "بعد موافقة المشرف" in last(anna).text


@pytest.mark.parametrize("command", ["/topics", "/latest", "/why", "/stop"])
async def test_who_has_not_started_is_told_how(command: str) -> None:
    async with world() as place:
        anna = place.person()
        anna.sends(command)
        await place.hears()

        assert "/start" in last(anna).text
        assert place.store.chats == {}


async def test_stop_keeps_the_choices_and_start_comes_back_without_asking() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        anna.presses(last(anna).id, "▫️ بحر قزوين")
        anna.sends("/stop")
        await place.hears()
        assert status(place, 7) is ChatStatus.STOPPED
        assert set(place.store.topics[7]) == {"caspian"}

        place.access = "approval"
        await started(place, anna)
        assert status(place, 7) is ChatStatus.ACTIVE
        assert "✅ بحر قزوين" in buttons(anna)


async def test_stop_does_not_jump_the_queue() -> None:
    async with world() as place:
        anna = place.person()
        for command in ("/start", "/stop", "/start"):
            anna.sends(command)
        await place.hears()

        assert status(place, 7) is ChatStatus.WAITING


async def test_blocking_does_not_jump_the_queue() -> None:
    async with world() as place:
        anna = place.person()
        anna.sends("/start")
        anna.blocks_bot()
        anna.unblocks_bot()
        await place.hears()

        assert status(place, 7) is ChatStatus.WAITING


async def test_who_blocks_is_gone_and_who_unblocks_is_back() -> None:
    async with world("open") as place:
        anna = place.person()
        anna.sends("/start")
        anna.blocks_bot()
        await place.hears()
        assert status(place, 7) is ChatStatus.GONE

        anna.unblocks_bot()
        await place.hears()
        assert status(place, 7) is ChatStatus.ACTIVE


# Reading


async def test_latest_shows_five_with_links() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        for number in range(7):
            title = marked(f"الخبر رقم {number} عن موسكو", "موسكو")
            place.store.add_alert(alert(title=title), number, place.now())
        anna.sends("/latest")
        await place.hears()

        assert "آخر 5 تنبيهات:" in last(anna).text
        assert "رقم 6" in last(anna).text
        assert "رقم 1" not in last(anna).text
        assert sum(entity.type == "text_link" for entity in last(anna).entities) == 5


async def test_latest_without_alerts_says_so() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        anna.sends("/latest")
        await place.hears()

        assert last(anna).text == "\u200fلا توجد تنبيهات بعد."


async def test_latest_is_of_the_topics_that_are_followed() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        place.store.add_alert(alert(topics=alert().topics[:1]), 1, place.now())
        place.store.topics[7] = {"caspian": place.now()}
        anna.sends("/latest")
        await place.hears()

        assert last(anna).text == "\u200fلا توجد تنبيهات بعد."


async def test_why_shows_the_proof_of_the_last_alert() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        await alerted(place, anna)
        anna.sends("/why")
        await place.hears()

        assert last(anna).text.replace("\u200f", "").replace("\u2068", "").replace(
            "\u2069", ""
        ) == (
            "وصلك هذا التنبيه:\n"
            "موسكو وطهران تبحثان الملاحة في بحر قزوين\n"
            "\n"
            "لأنك تتابع موضوع إيران وروسيا، وقد وردت في الخبر: موسكو، طهران\n"
            "لأنك تتابع موضوع بحر قزوين، وقد وردت في الخبر: بحر قزوين\n"
            "\n"
            "ومن نص الخبر:\n"
            "بحث وفد من موسكو مع نظيره في طهران خطوط الملاحة الجديدة.\n"
            "وقال الوفد إن العمل يبدأ قريبًا."
        )


async def test_why_answers_the_alert_that_is_replied_to() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        await alerted(place, anna, message_id=500)
        replies_to(anna, "/why", 500)
        await place.hears()
        assert "وصلك هذا التنبيه" in last(anna).text

        replies_to(anna, "/why", 501)
        await place.hears()
        assert "لا تنبيه في هذه الرسالة" in last(anna).text


async def test_help_lists_every_command() -> None:
    async with world() as place:
        anna = place.person()
        anna.sends("/help")
        await place.hears()

        for command in ("start", "topics", "latest", "why", "stop", "help"):
            assert f"/{command}" in last(anna).text


async def test_an_unknown_text_points_at_help() -> None:
    async with world() as place:
        anna = place.person()
        anna.sends("مرحبا")
        anna.sends("/nosuch")
        await place.hears()

        assert ["/help" in message.text for message in anna.inbox] == [True, True]


# Language


async def test_an_english_client_gets_english_left_to_right() -> None:
    async with world("open") as place:
        anna = place.person(language="en-GB")
        await started(place, anna)

        assert last(anna).text.startswith("Welcome to Marsad.")
        assert buttons(anna) == ["▫️ Caspian Sea", "▫️ Iran and Russia", "العربية"]


async def test_the_language_button_switches_in_place_and_stays() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        anna.presses(last(anna).id, "English")
        await place.hears()
        assert buttons(anna)[-1] == "العربية"
        assert "Choose the topics to follow:" in last(anna).text

        anna.sends("/help")
        await place.hears()
        assert "What you can do:" in last(anna).text


async def test_every_arabic_line_is_right_to_left() -> None:
    async with world("open") as place:
        anna = place.person()
        await started(place, anna)
        await alerted(place, anna)
        for command in ("/help", "/topics", "/latest", "/why", "/stop", "؟"):
            anna.sends(command)
        await place.hears()

        assert len(anna.inbox) == 7
        for message in anna.inbox:
            assert {first_strong(line) for line in message.text.split("\n") if line} == {"R"}


# Groups


async def test_in_a_group_only_administrators_change_settings() -> None:
    async with world("open") as place:
        anna, eve = place.person(7), place.person(8)
        members = [(anna, Standing.ADMINISTRATOR), (eve, Standing.MEMBER)]
        group = place.server.people.add_group(-1007, "غرفة الأخبار", members=members)
        eve.sends("/start", to=group)
        await place.hears()
        assert "متاح لمشرفيها" in last(group).text
        assert place.store.chats == {}

        anna.sends("/start", to=group)
        await place.hears()
        assert place.store.chats[-1007].title == "غرفة الأخبار"
        pressed = eve.presses(last(group).id, "▫️ بحر قزوين", in_group=group)
        await place.hears()
        assert place.store.topics.get(-1007, {}) == {}
        assert pressed.answer is not None
        assert "متاح لمشرفيها" in str(pressed.answer["text"])

        anna.presses(last(group).id, "▫️ بحر قزوين", in_group=group)
        await place.hears()
        assert set(place.store.topics[-1007]) == {"caspian"}


async def test_an_anonymous_administrator_is_refused() -> None:
    async with world("open") as place:
        anna = place.person(7)
        group = place.server.people.add_group(
            -1007, "غرفة الأخبار", members=[(anna, Standing.CREATOR)]
        )
        written = anna.sends("تمهيد", to=group).as_json()
        command = {
            "text": "/start",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            "sender_chat": group.chat.as_json(),
        }
        place.server.queue.put("message", written | command)
        await place.hears()

        assert "الظاهرين فقط" in last(group).text
        assert place.store.chats == {}


async def test_in_a_forum_the_bot_answers_in_its_thread() -> None:
    async with world("open") as place:
        anna = place.person(7)
        group = place.server.people.add_group(
            -1007, "منتدى", threads=[12], members=[(anna, Standing.CREATOR)]
        )
        anna.sends("/start", to=group, thread_id=12)
        await place.hears()

        assert last(group).thread_id == 12
        assert place.store.chats[-1007].thread_id == 12


# Time and floods


@pytest.mark.parametrize(("hours", "answers"), [(23.5, 1), (24.5, 0)], ids=["honoured", "too old"])
async def test_commands_are_honoured_for_a_day(hours: float, answers: int) -> None:
    async with world("open") as place:
        anna = place.person()
        anna.sends("/start")
        place.shift = timedelta(hours=hours)
        assert await place.hears() == 1

        assert len(anna.inbox) == answers


async def test_a_flood_is_answered_a_few_times_and_harms_nobody() -> None:
    async with world("open") as place:
        eve, anna = place.person(8), place.person(7)
        for _ in range(300):
            eve.sends("/help")
        anna.sends("/help")
        assert await place.hears() == 301

        assert len(eve.inbox) <= 25
        assert len(anna.inbox) == 1


async def test_a_reply_waits_for_a_short_flood_limit() -> None:
    async with world("open", Fault(kind="flood", times=1, seconds=1.0)) as place:
        anna = place.person()
        anna.sends("/help")
        await place.hears()

        assert len(anna.inbox) == 1
