"""What is kept of an article to compare it: a few numbers for each word, no text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from alerts.stories.numbers import is_forecast, numbers, ordinals, weekdays
from alerts.stories.words import stem_id, telling_stems, words

# Where news says what happened. What follows is background, which other events share.
LEAD_CHARACTERS = 320
HEADLINE_WORDS = 3
# Below this a stem says nothing of an article ('said', 'yesterday', 'country').
LEAST_WEIGHT = 4.5

Ids = NDArray[np.uint32]

_MIX_1 = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_3 = np.uint64(0x165667B19E3779F9)
_HALF = np.uint64(32)
_FOLD = np.uint64(29)


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as it is compared. `published`: None if nobody knows; `headline`: the whole title
    as a number, 0 for one of a word or two, which recur; `title`, `lead`: stems that say something
    (the lead's with the title's); `forecast`: it tells the weather of one day; `shingles`,
    `words`: 32-bit numbers as bytes, ascending, each once, of every run of three words and of
    every stem; `vector`: the meaning of title and lead as half-precision floats, if it was asked
    for."""

    published: datetime | None
    headline: int
    title: frozenset[int]
    lead: frozenset[int]
    numbers: frozenset[str]
    ordinals: frozenset[int]
    weekdays: frozenset[int]
    forecast: bool
    shingles: bytes
    words: bytes
    topics: frozenset[str] = frozenset()
    vector: bytes | None = None

    def known_as(self, topics: frozenset[str], vector: bytes | None) -> "Telling":
        return replace(self, topics=topics, vector=vector)


def telling(title: str, text: str, published: datetime | None = None) -> Telling:
    opening = f"{title}\n{text[:LEAD_CHARACTERS]}"
    in_title, in_text, in_opening = words(title), words(text), words(opening)
    return Telling(
        published=published,
        headline=crc32(b" ".join(in_title)) if len(in_title) >= HEADLINE_WORDS else 0,
        title=telling_stems(in_title, LEAST_WEIGHT),
        lead=telling_stems(in_opening, LEAST_WEIGHT),
        numbers=numbers(opening, in_opening),
        ordinals=ordinals(in_opening),
        weekdays=weekdays(in_opening),
        forecast=is_forecast(in_opening),
        shingles=shingles(in_text).tobytes(),
        words=_once(list(map(stem_id, in_title + in_text))).tobytes(),
    )


def shingles(found: Sequence[bytes]) -> Ids:
    """The runs of three words as numbers, ascending, each once; a text of one or two words is its
    own only run."""
    if not 0 < len(found) < 3:
        hashes = np.fromiter(map(crc32, found), np.uint64, len(found))
    else:
        hashes = np.fromiter([crc32(b" ".join(found))] * 3, np.uint64, 3)
    mixed = hashes[:-2] * _MIX_1 ^ (hashes[1:-1] * _MIX_2 + _MIX_3) ^ (hashes[2:] + _MIX_1) * _MIX_3
    mixed ^= mixed >> _FOLD
    mixed *= _MIX_2
    return _sorted_once((mixed >> _HALF).astype(np.uint32))


def unpacked(packed: bytes) -> Ids:
    return np.frombuffer(packed, np.uint32)


def _once(identities: Sequence[int]) -> Ids:
    return _sorted_once(np.asarray(identities, np.uint32))


def _sorted_once(values: Ids) -> Ids:
    """As np.unique, without its price for small arrays."""
    values = np.sort(values)
    return values[np.flatnonzero(np.diff(values, prepend=values[:1] ^ np.uint32(1)))]
