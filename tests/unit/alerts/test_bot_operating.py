"""The operator in the chat; nobody else."""

from datetime import timedelta

import pytest

from marsad.demo.botapi_people import User
from models.delivery import DeliveryKind
from models.subscriber import ChatStatus
from storage.errors import DatabaseFailed
from storage.operating import SiteLine
from tests.fakes.memory_store import MemoryStore
from tests.unit.alerts.builders import NOW, delivery
from tests.unit.alerts.test_bot_choices import presses, sends
from tests.unit.alerts.test_telegram_notifier import attempted
from tests.unit.alerts.world import OPERATOR, World, buttons, last, world

pytestmark = pytest.mark.usefixtures("transport")


async def operator(place: World, language: str = "ar") -> User:
    boss = place.person(OPERATOR, language=language)
    await sends(place, boss, "/start")
    return boss


async def link_for(place: World, boss: User) -> str:
    """The argument of /start in an invitation."""
    await sends(place, boss, "/invite")
    return last(boss).text.partition("?start=")[2].rstrip("\u2069")


async def test_counts_are_shown() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/stats")
        assert "المحادثات: \u2068نشطة 1\u2069" in last(boss).text


async def test_sites_in_trouble_come_first() -> None:
    async with world() as place:
        boss = await operator(place, "en")
        place.operating.sites = [
            SiteLine(site="afaq", last_success=NOW, failures=0, problem=None),
            SiteLine(site="banks", last_success=None, failures=3, problem="502"),
            SiteLine(site="coast", last_success=None, failures=0, problem=None),
        ]
        await sends(place, boss, "/sites")
        lines = last(boss).text.splitlines()
        assert lines == [
            "3 sites:",
            "🔴 \u2068banks · –\u2069 · failed 3 times in a row",
            "🟢 \u2068afaq · 2026-03-14 11:30 UTC\u2069",
            "⚪ \u2068coast · –\u2069 · not read yet",
        ]


async def test_a_subscriber_sees_since_when_a_site_is_blind() -> None:
    async with world("open") as place:
        place.operating.sites = [
            SiteLine(
                site="afaq",
                last_success=NOW,
                failures=0,
                problem=None,
                blind_since=NOW,
                proven=False,
            ),
            SiteLine(site="banks", last_success=NOW, failures=0, problem=None, blocked_since=NOW),
        ]
        anna = place.person(7, language="en")
        await sends(place, anna, "/start")
        await sends(place, anna, "/sites")
        moment = "\u20682026-03-14 11:30 UTC\u2069"
        assert last(anna).text.splitlines() == [
            "2 sites:",
            f"🔴 \u2068afaq · 2026-03-14 11:30 UTC\u2069 · blind since {moment}"
            " · could not be read yet",
            f"🟢 \u2068banks · 2026-03-14 11:30 UTC\u2069 · refuses programs since {moment}",
        ]


async def test_a_stranger_does_not_see_the_sites() -> None:
    async with world() as place:
        place.operating.sites = [SiteLine(site="afaq", last_success=NOW, failures=0, problem=None)]
        stranger = place.person(7, language="en")
        await sends(place, stranger, "/sites")
        assert "afaq" not in last(stranger).text


async def test_delivery_is_paused_and_goes_on() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/pause")
        assert place.store.paused
        await sends(place, boss, "/stats")
        assert last(boss).text.startswith("\u200f⏸")
        await sends(place, boss, "/resume")
        assert not place.store.paused


async def test_a_broadcast_is_shown_with_its_count_and_sent_once_when_confirmed() -> None:
    async with world("open") as place:
        boss, anna = await operator(place), place.person(7)
        await sends(place, anna, "/start")
        await sends(place, boss, "/broadcast صيانة الليلة <b>من العاشرة</b>")
        assert last(boss).text.startswith("\u200fتُرسل إلى محادثتين:")
        assert "<b>من العاشرة</b>" in last(boss).text
        assert not place.store.deliveries

        asked = last(boss)
        data = str(asked.buttons[0]["callback_data"])
        await presses(place, boss, "أرسلها")
        assert len(place.store.deliveries) == 2
        assert "تُرسل الآن إلى محادثتين." in last(boss).text
        asked.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        boss.presses(asked.id, "x")
        await place.hears()
        assert len(place.store.deliveries) == 2

        row = place.store.deliveries[0]
        told = delivery(kind=DeliveryKind.BROADCAST, alert=None, notice=row.notice)
        await attempted(place.server.base_url, told)
        assert last(anna).text.splitlines()[0] == "\u200f🔔 رسالة من المشرف"


async def test_an_empty_broadcast_asks_for_its_text() -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/broadcast")
        assert "/broadcast النص" in last(boss).text
        assert buttons(boss) == []


async def test_an_invitation_admits_one_chat_without_asking() -> None:
    async with world() as place:
        boss = await operator(place)
        link = await link_for(place, boss)
        anna, omar = place.person(7), place.person(8)
        await sends(place, anna, f"/start {link}")
        assert place.store.chats[7].status is ChatStatus.ACTIVE
        await sends(place, omar, f"/start {link}")
        assert place.store.chats[8].status is ChatStatus.WAITING


@pytest.mark.parametrize("change", ["forged", "expired"])
async def test_an_invitation_that_is_forged_or_expired_admits_nobody(change: str) -> None:
    async with world() as place:
        boss = await operator(place)
        link = await link_for(place, boss)
        if change == "forged":
            link = link[:-1] + ("0" if link[-1] != "0" else "1")
        else:
            place.operating.invites = {
                code: place.now() - timedelta(days=1) for code in place.operating.invites
            }
        anna = place.person(7)
        await sends(place, anna, f"/start {link}")
        assert place.store.chats[7].status is ChatStatus.WAITING


@pytest.mark.parametrize("command", ["/stats", "/pause", "/resume", "/broadcast مرحبًا", "/invite"])
async def test_for_anybody_else_these_commands_do_not_exist(command: str) -> None:
    async with world("open") as place:
        anna = place.person(7)
        await sends(place, anna, "/start")
        await sends(place, anna, command)
        assert "لا أعرف هذا الأمر" in last(anna).text
        assert not place.store.paused
        assert place.operating.invites == {}


async def test_somebody_elses_yes_to_a_broadcast_sends_nothing() -> None:
    async with world("open") as place:
        boss, anna = await operator(place), place.person(7)
        await sends(place, anna, "/start")
        await sends(place, boss, "/broadcast مرحبًا")
        data = str(last(boss).buttons[0]["callback_data"])
        last(anna).reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        anna.presses(last(anna).id, "x")
        await place.hears()
        assert not place.store.deliveries


async def test_a_broadcast_that_could_not_be_written_is_sent_by_the_next_press(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with world() as place:
        boss = await operator(place)
        await sends(place, boss, "/broadcast صيانة الليلة")
        with monkeypatch.context() as broken:
            broken.setattr(MemoryStore, "_add", _refuse)
            await presses(place, boss, "أرسلها")
        await presses(place, boss, "أرسلها")
        assert [row.notice for row in place.store.deliveries] == ["صيانة الليلة"]


def _refuse(*_: object) -> None:
    raise DatabaseFailed("disk I/O error")
