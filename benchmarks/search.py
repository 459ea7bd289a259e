"""How quickly the archive answers when it is large.

    python benchmarks/search.py [--articles 1000000] [--corpus FILE.jsonl.gz ...] [--folder FOLDER]
    python benchmarks/search.py --database postgresql [--articles 100000]

The articles are recombined: twelve sentences each, drawn from the corpus (or texts of words as
frequent as in the news), half a minute apart, newest last. They are put into the table and indexed
by the shipped rebuild. A folder that holds such an archive already is asked again, not filled.

Each query runs six times: the first is the cold one, of the others the median counts. There are
hand-made ones (common and rare words, phrases, OR, not, title, site, since, twenty words) and 180
drawn from the articles by the frequency of their words. They are asked as in the chat, where a
search is cut short after so much work, and as `marsad search` asks, which looks at everything.
"""

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from benchmarks.corpus import articles_of, own_articles
from marsad.rows import Row as Article
from scripts.soak.figures import Row
from scripts.soak.processes import database_url
from storage import searchindex
from storage.database import Connection, Database
from storage.schema import articles
from storage.search import Answer, search

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_APART = timedelta(seconds=30)
_SENTENCES = 12
_SITES = ("harbour", "north", "gulf", "capital", "valley")
_AT_ONCE = 2_000
_ROUNDS = 5
_SHOWN = 5
_END_OF_SENTENCE = re.compile(r"(?<=[.!؟])\s+")

# Most milliseconds, by database and by how it is asked.
BOUNDS = {"sqlite": {"newest": 20.0, "ranked": 100.0}, "postgresql": {"newest": 100.0}}

