"""Which articles tell the same story: pure, from texts and fingerprints to a reason."""

from collections.abc import Sequence
from hashlib import blake2b

from rensa import RMinHash

from alerts.matching.folding import fold_key
from models.story import Fingerprint, Joined, StoryCandidate

# 32 bands of 4 rows: texts with Jaccard 0.8 share a band with probability 1 - (1 - 0.8^4)^32,
# more than 0.9999999; with 0.5 with 0.87; with 0.2 with 0.05.
PERMUTATIONS = 128
BANDS = 32
SEED = 20_240_817

SHINGLE = 3
SAME_TITLE_WORDS = 3
SIMILAR = 0.8
CONTAINED = 0.9
# A short text inside a long one is chance or boilerplate below this.
CONTAINED_SHINGLES = 30
# Below this a text is a flash or a stock phrase ('details to follow'): it says nothing alone, so
# that the titles have to agree too.
SHORT_SHINGLES = 12
SHORT_TITLE_OVERLAP = 0.5


def fingerprint(title: str, text: str) -> Fingerprint:
    """What an article is looked up by. `title_key` is empty for titles of one or two words, which
    recur; a text without words has no bands."""
    return Fingerprint(title_key=_title_key(title), bands=_bands(_shingles(_words(text))))


def join(
    title: str, text: str, fingerprint: Fingerprint, candidates: Sequence[StoryCandidate]
) -> Joined | None:
    """The story that the article joins: the candidate that resembles it most, the earlier one if
    two do alike; None: it tells something new."""
    shingles = _shingles(_words(text))
    best: Joined | None = None
    for candidate in candidates:
        joined = _compare(title, shingles, fingerprint.title_key, candidate)
        if joined is not None and (best is None or joined.score > best.score):
            best = joined
    return best


def _compare(
    title: str, shingles: frozenset[str], title_key: str, candidate: StoryCandidate
) -> Joined | None:
    if title_key and title_key == candidate.fingerprint.title_key:
        reason = f"same title as article {candidate.article_id} of {candidate.site}"
        return Joined(story_id=candidate.story_id, reason=reason, score=1.0)
    others = _shingles(_words(candidate.text))
    common = len(shingles & others)
    shorter = min(len(shingles), len(others))
    if not common or (shorter < SHORT_SHINGLES and not _titles_agree(title, candidate.title)):
        return None
    of = f"article {candidate.article_id} of {candidate.site}"
    similarity = common / (len(shingles) + len(others) - common)
    if similarity >= SIMILAR:
        reason = f"near-identical text ({similarity:.2f}) to {of}"
        return Joined(story_id=candidate.story_id, reason=reason, score=similarity)
    contained = common / shorter
    if contained >= CONTAINED and shorter >= CONTAINED_SHINGLES:
        reason = f"one text contains the other ({contained:.2f}): {of}"
        return Joined(story_id=candidate.story_id, reason=reason, score=contained)
    return None


def _titles_agree(one: str, other: str) -> bool:
    first, second = frozenset(_words(one)), frozenset(_words(other))
    union = len(first | second)
    return union > 0 and len(first & second) / union >= SHORT_TITLE_OVERLAP


def _title_key(title: str) -> str:
    words = _words(title)
    return " ".join(words) if len(words) >= SAME_TITLE_WORDS else ""


def _words(text: str) -> list[str]:
    return fold_key(text).split()


def _shingles(words: Sequence[str]) -> frozenset[str]:
    """Runs of three folded words; a text of one or two words is its own only shingle."""
    if not words:
        return frozenset()
    last = max(len(words) - SHINGLE, 0)
    return frozenset(" ".join(words[start : start + SHINGLE]) for start in range(last + 1))


def _bands(shingles: frozenset[str]) -> tuple[str, ...]:
    if not shingles:
        return ()
    sketch = RMinHash(PERMUTATIONS, SEED)
    sketch.update(sorted(shingles))
    rows = PERMUTATIONS // BANDS
    digest = sketch.digest()
    return tuple(
        f"{band:02d}{_hashed(digest[band * rows : (band + 1) * rows])}" for band in range(BANDS)
    )


def _hashed(values: Sequence[int]) -> str:
    packed = b"".join(value.to_bytes(4, "big") for value in values)
    return blake2b(packed, digest_size=8).hexdigest()
