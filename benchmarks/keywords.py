"""What subscribers' own keywords cost, by how many different ones there are.

    python -m benchmarks.keywords

Keywords and articles are drawn from the words that the matcher counts, seeded; the articles have
300 words, of which some are keywords. Times are of the processor, on one core.
"""

import gzip
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import alerts.matching
from alerts.keywords import topic_name
from marsad.personal import PersonalMatcher
from models.match import Document

_COUNTS = Path(alerts.matching.__file__).parent / "word_counts.txt.gz"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_ARTICLES = 50
_WORDS = 300

T = TypeVar("T")


def main() -> None:
    chance = random.Random(1)
    words = _words()
    articles = [
        Document(title="", text=" ".join(chance.choices(words, k=_WORDS))) for _ in range(_ARTICLES)
    ]
    print("keywords  compiled s  one more s  ms an article  found in one")
    for count in (0, 100, 1_000, 5_000, 20_000):
        _measure({topic_name(text): text for text in _keywords(chance, words, count)}, articles)


def _measure(texts: dict[str, str], articles: list[Document]) -> None:
    matcher, compiled = _timed(lambda: PersonalMatcher().with_texts(texts))
    more = {**texts, topic_name("مضيق باب المندب"): "مضيق باب المندب"}
    _, again = _timed(lambda: matcher.with_texts(more))
    found, searched = _timed(lambda: [len(matcher.matching(one, _NOW)) for one in articles])
    print(
        f"{len(texts):>8,}  {compiled:>10.2f}  {again:>10.2f}  "
        f"{1000 * searched / _ARTICLES:>13.2f}  {sum(found) / _ARTICLES:>12.1f}"
    )


def _words() -> list[str]:
    with gzip.open(_COUNTS, "rt", encoding="utf-8") as lines:
        words = (line.split()[0] for line in lines if line.strip())
        return [word for word in words if len(word) > 3 and word.isalpha()]


def _keywords(chance: random.Random, words: list[str], count: int) -> list[str]:
    """Half of them words, half of them phrases of two."""
    single = chance.sample(words, count // 2)
    return single + [" ".join(chance.sample(words, 2)) for _ in range(count - len(single))]


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    result = act()
    return result, time.process_time() - began


if __name__ == "__main__":
    main()
