"""The token, the webhook's secret and the database's password are looked for everywhere, at DEBUG,
while things go wrong: found nowhere."""

import asyncio
import os
from pathlib import Path

import pytest

from alerts.telegram.webhook import secret_of
from marsad.backupfile import read_backup
from marsad.clock import utc_now
from marsad.demo.botapi import BotApiServer
from marsad.demo.faults import Fault, FaultPlan
from scripts.soak.arrange import add_chats
from scripts.soak.pgkill import PASSWORD, kill, postgres, with_password
from storage.database import Database
from tests.e2e.product import TOKEN, Ended, Product, publish, stopped
from tests.e2e.texts import caspian, unrelated
from tests.fakes.newssite import NewsSite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

CANARIES = (TOKEN.partition(":")[2], secret_of(TOKEN), PASSWORD)
READERS = range(1000, 1010)
EXPORTS = ("articles", "alerts", "labels", "subscribers")


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def command_lines() -> str:
    """Of all processes: what every user of the machine may read."""
    lines = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != str(os.getpid()):
            try:
                lines.append((process / "cmdline").read_text(errors="replace"))
            except OSError:
                continue
    return "\n".join(lines)


def content_of(backup: Path) -> str:
    with read_backup(backup) as reader:
        tables = [str(row) for table in reader.manifest.tables for row in reader.rows(table)]
        files = [content.decode(errors="replace") for _, content in reader.config()]
        return "\n".join([reader.manifest.model_dump_json(), *tables, *files])


async def every_output(product: Product) -> list[Ended]:
    commands = [
        *(("export", what, f"{product.home}/{what}.jsonl") for what in EXPORTS),
        ("doctor", "--json"),
        ("backup", f"{product.home}/b.zip"),
        ("backup", f"{product.home}/b.zip"),
    ]
    return [await product.run(*command) for command in commands]


async def test_no_secret_is_found_in_any_output_while_things_go_wrong(
    product: Product, site: NewsSite, bot_api: BotApiServer
) -> None:
    with postgres() as server:
        url = with_password(server.get_uri())
        product.settings |= {"MARSAD_DATABASE_URL": url, "MARSAD_LOG_LEVEL": "debug"}
        publish(site, unrelated())
        product.add_site("local", site)
        for chat_id in READERS:
            bot_api.people.add_user(chat_id, started=True)
        outputs = [await product.run("run", "--once")]
        database = Database.open(url)
        add_chats(database, READERS, utc_now())
        database.close_now()

        bot_api.faults = FaultPlan(
            [
                Fault(kind="reset", nth=(1, 4)),
                Fault(kind="status", nth=(2,)),
                Fault(kind="flood", nth=(3,)),
            ]
        )
        process = await product.start("run")
        publish(site, caspian(0))
        await bot_api.until(lambda: bot_api.receipts.sent(), within=60)
        seen = command_lines()
        kill(server)
        publish(site, caspian(1))
        outputs += await asyncio.gather(
            product.run("doctor"), product.run("backup", f"{product.home}/b.zip")
        )
        await asyncio.to_thread(server.ensure_postgres_running)
        await bot_api.until(
            lambda: any(caspian(1).title in receipt.text for receipt in bot_api.receipts.sent()),
            within=90,
        )
        outputs += await every_output(product)
        assert await stopped(process) == 0

    assert str(process.pid) and "marsad" in seen
    texts = {f"output {number}": one.out + one.err for number, one in enumerate(outputs)}
    texts |= {"log": product.log(), "process list": seen}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in product.home.glob("*.jsonl")}
    texts["backup"] = content_of(product.home / "b.zip")
    assert {where: found_in(text) for where, text in texts.items() if found_in(text)} == {}
    assert "alert decided" in texts["log"]
    assert caspian(0).title in texts["articles.jsonl"]
