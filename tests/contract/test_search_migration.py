"""The search index comes with a migration that fills it from the articles that are there."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from storage import migration
from storage.connection import parse_url, prepare_file, writing_engine
from storage.database import Database
from storage.search import search
from tests.contract.archive import NOW

COLUMNS = {
    "site": "news",
    "url": "https://news.example/1",
    "text": "نص الخبر",
    "published": None,
    "evidence": "{}",
    "content_hash": "0",
    "version": 1,
    "first_seen": "2026-10-30T08:00:00.000000Z",
    "fetched_at": "2026-10-30T08:00:00.000000Z",
    "backlog": False,
    "state": "decided",
    "decided_at": "2026-10-30T08:00:05.000000Z",
    "rechecks": 0,
}


def at_revision_1(url: str, articles: int) -> None:
    """A database as the first release left it, with so many decided articles."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        prepare_file(parsed)
    engine = writing_engine(parsed)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option(
            "script_location", str(Path(migration.__file__).parent / "migrations")
        )
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "0001")
        names = [*COLUMNS, "key", "title"]
        connection.execute(
            sa.text(
                f"INSERT INTO articles ({', '.join(names)})"
                f" VALUES ({', '.join(f':{name}' for name in names)})"
            ),
            [
                {**COLUMNS, "key": f"news.example/{number}", "title": f"وصول السفينة رقم {number}"}
                for number in range(articles)
            ],
        )
    engine.dispose()


def test_the_articles_of_the_first_release_are_found(database_url: str) -> None:
    at_revision_1(database_url, articles=1_203)
    database = Database.open(database_url)
    try:
        hits = database.read_now(lambda c: search(c, "سفينة", now=NOW, limit=2_000).hits)
        assert len(hits) == 1_203
        (hit,) = database.read_now(lambda c: search(c, "1102", now=NOW).hits)
        assert hit.title.text == "وصول السفينة رقم 1102"
        assert database.check() == []
        seconds = database.read_now(
            lambda c: c.scalar(
                sa.text("SELECT count(*) FROM articles WHERE first_decided_at IS NULL")
            )
        )
        assert seconds == 0
    finally:
        database.close_now()
