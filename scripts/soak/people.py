"""People who use the bot, and how long each answer takes to arrive at the Bot API."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.telegram.texts.moment import A_MOMENT
from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_people import User
from marsad.demo.botapi_wire import Parameters

_PAUSE = (2.2, 3.4)  # the bot takes a command of a person every two seconds
_PATIENCE = 30.0
_CHANGES_WITHIN = 10.0
_COMMANDS = ("/topics", "/latest", "/why", "/settings", "/help", "/search إيران", "/mydata")
# Following, ways of telling, quiet hours, digests, zones: what a person tries out.
_HARMLESS = ("1:t:", "1:m:", "1:q:", "1:d:", "1:z:")

Call = tuple[str, Parameters]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A command or a button: when, and how many milliseconds until the bot answered.
    `asked_to_wait`: the answer was that it takes a moment."""

    what: str
    at: float
    ms: float
    asked_to_wait: bool = False


@dataclass(slots=True)
class Waits:
    """`changes`: of messages, after their buttons."""

    answers: list[Waited] = field(default_factory=list)
    changes: list[Waited] = field(default_factory=list)


class Arrivals(list[Call]):
    """The calls of a BotApiServer, which notes when those arrive that somebody waits for: the
    server's own moment, so that people who are woken late do not count as waiting."""

    def __init__(self) -> None:
        super().__init__()
        self._awaited: dict[str, asyncio.Future[tuple[float, str]]] = {}

    def append(self, call: Call) -> None:
        super().append(call)
        awaited = self._awaited.pop(_answers(*call), None)
        if awaited is not None and not awaited.done():
            awaited.set_result((time.monotonic(), call[1].text("text")))

    def of(self, key: str) -> "asyncio.Future[tuple[float, str]]":
        """When the next such call arrives, and its text."""
        self._awaited[key] = asyncio.get_running_loop().create_future()
        return self._awaited[key]


def _answers(method: str, parameters: Parameters) -> str:
    """What a call is an answer to; alerts, which have buttons to judge them, are none."""
    chat = parameters.text("chat_id")
    match method.lower():
        case "answercallbackquery":
            return f"query {parameters.text('callback_query_id')}"
        case "editmessagetext" | "editmessagereplymarkup":
            return f"message {chat} {parameters.text('message_id')}"
        case name if name.startswith("send") and "1:j:" not in parameters.text("reply_markup"):
            return f"chat {chat}"
    return ""


async def greet(server: BotApiServer, count: int) -> list[User]:
    """So many people, who are known to the bot when this returns."""
    people = [server.people.add_user(1000 + number) for number in range(count)]
    for person in people:
        person.sends("/start")
    await server.until(lambda: all(person.inbox for person in people), within=_PATIENCE)
    return people


async def use(arrivals: Arrivals, person: User, waits: Waits, until: float) -> None:
    chance = random.Random(person.id)
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(*_PAUSE))
        buttons = _buttons(person)
        if buttons and chance.random() < 0.4:
            await _press(arrivals, person, *chance.choice(buttons), waits)
        else:
            await _ask(arrivals, person, chance.choice(_COMMANDS), waits)


async def _ask(arrivals: Arrivals, person: User, command: str, waits: Waits) -> None:
    key = f"chat {person.id}"
    answered = arrivals.of(key)
    waited = await _waited(command, answered, lambda: person.sends(command))
    waits.answers.append(waited)
    if waited.asked_to_wait:
        # What was asked for comes later, and is no answer to the next command.
        await asyncio.wait({arrivals.of(key)}, timeout=_PATIENCE)


async def _press(
    arrivals: Arrivals, person: User, message_id: int, data: str, waits: Waits
) -> None:
    """The button's clock goes away; then the message changes, if it did not look so already."""
    changed = arrivals.of(f"message {person.id} {message_id}")
    at = time.monotonic()
    pressed = person.presses(message_id, data)
    answered = arrivals.of(f"query {pressed.id}")
    waits.answers.append(await _waited(f"[{data}]", answered, lambda: None, at))
    if (await asyncio.wait({changed}, timeout=_CHANGES_WITHIN))[0]:
        waits.changes.append(Waited(what=f"[{data}]", at=at, ms=(changed.result()[0] - at) * 1e3))


async def _waited(
    what: str,
    answered: "asyncio.Future[tuple[float, str]]",
    begin: Callable[[], object],
    at: float | None = None,
) -> Waited:
    """What does not come at all has waited for the whole patience, and is counted so."""
    at = time.monotonic() if at is None else at
    begin()
    if not (await asyncio.wait({answered}, timeout=_PATIENCE))[0]:
        return Waited(what=what, at=at, ms=_PATIENCE * 1e3)
    arrived, text = answered.result()
    return Waited(what=what, at=at, ms=(arrived - at) * 1e3, asked_to_wait=text == A_MOMENT["ar"])


def _buttons(person: User) -> list[tuple[int, str]]:
    """Of the person's newest message with settings or topics."""
    for message in reversed(person.inbox[-10:]):
        data = [one for one in _data(message.as_json()) if one.startswith(_HARMLESS)]
        if data:
            return [(message.id, one) for one in data]
    return []


def _data(message: dict[str, object]) -> list[str]:
    markup = message.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", ()) if isinstance(markup, dict) else ()
    return [str(button.get("callback_data", "")) for row in rows for button in row]
