"""The local Bot API as a process of its own, its people reached over HTTP."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from marsad.demo.botapi_control import BotApiControl
from marsad.demo.receipts import read_receipts


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "marsad.demo.botapi", *arguments, stdout=PIPE
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield process, json.loads(line)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


async def test_a_conversation_with_the_process(tmp_path: Path) -> None:
    faults, log = tmp_path / "faults.json", tmp_path / "receipts.jsonl"
    faults.write_text('[{"kind": "status", "nth": [1]}]', encoding="utf-8")
    arguments = ["--token", "9:t", "--receipts", str(log), "--faults", str(faults), "--no-limits"]
    async with (
        running(*arguments) as (process, address),
        httpx.AsyncClient() as http,
        BotApiControl(address["control"]) as people,
    ):
        await people.add_user(7, first_name="نور")
        await people.sends(7, "/start")
        api = f"{address['base_url']}9:t"
        updates = (await http.get(f"{api}/getUpdates")).json()["result"]
        assert updates[0]["message"]["from"]["first_name"] == "نور"
        message = {"chat_id": 7, "text": "خبر", "reply_markup": _KEYBOARD}
        assert (await http.post(f"{api}/sendMessage", json=message)).status_code == 502
        assert (await http.post(f"{api}/sendMessage", json=message)).status_code == 200
        (receipt,) = await people.wait(1, chat_id=7)
        (shown,) = await people.inbox(7)
        assert shown["text"] == receipt.text == "خبر"
        await people.presses(7, receipt.message_id, "زر")
        with pytest.raises(LookupError, match="has no button"):
            await people.presses(7, receipt.message_id, "آخر")
        with pytest.raises(TimeoutError):
            await people.wait(2, within=0.1)
        await people.do("changes", user_id=7, what="blocks")
        refused = await http.post(f"{api}/sendMessage", json=message)
        assert refused.json()["description"] == "Forbidden: bot was blocked by the user"
        assert await people.receipts() == read_receipts(log) == [receipt]
    assert process.returncode == 0


_KEYBOARD = {"inline_keyboard": [[{"text": "زر", "callback_data": "a"}]]}
