"""One conversation with every command and every kind of button, by polling and by webhook."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from structlog.testing import capture_logs
from telegram.ext import CommandHandler

from alerts.telegram.bot import TelegramBot
from alerts.telegram.desk import OPERATOR_COMMANDS
from alerts.telegram.presses import Press, press_of
from alerts.telegram.throttle import Throttle
from marsad.demo.botapi_people import User
from marsad.demo.botapi_state import Message
from tests.unit.alerts.builders import delivery
from tests.unit.alerts.test_bot_conversation import alerted
from tests.unit.alerts.test_telegram_notifier import attempted
from tests.unit.alerts.world import OPERATOR, World, world

pytestmark = pytest.mark.usefixtures("transport")

# What is written after a command, where one alone only asks for it.
WRITTEN = {
    "search": ["قزوين"],
    "keywords": ["", "قناة السويس"],
    "broadcast": ["يتوقف البوت ساعة واحدة الليلة"],
    "edit": ["suez + باب المندب", "suez - رياضة"],
    "dryrun": ["suez"],
    "allow": ["9"],
    "deny": ["9"],
}
FAILED = {"update failed", "reply failed", "edit failed", "button not acknowledged"}
# Of buttons that differ only in what they choose, so many are pressed.
OF_A_KIND = 2


class Walk:
    """Sends commands and presses what appears, until nothing new does."""

    def __init__(self, place: World) -> None:
        self.place = place
        self.sent: set[str] = set()
        self.pressed: dict[type, set[str]] = {}

    async def sends(self, who: User, command: str, text: str = "") -> None:
        before = len(who.inbox)
        who.sends(f"/{command} {text}".strip())
        assert await self.place.hears() == 1
        assert len(who.inbox) > before, f"/{command} {text} is not answered"
        self.sent.add(command)

    async def presses_all(self, who: User) -> None:
        while (found := self._next(who)) is not None:
            message, data = found
            self.pressed.setdefault(type(press_of(data)), set()).add(data)
            query = who.presses(message.id, data)
            await self.place.hears()
            assert query.answer is not None, f"{data} is not acknowledged"

    def _next(self, who: User) -> tuple[Message, str] | None:
        """What was pressed least often so far comes first: a menu is gone after some buttons."""
        return min(self._new(who), key=lambda one: self._times(one[1]), default=None)

    def _times(self, data: str) -> int:
        return len(self.pressed.get(type(press_of(data)), ()))

    def _new(self, who: User) -> Iterator[tuple[Message, str]]:
        for message in reversed(who.inbox):
            for button in message.buttons:
                data = str(button.get("callback_data", ""))
                pressed = self.pressed.get(type(press_of(data)), set())
                if data and data not in pressed and self._times(data) < OF_A_KIND:
                    yield message, data


def commands_of(bot: TelegramBot) -> set[str]:
    handlers: list[Any] = [one for group in bot._app.handlers.values() for one in group]
    return {name for one in handlers if isinstance(one, CommandHandler) for name in one.commands}


async def talked_through(place: World) -> Walk:
    walk, boss, anna = Walk(place), place.person(OPERATOR), place.person(7)
    every = commands_of(place.bots[0])
    await walk.sends(boss, "start")
    await walk.sends(anna, "start")
    await walk.presses_all(boss)
    for _ in range(7):
        await alerted(place, anna)
    await attempted(place.server.base_url, delivery(alert=place.store.alerts[0]))
    await walk.presses_all(anna)
    for command in sorted(every - {"stop", "forget", "start"}):
        who = boss if command in OPERATOR_COMMANDS else anna
        for text in WRITTEN.get(command, [""]):
            await walk.sends(who, command, text)
            await walk.presses_all(who)
        await walk.presses_all(boss)
    await walk.sends(anna, "keywords", "قناة السويس")
    await walk.presses_all(anna)
    await walk.sends(anna, "stop")
    await walk.sends(anna, "forget")
    await walk.presses_all(anna)
    return walk


async def test_every_command_is_answered_and_every_kind_of_button_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Throttle, "allows", lambda *_: True)
    async with world("approval") as place:
        with capture_logs() as logs:
            walk = await talked_through(place)
        every = commands_of(place.bots[0])

    assert walk.sent == every
    assert set(walk.pressed) == set(get_args(Press))
    assert {str(entry["event"]) for entry in logs} & FAILED == set()
