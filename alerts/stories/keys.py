"""What like articles are looked up by: bands of a MinHash sketch, and the rarest words."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rensa import RMinHash

from alerts.stories.telling import Ids, Telling
from alerts.stories.words import weight

# 42 bands of 3: texts of which half the runs are common share a band with probability 0.996, of
# which three tenths are with 0.68, of which one in fifty is with 0.0003.
BANDS = 42
ROWS = 3
SEED = 20_240_817
# Two articles are looked at closer when they share two of these.
RARE_WORDS = 14
RARE = 7.0

_SHIFT = np.uint64(32)


class Sketcher(Protocol):
    """A MinHash: so many minima of the hashed set, alike in two sets as often as their Jaccard
    index says."""

    def __call__(self, members: Ids, permutations: int, seed: int) -> Ids: ...


def rensa_sketch(members: Ids, permutations: int, seed: int) -> Ids:
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        members.astype(np.uint64), [0, len(members)], permutations, seed
    )
    return np.asarray(matrix.to_rows()[0], np.uint32)


@dataclass(frozen=True, slots=True)
class Keys:
    """What an article is found by: one of `copies` shared, or two of `events`."""

    copies: Ids
    events: Ids

    def spelled(self) -> tuple[str, ...]:
        """The keys as a database keeps them: 'c:' and 'e:' with eight hexadecimal digits."""
        return tuple(
            f"{kind}:{key:08x}"
            for kind, keys in (("c", self.copies), ("e", self.events))
            for key in keys.tolist()
        )


def keys(told: Telling, sketch: Sketcher = rensa_sketch) -> Keys:
    copies = bands(told, sketch)
    if told.headline:
        copies = np.append(copies, np.uint32(told.headline))
    return Keys(copies=copies, events=rare_words(told))


def bands(told: Telling, sketch: Sketcher = rensa_sketch) -> Ids:
    """The bands of an article, each a number that no other band has; none for an empty text."""
    members = told.shingles
    if not len(members):
        return np.empty(0, np.uint32)
    rows = sketch(members, BANDS * ROWS, SEED).reshape(BANDS, ROWS).astype(np.uint64)
    mixed = np.arange(BANDS, dtype=np.uint64) + np.uint64(1)
    for row in range(ROWS):
        mixed = (mixed ^ rows[:, row]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> _SHIFT).astype(np.uint32)


def rare_words(told: Telling) -> Ids:
    """The rarest stems of title and lead, those of the title first among equals."""
    rare = [(weight(word), word in told.title, word) for word in told.lead]
    chosen = sorted((entry for entry in rare if entry[0] >= RARE), reverse=True)[:RARE_WORDS]
    return np.asarray([word for _, _, word in chosen], np.uint32)
