"""What stories are held to: each figure beside its bar.

    python -m benchmarks.stories SHARED [--semantic] [--articles N]

SHARED holds corpus/saudinewsnet.jsonl.gz (and almayadeen), stories/copies.jsonl.gz and
relevance/leads.jsonl. `--draw N` prints pairs that were joined as copies and are not in the file,
for reading; tests/quality/story-pairs.jsonl keeps what was judged.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

from alerts.stories.meaning import E5Meaning, Meaning
from marsad.rows import BadRow, Row, read_rows
from marsad.storyfile import articles, evaluate, read_labels, shuffled, stories
from marsad.storygroups import StoryGroups

QUALITY = Path(__file__).parents[1] / "tests" / "quality"
SEED = 20_260_601
SHUFFLES = 20
WINDOW_OF = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--semantic", action="store_true", help="measure with the embedding too")
    parser.add_argument("--draw", type=int, default=0, help="print so many joined pairs to read")
    parser.add_argument("--memory", action="store_true", help="measure nothing but the memory")
    given = parser.parse_args()
    if given.memory:
        _report_memory(_both(given.shared))
        return
    corpus = _rows(given.shared / "corpus" / "saudinewsnet.jsonl.gz")
    joined = _joined(corpus, events=False)
    known = _copies(given.shared / "stories" / "copies.jsonl.gz")
    if given.draw:
        for pair in _drawn(joined, known, given.draw):
            print(json.dumps(pair))
        return
    _report_copies(joined, known)
    _report_judged()
    for meaning in (None, E5Meaning()) if given.semantic else (None,):
        _report_events(given.shared / "relevance" / "leads.jsonl", meaning, "shared leads")
        _report_events(QUALITY / "stories.jsonl", meaning, "own labelled set")
    _report_speed(_both(given.shared))
    # In a process of its own: what this one has freed would be used again, unseen.
    subprocess.run(
        [sys.executable, "-m", "benchmarks.stories", str(given.shared), "--memory"], check=True
    )


def _both(shared: Path) -> list[Row]:
    names = ("saudinewsnet.jsonl.gz", "almayadeen.jsonl.gz")
    return [row for name in names for row in _rows(shared / "corpus" / name)]


def _rows(path: Path) -> list[Row]:
    return [row for row in read_rows(str(path)) if not isinstance(row, BadRow)]


def _joined(rows: Sequence[Row], *, events: bool) -> set[tuple[str, str]]:
    """The pairs of ids, each in order, that are in one story."""
    groups = StoryGroups(events=events)
    of: dict[int, list[str]] = {}
    found = stories(articles(rows, None), groups)
    for row, story in zip(rows, found, strict=True):
        of.setdefault(story, []).append(str(row.id))
    return {pair for ids in of.values() for pair in combinations(sorted(ids), 2)}


def _copies(path: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """By pair of ids: Jaccard and containment."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = map(json.loads, lines)
        return {
            (min(pair["a"], pair["b"]), max(pair["a"], pair["b"])): (
                pair["jaccard"],
                pair["containment"],
            )
            for pair in found
        }


def _drawn(
    joined: set[tuple[str, str]], known: dict[tuple[str, str], tuple[float, float]], count: int
) -> Iterator[dict[str, str]]:
    """Those whose digest with the seed is least: a change of the rules leaves most of them."""

    def digest(pair: tuple[str, str]) -> str:
        return blake2b(f"{SEED} {pair[0]} {pair[1]}".encode(), digest_size=8).hexdigest()

    for first, second in sorted(joined - set(known), key=digest)[:count]:
        yield {"a": first, "b": second}


def _report_copies(
    joined: set[tuple[str, str]], known: dict[tuple[str, str], tuple[float, float]]
) -> None:
    near = [pair for pair, (jaccard, _) in known.items() if jaccard >= 0.5]
    held = [pair for pair, (_, contained) in known.items() if contained >= 0.8]
    _line("copies: recall at Jaccard >= 0.5", _share(near, joined), ">= 0.97")
    _line("copies: recall at containment >= 0.8", _share(held, joined), ">= 0.90")
    _line("copies: joined pairs that are not in the file", len(joined - set(known)), "read below")


def _share(pairs: Sequence[tuple[str, str]], joined: set[tuple[str, str]]) -> float:
    return sum(pair in joined for pair in pairs) / len(pairs)


def _report_judged() -> None:
    lines = (QUALITY / "story-pairs.jsonl").read_text(encoding="utf-8").splitlines()
    judged = [json.loads(line) for line in lines]
    right = sum(pair["same"] for pair in judged)
    _line(f"copies: precision on {len(judged)} judged pairs", right / len(judged), ">= 0.97")


def _report_events(path: Path, meaning: Meaning | None, name: str) -> None:
    found = articles(_rows(path), meaning)
    labels = read_labels(str(path))
    rated = evaluate(found, labels, StoryGroups()).score
    orders = shuffled(found, labels, StoryGroups, SHUFFLES)
    how = "by words" if meaning is None else "with semantic"
    bar = ">= 0.45" if meaning is None else ">= 0.65"
    _line(f"{name}, {how}: pairwise precision", rated.precision.value or 0.0, ">= 0.85")
    _line(f"{name}, {how}: pairwise recall", rated.recall.value or 0.0, bar)
    _line(f"{name}, {how}: pairwise F1 / B-cubed F1", f"{rated.f1:.3f} / {rated.b_cubed:.3f}", "")
    _line(f"{name}, {how}: F1 of {SHUFFLES} orders, apart", max(orders) - min(orders), "<= 0.03")


def _report_speed(rows: Sequence[Row]) -> None:
    for events in (False, True):
        groups = StoryGroups(events=events)
        start = time.process_time()
        for row in rows:
            groups.add(row)
        spent = (time.process_time() - start) / len(rows) * 1000
        name = "copies and events" if events else "copies"
        _line(f"{name}: CPU ms an article, {len(rows)} articles", spent, "<= 1" * (not events))


def _report_memory(rows: Sequence[Row]) -> None:
    """The corpus over and over, each time with other words, until the window is full."""
    before = _resident()
    groups = StoryGroups(events=False, remembered=WINDOW_OF)
    for number in range(WINDOW_OF):
        groups.add(_other(rows[number % len(rows)], number // len(rows)))
    _line(f"memory of a window of {WINDOW_OF} articles, MB", _resident() - before, "<= 300")


def _other(row: Row, turn: int) -> Row:
    """The article with every third word made another one, so that it is a copy of nothing."""
    words = row.document.text.split()
    text = " ".join(f"{word}{turn}" if at % 3 == 0 else word for at, word in enumerate(words))
    return replace(row, document=replace(row.document, text=text if turn else row.document.text))


def _resident() -> float:
    """MB, now; where the system does not tell it, the most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1_000_000


def _line(what: str, value: float | str, bar: str) -> None:
    shown = f"{value:.3f}" if isinstance(value, float) else str(value)
    print(f"{what:<62} {shown:>15}   {bar}", flush=True)


if __name__ == "__main__":
    main()
