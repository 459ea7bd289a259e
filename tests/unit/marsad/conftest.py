"""Builders: a small configuration, files of articles, and the command line on them."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from marsad.cli import main
from models.article import Article
from storage.crawls import SqlCrawlMemory
from storage.database import Database

SITE = "title: {ar: موقع, en: Site}\npublishes: [{type: feed, url: 'https://news.example/feed'}]\n"
GRAIN = """\
title: {ar: حبوب البحر الأسود, en: Black Sea grain}
label: grain
any:
  - sentence: [{list: sea}, {any: [{word: قمح}, {word: ذرة}]}]
none:
  - {any: [مباراة, فيلم], in: [title]}
"""
SEA = """\
entries:
  - {word: البحر الأسود}
  - {word: أوديسا, class: name}
"""

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder with the topic grain, its lexicon sea, and one site."""
    return write_config(tmp_path / "config")


def write_config(
    folder: Path, topics: dict[str, str] | None = None, lexicons: dict[str, str] | None = None
) -> Path:
    files = {
        "sites/news.yaml": SITE,
        "marsad.yaml": "contact: test@example.org\n",
        **{f"topics/{n}.yaml": text for n, text in (topics or {"grain": GRAIN}).items()},
        **{f"lexicon/{n}.yaml": text for n, text in (lexicons or {"sea": SEA}).items()},
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def marsad(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """marsad('replay', file, ...): the command on the small configuration; text arguments."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "MARSAD_CONFIG": str(config),
        "MARSAD_DATA": str(tmp_path / "data"),
        "MARSAD_EVAL_DATA": "",
    }

    def run(*arguments: object, env: dict[str, str] | None = None) -> Result:
        result = CliRunner().invoke(
            main, [str(argument) for argument in arguments], env={**environment, **(env or {})}
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def row(id: str, title: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "text": text, "source": "news", **more}


def write_rows(path: Path, *rows: dict[str, Any] | str) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    content = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


async def store(data: Path, *articles: tuple[Article, datetime]) -> None:
    """Articles into the archive that `marsad` reads, each at the time it is first seen."""
    database = Database.open(f"sqlite:///{data / 'marsad.sqlite3'}")
    memory = SqlCrawlMemory(database)
    for article, seen in articles:
        await memory.store(article, seen)
    await database.close()


def article(key: str, title: str, text: str, published: datetime | None = None) -> Article:
    return Article(
        site="news", url=f"https://{key}", key=key, title=title, text=text, published=published
    )


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
