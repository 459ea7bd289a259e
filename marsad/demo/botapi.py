"""A local Bot API: real HTTP on loopback, as strict as Telegram's, for the demo and the tests.

    async with BotApiServer(token="1:abc") as server:
        anna = server.people.add_user(7)
        anna.sends("/start")
        ...                        # the bot polls server.base_url
        await server.until(lambda: anna.inbox)

As a process of its own: python -m marsad.demo.botapi --port 0 --token T --receipts FILE
prints one line of JSON: base_url (append the token, as with Telegram's) and control.
"""

import argparse
import asyncio
import json
import secrets
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from aiohttp import web

from marsad.demo.botapi_control import control_routes
from marsad.demo.botapi_html import HtmlTextParser
from marsad.demo.botapi_limits import FloodLimits
from marsad.demo.botapi_methods import Methods
from marsad.demo.botapi_people import People
from marsad.demo.botapi_state import Account, BotApiState
from marsad.demo.botapi_text import TextParser
from marsad.demo.botapi_updates import MAX_POLL_SECONDS, Update, UpdateQueue
from marsad.demo.botapi_webhook import Webhook
from marsad.demo.botapi_wire import (
    Parameters,
    Refusal,
    as_parameters,
    bad_request,
    too_many_requests,
)
from marsad.demo.faults import Fault, FaultPlan, read_faults
from marsad.demo.receipts import Receipts

DEMO_TOKEN = "4242:local-demo-token"  # noqa: S105  (opens nothing but this server)
# A file stands for itself: what is in it is nobody's business here.
_UPLOADED = "attach://file"
_MAX_BODY_BYTES = 50 * 2**20
_PROXY_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>{0}</body>\r\n</html>\r\n"


