"""The operator edits topics and tries the rules in the chat; nobody else, and nowhere else."""

from datetime import timedelta

import pytest

from alerts.telegram.editing import edit_of
from alerts.telegram.rulebook import Edit, Refused, Trouble
from marsad.demo.botapi_state import Standing
from tests.unit.alerts.bidi import first_strong
from tests.unit.alerts.test_bot_choices import presses, sends
from tests.unit.alerts.test_bot_operating import operator
from tests.unit.alerts.world import OPERATOR, buttons, last, world

ADDED = Edit(name="suez", operation="add", value="باب المندب")


@pytest.mark.parametrize(
    ("written", "edit"),
    [
        ("suez + باب المندب", ADDED),
        ("suez +باب  المندب", ADDED),
        ("suez - رياضة", Edit(name="suez", operation="drop", value="رياضة")),
        ("suez ! رياضة", Edit(name="suez", operation="forbid", value="رياضة")),
        (
            "suez any[2].within = 5",
            Edit(name="suez", operation="set", value="5", place="any[2].within"),
        ),
        ("suez max_age=48h", Edit(name="suez", operation="set", value="48h", place="max_age")),
        ("iran-russia", None),
        ("suez باب المندب", None),
    ],
)
def test_what_is_written_after_the_command_is_an_edit(written: str, edit: Edit | None) -> None:
    assert edit_of(written) == edit


async def test_an_edit_is_shown_with_its_effect_saved_by_a_button_and_undone_by_another() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/edit suez + باب المندب")
        assert place.rulebook.edits == [ADDED]
        text = last(boss).text.replace("\u200f", "").replace("\u2068", "").replace("\u2069", "")
        assert text.splitlines() == [
            "تعديل لم يُحفظ بعد: topics/suez.yaml",
            "يُضاف: - باب المندب",
            "",
            "الأثر في آخر 300 خبر:",
            "• قناة السويس: 5 تنبيهات (من قبل: تنبيهان)",
            "➕ سفن الشحن تعود إلى باب المندب",
            "➕ و3 تنبيهات أخرى",
            "➖ افتتاح متحف في السويس",
        ]
        assert buttons(boss) == ["حفظ", "إلغاء"]
        assert place.rulebook.saved == []

        await presses(place, boss, "حفظ")
        assert place.rulebook.saved == [("k1", OPERATOR)]
        assert "حُفظ التعديل" in last(boss).text
        await presses(place, boss, "تراجع")
        assert place.rulebook.undone == [("u1", OPERATOR)]
        assert "عاد الملف كما كان" in last(boss).text


async def test_a_discarded_edit_is_not_saved() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/edit suez within = 5")
        await presses(place, boss, "إلغاء")
        assert place.rulebook.saved == []
        assert buttons(boss) == []


async def test_the_last_edit_is_undone_by_command() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/undo")
        assert place.rulebook.undone == [(None, OPERATOR)]


async def test_a_name_shows_what_can_be_edited_and_nothing_shows_how() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/edit")
        assert "\u2068suez\u2069 · \u2068ships\u2069" in last(boss).text
        await sends(place, boss, "/edit suez")
        for shown in ("باب المندب", "رياضة", "any[2].within = 8", "ships"):
            assert shown in last(boss).text
        await sends(place, boss, "/edit suex")
        assert "لعلك تقصد: \u2068suez\u2069" in last(boss).text


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("present", "هو كذلك أصلًا"),
        ("absent", "ليست في الملف"),
        ("place", "لا يصح هذا التعديل هنا"),
        ("number", "القيمة رقم"),
        ("stale", "تغير الملف"),
        ("gone", "لا تعديل بانتظار"),
        ("unwritable", "تعذرت كتابة"),
    ],
)
async def test_what_cannot_be_done_says_why(trouble: Trouble, said: str) -> None:
    async with world() as place:
        place.rulebook.refusal = Refused(trouble=trouble)
        boss = await operator(place)
        await sends(place, boss, "/edit suez + باب المندب")
        assert said in last(boss).text
        assert buttons(boss) == []


async def test_problems_are_shown_in_the_words_of_the_check() -> None:
    async with world() as place:
        place.rulebook.refusal = Refused(problems=("topics/suez.yaml:9:5: an example fails",))
        boss = await operator(place)
        await sends(place, boss, "/edit suez + باب المندب")
        assert "\u2068topics/suez.yaml:9:5: an example fails\u2069" in last(boss).text


@pytest.mark.parametrize(
    ("written", "time", "shown"),
    [
        ("", timedelta(hours=24), "آخر يوم"),
        ("6", timedelta(hours=6), "آخر 6 ساعات"),
        ("12h", timedelta(hours=12), "آخر 12 ساعة"),
        ("7d", timedelta(days=7), "آخر 7 أيام"),
        ("٧ ي", timedelta(days=7), "آخر 7 أيام"),
        ("999d", timedelta(days=31), "آخر 31 يومًا"),
    ],
)
async def test_a_dry_run_of_hours_or_days(written: str, time: timedelta, shown: str) -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, f"/dryrun {written}")
        assert place.rulebook.times == [time]
        assert shown in last(boss).text
        assert "1200 خبر" in last(boss).text


async def test_a_time_that_cannot_be_read_says_how() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/dryrun دائمًا")
        assert "/dryrun 7d" in last(boss).text
        assert place.rulebook.times == []


@pytest.mark.parametrize("command", ["/edit suez + باب", "/undo", "/dryrun"])
async def test_for_others_and_in_groups_the_commands_do_not_exist(command: str) -> None:
    async with world("open") as place:
        boss, anna = await operator(place), place.person()
        await sends(place, anna, "/start")
        await sends(place, anna, command)
        assert "لا أعرف هذا الأمر" in last(anna).text
        group = place.server.people.add_group(-9, members=[(boss, Standing.ADMINISTRATOR)])
        boss.sends("/start", to=group)
        await place.hears()
        before = len(group.inbox)
        boss.sends(command, to=group)
        await place.hears()
        assert len(group.inbox) == before
        book = place.rulebook
        assert (book.edits, book.undone, book.times) == ([], [], [])


async def test_a_save_button_in_other_hands_saves_nothing() -> None:
    async with world("open") as place:
        boss, anna = await operator(place), place.person()
        await sends(place, anna, "/start")
        await sends(place, boss, "/edit suez + باب المندب")
        last(anna).reply_markup = last(boss).reply_markup
        pressed = anna.presses(last(anna).id, "حفظ")
        await place.hears()
        assert place.rulebook.saved == []
        assert pressed.answer is not None
        assert "للمشرفين فقط" in str(pressed.answer["text"])


@pytest.mark.parametrize(("language", "direction"), [("ar", "R"), ("en", "L")])
async def test_every_line_runs_in_the_direction_of_the_language(
    language: str, direction: str
) -> None:
    async with world() as place:
        boss = await operator(place, language)
        for text in (
            "/edit",
            "/edit suez",
            "/edit suex",
            "/edit suez + باب",
            "/dryrun 7d",
            "/undo",
        ):
            await sends(place, boss, text)
            lines = [line for line in last(boss).text.splitlines() if line]
            assert all(first_strong(line) in (direction, "") for line in lines), text
