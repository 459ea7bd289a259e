"""Flood limits, on a clock that is moved by hand."""

import httpx
import pytest

from marsad.demo.botapi import BotApiServer
from marsad.demo.botapi_limits import FloodLimits
from tests.unit.demo.caller import TOKEN, Caller, Clock


def admitted(limits: FloodLimits, chat_id: int, now: float, *, is_group: bool = False) -> int:
    return limits.admit(chat_id, is_group=is_group, is_edit=False, now=now)


def test_thirty_a_second_over_all_chats() -> None:
    limits = FloodLimits()
    answers = [admitted(limits, chat, 0.0) for chat in range(31)]
    assert answers == [0] * 30 + [1]
    assert admitted(limits, 99, 0.5) == 1
    assert limits.ignored_waits == 1
    assert admitted(limits, 99, 1.0) == 0


def test_a_private_chat_takes_a_short_burst_and_then_one_a_second() -> None:
    limits = FloodLimits()
    assert [admitted(limits, 7, 0.1 * i) for i in range(4)] == [0, 0, 0, 3]
    assert admitted(limits, 8, 0.4) == 0
    assert [admitted(limits, 7, 10.0 + i) for i in range(20)] == [0] * 20


def test_a_group_takes_twenty_a_minute() -> None:
    limits = FloodLimits()
    answers = [admitted(limits, -1, 1.0 * i, is_group=True) for i in range(21)]
    assert answers == [0] * 20 + [40]
    assert admitted(limits, -1, 60.5, is_group=True) == 0


def test_edits_do_not_count_against_the_one_a_second_of_a_chat() -> None:
    limits = FloodLimits()
    edits = [limits.admit(7, is_group=False, is_edit=True, now=0.0) for _ in range(10)]
    assert edits == [0] * 10


def test_scale_and_switch() -> None:
    fast = FloodLimits(scale=10)
    assert [admitted(fast, chat, 0.0) for chat in range(301)][-2:] == [0, 1]
    off = FloodLimits(enabled=False)
    assert {admitted(off, 7, 0.0) for _ in range(500)} == {0}


@pytest.mark.parametrize("seed", range(5))
def test_whoever_waits_as_told_is_never_over_a_limit(seed: int) -> None:
    limits = FloodLimits()
    now, sent = 0.0, []
    for step in range(300):
        wait = admitted(limits, (step * 7 + seed) % 40, now)
        if wait:
            now += wait
        else:
            sent.append(now)
    assert limits.ignored_waits == 0
    assert all(sent[i + 30] - sent[i] >= 1.0 for i in range(len(sent) - 30))


async def test_a_refusal_says_when_to_come_back(clock: Clock) -> None:
    async with BotApiServer(TOKEN, clock=clock) as server, httpx.AsyncClient() as http:
        call = Caller(server, http)
        server.people.add_user(7, started=True)
        for _ in range(3):
            await call.result("sendMessage", chat_id=7, text="خبر")
        answer = await call.answer("sendMessage", chat_id=7, text="خبر")
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "3"
        assert answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
        assert len(server.receipts) == 3
        clock.now += 3
        await call.result("sendMessage", chat_id=7, text="خبر")
