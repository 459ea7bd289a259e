"""What is kept of an article to compare it: a few numbers for each word, no text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
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
_Number = TypeVar("_Number", bound=np.generic)

_MIX_1 = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_3 = np.uint64(0x165667B19E3779F9)
_FOLD = np.uint64(29)
_KEPT = np.uint64(40)


@dataclass(frozen=True, slots=True)
class Telling:
    """An article as it is compared, in some 2 KB. `published`: None if nobody knows; `headline`:
    the whole title as a number, 0 for one of a word or two, which recur; `forecast`: it tells the
    weather of one day; `vector`: the meaning of title and lead as half-precision floats, if it was
    asked for. Packed are, ascending and each once: the stems of the title and of the lead (with
    the title's) that say something, 16 bits of every stem, 24 of every run of three words."""

    published: datetime | None
    headline: int
    packed_title: bytes
    packed_lead: bytes
    packed_words: bytes
    packed_shingles: bytes
    figures: str
    ordinals: frozenset[int]
    weekdays: frozenset[int]
    forecast: bool
    topics: frozenset[str] = frozenset()
    vector: bytes | None = None

    @property
    def title(self) -> frozenset[int]:
        return _stems(self.packed_title)

    @property
    def lead(self) -> frozenset[int]:
        return _stems(self.packed_lead)

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(self.figures.split())

    @property
    def words(self) -> NDArray[np.uint16]:
        return np.frombuffer(self.packed_words, np.uint16)

    @property
    def shingles(self) -> Ids:
        wide = np.zeros((len(self.packed_shingles) // 3, 4), np.uint8)
        wide[:, :3] = np.frombuffer(self.packed_shingles, np.uint8).reshape(-1, 3)
        return wide.view("<u4").reshape(-1)

    def known_as(self, topics: frozenset[str], vector: bytes | None) -> "Telling":
        return replace(self, topics=topics, vector=vector)


@lru_cache(maxsize=1_024)
def _stems(packed: bytes) -> frozenset[int]:
    return frozenset(np.frombuffer(packed, np.uint32).tolist())


def telling(title: str, text: str, published: datetime | None = None) -> Telling:
    opening = f"{title}\n{text[:LEAD_CHARACTERS]}"
    in_title, in_text, in_opening = words(title), words(text), words(opening)
    return Telling(
        published=published,
        headline=crc32(b" ".join(in_title)) if len(in_title) >= HEADLINE_WORDS else 0,
        packed_title=_packed(telling_stems(in_title, LEAST_WEIGHT)),
        packed_lead=_packed(telling_stems(in_opening, LEAST_WEIGHT)),
        packed_words=_every_stem(in_title + in_text).tobytes(),
        packed_shingles=_three_bytes(runs(in_text)),
        figures=" ".join(sorted(numbers(opening, in_opening))),
        ordinals=_shared(ordinals(in_opening)),
        weekdays=_shared(weekdays(in_opening)),
        forecast=is_forecast(in_opening),
    )


@lru_cache(maxsize=1_024)
def _shared(few: frozenset[int]) -> frozenset[int]:
    """The same set for all that are equal: most are empty, and each takes 200 bytes."""
    return few


def runs(found: Sequence[bytes]) -> Ids:
    """The runs of three words as numbers of 24 bits, ascending, each once; a text of one or two
    words is its own only run."""
    if not 0 < len(found) < 3:
        hashes = np.fromiter(map(crc32, found), np.uint64, len(found))
    else:
        hashes = np.fromiter([crc32(b" ".join(found))] * 3, np.uint64, 3)
    mixed = hashes[:-2] * _MIX_1 ^ (hashes[1:-1] * _MIX_2 + _MIX_3) ^ (hashes[2:] + _MIX_1) * _MIX_3
    mixed ^= mixed >> _FOLD
    mixed *= _MIX_2
    return _sorted_once((mixed >> _KEPT).astype(np.uint32))


def _every_stem(found: Sequence[bytes]) -> NDArray[np.uint16]:
    identities = np.fromiter(map(stem_id, found), np.uint32, len(found))
    return _sorted_once(identities.astype(np.uint16))


def _packed(stems: frozenset[int]) -> bytes:
    return np.sort(np.fromiter(stems, np.uint32, len(stems))).tobytes()


def _three_bytes(values: Ids) -> bytes:
    return values.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _sorted_once(values: NDArray[_Number]) -> NDArray[_Number]:
    """As np.unique, without its price for small arrays."""
    values = np.sort(values)
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    return values[first]
