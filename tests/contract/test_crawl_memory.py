"""What a crawl relies on; on the forgetful twin, SQLite and PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.memory import MAX_ATTEMPTS, CrawlMemory, ForgetfulMemory
from models.article import Entry, Validators
from models.crawl import RobotsFile
from storage.crawls import MOST_ATTEMPTS, SqlCrawlMemory
from storage.database import Database
from tests.contract.archive import NOW, article, later
from tests.contract.conftest import empty_database

FEED = "https://news.example/feed"


@pytest.fixture(params=["forgetful", "sqlite", "postgresql"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CrawlMemory]:
    if request.param == "forgetful":
        yield ForgetfulMemory()
        return
    with empty_database(request.param, request, tmp_path) as url:
        opened = Database.open(url)
        yield SqlCrawlMemory(opened)
        opened.close_now()


def entry(number: int = 1, *, title: str | None = "عنوان", updated: str | None = None) -> Entry:
    key = f"news.example/{number}"
    return Entry(url=f"https://{key}", key=key, title=title, updated=updated)


async def store(memory: CrawlMemory, listed: Entry, text: str = "نص الخبر") -> bool:
    stored = article(
        listed.key, text=text, listed_title=listed.title, listed_updated=listed.updated
    )
    return await memory.store(stored, NOW)


def test_both_know_the_same_number_of_attempts() -> None:
    assert MOST_ATTEMPTS == MAX_ATTEMPTS


async def test_a_listing_is_known_once_it_was_processed(memory: CrawlMemory) -> None:
    assert await memory.validators(FEED) is None
    for validators in (
        Validators(etag='"1"'),
        Validators(last_modified="Sun, 01 Nov 2026 08:00:00 GMT"),
        Validators(),
    ):
        await memory.remember_listing(FEED, validators, NOW)
        assert await memory.validators(FEED) == validators
    assert await memory.validators(FEED + "/2") is None


async def test_new_entries_are_wanted_in_the_order_given(memory: CrawlMemory) -> None:
    entries = [entry(3), entry(1), entry(2)]
    assert list(await memory.wanted("news", entries, NOW)) == entries
    assert list(await memory.wanted("news", [], NOW)) == []


async def test_an_entry_that_was_not_fetched_is_wanted_again(memory: CrawlMemory) -> None:
    await memory.wanted("news", [entry()], NOW)
    assert list(await memory.wanted("news", [entry()], later(600))) == [entry()]


async def test_an_article_is_new_once(memory: CrawlMemory) -> None:
    await memory.wanted("news", [entry()], NOW)
    assert await store(memory, entry()) is True
    assert await store(memory, entry()) is False
    assert list(await memory.wanted("news", [entry(), entry(2)], later(600))) == [entry(2)]


@pytest.mark.parametrize(
    "changed",
    [entry(title="عنوان مصحح"), entry(updated="2026-11-01T09:00:00Z")],
    ids=["title", "updated"],
)
async def test_an_entry_that_is_listed_otherwise_is_wanted_until_it_is_stored(
    memory: CrawlMemory, changed: Entry
) -> None:
    await memory.wanted("news", [entry()], NOW)
    await store(memory, entry())
    for _ in range(2):
        assert list(await memory.wanted("news", [changed], later(600))) == [changed]
    assert await store(memory, changed) is False
    assert list(await memory.wanted("news", [changed], later(1200))) == []


async def test_a_page_that_fails_is_tried_five_times_and_then_more_and_more_rarely(
    memory: CrawlMemory,
) -> None:
    for _ in range(5):
        assert list(await memory.wanted("news", [entry()], NOW)) == [entry()]
        await memory.failed("news", entry(), "500", NOW)
    hours = 0
    for wait in (1, 2, 4, 8, 16):
        assert list(await memory.wanted("news", [entry()], later(-1, hours=hours + wait))) == []
        hours += wait
        assert list(await memory.wanted("news", [entry()], later(hours=hours))) == [entry()]
        await memory.failed("news", entry(), "500", later(hours=hours))
    assert list(await memory.wanted("news", [entry()], later(hours=1000))) == []


async def test_what_failed_before_waits_for_what_did_not(memory: CrawlMemory) -> None:
    await memory.failed("news", entry(1), "500", NOW)
    entries = [entry(1), entry(2), entry(3)]
    assert list(await memory.wanted("news", entries, NOW)) == [entry(2), entry(3), entry(1)]


async def test_a_page_that_failed_and_was_stored_is_done(memory: CrawlMemory) -> None:
    await memory.failed("news", entry(), "timeout", NOW)
    assert list(await memory.wanted("news", [entry()], NOW)) == [entry()]
    assert await store(memory, entry()) is True
    assert list(await memory.wanted("news", [entry()], NOW)) == []


async def test_an_article_of_any_length_is_stored(memory: CrawlMemory) -> None:
    text = " ".join(f"{number:015}" for number in range(90_000))
    assert await store(memory, entry(), text) is True


async def test_a_failed_recheck_of_a_site_without_alerts_is_nothing(memory: CrawlMemory) -> None:
    assert list(await memory.due_rechecks("news", NOW)) == []
    await memory.rechecked(17, withdrawn=False, now=NOW)


async def test_hostile_letters_do_not_make_an_address_another(memory: CrawlMemory) -> None:
    hostile = replace(entry(), key="news.example/" + "x" * 5000, title="عنوان\ud800")
    await memory.wanted("news", [hostile], NOW)
    assert await store(memory, hostile) is True
    assert await store(memory, hostile) is False
    assert list(await memory.wanted("news", [hostile], NOW)) == []


async def test_the_robots_txt_of_a_host_is_kept_as_it_was_last_read(memory: CrawlMemory) -> None:
    assert await memory.robots("https://news.example") is None
    for text in ("User-agent: *\nDisallow: /بحث\n", None, ""):
        file = RobotsFile(origin="https://news.example", text=text, asked_at=later(60))
        await memory.remember_robots(file)
        assert await memory.robots("https://news.example") == file
    assert await memory.robots("http://news.example") is None
