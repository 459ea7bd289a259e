"""What a subscriber decides by buttons: modes, quiet hours, digests, mutes, opinions, deletion."""

from datetime import timedelta

import pytest

from marsad.demo.botapi_people import User
from marsad.demo.botapi_state import Standing
from models.delivery import DeliveryKind
from models.schedule import Mode, Quiet, Schedule
from tests.unit.alerts.bidi import first_strong
from tests.unit.alerts.builders import delivery
from tests.unit.alerts.test_bot_conversation import alerted, started
from tests.unit.alerts.test_telegram_notifier import attempted
from tests.unit.alerts.world import World, buttons, last, world

pytestmark = pytest.mark.usefixtures("transport")


async def presses(place: World, person: User, button: str) -> None:
    person.presses(last(person).id, button)
    await place.hears()


async def sends(place: World, person: User, text: str) -> None:
    person.sends(text)
    await place.hears()


async def follower(place: World, language: str = "ar") -> User:
    """A person who follows both topics and looks at them."""
    anna = place.person(language=language)
    await started(place, anna)
    for button in list(buttons(anna))[:2]:
        await presses(place, anna, button)
    return anna


async def test_the_button_beside_a_topic_leads_from_mode_to_mode() -> None:
    async with world("open") as place:
        anna = await follower(place)
        assert buttons(anna)[:2] == ["✅ بحر قزوين", "🔔"]
        seen = []
        for _ in Mode:
            await presses(place, anna, buttons(anna)[1])
            seen.append(buttons(anna)[1])
        assert seen == ["🔕", "🗞", "⚡", "🔔"]
        assert "⚡ عاجل" in last(anna).text
        assert place.store.modes[7]["caspian"] is Mode.NOW


async def test_a_digest_gets_a_time_of_the_configured_zone() -> None:
    async with world("open") as place:
        anna = await follower(place)
        for _ in range(2):
            await presses(place, anna, buttons(anna)[1])
        assert place.store.modes[7]["caspian"] is Mode.DIGEST
        assert place.store.chats[7].schedule == Schedule(zone="Asia/Tehran")


@pytest.mark.parametrize(
    ("presses_of", "expected", "shown"),
    [
        (
            ["22–07"],
            Schedule(zone="Asia/Tehran", quiet=Quiet(begin=1320, end=420, hold=False)),
            "تنبيهات بلا صوت من 22:00 إلى 07:00.",
        ),
        (
            ["00–06", "تأجيل"],
            Schedule(zone="Asia/Tehran", quiet=Quiet(begin=0, end=360, hold=True)),
            "لا تنبيهات من 00:00 إلى 06:00، ويصلك موجزها بعدها.",
        ),
        (
            ["00–06", "تأجيل", "23–08"],
            Schedule(zone="Asia/Tehran", quiet=Quiet(begin=1380, end=480, hold=True)),
            "لا تنبيهات من 23:00 إلى 08:00، ويصلك موجزها بعدها.",
        ),
        (["22–07", "بلا هدوء"], Schedule(zone="Asia/Tehran"), "لا ساعات هادئة."),
        (["🗞 كل ساعة"], Schedule(zone="Asia/Tehran", digest_at=None), "الموجز كل ساعة."),
        (["🗞 20:00"], Schedule(zone="Asia/Tehran", digest_at=1200), "الموجز كل يوم الساعة 20:00."),
        (["Cairo"], Schedule(zone="Africa/Cairo"), "\u2068Africa/Cairo\u2069"),
    ],
    ids=["quiet", "held", "other hours", "not quiet", "hourly", "daily", "zone"],
)
async def test_settings_are_chosen_by_buttons(
    presses_of: list[str], expected: Schedule, shown: str
) -> None:
    async with world("open") as place:
        anna = await follower(place)
        await sends(place, anna, "/settings")
        for button in presses_of:
            await presses(place, anna, button)
        assert place.store.chats[7].schedule == expected
        assert shown in last(anna).text
        assert f"✅ {presses_of[-1]}" in buttons(anna)


async def test_an_alert_carries_buttons_to_judge_and_to_mute_it() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await alerted(place, anna)
        stored = place.store.alerts[0]
        await attempted(place.server.base_url, delivery(alert=stored))
        assert buttons(anna) == [
            "👍 يهمني",
            "👎 لا يهمني",
            "🔕 هذا الخبر",
            "🔕 هذا الموقع",
            "مشاركة",
        ]

        await presses(place, anna, "👎 لا يهمني")
        assert place.store.labels == {(7, 1): False}
        await presses(place, anna, "👍 يهمني")
        assert place.store.labels == {(7, 1): True}
        await presses(place, anna, "🔕 هذا الخبر")
        assert ("story", str(stored.story_id)) in place.store.mutes[7]


