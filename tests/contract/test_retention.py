"""What is old goes; what waits, grows, was judged or is the newest stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from marsad.search import rebuild
from models.article import Entry
from storage import articles as article_rows
from storage import retention
from storage.crawls import SqlCrawlMemory
from storage.database import Connection, Database
from storage.schema import (
    alerts,
    article_versions,
    articles,
    deliveries,
    labels,
    links,
    metadata,
    stories,
    story_articles,
)
from storage.search import search
from tests.contract.archive import NOW
from tests.contract.filling import fill

ROWS = 16
YEAR = timedelta(days=365)
WINDOW = NOW - timedelta(days=3)


def count(connection: Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def everything_is_old(connection: Connection) -> None:
    """Two years old, decided, settled, closed and not judged."""
    old = NOW - 2 * YEAR
    connection.execute(
        sa.update(articles).values(
            first_seen=old, published=old, state="decided", alerted_at=old, next_recheck_at=None
        )
    )
    connection.execute(sa.update(story_articles).values(joined_at=old))
    connection.execute(sa.update(deliveries).values(state="sent", settled_at=old))
    connection.execute(sa.update(alerts).values(expanded_at=old, editing=False))
    connection.execute(sa.update(article_versions).values(replaced_at=old))
    connection.execute(sa.delete(labels))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """ROWS rows a table, all of which may go."""
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    make_old(database)
    yield database
    database.close_now()


def make_old(database: Database) -> None:
    database.write_now(lambda connection: fill(connection, ROWS))
    database.write_now(everything_is_old)
    rebuild(database, NOW, lambda _: None)


def sweep(database: Database, before: datetime | None = NOW - YEAR, **more: Any) -> int:
    return database.write_now(
        lambda c: retention.delete_articles(c, before, WINDOW, NOW, limit=1000, **more)
    )


def change(database: Database, table: sa.Table, number: int, **values: object) -> None:
    """Of the row with the n-th id."""
    ids = sa.select(table.c.id).order_by(table.c.id)
    row_id = database.read_now(lambda c: c.scalars(ids).all())[number]
    database.write_now(
        lambda c: c.execute(sa.update(table).where(table.c.id == row_id).values(**values))
    )


def test_old_articles_go_with_all_that_hangs_on_them(old: Database) -> None:
    assert sweep(old) == ROWS - 1
    left = old.read_now(lambda c: {name: count(c, metadata.tables[name]) for name in HANGING})
    assert left == dict.fromkeys(HANGING, 1)
    assert old.check() == []


HANGING = ("articles", "matches", "article_versions", "alerts", "story_articles", "story_keys")


def test_both_databases_delete_alike(database: Database) -> None:
    make_old(database)
    change(database, articles, 1, site="short")
    rebuild(database, NOW, lambda _: None)
    ago = NOW - timedelta(days=90)
    assert database.write_now(lambda c: retention.delete_versions(c, ago, 5)) == 5
    assert database.write_now(lambda c: retention.delete_deliveries(c, ago, WINDOW, 5)) == 5
    assert sweep(database, site="short") == 1
    assert sweep(database, other_than=("short",)) == ROWS - 2
    database.write_now(lambda c: retention.delete_remains(c, NOW, limit=1000))
    database.write_now(lambda c: retention.delete_links(c, NOW, limit=1000))
    database.write_now(lambda c: retention.give_back(c, limit=10))
    assert database.read_now(retention.used_bytes) > 0
    assert database.check() == []


def test_the_newest_row_stays_or_its_number_would_be_given_out_again(old: Database) -> None:
    sweep(old)
    newest = old.read_now(lambda c: c.scalar(sa.select(articles.c.id)))
    assert newest == ROWS * 7


def test_articles_within_their_time_stay(old: Database) -> None:
    change(old, articles, 3, first_seen=NOW - YEAR + timedelta(hours=1))
    assert sweep(old) == ROWS - 2


def test_an_article_with_a_message_that_waits_stays(old: Database) -> None:
    change(old, deliveries, 5, state="retry")
    with_alert = old.read_now(lambda c: c.scalar(open_with_alert()))
    assert sweep(old) == ROWS - 1 - (with_alert or 0)
    assert old.read_now(lambda c: c.scalar(open_deliveries())) == 1


def open_with_alert() -> sa.Select[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(deliveries)
        .where(deliveries.c.state == "retry", deliveries.c.alert_id.is_not(None))
    )


def open_deliveries() -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.state == "retry")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        pytest.param(alerts, {"expanded_at": None}, id="an alert that is not fanned out yet"),
        pytest.param(alerts, {"editing": True}, id="messages that are being edited"),
        pytest.param(articles, {"state": "undecided"}, id="not decided yet"),
        pytest.param(articles, {"alerted_at": NOW}, id="asked again for corrections"),
    ],
)
def test_unfinished_articles_stay(
    old: Database, table: sa.Table, values: dict[str, object]
) -> None:
    change(old, table, 7, **values)
    assert sweep(old) == ROWS - 2


def test_an_article_whose_story_may_grow_stays(old: Database) -> None:
    story = old.read_now(lambda c: c.scalars(sa.select(story_articles.c.story_id)).all())[9]
    old.write_now(
        lambda c: c.execute(
            sa.update(story_articles)
            .where(story_articles.c.story_id == story)
            .values(joined_at=NOW - timedelta(days=1))
        )
    )
    assert sweep(old) == ROWS - 2


def test_an_article_that_a_reader_judged_stays(old: Database) -> None:
    alert = old.read_now(lambda c: c.scalars(sa.select(alerts.c.id)).all())[4]
    chat = old.read_now(lambda c: c.scalar(sa.select(deliveries.c.chat_id)))
    judged = {"chat_id": chat, "alert_id": alert, "relevant": True, "created": NOW}
    old.write_now(lambda c: c.execute(sa.insert(labels).values(**judged)))
    assert sweep(old) == ROWS - 2


def test_a_site_may_be_kept_for_a_time_of_its_own(old: Database) -> None:
    change(old, articles, 0, site="short")
    change(old, articles, 1, site="short")
    change(old, articles, 2, site="long")
    rebuild(old, NOW, lambda _: None)
    assert sweep(old, site="short") == 2
    assert sweep(old, other_than=("long",)) == ROWS - 4
    left = old.read_now(lambda c: c.scalars(sa.select(articles.c.site)).all())
    assert "long" in left


async def test_a_deleted_article_that_is_still_listed_is_not_fetched_again(
    old: Database, tmp_path: Path
) -> None:
    change(old, links, 2, key="site.example/a", attempts=0, first_seen=NOW - 3 * YEAR)
    article = old.read_now(lambda c: c.scalars(sa.select(articles.c.id)).all())[2]
    change(old, links, 2, article_id=article)
    entry = Entry(url="https://site.example/a", key="site.example/a", title="خبر")
    sweep(old)
    assert list(await SqlCrawlMemory(old).wanted("site", [entry], NOW)) == []
    forgotten = old.write_now(lambda c: retention.delete_links(c, NOW, limit=1000))
    assert forgotten > 0
    assert list(await SqlCrawlMemory(old).wanted("site", [entry], NOW)) == [entry]


def test_searches_do_not_find_what_is_gone(database: Database) -> None:
    database.write_now(lambda connection: fill(connection, ROWS))
    database.write_now(everything_is_old)
    rebuild(database, NOW, lambda _: None)
    found = len(database.read_now(lambda c: search(c, "السفينة", now=NOW, limit=1000).hits))
    assert found > 2
    sweep(database)
    hits = database.read_now(lambda c: search(c, "السفينة", now=NOW, limit=1000).hits)
    assert len(hits) <= 1
    assert database.check() == []


def test_deliveries_go_by_when_they_were_settled(old: Database) -> None:
    change(old, deliveries, 0, settled_at=NOW - timedelta(days=10))
    change(old, deliveries, 1, state="pending", settled_at=None)
    gone = old.write_now(
        lambda c: retention.delete_deliveries(c, NOW - timedelta(days=90), WINDOW, limit=1000)
    )
    assert gone == ROWS - 3
    assert old.read_now(lambda c: count(c, deliveries)) == 3


def test_versions_go_by_when_they_were_replaced(old: Database) -> None:
    gone = old.write_now(
        lambda c: retention.delete_versions(c, NOW - timedelta(days=90), limit=1000)
    )
    assert gone == ROWS - 1


def test_stories_without_articles_go(old: Database) -> None:
    sweep(old)
    old.write_now(lambda c: c.execute(sa.delete(deliveries)))
    before = old.read_now(lambda c: count(c, stories))
    old.write_now(lambda c: retention.delete_remains(c, NOW, limit=1000))
    assert before == ROWS
    assert old.read_now(lambda c: count(c, stories)) <= 2
    assert old.check() == []


def test_a_slice_is_no_larger_than_asked(old: Database) -> None:
    gone = old.write_now(lambda c: retention.delete_articles(c, NOW, WINDOW, NOW, limit=10))
    assert gone == 10
    assert old.read_now(article_rows.count).total == ROWS - 10


def test_the_size_told_falls_and_the_file_gives_pages_back(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    database.write_now(lambda connection: fill(connection, 300))
    database.write_now(everything_is_old)
    database.write_now(lambda c: c.execute(sa.update(articles).values(text="نص " * 3000)))
    rebuild(database, NOW, lambda _: None)
    full = database.read_now(retention.used_bytes)
    while database.write_now(lambda c: retention.delete_articles(c, None, WINDOW, NOW, limit=100)):
        pass
    assert database.read_now(retention.used_bytes) < full / 2
    freed = 0
    while part := database.write_now(lambda c: retention.give_back(c, 100)):
        freed += part
    assert freed > 100
    database.close_now()
    assert (tmp_path / "marsad.db").stat().st_size < full / 2
