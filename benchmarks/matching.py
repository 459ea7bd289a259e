"""How fast matching is, beside the usual way of doing it.

    python benchmarks/matching.py --corpus FILE.jsonl.gz ...

The usual way folds by `str.translate` and searches with pyahocorasick (benchmarks/usualway.py); it
has the same stems, checks and rules. Both run in turns in one process, on one core, and must find
the same at the same places. Without pyahocorasick its column is left out; without a corpus
articles are made of words as frequent as in the news. The table goes into docs/performance.md.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import articles_of, own_articles

from alerts.matching.folding import Folded
from alerts.matching.frequencies import word_counts
from alerts.matching.layout import joined
from alerts.matching.matcher import Matcher
from alerts.matching.rules import compiled
from alerts.matching.vocabulary import Vocabulary
from marsad.configuration import load
from marsad.rows import Row
from models.lexicon import Keyword, Lexicon
from models.match import Document
from models.topic import Topic

try:
    from usualway import UsualWay
except ImportError:  # pyahocorasick is no dependency of Marsad
    UsualWay = None

HERE = Path(__file__).resolve().parent.parent
PAGE = HERE / "docs" / "performance.md"
BEGIN, END = "<!-- figures: benchmarks/matching.py -->", "<!-- end of figures -->"
ROUNDS = 5
ARTICLES = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; `figure` is what was measured, `bound` what it should keep to."""

    what: str
    figure: str
    bound: str