async def test_a_muted_site_is_heard_again_from_the_settings() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await alerted(place, anna)
        await attempted(place.server.base_url, delivery(alert=place.store.alerts[0]))
        pressed = anna.presses(last(anna).id, "🔕 هذا الموقع")
        await place.hears()
        assert pressed.answer is not None
        assert "\u2068/sources\u2069" in str(pressed.answer["text"])

        await sends(place, anna, "/settings")
        assert "مواقع كتمتها" in last(anna).text
        await presses(place, anna, "🔕 afaq")
        assert place.store.mutes[7] == set()
        assert "مواقع كتمتها" not in last(anna).text


async def test_several_alerts_and_notices_carry_no_such_buttons() -> None:
    async with world("open") as place:
        anna = place.person()
        notice = delivery(kind=DeliveryKind.NOTICE, alert=None, notice="إشعار")
        await attempted(place.server.base_url, notice)
        assert buttons(anna) == []


async def test_a_link_to_a_topic_follows_it() -> None:
    async with world("open") as place:
        anna = place.person()
        await sends(place, anna, "/start caspian")
        assert set(place.store.topics[7]) == {"caspian"}
        await sends(place, anna, "/start nothing-of-ours")
        assert set(place.store.topics[7]) == {"caspian"}


async def test_a_link_waits_for_approval_with_its_topic() -> None:
    async with world("approval") as place:
        anna = place.person()
        await sends(place, anna, "/start caspian")
        assert set(place.store.topics[7]) == {"caspian"}
        assert "وصل طلبك" in last(anna).text


async def test_forgetting_asks_first_and_then_deletes_everything() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await alerted(place, anna)
        await sends(place, anna, "/mydata")
        assert "الاسم: \u2068سلمى\u2069" in last(anna).text

        await sends(place, anna, "/forget")
        assert 7 in place.store.chats
        await presses(place, anna, "نعم، احذفه")

        assert "حُذف كل شيء" in last(anna).text
        assert 7 not in place.store.chats
        assert 7 not in place.store.topics
        assert list(place.store.of_chat(7)) == []


async def test_latest_turns_pages() -> None:
    async with world("open") as place:
        anna = await follower(place)
        for _ in range(7):
            await alerted(place, anna)
        await sends(place, anna, "/latest")
        assert buttons(anna) == ["▶️"]
        await presses(place, anna, "▶️")
        assert "آخر تنبيهين" in last(anna).text
        assert buttons(anna) == ["◀️"]
        await presses(place, anna, "◀️")
        assert "آخر 5 تنبيهات" in last(anna).text


async def test_a_page_that_is_the_last_leads_nowhere() -> None:
    async with world("open") as place:
        anna = await follower(place)
        for _ in range(5):
            await alerted(place, anna)
        for command in ("/latest", "/search قزوين"):
            await sends(place, anna, command)
            assert buttons(anna) == []


async def test_settings_open_however_many_sites_are_muted() -> None:
    async with world("open") as place:
        anna = await follower(place)
        place.store.mutes[7] = {("site", f"site-{number:03d}") for number in range(150)}
        await sends(place, anna, "/settings")
        assert "مواقع كتمتها" in last(anna).text
        await presses(place, anna, "🔕 site-000")
        assert len(place.store.mutes[7]) == 149


async def test_in_a_group_only_administrators_change_settings() -> None:
    async with world("open") as place:
        boss, member = place.person(1), place.person(8)
        group = place.server.people.add_group(
            -9, members=[(boss, Standing.ADMINISTRATOR), (member, Standing.MEMBER)]
        )
        boss.sends("/start", to=group)
        await place.hears()
        boss.sends("/settings", to=group)
        await place.hears()
        settings = last(group).id
        member.presses(settings, "22–07", in_group=group)
        await place.hears()
        assert place.store.chats[-9].schedule is None
        for command in ("/settings", "/forget", "/mydata"):
            member.sends(command, to=group)
            await place.hears()
            assert "لمشرفيها الظاهرين" in last(group).text
        boss.presses(settings, "22–07", in_group=group)
        await place.hears()
        assert place.store.chats[-9].schedule is not None


