"""A running local Bot API and the plainest client there is."""

from collections.abc import AsyncIterator

import httpx
import pytest

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from tests.unit.demo.caller import TOKEN, Caller, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[BotApiServer]:
    """Without flood limits, and with a clock that stands still."""
    async with BotApiServer(TOKEN, limits=FloodLimits(enabled=False), clock=clock) as running:
        yield running


@pytest.fixture
async def call(server: BotApiServer) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(timeout=20) as http:
        yield Caller(server, http)