WRITTEN = (
    *("روسيا", "إيران", "بحر", '"بحر قزوين"', "روسيا إيران", "أستراخان", "قزوين", "title:روسيا"),
    *("روسيا -إيران", "الرئيس OR الوزير", '"مجلس الأمن"', "site:gulf غزة", "مصر since:30d", "في"),
    *("كلمةنادرةجدا", "النفط أسعار", "من في"),
    # Nobody asks so: these make the index compare where the most frequent words stand in nearly
    # every article, or open as many lists as a query may have.
    *('"في في"', '"من من من"', "title:في -من", 'title:"من من"', '"من من من" since:1h'),
    *("روسيا -روسيا", '"على على" OR "من من من"', 'site:gulf "من من"'),
)
_MANY_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Milliseconds of a query: of its first run, and the median of the following; `work`: of
    processor time, which a busy machine does not lengthen (of this process alone)."""

    query: str
    cold: float
    warm: float
    work: float
    hits: int
    whole: bool


# -- the archive


def fill(database: Database, texts: Sequence[Article], count: int) -> None:
    """Put in the articles and index them, unless they are there."""
    have = database.read_now(_count)
    if have == count:
        if database.read_now(searchindex.is_stale):
            index(database, count)
        return
    if have:
        raise SystemExit(f"the folder holds {have:,} articles instead of {count:,}: name another")
    began = time.monotonic()
    rows = _recombined(texts, count)
    while chunk := [row for _, row in zip(range(_AT_ONCE), rows, strict=False)]:
        database.write_now(lambda c, chunk=chunk: _insert(c, chunk))  # type: ignore[misc]
    print(f"{count:,} articles in {time.monotonic() - began:.0f} s", flush=True)
    index(database, count)


def index(database: Database, count: int) -> None:
    began = time.monotonic()
    database.write_now(lambda c: searchindex.begin_rebuild(c, NOW))
    while database.write_now(lambda c: searchindex.continue_rebuild(c, _AT_ONCE)):
        continue
    print(f"{count:,} indexed in {time.monotonic() - began:.0f} s", flush=True)


def _count(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(articles)).scalar_one())


def _insert(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    connection.execute(sa.insert(articles), list(rows))


def _recombined(texts: Sequence[Article], count: int) -> Iterator[dict[str, object]]:
    chance = random.Random(1)
    sentences = [
        sentence
        for row in texts
        for sentence in _END_OF_SENTENCE.split(row.document.text)
        if 20 < len(sentence) < 600
    ]
    for number in range(count):
        moment = NOW - (count - number) * _APART
        yield {
            "key": f"archive.example/{number}",
            "site": chance.choice(_SITES),
            "url": f"https://archive.example/{number}",
            "title": chance.choice(texts).document.title,
            "text": " ".join(chance.sample(sentences, _SENTENCES)),
            "published": moment,
            "evidence": {},
            "content_hash": "0",
            "version": 1,
            "first_seen": moment,
            "fetched_at": moment,
            "backlog": False,
            "state": "decided",
            "rechecks": 0,
        }


# -- the queries


def drawn(texts: Sequence[Article], count: int) -> list[str]:
    """Queries of words as frequent as in the texts: one, two, either, and two in a row."""
    chance = random.Random(2)
    counted = Counter(word for row in texts for word in _words(row.document.text))
    by_frequency = [word for word, _ in counted.most_common()]
    lines = [words for row in texts if len(words := _words(row.document.text)) > 1]
    by_frequency = [word for word in by_frequency if word not in ("أو", "OR")]

    def word() -> str:
        # Even over the orders of magnitude, so that common and rare ones come alike.
        return by_frequency[int(len(by_frequency) ** chance.random()) - 1]

    def phrase() -> str:
        line = chance.choice(lines)
        start = chance.randrange(len(line) - 1)
        return f'"{line[start]} {line[start + 1]}"'

    kinds: tuple[Callable[[], str], ...] = (
        word,
        lambda: f"{word()} {word()}",
        lambda: f"{word()} OR {word()}",
        phrase,
        lambda: f"{phrase()} {word()}",
        lambda: f"{word()} -{word()}",
    )
    return [kinds[number % len(kinds)]() for number in range(count)]


def _words(text: str) -> list[str]:
    return re.findall(r"[\u0621-\u064a]{2,}", text)


def of_many_words(texts: Sequence[Article]) -> list[str]:
    """All of twenty common words, any of them, two of them in a row, and one without the others."""
    counted = Counter(word for row in texts for word in _words(row.document.text))
    common = [word for word, _ in counted.most_common(100) if word != "أو"][-_MANY_WORDS:]
    pairs = [f'"{one} {other}"' for one, other in pairwise(common)]
    first, *others = common
    return [
        *(" ".join(common), " OR ".join(common), " OR ".join(pairs)),
        f"{first} -{' -'.join(others)}",
    ]


def timed(database: Database, query: str, *, rank: bool = False, patient: bool = False) -> Timed:
    def asked(connection: Connection) -> tuple[Answer, float]:
        began = time.thread_time()
        answer = search(connection, query, now=NOW, rank=rank, patient=patient)
        return answer, time.thread_time() - began

    took, worked = [], []
    for _ in range(_ROUNDS + 1):
        began = time.perf_counter()
        answer, work = database.read_now(asked)
        took.append((time.perf_counter() - began) * 1e3)
        worked.append(work * 1e3)
    return Timed(
        query=query,
        cold=took[0],
        warm=statistics.median(took[1:]),
        work=statistics.median(worked[1:]),
        hits=len(answer.hits),
        whole=answer.whole,
    )


def measured(database: Database, queries: Sequence[str], count: int) -> Row:
    bounds = BOUNDS[database.dialect]
    row = Row(f"search: {database.dialect}, {count:,} articles, {len(queries)} queries")
    newest = _slowest_last("the newest 20", [timed(database, each) for each in queries])
    row.note("load on the machine", os.getloadavg()[0])
    row.note("the newest 20: median, ms", newest[len(newest) // 2].warm)
    row.note("the newest 20: p95, ms", _p95(newest).warm)
    row.at_most("the newest 20: slowest, ms", newest[-1].warm, bounds["newest"])
    row.note("the newest 20: p95 of first runs, ms", sorted(t.cold for t in newest)[-_tail(newest)])
    _note_work(row, "the newest 20", newest, database)
    row.note("the newest 20: searches cut short", sum(not each.whole for each in newest))
    ranked = _slowest_last("ranked", [timed(database, each, rank=True) for each in queries])
    row.note("ranked: median, ms", ranked[len(ranked) // 2].warm)
    if "ranked" in bounds:
        row.at_most("ranked: p95, ms", _p95(ranked).warm, bounds["ranked"])
    else:
        row.note("ranked: p95, ms", _p95(ranked).warm)
    row.note("ranked: slowest, ms", ranked[-1].warm)
    _note_work(row, "ranked", ranked, database)
    patient = [timed(database, each, patient=True) for each in queries]
    patient = _slowest_last("the newest 20, looking at everything", patient)
    row.note("the newest 20, looking at everything: p95, ms", _p95(patient).warm)
    row.note("the newest 20, looking at everything: slowest, ms", patient[-1].warm)
    return row


def _note_work(row: Row, what: str, found: Sequence[Timed], database: Database) -> None:
    """PostgreSQL does it elsewhere."""
    if database.dialect == "sqlite":
        work = sorted(each.work for each in found)
        row.note(f"{what}: p95 of processor time, ms", work[-_tail(found)])
        row.note(f"{what}: most processor time, ms", work[-1])


def _slowest_last(what: str, found: Sequence[Timed]) -> list[Timed]:
    ordered = sorted(found, key=lambda each: each.warm)
    for each in reversed(ordered[-_SHOWN:]):
        cut = "" if each.whole else ", cut short"
        print(
            f"  {what}: {each.warm:.1f} ms ({each.cold:.1f}), {each.hits} hits{cut}: {each.query}"
        )
    return ordered


def _p95(ordered: Sequence[Timed]) -> Timed:
    return ordered[-_tail(ordered)]


def _tail(found: Sequence[Timed]) -> int:
    return max(1, len(found) // 20)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--database", choices=sorted(BOUNDS), default="sqlite")
    arguments.add_argument("--articles", type=int)
    arguments.add_argument("--corpus", nargs="*", default=(), metavar="FILE")
    arguments.add_argument("--folder", type=Path, help="keeps the SQLite archive for another run")
    given = arguments.parse_args()
    count = given.articles or (1_000_000 if given.database == "sqlite" else 100_000)
    texts = articles_of(given.corpus) if given.corpus else own_articles(2_000)
    queries = [*WRITTEN, *of_many_words(texts), *drawn(texts, 180)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with database_url(given.database, folder) as url:
            database = Database.open(url)
            try:
                fill(database, texts, count)
                row = measured(database, queries, count)
            finally:
                database.close_now()
    print(row)
    return 0 if row.passes else 1


if __name__ == "__main__":
    sys.exit(main())
