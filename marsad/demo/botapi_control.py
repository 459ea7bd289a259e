"""The people's side over HTTP, for a local Bot API that runs in a process of its own."""

import json
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Protocol, Self, cast

import httpx
from aiohttp import web

from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_people import People
from marsad.demo.botapi_state import Standing
from marsad.demo.faults import Fault, FaultPlan
from marsad.demo.receipts import Receipt, Receipts, receipt_of

JsonObject = dict[str, object]
# What the control path answers at once may take so long on a busy machine.
_SECONDS = 70.0


class Controlled(Protocol):
    """What the control path needs of the server."""

    people: People
    receipts: Receipts
    limits: FloodLimits
    faults: FaultPlan

    async def until(self, condition: Callable[[], object], within: float = ...) -> None: ...


def control_routes(server: Controlled, prefix: str) -> list[web.RouteDef]:
    """POST {prefix}/{action} with a JSON object of its arguments."""

    async def act(request: web.Request) -> web.Response:
        action = _ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound(text=f"no such action; there are: {', '.join(_ACTIONS)}")
        arguments = json.loads(await request.read() or b"{}")
        try:
            result = action(server, arguments)
        except (LookupError, ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(result)

    async def wait(request: web.Request) -> web.Response:
        """Until a chat (or all together) received this many messages."""
        given = json.loads(await request.read())
        chat_id, count = given.get("chat_id"), int(given["count"])
        try:
            await server.until(
                lambda: len(server.receipts.sent(chat_id)) >= count, given.get("within", 10.0)
            )
        except TimeoutError:
            return web.json_response({"error": "timed out"}, status=408)
        return web.json_response([asdict(r) for r in server.receipts.sent(chat_id)])

    return [web.post(f"{prefix}/wait", wait), web.post(f"{prefix}/{{action}}", act)]


def _add_user(server: Controlled, given: JsonObject) -> object:
    server.people.add_user(**given)  # type: ignore[arg-type]  # checked by the signature
    return True


def _add_group(server: Controlled, given: JsonObject) -> object:
    rest = {name: value for name, value in given.items() if name not in ("bot", "members")}
    members = cast("list[tuple[int, str]]", given.get("members", []))
    server.people.add_group(
        **rest,  # type: ignore[arg-type]  # checked by the signature
        bot=Standing(str(given.get("bot", "member"))),
        members=[(server.people.user(user_id), Standing(s)) for user_id, s in members],
    )
    return True


def _sends(server: Controlled, given: JsonObject) -> object:
    people = server.people
    group = people.group(_integer(given, "to")) if "to" in given else None
    user = people.user(_integer(given, "user_id"))
    return user.sends(str(given["text"]), to=group).id


def _presses(server: Controlled, given: JsonObject) -> object:
    people = server.people
    group = people.group(_integer(given, "in_group")) if "in_group" in given else None
    user = people.user(_integer(given, "user_id"))
    button = str(given["button"])
    return user.presses(_integer(given, "message_id"), button, in_group=group).id


def _changes(server: Controlled, given: JsonObject) -> object:
    """{"user_id": 7, "what": "blocks"}; what: blocks, unblocks, deletes_account."""
    user = server.people.user(_integer(given, "user_id"))
    changes = {
        "blocks": user.blocks_bot,
        "unblocks": user.unblocks_bot,
        "deletes_account": user.deletes_account,
    }
    changes[str(given["what"])]()
    return True


def _migrates(server: Controlled, given: JsonObject) -> object:
    return server.people.group(_integer(given, "chat_id")).migrates(_integer(given, "new")).id


def _kicks(server: Controlled, given: JsonObject) -> object:
    user = server.people.user(_integer(given, "by"))
    server.people.group(_integer(given, "chat_id")).kicks_bot(user)
    return True


def _inbox(server: Controlled, given: JsonObject) -> object:
    return [message.as_json() for message in server.people.inbox(_integer(given, "chat_id"))]


def _answer(server: Controlled, given: JsonObject) -> object:
    return server.people.state.pressed[str(given["query_id"])].answer


def _receipts(server: Controlled, given: JsonObject) -> object:
    return [asdict(receipt) for receipt in server.receipts]


def _set_faults(server: Controlled, given: JsonObject) -> object:
    faults = cast("list[object]", given["faults"])
    seed = _integer(given, "seed") if "seed" in given else 0
    server.faults = FaultPlan([Fault.model_validate(fault) for fault in faults], seed)
    return True


def _set_limits(server: Controlled, given: JsonObject) -> object:
    server.limits.enabled = bool(given["enabled"])
    return True


def _refusals(server: Controlled, given: JsonObject) -> object:
    """How many calls were answered 429 for the limits."""
    return server.limits.refused


def _integer(given: JsonObject, name: str) -> int:
    return int(str(given[name]))


_ACTIONS: dict[str, Callable[[Controlled, JsonObject], object]] = {
    "add_user": _add_user,
    "add_group": _add_group,
    "sends": _sends,
    "presses": _presses,
    "changes": _changes,
    "kicks": _kicks,
    "migrates": _migrates,
    "inbox": _inbox,
    "answer": _answer,
    "receipts": _receipts,
    "faults": _set_faults,
    "limits": _set_limits,
    "refusals": _refusals,
}


class BotApiControl:
    """The client of control_routes: people of a local Bot API in another process."""

    def __init__(self, control_url: str) -> None:
        self._client = httpx.AsyncClient(base_url=control_url + "/", trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def do(self, action: str, **arguments: object) -> object:
        """Any action of the control path. Raises LookupError with the server's reason."""
        return await self._asked(action, arguments, _SECONDS)

    async def _asked(self, action: str, arguments: JsonObject, seconds: float) -> object:
        answer = await self._client.post(action, json=arguments, timeout=seconds)
        if answer.status_code == httpx.codes.REQUEST_TIMEOUT:
            raise TimeoutError(action)
        if answer.is_error:
            raise LookupError(answer.text)
        return answer.json()

    async def add_user(self, user_id: int, **rest: object) -> None:
        await self.do("add_user", user_id=user_id, **rest)

    async def sends(self, user_id: int, text: str) -> None:
        await self.do("sends", user_id=user_id, text=text)

    async def presses(self, user_id: int, message_id: int, button: str) -> None:
        await self.do("presses", user_id=user_id, message_id=message_id, button=button)

    async def inbox(self, chat_id: int) -> list[JsonObject]:
        """The bot's messages as they look now, in the Bot API's own shape."""
        return cast("list[JsonObject]", await self.do("inbox", chat_id=chat_id))

    async def receipts(self) -> list[Receipt]:
        return _as_receipts(await self.do("receipts"))

    async def wait(
        self, count: int, chat_id: int | None = None, within: float = 10.0
    ) -> list[Receipt]:
        """All messages sent to the chat, once there are `count`. Raises TimeoutError."""
        wanted: JsonObject = {"count": count, "chat_id": chat_id, "within": within}
        found = await self._asked("wait", wanted, within + _SECONDS)
        return _as_receipts(found)


def _as_receipts(rows: object) -> list[Receipt]:
    return [receipt_of(row) for row in cast("list[dict[str, Any]]", rows)]
