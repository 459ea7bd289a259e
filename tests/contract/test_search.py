"""The archive is searched as it is written; on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models.alert import Skip
from models.article import Article
from models.match import Verdict
from models.story import StoryEntry
from storage import (
    articles,
    decisions,
    searchindex,
    searchpostgresql,
    searchsqlite,
    stories,
)
from storage.crawls import SqlCrawlMemory
from storage.database import Connection, Database
from storage.errors import IndexStale, QueryRefused
from storage.search import Answer, SearchHit, search
from storage.subscribers import SqlSubscribers
from tests.contract.archive import NOW, article, later, verdict


async def store(database: Database, *given: Article) -> None:
    memory = SqlCrawlMemory(database)
    for each in given:
        await memory.store(each, NOW)


def news(
    number: int, title: str, text: str = "نص", *, site: str = "news", hours: float = 0
) -> Article:
    return article(
        f"{site}.example/{number}", site=site, title=title, text=text, published=later(hours=-hours)
    )


def answer(database: Database, query: str, **more: Any) -> Answer:
    return database.read_now(lambda connection: search(connection, query, now=NOW, **more))


def found(database: Database, query: str, **more: Any) -> list[SearchHit]:
    return answer(database, query, **more).hits


def titles(database: Database, query: str, *, rank: bool = False) -> list[str]:
    return [hit.title.text for hit in found(database, query, rank=rank)]


WHEAT = "شحنة قمح روسية تصل إلى ميناء أنزلي"
SEA = "خمس دول تبحث وضع بحر قزوين"
FOOTBALL = "كرة القدم: لقاء ودي في باكو"


@pytest.fixture
async def archive_of_three(database: Database) -> Database:
    await store(
        database,
        news(1, WHEAT, "غادرت السفينة أستراخان صباح اليوم.", hours=3),
        news(2, SEA, "ناقش المجتمعون لبحر قزوين نظاما للملاحة وللقمح ذكر عابر.", hours=1),
        news(3, FOOTBALL, "انتهى اللقاء بالتعادل.", site="sport", hours=2),
    )
    return database


QUERIES = [
    ("قمح", [SEA, WHEAT]),
    ("القمح", [SEA, WHEAT]),
    ("قَمْح", [SEA, WHEAT]),
    ("استراخان", [WHEAT]),
    ("قمح قزوين", [SEA]),
    ("أستراخان OR باكو", [FOOTBALL, WHEAT]),
    ('"بحر قزوين"', [SEA]),
    ('"قزوين بحر"', []),
    ("قمح -قزوين", [WHEAT]),
    ('قمح -"بحر قزوين"', [WHEAT]),
    ("title:قمح", [WHEAT]),
    ('title:"ميناء أنزلي"', [WHEAT]),
    ('"أنزلي غادرت"', []),
    ("site:sport", [FOOTBALL]),
    ("لقاء site:sport", [FOOTBALL]),
    ("لقاء -site:sport", []),
    ("قمح since:2h", [SEA]),
    ("سفينة | لقاء", [FOOTBALL, WHEAT]),
    ("غزة", []),
    ("news", []),
    ("' \\ : & ! ( ) * قمح", [SEA, WHEAT]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_query_finds_its_articles_newest_first(
    archive_of_three: Database, query: str, expected: list[str]
) -> None:
    assert titles(archive_of_three, query) == expected


def test_a_query_that_the_newest_articles_do_not_answer_is_answered_alike(
    archive_of_three: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchpostgresql, "FIRST_LOOK", 0)
    assert [titles(archive_of_three, query) for query, _ in QUERIES] == [
        expected for _, expected in QUERIES
    ]


def test_a_search_that_takes_too_long_says_so_and_a_patient_one_ends(
    archive_of_three: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchsqlite, "MOST_MILLISECONDS", -1.0)
    monkeypatch.setattr(searchsqlite, "STEPS", 1)
    monkeypatch.setattr(searchpostgresql, "FIRST_LOOK", 0)
    monkeypatch.setattr(searchpostgresql, "MOST_COMPARED", 0)
    for rank in (False, True):
        cut = answer(archive_of_three, '"بحر قزوين"', rank=rank)
        assert (cut.hits, cut.whole) == ([], False)
        patient = answer(archive_of_three, '"بحر قزوين"', rank=rank, patient=True)
        assert ([hit.title.text for hit in patient.hits], patient.whole) == ([SEA], True)


def test_a_hit_has_its_words_marked(archive_of_three: Database) -> None:
    (hit,) = found(archive_of_three, "قمح أستراخان")
    assert (hit.site, hit.url) == ("news", "https://news.example/1")
    assert [hit.title.text[s:e] for s, e in hit.title.spans] == ["قمح"]
    assert [hit.snippet.text[s:e] for s, e in hit.snippet.spans] == ["أستراخان"]
    assert hit.published == later(hours=-3)


def test_pages_follow_one_another(archive_of_three: Database) -> None:
    every = "قمح OR لقاء"
    pages = [found(archive_of_three, every, limit=1, offset=offset) for offset in range(4)]
    assert [hit.title.text for page in pages for hit in page] == [SEA, FOOTBALL, WHEAT]
    assert pages[3] == []


def test_by_rank_a_word_of_the_title_comes_first(archive_of_three: Database) -> None:
    assert titles(archive_of_three, "قمح", rank=True) == [WHEAT, SEA]


async def test_by_rank_what_a_title_says_whole_comes_before_what_it_says_in_part(
    database: Database,
) -> None:
    both, one, none = "قمة روسيا وإيران", "روسيا تعلن موازنتها", "أخبار المساء"
    text = "تحدثت روسيا مع إيران."
    often = "عن روسيا وإيران: " + "روسيا وإيران. " * 4
    await store(
        database,
        *(news(1, both, text, hours=9), news(2, one, text, hours=3), news(3, none, text, hours=2)),
        *(news(4, "أخبار الصباح", text, hours=1), news(5, "أخبار الظهر", often, hours=5)),
    )
    assert titles(database, "روسيا إيران", rank=True) == [
        both, one, "أخبار الظهر", "أخبار الصباح", none,
    ]  # fmt: skip


async def test_by_rank_only_the_newest_answers_are_ordered(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.search.RANK_WINDOW", 2)
    await store(
        database,
        news(1, "قمح في المرفأ", hours=3),
        news(2, "شحنة قمح", hours=2),
        news(3, "أخبار", "قمح", hours=1),
    )
    assert titles(database, "قمح", rank=True) == ["شحنة قمح", "أخبار"]


async def test_many_answers_are_as_new_as_few(database: Database) -> None:
    await store(database, *(news(n, f"قمح {n}", hours=n / 60) for n in range(130)))
    every = [f"قمح {n}" for n in range(130)]
    assert [hit.title.text for hit in found(database, "قمح", limit=120)] == every[:120]
    assert [hit.title.text for hit in found(database, "قمح", limit=10, offset=110)] == every[
        110:120
    ]
    assert [hit.title.text for hit in found(database, "title:قمح", limit=500)] == every


async def test_an_article_that_changed_is_found_by_its_new_words_alone(database: Database) -> None:
    first = news(1, WHEAT, hours=1)
    await store(database, first, replace(first, title="الشحنة تتأخر", published=None))
    assert titles(database, "قمح") == []
    assert titles(database, "شحنة تتأخر") == ["الشحنة تتأخر"]
    await store(database, replace(first, title=WHEAT, published=later(hours=-5)))
    assert titles(database, "تتأخر") == []
    assert titles(database, "قمح") == [WHEAT]
    assert await database.read(rows_of_the_index) == 1


def rows_of_the_index(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.text("SELECT count(*) FROM article_search")) or 0)


async def test_a_write_that_fails_leaves_nothing_to_be_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("second thoughts")

    with monkeypatch.context() as patch:
        patch.setattr("storage.searchindex.add", fail)
        with pytest.raises(ValueError, match="second thoughts"):
            await store(database, news(1, WHEAT))
    assert titles(database, "قمح") == []
    await store(database, news(1, WHEAT))
    assert titles(database, "قمح") == [WHEAT]


async def test_only_what_one_of_the_topics_matched_is_found(archive_of_three: Database) -> None:
    def decide(connection: sa.Connection) -> None:
        for key, topics in (("news.example/1", ["grain"]), ("news.example/2", ["sea", "grain"])):
            stored = articles.by_url(connection, key)
            assert stored is not None
            record(connection, stored.id, [verdict(topic) for topic in topics])

    await archive_of_three.write(decide)
    assert [h.title.text for h in found(archive_of_three, "قمح", topics=["sea"])] == [SEA]
    assert [h.title.text for h in found(archive_of_three, "قمح", topics=["grain"])] == [SEA, WHEAT]
    assert [h.title.text for h in found(archive_of_three, "قمح", topics=["grain"], rank=True)] == [
        WHEAT, SEA,
    ]  # fmt: skip
    assert found(archive_of_three, "قمح", topics=[]) == []


def record(connection: sa.Connection, article_id: int, verdicts: list[Verdict]) -> None:
    decisions.record(
        connection,
        article_id=article_id,
        story_id=None,
        verdicts=verdicts,
        decision=Skip("told before"),
        rules_version="1",
        now=NOW,
    )


async def test_hostile_text_is_stored_and_found(database: Database) -> None:
    text = "x" * 5_000 + " " + "كلمة " * 40_000 + "ﷺ \x00 \ud800 'a' \\ 漢字 👍 1e5 ك2 a_b"
    await store(database, news(1, "'); DROP TABLE articles; --", text))
    assert len(found(database, "كلمة")) == 1
    assert len(found(database, "drop")) == 1
    assert len(found(database, "漢字")) == 1


def rebuild(database: Database, limit: int = 2) -> int:
    database.write_now(lambda connection: searchindex.begin_rebuild(connection, NOW))
    total = 0
    while done := database.write_now(lambda c: searchindex.continue_rebuild(c, limit)):
        total += done
    return total


def test_an_index_is_built_anew(archive_of_three: Database) -> None:
    assert rebuild(archive_of_three) == 3
    assert titles(archive_of_three, "قمح OR لقاء") == [SEA, FOOTBALL, WHEAT]


async def test_what_is_stored_during_a_rebuild_is_found_after_it(
    archive_of_three: Database,
) -> None:
    def begin(connection: sa.Connection) -> None:
        searchindex.begin_rebuild(connection, NOW)
        searchindex.continue_rebuild(connection, 2)

    await archive_of_three.write(begin)
    changed = news(1, "خبر معدل", hours=3), news(3, "نتيجة معدلة", site="sport", hours=2)
    await store(archive_of_three, *changed, news(4, "خبر جديد عن القمح"))
    while await archive_of_three.write(lambda c: searchindex.continue_rebuild(c, 2)):
        pass
    assert titles(archive_of_three, "معدل OR معدلة OR جديد") == [
        "خبر جديد عن القمح", "نتيجة معدلة", "خبر معدل",
    ]  # fmt: skip
    assert titles(archive_of_three, "قمح") == ["خبر جديد عن القمح", SEA]
    assert await archive_of_three.read(rows_of_the_index) == 4


async def test_an_index_of_another_normaliser_is_not_searched_and_not_spoiled(
    archive_of_three: Database,
) -> None:
    def age(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE search_state SET normaliser = '0'"))

    await archive_of_three.write(age)
    await store(archive_of_three, news(1, "خبر معدل", hours=3), news(4, "خبر جديد"))
    with pytest.raises(IndexStale, match="marsad search --rebuild"):
        found(archive_of_three, "قمح")
    assert any("marsad search --rebuild" in problem for problem in archive_of_three.check())
    rebuild(archive_of_three)
    assert titles(archive_of_three, "خبر") == ["خبر جديد", "خبر معدل"]
    assert archive_of_three.check() == []


def test_a_query_that_cannot_be_read_is_refused(database: Database) -> None:
    with pytest.raises(QueryRefused):
        found(database, "-قمح")


def test_the_order_of_positions_is_that_of_the_times() -> None:
    times = [datetime.fromtimestamp(-5, NOW.tzinfo), NOW, NOW + timedelta(seconds=1)]
    positions = [searchindex.position(7, time) for time in times]
    assert positions == sorted(positions)
    assert {searchindex.article_id(position) for position in positions} == {7}
    assert max(positions) < 2**63


async def test_a_story_is_one_answer_in_the_chat_however_many_outlets_tell_it(
    database: Database,
) -> None:
    for number in range(3):
        await store(database, news(number, WHEAT, hours=number))
    await store(database, news(9, "قمح في ميناء آخر"))

    def tell(connection: Connection) -> None:
        first, second = (articles.by_url(connection, f"news.example/{number}") for number in (0, 1))
        assert first is not None
        assert second is not None
        entry = StoryEntry(reason="the same text", score=1.0, keys=("wheat",))
        story = stories.found(connection, first.id, entry, NOW)
        stories.join(connection, story, second.id, entry, NOW)

    await database.write(tell)
    subscribers = SqlSubscribers(database)
    page = await subscribers.search("قمح", NOW, 10, 0)
    assert page is not None
    shown = [hit.url for hit in page.hits]
    assert len(shown) == 3
    later_page = await subscribers.search("قمح", NOW, 2, 2)
    assert later_page is not None
    assert [hit.url for hit in later_page.hits] == shown[2:]
