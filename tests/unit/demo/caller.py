"""The plainest client of the local Bot API, and a clock that is moved by hand."""

from typing import Any, cast

import httpx

from marsad.demo.botapi import BotApiServer

TOKEN = "4242:a-token-of-the-tests"


class Clock:
    """Stands still until it is told to move."""

    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Caller:
    """Calls methods and hands back the envelope, without a library in between."""

    def __init__(self, server: BotApiServer, http: httpx.AsyncClient) -> None:
        self.server = server
        self.http = http

    async def answer(self, method: str, **parameters: object) -> httpx.Response:
        url = f"{self.server.base_url}{self.server.token}/{method}"
        return await self.http.post(url, json=parameters)

    async def __call__(self, method: str, **parameters: object) -> dict[str, Any]:
        return cast("dict[str, Any]", (await self.answer(method, **parameters)).json())

    async def result(self, method: str, **parameters: object) -> Any:
        envelope = await self(method, **parameters)
        assert envelope["ok"], envelope
        return envelope["result"]

    async def refusal(self, method: str, **parameters: object) -> str:
        envelope = await self(method, **parameters)
        assert not envelope["ok"], envelope
        return str(envelope["description"])
