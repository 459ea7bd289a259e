"""Words as stories compare them: stems, each with what it says about an article.

A stem loses more than the search index's does, endings too (إيران, إيراني and الإيرانيون meet),
since two outlets inflect the same word differently. That it takes some unlike words for one does
not matter here: no single word joins two articles.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import log
from zlib import crc32

from alerts.matching.alphabet import text_of
from alerts.matching.folding import Folded
from alerts.matching.frequencies import word_counts

_BEFORE = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "فلل", "ال", "لل")
_AFTER = (
    "يين", "يون", "يات", "ات", "ين", "ون", "ان", "يه", "ها", "هم", "وا", "يا", "ه", "ي", "ا",
)  # fmt: skip
_SHORTEST = 3
# Words of the corpus behind the counts; a stem that is not in the list counts as if seen so often.
_CORPUS = 6_666_618
_UNSEEN = 20


def words(text: str) -> list[bytes]:
    """The folded words of a text, in the alphabet's bytes: most are only counted, never read."""
    return Folded(text).words.split()


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """The stem of a folded word. A single joined letter goes only where the rest is the commoner
    word (لبوتين, but not بوتين)."""
    if word.isascii():
        return word
    while len(word) > _SHORTEST and (shorter := _without_start(word)) != word:
        word = shorter
    while (shorter := _without_end(word)) != word:
        word = shorter
    return word


def _without_start(word: str) -> str:
    for start in _BEFORE:
        if word.startswith(start) and len(word) - len(start) >= _SHORTEST:
            return word[len(start) :]
    counts = word_counts()
    if word[0] in "وفبلك" and counts.get(word[1:], 0) > counts.get(word, 0):
        return word[1:]
    return word


def _without_end(word: str) -> str:
    for end in _AFTER:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST:
            return word[: -len(end)]
    return word


@lru_cache(maxsize=65_536)
def stem_id(word: bytes) -> int:
    """The stem of a folded word as 32 bits: what is kept of an article is numbers."""
    return crc32(stem(text_of(word)).encode())


def weight(identity: int) -> float:
    """How much a stem says: the logarithm of how rare it is in Arabic news; 2 for 'and', about 5
    for 'minister', 12 for what the list does not know."""
    return _weights().get(identity, _RAREST)


_RAREST = log(_CORPUS / _UNSEEN)


@cache
def _weights() -> dict[int, float]:
    counts: dict[int, int] = {}
    for word, count in word_counts().items():
        identity = crc32(stem(word).encode())
        counts[identity] = counts.get(identity, 0) + count
    return {identity: log(_CORPUS / (count + _UNSEEN)) for identity, count in counts.items()}


def total_weight(identities: Iterable[int]) -> float:
    weights = _weights()
    return sum(weights.get(identity, _RAREST) for identity in identities)


def telling_stems(words: Sequence[bytes], least: float) -> frozenset[int]:
    """The stems that say at least so much; numbers and the shortest words are none."""
    return frozenset(
        identity
        for word in words
        if len(word) >= _SHORTEST and not word.isdigit()
        for identity in (stem_id(word),)
        if weight(identity) > least
    )