class BotApiServer:
    """One bot's Bot API. `receipts` says what was delivered, `people` is the people's side."""

    def __init__(
        self,
        token: str = DEMO_TOKEN,
        *,
        username: str = "marsad_local_bot",
        parser: TextParser | None = None,
        limits: FloodLimits | None = None,
        faults: FaultPlan | None = None,
        receipts: Path | None = None,
        clock: Callable[[], float] = time.time,
        port: int = 0,
        resolve: Callable[[str], str | None] = lambda _host: None,
    ) -> None:
        """`resolve`: what getWebhookInfo shows as the address of a webhook's host."""
        self.token = token
        self.receipts = Receipts(receipts)
        self.limits = limits or FloodLimits()
        self.faults = faults or FaultPlan()
        self.clock = clock
        self.calls: list[tuple[str, Parameters]] = []
        bot_id = int(token.partition(":")[0])
        bot = Account(id=bot_id, first_name="مرصد", username=username, is_bot=True)
        self.state = BotApiState(bot)
        self.queue = UpdateQueue(clock)
        self.webhook = Webhook(self.queue, clock, resolve)
        self.people = People(self.state, self.queue, clock)
        self.methods = Methods(
            self.state, parser or HtmlTextParser(), self.limits, self.receipts, clock
        )
        self._port = port
        self._secret = secrets.token_urlsafe(16)
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()

    @property
    def origin(self) -> str:
        """http://127.0.0.1:PORT"""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as base_url."""
        return f"{self.origin}/bot"

    @property
    def control_url(self) -> str:
        """Where the people's side is reached over HTTP; unguessable."""
        return f"{self.origin}/{self._secret}"

    async def start(self) -> None:
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.add_routes(control_routes(self, f"/{self._secret}"))
        app.router.add_route("*", "/{path:.*}", self._handle)
        # No access log: it would hold the token.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self._stopping.set()
        self.queue.interrupt("terminated by the end of the server")
        await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        self.receipts.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def until(self, condition: Callable[[], object], within: float = 30.0) -> None:
        """Return as soon as the condition holds; it is looked at after each call.

        Raises TimeoutError after `within` seconds.
        """
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            name = self._authorized_method(request.path)
            parameters = await _parameters(request)
            fault = self.faults.next(name, _chat_id(parameters))
            if fault is None:
                return await self._answer(name, parameters)
            return await self._fail(request, fault, name, parameters)
        except Refusal as refusal:
            return _refused(refusal)
        except ConnectionResetError:
            # The client died while it was asking: nobody waits for the answer.
            return web.Response()
        finally:
            self._changed.set()

    def _authorized_method(self, path: str) -> str:
        if not path.startswith("/bot"):
            raise Refusal(404)
        token, _, name = path.removeprefix("/bot").partition("/")
        if ":" not in token or token.startswith("0") or len(token) > 80:
            raise Refusal(401, "invalid token specified")
        if not secrets.compare_digest(token, self.token):
            raise Refusal(401)
        if self.methods.find(name) is None and name.lower() not in _ASYNC_METHODS:
            raise Refusal(404, "method not found")
        return name

    async def _answer(self, name: str, parameters: Parameters) -> web.Response:
        self.calls.append((name, parameters))
        self._changed.set()
        try:
            result = await self._call(name, parameters)
        except Refusal as refusal:
            return _refused(refusal)
        return web.json_response({"ok": True, "result": result})

    async def _call(self, name: str, parameters: Parameters) -> object:
        match name.lower():
            case "getupdates":
                return await self._get_updates(parameters)
            case "setwebhook":
                self.queue.allow(_allowed_updates(parameters))
                return await self.webhook.set(parameters)
            case "deletewebhook":
                dropped = {"drop_pending_updates": parameters.text("drop_pending_updates")}
                return await self.webhook.set(as_parameters(dropped))
            case "getwebhookinfo":
                return self.webhook.info()
        method = self.methods.find(name)
        assert method is not None
        return method(parameters)

    async def _get_updates(self, parameters: Parameters) -> list[Update]:
        if self.webhook.url:
            raise Refusal(
                409,
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.queue.allow(_allowed_updates(parameters))
        limit = parameters.integer("limit", 100)
        return await self.queue.get(
            offset=parameters.integer("offset"),
            limit=min(max(limit, 1), 100),
            wait=min(max(parameters.integer("timeout"), 0), MAX_POLL_SECONDS),
        )

    async def _fail(
        self, request: web.Request, fault: Fault, name: str, parameters: Parameters
    ) -> web.StreamResponse:
        if fault.kind == "slow":
            await self._pause(fault.seconds)
            return await self._answer(name, parameters)
        if fault.accepted:
            await self._answer(name, parameters)
            self._changed.set()
        match fault.kind:
            case "status":
                return _proxy_page(fault.status)
            case "flood":
                raise too_many_requests(max(1, round(fault.seconds)))
            case "hang":
                await self._pause(fault.seconds)
        _reset(request)
        return web.Response()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


_ASYNC_METHODS = ("getupdates", "setwebhook", "deletewebhook", "getwebhookinfo")


async def _parameters(request: web.Request) -> Parameters:
    """Query string and body, form or JSON; the body wins."""
    values: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        values |= await _json_body(request)
    elif request.method == "POST":
        form = await request.post()
        values |= {name: it if isinstance(it, str) else _UPLOADED for name, it in form.items()}
    elif request.content_type == "application/x-www-form-urlencoded":
        # pyTelegramBotAPI sends a body with GET; aiohttp reads it of a POST only.
        values |= parse_qsl((await request.read()).decode(), keep_blank_values=True)
    return as_parameters(values)


async def _json_body(request: web.Request) -> dict[str, object]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("expected an Object")
    return body


def _chat_id(parameters: Parameters) -> int | None:
    chat_id = parameters.text("chat_id")
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else None


def _allowed_updates(parameters: Parameters) -> frozenset[str] | None:
    given = parameters.json("allowed_updates", "allowed updates JSON object")
    if given is None:
        return None
    if not isinstance(given, list):
        raise bad_request("expected an Array of allowed updates")
    return frozenset(str(kind).lower() for kind in given)


def _refused(refusal: Refusal) -> web.Response:
    wait = refusal.retry_after
    headers = {"Retry-After": str(wait)} if wait is not None else None
    return web.json_response(refusal.envelope(), status=refusal.code, headers=headers)


def _proxy_page(status: int) -> web.Response:
    page = _PROXY_PAGE.format(f"{status} {web.Response(status=status).reason}")
    return web.Response(status=status, text=page, content_type="text/html")


def _reset(request: web.Request) -> None:
    """Close with RST instead of FIN: what a client sees when a server dies."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _serve(arguments: argparse.Namespace) -> None:
    faults = read_faults(arguments.faults) if arguments.faults else ()
    server = BotApiServer(
        arguments.token,
        port=arguments.port,
        receipts=arguments.receipts,
        faults=FaultPlan(faults, arguments.seed),
        limits=FloodLimits(enabled=not arguments.no_limits),
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with server:
        address = {"base_url": server.base_url, "control": server.control_url}
        print(json.dumps(address), flush=True)  # noqa: T201  (the process's one answer)
        await stopped.wait()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="marsad.demo.botapi", description="A local Bot API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=DEMO_TOKEN)
    parser.add_argument("--receipts", type=Path)
    parser.add_argument("--faults", type=Path, help="a JSON list of faults")
    parser.add_argument("--seed", type=int, default=0, help="of the faults' probabilities")
    parser.add_argument("--no-limits", action="store_true", help="no flood limits")
    asyncio.run(_serve(parser.parse_args(argv)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
