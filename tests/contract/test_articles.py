"""How articles are kept: undecided, versioned, backlog, rechecked; on both databases."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from models.alert import Decision, Skip
from models.article import Article, Entry, StoredArticle, Validators
from models.crawl import CrawlOutcome, CrawlReport
from models.story import StoryEntry
from storage import articles, decisions, sites, stories
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.errors import ArticleMoved
from storage.explain import trace
from tests.contract.archive import NOW, alert_on, article, later, verdict


async def store(database: Database, given: Article, seconds: float = 0) -> StoredArticle:
    await SqlCrawlMemory(database).store(given, later(seconds))
    found = await database.read(lambda connection: articles.by_url(connection, given.key))
    assert found is not None
    return found


async def finish_first_crawl(database: Database, outcome: CrawlOutcome = CrawlOutcome.OK) -> None:
    def finish(connection: sa.Connection) -> None:
        report = CrawlReport(site="news", started=NOW, finished=NOW, outcome=outcome)
        sites.start_crawl(connection, "news", NOW)
        sites.finish_crawl(connection, report, later(600))

    await database.write(finish)


async def waiting(database: Database) -> list[StoredArticle]:
    return await database.read(lambda connection: articles.undecided(connection, 100))


def record(
    connection: sa.Connection,
    stored: StoredArticle,
    decision: Decision,
    *topics: str,
    now_seconds: float = 0,
) -> int | None:
    story_id = stories.story_of(connection, stored.id) or stories.found(
        connection, stored.id, entry(stored.article.title), NOW
    )
    return decisions.record(
        connection,
        article_id=stored.id,
        story_id=story_id,
        verdicts=[verdict(topic) for topic in topics],
        decision=decision,
        rules_version="7",
        now=later(now_seconds),
        version=stored.version,
    )


def entry(*keys: str) -> StoryEntry:
    return StoryEntry(reason="first report", score=1.0, keys=keys)


async def decide(database: Database, stored: StoredArticle, *topics: str) -> int | None:
    decision: Decision = alert_on(stored.id, *topics) if topics else Skip("no topic matched")
    return await database.write(lambda c: record(c, stored, decision, *topics))


async def test_an_article_comes_back_as_it_was_stored(database: Database) -> None:
    given = replace(
        article(published=later(-900), listed_title="العنوان", listed_updated="08:00"),
        author="سلمى حداد",
        language="ar",
        validators=Validators(etag='"a"', last_modified="Sun, 01 Nov 2026 08:00:00 GMT"),
    )
    stored = await store(database, given, seconds=5)
    assert stored.article == given
    assert (stored.first_seen, stored.withdrawn, stored.version) == (later(5), False, 1)


async def test_what_no_database_can_store_is_dropped(database: Database) -> None:
    given = replace(
        article(title="أستراخان\x00 اليوم\ud83d", text="نص\udc00\x00"),
        author="\x00",
        evidence={"title": "json\x00-ld"},
    )
    stored = (await store(database, given)).article
    assert (stored.title, stored.text, stored.author) == ("أستراخان اليوم", "نص", "")
    assert stored.evidence == {"title": "json-ld"}
    assert await SqlCrawlMemory(database).store(given, NOW) is False
    assert len(await waiting(database)) == 0
    await finish_first_crawl(database)
    assert [each.version for each in await waiting(database)] == [1]


async def test_the_backlog_waits_for_the_end_of_the_first_crawl(database: Database) -> None:
    await store(database, article("news.example/1", published=later(-7200)))
    await store(database, article("news.example/2", published=None))
    await store(database, article("news.example/3", published=later(-60)))
    assert await waiting(database) == []
    await finish_first_crawl(database, CrawlOutcome.FAILED)
    assert await waiting(database) == []
    counts = await database.read(articles.count)
    assert (counts.total, counts.undecided, counts.waiting) == (3, 3, 3)
    await finish_first_crawl(database)
    assert [each.article.key[-1] for each in await waiting(database)] == ["3", "1", "2"]
    assert all(each.backlog for each in await waiting(database))


async def test_fresh_articles_come_before_the_backlog_in_the_order_of_arrival(
    database: Database,
) -> None:
    await store(database, article("news.example/old", published=later(-60)))
    await finish_first_crawl(database)
    await store(database, article("news.example/b", published=later(-3600)), seconds=60)
    await store(database, article("news.example/a", published=later(-10)), seconds=61)
    keys = [each.article.key.removeprefix("news.example/") for each in await waiting(database)]
    assert keys == ["b", "a", "old"]
    assert [each.backlog for each in await waiting(database)] == [False, False, True]


async def test_an_address_of_the_first_crawl_is_backlog_whenever_it_is_fetched(
    database: Database,
) -> None:
    listed = Entry(url="https://news.example/1", key="news.example/1", title="عنوان")
    await SqlCrawlMemory(database).wanted("news", [listed], NOW)
    await finish_first_crawl(database)
    assert (await store(database, article("news.example/1"), seconds=900)).backlog
    assert not (await store(database, article("news.example/2"), seconds=900)).backlog


async def test_a_changed_article_keeps_its_old_version_and_is_undecided_again(
    database: Database,
) -> None:
    await finish_first_crawl(database)
    first = await store(database, article(published=later(-60)))
    await decide(database, first)
    assert await waiting(database) == []
    changed = await store(database, article(text="تصحيح: تأجلت الزيارة."), seconds=60)
    assert (changed.id, changed.version, changed.first_seen) == (first.id, 2, first.first_seen)
    assert changed.article.published == later(-60)
    assert await waiting(database) == [changed]
    found = await database.read(lambda connection: trace(connection, str(first.id)))
    assert found is not None
    assert (found.versions, found.decided_at) == (1, None)


async def test_an_unchanged_article_stays_decided(database: Database) -> None:
    await finish_first_crawl(database)
    await decide(database, await store(database, article()))
    again = await store(database, replace(article(), author="محرر"), seconds=60)
    assert (again.version, again.article.author) == (1, None)
    assert await waiting(database) == []


async def test_a_decision_on_an_older_text_is_void(database: Database) -> None:
    await finish_first_crawl(database)
    read = await store(database, article())
    await store(database, article(text="نص آخر تماما"), seconds=1)
    with pytest.raises(ArticleMoved):
        await decide(database, read, "caspian")
    assert [each.version for each in await waiting(database)] == [2]
    found = await database.read(lambda connection: trace(connection, str(read.id)))
    assert found is not None
    assert (found.story_id, found.matches, found.alert) == (None, (), None)


async def test_an_article_is_decided_once(database: Database) -> None:
    await finish_first_crawl(database)
    stored = await store(database, article())
    assert await decide(database, stored, "caspian") is not None
    with pytest.raises(ArticleMoved):
        await decide(database, stored, "caspian")


async def test_the_decision_is_explained(database: Database) -> None:
    await finish_first_crawl(database)
    stored = await store(database, article())
    alert_id = await decide(database, stored, "caspian", "iran-russia")
    for asked in (str(stored.id), stored.article.key, stored.article.url):
        found = await database.read(partial(trace, url_or_id=asked))
        assert found is not None
        assert found.article == stored
        assert found.decision == "alert on caspian, iran-russia"
        assert (found.rules_version, found.decided_at) == ("7", NOW)
        assert found.matches == (verdict("caspian"), verdict("iran-russia"))
        assert found.alert is not None
        assert (found.alert_id, found.story_alerts) == (alert_id, (alert_id,))
        assert found.alert.alert == alert_on(stored.id, "caspian", "iran-russia")
        assert (found.story_reason, found.deliveries) == ("first report", {})


async def test_an_address_that_could_not_be_fetched_is_explained(database: Database) -> None:
    listed = Entry(url="https://news.example/9", key="news.example/9", title="عنوان")
    await SqlCrawlMemory(database).failed("news", listed, "HTTP 500", later(3))
    found = await database.read(lambda connection: trace(connection, listed.url))
    assert found is not None
    assert (found.article, found.attempts, found.last_error) == (None, 1, "HTTP 500")
    assert (found.site, found.first_listed) == ("news", later(3))
    assert await database.read(lambda connection: trace(connection, "https://else.example")) is None
    assert await database.read(lambda connection: trace(connection, "9" * 30)) is None


async def test_two_listings_of_a_site_do_not_fetch_an_article_in_turn(
    database: Database,
) -> None:
    memory = SqlCrawlMemory(database)
    feed = Entry(url="https://n/1", key="n/1", title="من الخلاصة", updated="08:00")
    sitemap = replace(feed, title=None, updated="2026-11-01T08:00:07Z")
    bare = replace(feed, title=None, updated=None)
    for listed in (feed, sitemap):
        assert await memory.wanted("news", [listed], NOW) == [listed]
        await memory.store(
            article("n/1", listed_title=listed.title, listed_updated=listed.updated), NOW
        )
    assert await memory.wanted("news", [feed, sitemap, bare], NOW) == []


async def test_a_changed_page_that_fails_is_tried_five_times_a_change(database: Database) -> None:
    memory = SqlCrawlMemory(database)
    await store(database, article("n/1", listed_title="أول"))
    second = Entry(url="https://n/1", key="n/1", title="ثان")
    for _ in range(5):
        assert await memory.wanted("news", [second], NOW) == [second]
        await memory.failed("news", second, "500", NOW)
    assert await memory.wanted("news", [second], NOW) == []
    third = replace(second, title="ثالث")
    assert await memory.wanted("news", [third], NOW) == [third]


async def test_an_alerted_article_is_asked_again_three_times(database: Database) -> None:
    memory = SqlCrawlMemory(database)
    await finish_first_crawl(database)
    quiet = await store(database, article("news.example/2"))
    await decide(database, quiet)
    stored = await store(database, replace(article(), validators=Validators(etag='"x"')))
    await decide(database, stored, "caspian")
    asked_at = []
    for hour in range(72):
        for due in await memory.due_rechecks("news", later(hours=hour)):
            assert (due.article_id, due.key) == (stored.id, stored.article.key)
            assert due.validators == Validators(etag='"x"')
            asked_at.append(hour)
            await memory.rechecked(due.article_id, withdrawn=False, now=later(hours=hour))
    assert asked_at == [1, 8, 40]
    assert await memory.due_rechecks("another", later(hours=1)) == []


async def test_after_downtime_an_article_is_asked_once_and_never_after_two_days(
    database: Database,
) -> None:
    memory = SqlCrawlMemory(database)
    await finish_first_crawl(database)
    stored = await store(database, article())
    await decide(database, stored, "caspian")
    assert len(await memory.due_rechecks("news", later(hours=9))) == 1
    await memory.rechecked(stored.id, withdrawn=False, now=later(hours=9))
    assert await memory.due_rechecks("news", later(hours=10)) == []
    assert len(await memory.due_rechecks("news", later(hours=48))) == 1
    assert await memory.due_rechecks("news", later(hours=49)) == []


async def test_a_withdrawn_article_is_marked_and_asked_no_more(database: Database) -> None:
    memory = SqlCrawlMemory(database)
    await finish_first_crawl(database)
    stored = await store(database, article())
    await decide(database, stored, "caspian")
    await memory.rechecked(stored.id, withdrawn=True, now=later(hours=1))
    withdrawn = await database.read(lambda connection: articles.by_id(connection, stored.id))
    assert withdrawn is not None
    assert withdrawn.withdrawn
    assert await memory.due_rechecks("news", later(hours=41)) == []
    assert not (await store(database, article(), seconds=90_000)).withdrawn


async def test_a_title_that_is_another_at_every_look_is_no_news_for_ever(
    database: Database,
) -> None:
    memory = SqlCrawlMemory(database)
    fetched = 0
    for minutes in range(30):
        title = f"افتتاح الميناء منذ {minutes} دقيقة"
        listed = Entry(url="https://news.example/1", key="news.example/1", title=title)
        if await memory.wanted("news", [listed], later(60 * minutes)):
            fetched += 1
            await memory.store(article(listed.key, listed_title=title), later(60 * minutes))
    assert fetched == 8
    changed = replace(listed, updated="2026-11-01T09:00:00Z")
    assert list(await memory.wanted("news", [changed], later(3600))) == [changed]


async def test_what_a_new_site_lists_first_is_news_on_a_site_that_is_read_already(
    database: Database,
) -> None:
    await finish_first_crawl(database)
    memory = SqlCrawlMemory(database)
    listed = Entry(url="https://news.example/1", key="news.example/1")
    await memory.wanted("another", [listed], NOW)
    await memory.wanted("news", [listed], later(60))
    assert not (await store(database, article(listed.key))).backlog


async def test_alerts_from_the_backlog_are_counted_by_site(database: Database) -> None:
    old = await store(database, article("news.example/old"))
    await finish_first_crawl(database)
    fresh = await store(database, article("news.example/new"), seconds=60)
    await decide(database, old, "caspian")
    await decide(database, fresh, "caspian")
    count = await database.read(lambda connection: decisions.backlog_alerts(connection, "news"))
    assert count == 1
    assert await database.read(lambda c: decisions.backlog_alerts(c, "another")) == 0


async def test_a_story_is_told_once_a_topic_whatever_the_program_does(database: Database) -> None:
    await finish_first_crawl(database)
    first, second = [await store(database, article(f"news.example/{n}")) for n in (1, 2)]
    await decide(database, first, "caspian")

    def join_and_tell_again(connection: sa.Connection) -> None:
        story_id = stories.story_of(connection, first.id)
        assert story_id is not None
        assert stories.alerted_topics(connection, story_id) == {"caspian"}
        stories.join(connection, story_id, second.id, entry("x"), NOW)
        record(connection, second, alert_on(second.id, "caspian"), "caspian")

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(join_and_tell_again)
    assert [each.id for each in await waiting(database)] == [second.id]


async def test_articles_share_one_key_of_a_copy_or_two_of_an_event(database: Database) -> None:
    stored = [
        await store(database, article(f"news.example/{n}", title=f"خبر {n}"), seconds=n)
        for n in range(3)
    ]
    keys = (("c:1", "e:1", "e:2"), ("c:2", "e:2", "e:3"), ("c:3",))
    for each, own in zip(stored, keys, strict=True):
        await database.write(partial(stories.found, article_id=each.id, entry=entry(*own), now=NOW))

    async def sharing(*wanted: str, since: timedelta = timedelta()) -> set[int]:
        until = NOW + timedelta(hours=1)
        return await database.write(lambda c: stories.sharing(c, wanted, NOW + since, until))

    first, second, third = (each.id for each in stored)
    assert await sharing("c:1", "c:3") == {first, third}
    assert await sharing("c:1", "c:3", since=timedelta(seconds=1)) == {third}
    assert await sharing("e:2") == set()
    assert await sharing("e:2", "e:3", "e:1") == {first, second}
    assert await sharing() == set()


async def test_stories_that_become_one_stay_told_and_muted(database: Database) -> None:
    await finish_first_crawl(database)
    first, second = [await store(database, article(f"news.example/{n}")) for n in (1, 2)]
    await decide(database, first, "caspian")
    await decide(database, second, "iran-russia")

    def become_one(connection: sa.Connection) -> int:
        one, other = (stories.story_of(connection, each.id) for each in (first, second))
        assert one is not None
        assert other is not None
        stories.merge(connection, one, [other])
        return one

    story = await database.write(become_one)
    topics = await database.read(lambda c: stories.alerted_topics(c, story))
    assert topics == {"caspian", "iran-russia"}
    found = await database.read(lambda c: stories.of_articles(c, [second.id]))
    assert [each.article_id for each in found[story]] == [first.id, second.id]
    assert await database.read(lambda c: stories.stories_of(c, [first.id, second.id])) == {
        first.id: story,
        second.id: story,
    }
