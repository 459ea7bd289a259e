"""A backup while crawling and delivering go on, and what is restored from it."""

import asyncio
import math
import os
import random
import signal
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from marsad.backupfile import Manifest, read_backup
from marsad.clock import utc_now
from marsad.demo.receipts import read_receipts
from models.article import Article
from scripts.soak.arrange import alerts_for
from scripts.soak.canary import not_leaked
from scripts.soak.figures import Row
from scripts.soak.processes import (
    TOKEN,
    add_people,
    bot_api,
    database_url,
    ended,
    start_worker,
)
from storage import schema
from storage.crawls import SqlCrawlMemory
from storage.database import Database

ALERTS = 2
_INSERTED_AT_ONCE = 1000
# In any order its words are packed about as well as news is.
_NEWS = (
    "قال مسؤول في هيئة الموانئ إن أول سفينة من الخط الجديد ترسو صباح الغد بعد أسابيع من أعمال"
    " التوسعة وأضاف أن الحكومة خصصت ميزانية إضافية لصيانة الطرق المؤدية إلى المدينة القديمة"
    " بينما طالب نواب المعارضة بنشر تفاصيل العقود وأكدت الوزارة أنها سترد على الأسئلة خلال جلسة"
    " علنية يوم الثلاثاء المقبل وذكر خبراء الاقتصاد أن أسعار الحبوب والوقود تراجعت قليلا في"
    " الأسواق المحلية رغم استمرار الطلب المرتفع من المصانع الكبرى شمال البلاد وجنوبها"
)
_WORDS_A_TEXT = 380
_SENTENCE = "وأضاف المسؤول أن الميناء رقم {} استقبل في الأسبوع الماضي {} سفينة محملة بالحبوب."


@dataclass(frozen=True, slots=True)
class Passed:
    """What went out while something else was done."""

    seconds: float
    messages: int

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


async def backup(
    kind: str,
    other: str,
    folder: Path,
    articles: int = 100_000,
    chats: int = 1500,
    before_seconds: float = 8.0,
    timed: bool = True,
) -> Row:
    """Of a database of one kind, restored into one of the `other` kind and backed up again.

    Without `timed` the two times are noted only.
    """
    row = Row(f"backup: {articles} articles while crawling and delivering, {kind} -> {other}")
    with database_url(kind, folder) as url, database_url(other, _new(folder / "other")) as second:
        database = Database.open(url)
        database.write_now(lambda connection: _add_articles(connection, articles))
        ids = range(1000, 1000 + chats)
        await alerts_for(database, ids, ALERTS, utc_now())
        async with bot_api(folder, limits=False) as server:
            await add_people(server, ids)
            worker = await start_worker(url, server, folder)
            crawling = asyncio.create_task(_crawl(database))
            before = await _deliver(server.receipts, asyncio.sleep(before_seconds))
            during = await _deliver(
                server.receipts, _marsad(folder, url, "backup", str(folder / "1.zip"))
            )
            crawling.cancel()
            await ended(worker, signal.SIGTERM)
        stored = await database.read(_count)
        await database.close()
        await _marsad(folder, second, "restore", str(folder / "1.zip"), "--without-config")
        await _marsad(folder, second, "backup", str(folder / "2.zip"))
        restored = Database.open(second)
        problems = restored.check()
        await restored.close()
    first, again = _manifest(folder / "1.zip"), _manifest(folder / "2.zip")
    unequal = [
        name
        for name in first.tables.keys() | again.tables.keys()
        if first.tables.get(name) != again.tables.get(name)
    ]
    row.at_most("seconds for the backup", during.seconds, 30 if timed else math.inf)
    share = during.rate / before.rate
    row.at_least("messages a second meanwhile, of those before", share, 0.5 if timed else 0)
    row.note("messages a second before", before.rate)
    row.note("articles stored meanwhile", stored - articles - ALERTS)
    row.at_least("articles in it", first.tables["articles"].rows, articles)
    row.at_most("tables of it that differ when restored and backed up again", len(unequal), 0)
    row.at_most("problems of the restored database", len(problems), 0)
    row.at_most("token in the backups", _holding_token(folder), 0)
    not_leaked(row, folder)
    row.note("megabytes", (folder / "1.zip").stat().st_size / 2**20)
    return row


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _add_articles(connection: sa.Connection, count: int) -> None:
    """About 4 KB each, as news is; decided long ago."""
    old = utc_now() - timedelta(days=100)
    chance, words = random.Random(1), _NEWS.split()
    for start in range(0, count, _INSERTED_AT_ONCE):
        rows = [
            {
                "key": f"old.example/{number}",
                "site": "old",
                "url": f"https://old.example/{number}",
                "title": f"السفينة رقم {number} تصل إلى الميناء",
                "text": " ".join(chance.choices(words, k=_WORDS_A_TEXT)),
                "published": old,
                "evidence": {"title": "h1", "published": "meta"},
                "content_hash": f"{number:032x}",
                "version": 1,
                "first_seen": old,
                "fetched_at": old,
                "backlog": False,
                "state": "decided",
                "decision": "skip",
                "reason": "no topic matched",
                "decided_at": old,
                "first_decided_at": old,
                "rechecks": 0,
            }
            for number in range(start, min(start + _INSERTED_AT_ONCE, count))
        ]
        connection.execute(sa.insert(schema.articles), rows)


def _count(connection: sa.Connection) -> int:
    count: int = connection.execute(
        sa.select(sa.func.count()).select_from(schema.articles)
    ).scalar_one()
    return count


async def _crawl(database: Database) -> None:
    """Twenty new articles a second, as a crawl stores them."""
    memory = SqlCrawlMemory(database)
    number = 0
    while True:
        number += 1
        key = f"crawl.example/{number}"
        text = _SENTENCE.format(number, number) * 20
        found = Article(
            site="crawl", url=f"https://{key}", key=key, title=f"خبر {number}", text=text
        )
        await memory.store(found, utc_now())
        await asyncio.sleep(0.05)


async def _deliver(receipts: Path, doing: Coroutine[Any, Any, None]) -> Passed:
    began, had = time.monotonic(), _sent(receipts)
    await doing
    return Passed(time.monotonic() - began, _sent(receipts) - had)


def _sent(receipts: Path) -> int:
    return sum(receipt.method == "sendMessage" for receipt in read_receipts(receipts))


async def _marsad(folder: Path, url: str, *arguments: str) -> None:
    """The shipped command, with a configuration folder and a token that must stay out."""
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "marsad.yaml").write_text("access: open\n", encoding="utf-8")
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "marsad", *arguments),
            env={
                **{name: value for name, value in os.environ.items() if "MARSAD" not in name},
                "MARSAD_DATABASE_URL": url,
                "MARSAD_CONFIG": str(config),
                "MARSAD_BOT_TOKEN": TOKEN,
                "MARSAD_LOG_LEVEL": "debug",
            },
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
        )
    code = await process.wait()
    if code:
        raise RuntimeError(f"marsad {' '.join(arguments)} ended with {code}")


def _manifest(file: Path) -> Manifest:
    with read_backup(file) as reader:
        reader.verify()
        return reader.manifest


def _holding_token(folder: Path) -> int:
    """Unpacked, too: the bytes of a member do not show what is in it."""
    token, holding = TOKEN.encode(), 0
    for file in folder.glob("*.zip"):
        with read_backup(file) as reader:
            for table in reader.manifest.tables:
                holding += any(TOKEN in str(values) for values in reader.rows(table))
            holding += any(token in content for _, content in reader.config())
    return holding
