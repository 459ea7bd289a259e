"""Keywords of a subscriber's own: permission, adding, deleting, being told."""

from dataclasses import replace

import pytest

from alerts.keywords import MOST, topic_name
from marsad.demo.botapi_people import User
from models.alert import TopicMatch
from models.delivery import DeliveryState
from models.schedule import Mode
from models.text import Localized
from tests.unit.alerts.bidi import first_strong
from tests.unit.alerts.builders import alert
from tests.unit.alerts.test_bot_choices import presses, sends
from tests.unit.alerts.world import OPERATOR, World, buttons, last, world

SUEZ = "قناة السويس"


async def subscriber(place: World, language: str = "ar") -> User:
    anna = place.person(language=language)
    await sends(place, anna, "/start")
    return anna


async def test_an_operator_is_asked_once_and_allows() -> None:
    async with world("open") as place:
        boss, anna = place.person(OPERATOR), await subscriber(place)
        await sends(place, boss, "/start")
        await sends(place, anna, "/keywords")
        assert "لمن يأذن له المشرف" in last(anna).text
        asked_before = len(boss.inbox)
        for _ in range(2):
            await presses(place, anna, "طلب الإذن")
        assert len(boss.inbox) == asked_before + 1
        assert "سلمى" in last(boss).text

        await presses(place, boss, "قبول")
        assert "أذن لك المشرف" in last(anna).text
        assert place.store.may_have_keywords == {7}
        await sends(place, anna, f"/keywords {SUEZ}")
        assert place.store.keywords == {topic_name(SUEZ): SUEZ}


async def test_only_operators_allow() -> None:
    async with world("open") as place:
        boss, anna = place.person(OPERATOR), await subscriber(place)
        await sends(place, boss, "/start")
        await sends(place, anna, "/keywords")
        await presses(place, anna, "طلب الإذن")
        last(anna).reply_markup = last(boss).reply_markup
        await presses(place, anna, "قبول")
        assert place.store.may_have_keywords == set()
        await sends(place, anna, "/allow 7")
        assert "لا أعرف هذا الأمر" in last(anna).text


async def test_permission_by_command_and_its_end_deletes_the_keywords() -> None:
    async with world("open") as place:
        boss, anna = place.person(OPERATOR), await subscriber(place)
        await sends(place, boss, "/start")
        await sends(place, boss, "/allow")
        assert "/allow 12345" in last(boss).text
        await sends(place, boss, f"/allow {10**20}")
        assert "/allow 12345" in last(boss).text
        await sends(place, boss, "/allow 99")
        assert "لم تعد مسجلة" in last(boss).text
        await sends(place, boss, "/allow 7")
        assert "أُذن له" in last(boss).text
        await sends(place, anna, f"/keywords {SUEZ}")
        await sends(place, boss, "/deny 7")
        assert "لم يأذن لك المشرف" in last(anna).text
        assert place.store.keywords == {}
        assert place.store.topics[7] == {}


async def test_where_nobody_may_nothing_is_offered() -> None:
    async with world("open") as place:
        place.keyword_access = "nobody"
        anna = await subscriber(place)
        await sends(place, anna, f"/keywords {SUEZ}")
        assert "غير متاحة" in last(anna).text
        assert buttons(anna) == []


async def test_where_everybody_may_a_keyword_is_added_at_once() -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place)
        await sends(place, anna, "/keywords")
        assert "لم تضف كلمات" in last(anna).text
        await sends(place, anna, f"/keywords\n{SUEZ}")
        assert f"أُضيفت: \u2068{SUEZ}\u2069" in last(anna).text
        assert "وردت في 3 من آخر 300 خبر." in last(anna).text
        assert buttons(anna) == [f"✖️ {SUEZ}", "🔔"]
        # who was let have keywords keeps them when the operator becomes stricter
        assert place.store.may_have_keywords == {7}


async def test_buttons_change_how_a_keyword_is_told_and_delete_it() -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place)
        await sends(place, anna, f"/keywords {SUEZ}")
        await presses(place, anna, "🔔")
        assert place.store.modes[7] == {topic_name(SUEZ): Mode.SILENT}
        assert buttons(anna) == [f"✖️ {SUEZ}", "🔕"]
        await presses(place, anna, f"✖️ {SUEZ}")
        assert place.store.keywords == {}
        assert "لم تضف كلمات" in last(anna).text


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("نفط*", "بلا رموز"),
        ("و", "أقصر من أن"),
        ("كلمة " * 7, "عبارة أقصر"),
        ("الطاقة", "شائعة جدًا"),
    ],
)
async def test_what_cannot_be_a_keyword_is_refused_with_the_reason(
    written: str, answer: str
) -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        place.found["الطاقة"] = 100
        anna = await subscriber(place)
        await sends(place, anna, f"/keywords {written}")
        assert answer in last(anna).text
        assert place.store.keywords == {}


async def test_keywords_are_bounded_and_each_is_added_once() -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place)
        for number in range(MOST):
            await place.subscribers.watch_for(7, f"kw-{number}", f"كلمة {number}", place.now())
        await sends(place, anna, f"/keywords {SUEZ}")
        assert f"لك {MOST} كلمة" in last(anna).text
        await place.subscribers.stop_watching_for(7, "kw-0")
        for _ in range(2):
            await sends(place, anna, f"/keywords {SUEZ}")
        assert "مضافة من قبل" in last(anna).text
        assert len(place.store.keywords) == MOST


async def test_an_alert_on_a_keyword_is_explained_and_listed() -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place)
        await sends(place, anna, f"/keywords {SUEZ}")
        match = TopicMatch(
            topic=topic_name(SUEZ), title=Localized(SUEZ), words=("لقناة السويس",), score=1.0
        )
        stored = place.store.add_alert(replace(alert(), topics=(match,)), 1, place.now())
        (row,) = place.store.of_chat(7)
        row.close(DeliveryState.SENT, None, place.now())
        await sends(place, anna, "/why")
        assert f"لأن كلمتك \u2068{SUEZ}\u2069 وردت في الخبر: \u2068لقناة السويس\u2069" in (
            last(anna).text
        )
        await sends(place, anna, "/latest")
        assert stored.alert.title.text in last(anna).text


async def test_my_data_has_the_keywords_and_forgetting_deletes_them() -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place)
        await sends(place, anna, f"/keywords {SUEZ}")
        await sends(place, anna, "/mydata")
        assert SUEZ in last(anna).text
        await sends(place, anna, "/forget")
        await presses(place, anna, "نعم، احذفه")
        assert place.store.keywords == {}
        assert place.store.may_have_keywords == set()


@pytest.mark.parametrize(("language", "direction"), [("ar", "R"), ("en", "L")])
async def test_answers_run_in_the_direction_of_their_language(
    language: str, direction: str
) -> None:
    async with world("open") as place:
        place.keyword_access = "everybody"
        anna = await subscriber(place, language)
        for text in ("", SUEZ, "نفط*", "الطاقة", "F-16"):
            await sends(place, anna, f"/keywords {text}")
            lines = [line for line in last(anna).text.splitlines() if line]
            assert all(first_strong(line) in (direction, "") for line in lines), text


async def test_a_request_that_reached_no_operator_is_made_again() -> None:
    async with world("open") as place:
        anna = await subscriber(place)
        await sends(place, anna, "/keywords")
        await presses(place, anna, "طلب الإذن")
        boss = place.person(OPERATOR)
        await sends(place, boss, "/start")
        await presses(place, anna, "طلب الإذن")
        assert "سلمى" in last(boss).text