@pytest.mark.parametrize(
    "data", ["1:q:9999:0:h", "1:z:Mars/Base", "1:j:x:1", "1:d:-5", "1:zz", "9:f:1"]
)
async def test_data_of_another_version_or_nobodys_changes_nothing(data: str) -> None:
    async with world("open") as place:
        anna = await follower(place)
        before = place.store.chats[7]
        message = last(anna)
        message.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        anna.presses(message.id, data)
        await place.hears()
        assert place.store.chats[7] == before


@pytest.mark.parametrize(("language", "direction"), [("ar", "R"), ("en", "L")])
async def test_every_answer_runs_in_the_direction_of_its_language(
    language: str, direction: str
) -> None:
    async with world("open") as place:
        anna = await follower(place, language)
        for command in ("/settings", "/mydata", "/forget", "/privacy", "/topics", "/help"):
            await sends(place, anna, command)
            lines = [line for line in last(anna).text.splitlines() if line]
            assert all(first_strong(line) in (direction, "") for line in lines), command


async def test_the_archive_is_searched_page_by_page() -> None:
    async with world("open") as place:
        anna = await follower(place)
        for _ in range(6):
            await alerted(place, anna)
        await sends(place, anna, "/search قزوين")
        assert last(anna).text.splitlines()[0] == "\u200fنتائج البحث عن \u2068قزوين\u2069"
        assert buttons(anna) == ["▶️"]
        await presses(place, anna, "▶️")
        assert buttons(anna) == ["◀️"]
        await sends(place, anna, "/search لا وجود له")
        assert "لا نتائج للبحث" in last(anna).text


async def test_a_search_that_was_cut_short_says_how_to_look_further_back() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await alerted(place, anna)
        for query in ("/search قزوين", "/search لا وجود له"):
            await sends(place, anna, query)
            assert "أضف كلمة أخص" not in last(anna).text
            place.store.cuts_searches = True
            await sends(place, anna, query)
            assert "أضف كلمة أخص" in last(anna).text
            place.store.cuts_searches = False


@pytest.mark.parametrize(
    ("query", "answer"),
    [("/search", "اكتب ما تبحث عنه"), ('/search "نصف عبارة', "لا أفهم هذا البحث")],
)
async def test_a_search_that_cannot_be_read_says_how(query: str, answer: str) -> None:
    async with world("open") as place:
        anna = await follower(place)
        await sends(place, anna, query)
        assert answer in last(anna).text


@pytest.mark.parametrize(("minutes", "answers"), [(9, 1), (11, 0)])
async def test_questions_are_answered_for_ten_minutes(minutes: int, answers: int) -> None:
    async with world("open") as place:
        anna = await follower(place)
        before = len(anna.inbox)
        anna.sends("/latest")
        place.shift = timedelta(minutes=minutes)
        await place.hears()
        assert len(anna.inbox) - before == answers


async def test_sources_are_turned_off_and_on_page_by_page() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await sends(place, anna, "/sources")
        assert "من 32 مصدرًا" in last(anna).text
        assert buttons(anna)[0] == "✅ وكالة 00"
        await presses(place, anna, "▶️")
        assert buttons(anna) == ["✅ وكالة 30", "✅ وكالة 31", "◀️"]
        await presses(place, anna, "✅ وكالة 31")
        assert buttons(anna) == ["✅ وكالة 30", "🔕 وكالة 31", "◀️"]
        assert place.store.mutes[7] == {("site", "site-31")}
        await presses(place, anna, "🔕 وكالة 31")
        assert place.store.mutes[7] == set()


async def test_the_button_that_shares_opens_telegrams_page_with_the_article() -> None:
    async with world("open") as place:
        anna = await follower(place)
        await alerted(place, anna)
        await attempted(place.server.base_url, delivery(alert=place.store.alerts[0]))
        link = str(last(anna).buttons[-1]["url"])
        assert link.startswith("https://t.me/share/url?url=https%3A%2F%2Fnews.example%2F")


async def test_a_topic_chosen_in_a_topic_of_a_forum_is_told_there() -> None:
    async with world("open") as place:
        boss = place.person()
        forum = place.server.people.add_group(
            -1007, "منتدى", threads=[12, 13], members=[(boss, Standing.CREATOR)]
        )
        boss.sends("/start", to=forum, thread_id=12)
        await place.hears()
        boss.sends("/topics", to=forum, thread_id=13)
        await place.hears()
        boss.presses(last(forum).id, "▫️ بحر قزوين", in_group=forum)
        await place.hears()
        assert place.store.threads == {(-1007, "caspian"): 13}
        assert place.store.chats[-1007].thread_id == 12
