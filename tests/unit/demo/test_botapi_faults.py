"""Faults on purpose, and the receipts that say what arrived all the same."""

import json
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from marsad.demo.botapi import BotApiServer
from marsad.demo.faults import Fault, FaultPlan, read_faults
from marsad.demo.receipts import read_receipts
from tests.unit.demo.caller import Caller


async def send(call: Caller, text: str = "خبر") -> int:
    return (await call.answer("sendMessage", chat_id=7, text=text)).status_code


async def test_a_reset_before_the_message_is_taken(server: BotApiServer, call: Caller) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="reset", nth=(1,))])
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await send(call)
    assert len(server.receipts) == 0
    assert await send(call) == 200


async def test_an_accepted_message_whose_answer_is_lost(server: BotApiServer, call: Caller) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="reset", nth=(1,), accepted=True)])
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await send(call)
    assert [receipt.text for receipt in server.receipts] == ["خبر"]


async def test_an_accepted_message_whose_answer_never_comes(
    server: BotApiServer, call: Caller
) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="hang", nth=(1,), accepted=True, seconds=30)])
    url = f"{server.base_url}{server.token}/sendMessage"
    with pytest.raises(httpx.ReadTimeout):
        await call.http.post(url, json={"chat_id": 7, "text": "خبر"}, timeout=0.2)
    assert len(server.receipts) == 1


async def test_a_proxy_page_is_no_envelope(server: BotApiServer, call: Caller) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="status", nth=(1,)), Fault(kind="flood", nth=(2,))])
    answer = await call.answer("sendMessage", chat_id=7, text="خبر")
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        502,
        "text/html; charset=utf-8",
    )
    assert "502 Bad Gateway" in answer.text
    assert await send(call) == 429
    assert len(server.receipts) == 0


async def test_slow_is_late_but_right(server: BotApiServer, call: Caller) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="slow", seconds=0.05)])
    assert await send(call) == 200


async def test_other_methods_and_chats_are_spared(server: BotApiServer, call: Caller) -> None:
    server.people.add_user(7, started=True)
    server.faults = FaultPlan([Fault(kind="status", chat_id=8)])
    assert await send(call) == 200
    assert (await call("getMe"))["ok"]


def test_the_same_seed_gives_the_same_faults() -> None:
    def struck(seed: int) -> list[bool]:
        plan = FaultPlan([Fault(kind="flood", probability=0.5)], seed)
        return [plan.next("sendMessage", 7) is not None for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 70 < sum(struck(1)) < 130


def test_at_most_so_many_times() -> None:
    plan = FaultPlan([Fault(kind="flood", times=2, method="*")])
    assert [plan.next("getMe", None) is not None for _ in range(4)] == [True, True, False, False]


def test_a_misspelt_fault_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text('[{"kind": "reset", "chat": 7}]', encoding="utf-8")
    with pytest.raises(ValidationError, match="chat"):
        read_faults(path)


async def test_receipts_are_on_disk_before_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    async with BotApiServer(receipts=path) as server, httpx.AsyncClient() as http:
        call = Caller(server, http)
        server.people.add_user(7, started=True)
        markup = {"inline_keyboard": [[{"text": "زر", "callback_data": "a"}]]}
        sent = await call.result(
            "sendMessage",
            chat_id=7,
            text="<b>خبر</b>",
            parse_mode="HTML",
            reply_markup=markup,
            disable_notification=True,
            link_preview_options={"is_disabled": True},
        )
        (receipt,) = read_receipts(path)
        assert receipt == server.receipts[0]
        assert receipt.message_id == sent["message_id"]
        assert receipt.entities == ({"type": "bold", "offset": 0, "length": 3},)
        assert receipt.reply_markup == markup
        assert receipt.preview == {"is_disabled": True}
        assert receipt.silent
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"time": 1})[:-3])
    assert read_receipts(path) == [receipt]