def two_lists(count: int) -> tuple[dict[str, Topic], dict[str, Lexicon]]:
    """A topic of two shipped lists cut to `count` keywords together: both in one sentence."""
    shipped = load(HERE / "config").lexicons
    lexicons = {
        name: Lexicon(name=name, entries=shipped[name].entries[: count // 2])
        for name in ("iran", "russia")
    }
    rule = {"any": [{"sentence": [{"list": "iran"}, {"list": "russia"}]}]}
    return {"both": topic("both", rule)}, lexicons


def topic(name: str, rule: dict[str, Any]) -> Topic:
    return Topic.model_validate({"name": name, "title": {"ar": name}, **rule})


def beside_the_usual_way(
    what: str,
    topics: dict[str, Topic],
    lexicons: dict[str, Lexicon],
    rows: Sequence[Row],
    ratio: float,
    micros: int,
) -> Iterator[Line]:
    matcher, rules = Matcher(topics, lexicons), compiled(topics, lexicons)
    documents = [row.document for row in rows]
    ways = [] if UsualWay is None else [UsualWay(rules), UsualWay(rules, whole=True)]
    ours: list[float] = []
    usual: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        ours.append(each(matcher.matching, documents))
        for way, times in zip(ways, usual, strict=True):
            times.append(each(way.matching, documents))
    mine = statistics.median(ours)
    bound = f"≥ {ratio:g} times faster, ≤ {micros} µs"
    what = f"{what} ({len(rules.keywords):,} keywords)"
    if not ways:
        yield Line(what, f"{mine:.0f} µs; pyahocorasick is not installed", bound)
        return
    texts = [joined(document) for document in documents]
    differing = sum(ways[0].find(text) != rules.every.find(Folded(text)) for text in texts)
    same = "the same hits" if not differing else f"other hits in {differing} articles"
    theirs, filled = (statistics.median(times) for times in usual)
    figure = f"{mine:.0f} µs; the usual way {theirs:.0f} µs: {theirs / mine:.1f} times faster"
    yield Line(what, f"{figure}, {same}", bound)
    yield Line(
        "… beside a table that lists unchanged letters too",
        f"{filled:.0f} µs: {filled / mine:.1f} times faster",
        "",
    )


def each(work: Callable[[Any], object], values: Sequence[Any]) -> float:
    """Microseconds of processor time for one value."""
    started = time.process_time()
    for value in values:
        work(value)
    return (time.process_time() - started) / len(values) * 1e6


def ten_thousand(rows: Sequence[Row]) -> list[Line]:
    """10,000 keywords and 10,000 rules; the index of rules must fire what evaluating all fires."""
    topics = dict(_many_rules(10_000))
    started = time.process_time()
    matcher = Matcher(topics, {})
    seconds = time.process_time() - started
    documents = [row.document for row in rows]
    rules = compiled(topics, {})
    hits = statistics.mean(len(rules.every.find(Folded(joined(one)))) for one in documents)
    took = statistics.median(each(matcher.matching, documents) for _ in range(3))
    some = documents[:: max(1, len(documents) // 20)]
    fired = differing = 0
    for document in some:
        indexed = {verdict.topic for verdict in matcher.matching(document)}
        every = {verdict.topic for verdict in matcher.evaluate(document) if verdict.fired}
        differing += indexed != every
        fired += len(indexed)
    same = "equal" if not differing else f"DIFFERENT in {differing} articles"
    return [
        Line(
            f"{len(rules.keywords):,} keywords and {len(topics):,} rules",
            f"{took / 1000:.2f} ms, {hits:.0f} hits an article (compiled in {seconds:.1f} s)",
            "≤ 0.6 ms",
        ),
        Line(
            f"… their results and those of evaluating every rule, on {len(some)} articles",
            f"{same} ({fired} rules fire)",
            "equal",
        ),
    ]


def _many_rules(count: int) -> Iterator[tuple[str, Topic]]:
    """30 % any, 30 % all of two any and none, 15 % near, 10 % sentence, 15 % score."""
    chance = random.Random(20_240_817)
    # words as rare as names are: an article has some twenty of them
    words = [word for word in list(word_counts())[18_000:] if len(word) >= 4]
    chance.shuffle(words)
    for number in range(count):
        one, two, three, four = (words[(4 * number + at) % len(words)] for at in range(4))
        rule: dict[str, Any]
        kind = number % 20
        if kind < 6:
            rule = {"any": [one, two]}
        elif kind < 12:
            rule = {
                "all": [{"any": [one, two]}, {"any": [three, four]}],
                "none": [words[number % len(words)]],
            }
        elif kind < 15:
            rule = {"any": [{"near": [one, two], "within": 10}]}
        elif kind < 17:
            rule = {"any": [{"sentence": [one, two]}]}
        else:
            terms = [{"of": [word], "weight": 10} for word in (one, two, three)]
            weights = {"title": 2}
            rule = {"any": [{"score": 20, "terms": terms, "weights": weights}]}
        yield f"r{number}", topic(f"r{number}", rule)


def endurance(rows: Sequence[Row]) -> Iterator[Line]:
    """What a hostile page or operator could send."""
    configuration = load(HERE / "config")
    matcher = configuration.matcher
    text = "\n\n".join(row.document.text for row in rows)
    while len(text.encode()) < 1_000_000:
        text += "\n\n" + text
    text = text.encode()[:1_000_000].decode(errors="ignore")
    article = Document(title=rows[0].document.title, text=text)
    yield Line("an article of 1 MB", milliseconds(lambda: matcher.matching(article)), "≤ 100 ms")
    yield Line(
        "… with its whole proof", milliseconds(lambda: matcher.evaluate(article)), "≤ 100 ms"
    )
    crowded = Document(title="إيران وروسيا", text="إيران وروسيا بحر قزوين، " * 30_000)
    yield Line(
        "an article of 1 MB that only repeats keywords",
        milliseconds(lambda: matcher.matching(crowded)),
        "≤ 100 ms",
    )
    yield Line(
        "… with its whole proof", milliseconds(lambda: matcher.evaluate(crowded)), "≤ 100 ms"
    )
    yield long_list(rows[:500])
    long_word = {"word": "ق" * 100_000}
    yield Line("a keyword of 100 KB", refusal(long_word), "refused, ≤ 100 ms")
    for pattern in EVIL:
        shown = f"{pattern[:20]}…" if len(pattern) > 20 else pattern
        took = refusal({"word": pattern, "class": "regex"})
        yield Line(f"the pattern `{shown}`", took, "refused, ≤ 100 ms")


EVIL = (
    "(ا|ا)*ب",
    "((ا+)+)+ب",
    "(ا?){99}",
    "ب" + "(" * 110,
    "[ابتثج]" * 15,
    "(ا|ب|ت|ث)" * 13,
    "(((ا?)?)?ب?)?" * 9,
    ".*" * 60 + "ب",
)
"""Patterns that take other engines for ever, or stand for endlessly many forms."""


def long_list(rows: Sequence[Row]) -> Line:
    words = [word for word in word_counts() if len(word) >= 4]
    entries = tuple(Keyword(word=word) for word in words[:8_000])
    size = sum(len(entry.word.encode()) for entry in entries)
    rule = {"any": [{"sentence": [{"list": "words"}, "قزوين"]}]}
    lexicon = Lexicon(name="words", entries=entries)
    started = time.process_time()
    matcher = Matcher({"t": topic("t", rule)}, {"words": lexicon})
    compiled = time.process_time() - started
    documents = [row.document for row in rows]
    took = statistics.median(each(matcher.matching, documents) for _ in range(3))
    figure = f"{took / 1000:.2f} ms an article (compiled in {compiled:.2f} s)"
    return Line(f"a list of {size // 1000} KB ({len(entries):,} words)", figure, "≤ 100 ms")


def milliseconds(work: Callable[[], object]) -> str:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1e3)
    return f"{statistics.median(times):.1f} ms"


def refusal(entry: dict[str, str]) -> str:
    """Whether an entry of a list is refused, and how long that takes."""
    started = time.process_time()
    try:
        Vocabulary().add(Keyword.model_validate(entry))
    except ValueError:
        said = "refused"
    else:
        said = "taken"
    return f"{said} in {(time.process_time() - started) * 1e3:.1f} ms"


def commands(files: Sequence[str], articles: int) -> Iterator[Line]:
    """`marsad replay` and `marsad diff` on the corpus, process start included."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MARSAD_DATA": folder, "PYTHONPATH": str(HERE)}
        for command, bound in (("replay", 5), ("diff", 8)):
            arguments = [str(HERE / "config")] if command == "diff" else []
            call = [sys.executable, "-m", "marsad", command, *arguments, *files]
            call += ["--config", str(HERE / "config")]
            times = []
            before = os.times()
            for _ in range(3):
                started = time.perf_counter()
                subprocess.run(call, check=True, capture_output=True, cwd=HERE, env=environment)
                times.append(time.perf_counter() - started)
            after = os.times()
            user, system = after.children_user, after.children_system
            work = user + system - before.children_user - before.children_system
            yield Line(
                f"`marsad {command}` of {articles:,} articles, process start included",
                f"{statistics.median(times):.1f} s ({work / 3:.1f} s of processor time)",
                f"≤ {bound} s",
            )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "an unnamed processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--print-only", action="store_true", help="leave docs/performance.md")
    options = parser.parse_args()
    whole = articles_of(options.corpus) if options.corpus else own_articles(ARTICLES)
    rows = whole[:: max(1, len(whole) // ARTICLES)]
    size = statistics.mean(len(joined(row.document).encode()) for row in rows)
    lines = list(figures(rows, options.corpus, len(whole)))
    source = "a corpus of news" if options.corpus else "words as frequent as in the news"
    load = f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    said = (
        f"Measured on {processor()}, CPython {sys.version.split()[0]}, {load}: medians of "
        f"{ROUNDS} rounds of processor time an article, over {len(rows):,} articles of {source}, "
        f"{size / 1000:.1f} KB each."
    )
    cells = ((line.what.replace("|", "\\|"), line.figure, line.bound) for line in lines)
    rows_of_table = [f"| {what} | {figure} | {bound} |" for what, figure, bound in cells]
    table = "\n".join(("| what | measured | should be |", "|---|---|---|", *rows_of_table))
    print(f"{said}\n\n{table}")
    if not options.print_only:
        write_page(f"{said}\n\n{table}")


def figures(rows: Sequence[Row], files: Sequence[str], articles: int) -> Iterator[Line]:
    configuration = load(HERE / "config")
    topics, lexicons = two_lists(100)
    yield from beside_the_usual_way("100 keywords, one rule", topics, lexicons, rows, 5, 50)
    yield from beside_the_usual_way(
        "the shipped topics",
        dict(configuration.topics),
        dict(configuration.lexicons),
        rows,
        3.5,
        100,
    )
    yield from ten_thousand(rows[:500])
    yield from endurance(rows)
    if files:
        yield from commands(files, articles)


def write_page(figures: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{PAGE} lacks the lines {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
