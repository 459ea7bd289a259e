"""Updates by webhook: Telegram posts them to an address of ours, behind a proxy that speaks TLS."""

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from telegram import Update, WebhookInfo
from telegram.error import TelegramError

from alerts.telegram.application import UPDATES, App
from alerts.telegram.errors import CannotListen
from alerts.telegram.patience import pause, pause_after

if TYPE_CHECKING:
    from aiohttp import web

log = structlog.get_logger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST_BYTES = 2**20
# Telegram is asked whether it reaches us, and whether the webhook is still ours.
CHECKED_EVERY = 300.0
# Who sends an update again has lost our answer to it; this many are remembered.
_REMEMBERED = 1000
# Telegram gives up on an answer after about a minute; a command takes far less.
_LONGEST_ANSWER = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAddress:
    """`url`: where Telegram posts to; `host` and `port`: where we listen for it (port 0: any)."""

    url: str
    host: str
    port: int


class Webhook:
    """Takes updates one after the other, in Telegram's order. An update is answered with 200 after
    it was processed, so that a crash loses no command; what is posted while stopping is refused
    and comes again. `get_ready` raises telegram.error."""

    def __init__(
        self,
        app: App,
        address: WebhookAddress,
        get_ready: Callable[[], Awaitable[None]],
        take: Callable[[Update], Awaitable["asyncio.Task[None]"]],
        *,
        every: float = CHECKED_EVERY,
    ) -> None:
        self._app = app
        self._address = address
        self._get_ready = get_ready
        self._take = take
        self._every = every
        self._secret = secret_of(app.bot.token)
        self._turn = asyncio.Lock()
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._open = False
        self._set = False
        self._last_error: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Listen and take updates until `stop`. The webhook stays set: what comes until the next
        start waits at Telegram. Raises CannotListen."""
        runner = await self._listen()
        try:
            await self._stay_set(stop)
        finally:
            self._open = False
            async with self._turn:
                await runner.cleanup()

    async def _listen(self) -> "web.AppRunner":
        # It weighs 8 MB, and a bot that polls has no use for it.
        from aiohttp import web

        server = web.Application(client_max_size=_MOST_BYTES)
        # The secret lets in, not the path: a proxy may shorten that.
        server.router.add_post("/{path:.*}", self._receive)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=_LONGEST_ANSWER)
        await runner.setup()
        host, port = self._address.host, self._address.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            raise CannotListen(host, port, error.strerror or str(error)) from error
        log.info("listening for updates", address=":".join(map(str, runner.addresses[0][:2])))
        return runner

    async def _stay_set(self, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                await self._get_ready()
                self._open = True
                await self._check()
            except TelegramError as error:
                failures += 1
                await pause(stop, pause_after(error, failures))
                continue
            failures = 0
            await pause(stop, self._every)

    async def _check(self) -> None:
        """Set it at first, since its secret is nowhere to be read; then whenever it is not ours."""
        info = await self._app.bot.get_webhook_info()
        if self._set and info.url == self._address.url:
            self._report(info)
            return
        if self._set:
            log.error("the webhook was changed by another program; setting it again")
        await self._app.bot.set_webhook(
            self._address.url,
            secret_token=self._secret,
            allowed_updates=UPDATES,
            # One at a time keeps the order.
            max_connections=1,
        )
        self._set = True
        log.info("webhook set", waiting=info.pending_update_count)

    def _report(self, info: WebhookInfo) -> None:
        """Once for each time that Telegram could not deliver."""
        if info.last_error_date is None or info.last_error_date == self._last_error:
            return
        self._last_error = info.last_error_date
        log.warning(
            "telegram could not reach the webhook",
            reason=info.last_error_message,
            at=info.last_error_date.isoformat(),
            waiting=info.pending_update_count,
        )

    async def _receive(self, request: "web.Request") -> "web.Response":
        from aiohttp import web

        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            log.warning("a call of the webhook without its secret was refused")
            return web.Response(status=403)
        update = self._read(await request.read())
        async with self._turn:
            if not self._open:
                return web.Response(status=503)
            if update is not None and update.update_id not in self._seen:
                # Telegram sends the next one when this one is done.
                await (await self._take(update))
                self._seen.append(update.update_id)
        return web.Response()

    def _read(self, body: bytes) -> Update | None:
        """None for what is not understood: it is let go, or Telegram would send it for ever."""
        try:
            return Update.de_json(json.loads(body), self._app.bot)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.error("an update is not understood", reason=repr(error))
            return None


def secret_of(token: str) -> str:
    """What Telegram shows with each update; made from the token, so that there is nothing more to
    set, and a new token has a new one. It does not give the token away."""
    return hashlib.sha256(b"marsad webhook\0" + token.encode()).hexdigest()
