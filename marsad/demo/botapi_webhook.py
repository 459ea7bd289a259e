"""Webhooks: updates are posted to the bot instead of being asked for."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from marsad.demo.botapi_updates import UpdateQueue
from marsad.demo.botapi_wire import Parameters, bad_request

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_RETRY_SECONDS = 0.2


@dataclass(slots=True)
class Webhook:
    """Posts what is queued, one after the other, again until it is answered with 2xx.

    Telegram takes https only; `http_on_loopback` lets a test receive without a certificate.
    """

    queue: UpdateQueue
    clock: Callable[[], float]
    resolve: Callable[[str], str | None] = lambda _host: None
    http_on_loopback: bool = True
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    address: str | None = None
    has_certificate: bool = False
    last_error: tuple[int, str] | None = None
    _task: asyncio.Task[None] | None = field(default=None)

    async def set(self, parameters: Parameters) -> bool:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if url:
            self._check(url, secret)
        await self.stop()
        if parameters.flag("drop_pending_updates"):
            self.queue.clear()
        self.url, self.secret, self.last_error = url, secret, None
        host = urlsplit(url).hostname
        self.address = parameters.text("ip_address") or (self.resolve(host) if host else None)
        self.has_certificate = bool(url and parameters.text("certificate"))
        self.max_connections = min(max(parameters.integer("max_connections", 40), 1), 100)
        if url:
            self.queue.interrupt("terminated by setWebhook request")
            self._task = asyncio.create_task(self._deliver())
        return True

    def _check(self, url: str, secret: str) -> None:
        parts = urlsplit(url)
        loopback = self.http_on_loopback and parts.hostname == "127.0.0.1"
        if not parts.hostname or not (parts.scheme == "https" or loopback):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def info(self) -> dict[str, object]:
        shown: dict[str, object] = {
            "url": self.url,
            "has_custom_certificate": self.has_certificate,
            "pending_update_count": len(self.queue),
        }
        if self.url:
            shown["max_connections"] = self.max_connections
            if self.address:
                shown["ip_address"] = self.address
        if self.last_error is not None:
            shown["last_error_date"], shown["last_error_message"] = self.last_error
        if self.queue.allowed:
            shown["allowed_updates"] = sorted(self.queue.allowed)
        return shown

    async def _deliver(self) -> None:
        headers = {_HEADER: self.secret} if self.secret else {}
        acknowledged = 0
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                update = await self.queue.wait_for(acknowledged)
                if await self._post(session, update):
                    acknowledged = int(str(update["update_id"])) + 1
                else:
                    await asyncio.sleep(_RETRY_SECONDS)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, object]) -> bool:
        try:
            async with session.post(self.url, json=update) as answer:
                if 200 <= answer.status < 300:
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, OSError) as error:
            problem = str(error) or type(error).__name__
        self.last_error = (int(self.clock()), problem)
        return False
