"""Several processes on one database, and processes that die: what each leaves to the next."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from models.article import Entry
from storage import articles, sites
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.schema import alert_topics, alerts, deliveries, matches, stories, story_articles
from storage.schema import sites as sites_table
from tests.contract.archive import NOW, SqlArchive, article, chat, later
from tests.contract.forking import WORKERS, WRITES

ROOT = Path(__file__).parents[2]


async def forked(task: str, url: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.contract.forking",
        task,
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors, errors.decode()
    return json.loads(out)


async def followers(archive: SqlArchive, number: int) -> None:
    for chat_id in range(1, number + 1):
        await archive.subscribers.register(chat(chat_id))
        await archive.subscribers.subscribe(chat_id, "caspian", later(-60))


async def count(database: Database, *what: sa.ColumnElement[Any]) -> tuple[int, ...]:
    return tuple((await database.read(lambda c: c.execute(select(*what)))).one())


async def rows(database: Database, table: sa.Table) -> int:
    return await database.read(
        lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
    )


async def test_killed_at_every_statement_each_article_is_decided_once_and_told_once(
    database: Database, database_url: str
) -> None:
    archive = SqlArchive(database)
    await followers(archive, 5)
    await database.write(lambda c: sites.start_crawl(c, "news", NOW))
    for number in range(4):
        await SqlCrawlMemory(database).store(article(f"news.example/{number}"), NOW)
    await database.write(lambda c: c.execute(sa.update(sites_table).values(first_crawl_done=True)))

    result = await forked("crash", database_url)

    assert result["kills"] > 20
    assert (await database.read(articles.count)).undecided == 0
    for table in (stories, story_articles, matches, alerts, alert_topics):
        assert await rows(database, table) == 4, table.name
    pairs = await database.read(
        lambda c: c.execute(select(deliveries.c.story_id, deliveries.c.chat_id)).all()
    )
    assert len(pairs) == len(set(pairs)) == 4 * 5
    assert (await archive.counts())["pending"] == 4 * 5


async def test_processes_that_claim_at_once_never_send_one_delivery_twice(
    database: Database, database_url: str
) -> None:
    archive = SqlArchive(database)
    await followers(archive, 30)
    for number in range(3):
        await archive.alert("caspian", story=f"story {number}", now=later(number))
    sent = (await forked("claim", database_url))["sent"]
    assert len(sent) == len(set(sent)) == 3 * 30
    assert (await archive.counts())["sent"] == 3 * 30


async def test_writers_in_several_processes_wait_for_each_other(
    database: Database, database_url: str
) -> None:
    await database.write(lambda connection: sites.start_crawl(connection, "news", NOW))
    assert (await forked("write", database_url))["written"] == [WRITES] * WORKERS
    (state,) = await database.read(sites.site_states)
    assert state.failures == WORKERS * WRITES


async def test_two_crawls_that_store_one_article_at_once_store_it_once(
    database: Database, database_url: str
) -> None:
    another = Database.open(database_url)
    try:
        memories = [SqlCrawlMemory(database), SqlCrawlMemory(another)]
        listed = Entry(url="https://news.example/1", key="news.example/1", title="عنوان")
        await asyncio.gather(*(memory.wanted("news", [listed], NOW) for memory in memories))
        stored = await asyncio.gather(*(memory.store(article(), NOW) for memory in memories))
        assert sorted(stored) == [False, True]
    finally:
        another.close_now()


@pytest.mark.parametrize("number", [4])
async def test_processes_that_create_a_database_at_once_create_it_once(
    database_url: str, number: int
) -> None:
    opened = await asyncio.gather(
        *(asyncio.to_thread(Database.open, database_url) for _ in range(number))
    )
    assert [database.check() for database in opened] == [[]] * number
    for database in opened:
        database.close_now()
