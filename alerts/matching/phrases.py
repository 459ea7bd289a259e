"""Several words in a row: phrases, and the neighbours that make a word another one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.matching import alphabet
from alerts.matching.folding import Folded, fold_bytes
from alerts.matching.grammar import BARE, DEFINITE, has_article
from models.lexicon import Keyword

_REACH = 160
"""Bytes before and after a hit within which its phrase and its guards are looked for."""
_CLITICS = 6
"""More bytes than clitics and quotes add to a word of a phrase."""
_SPACE = ord(" ")
_SIGNS = re.compile(f"[{re.escape(alphabet.SIGNS)}]")
_MARKS = re.compile(f"[{re.escape(alphabet.DELETED_MARKS)}]")
_PUNCTUATION = re.compile(rb"[.,\n]")
_BEFORE_BARE = b"(?:" + b"|".join(fold_bytes(p) for p in (*DEFINITE, *BARE)) + b")"
_BEFORE_DEFINITE = b"(?:" + b"|".join(fold_bytes(p) for p in DEFINITE) + b")"


@dataclass(frozen=True, slots=True)
class Guards:
    """When a form is another word after all.

    `reach` is how far back `preceding` may begin, `lasts` are the last words of what it stands for,
    with a space (without clitics).
    """

    forms: frozenset[bytes] = frozenset()
    following: re.Pattern[bytes] | None = None
    preceding: re.Pattern[bytes] | None = None
    lasts: tuple[bytes, ...] = ()
    reach: int = 0
    around: "Surroundings | None" = None

    def reject(self, words: bytes, start: int, end: int) -> bool:
        if self.forms and words[start:end] in self.forms:
            return True
        if self.following and self.following.match(words, end):
            return True
        if self.preceding and self._follows(words, start):
            return True
        return self.around is not None and self.around.surrounds(words, start, end)

    def _follows(self, words: bytes, start: int) -> bool:
        # the neighbour is far cheaper to ask than the pattern
        if not words.endswith(self.lasts, 0, _after_word(words, start)):
            return False
        before = max(0, start - self.reach)
        return self.preceding is not None and bool(self.preceding.search(words, before, start))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Phrases inside which a keyword is not matched.

    `firsts` are their first words, `inner` all but their last ones with a space (without clitics);
    `reach` is more than the length of any in bytes.
    """

    firsts: tuple[bytes, ...]
    inner: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    reach: int

    def surrounds(self, words: bytes, start: int, end: int) -> bool:
        # the neighbours are far cheaper to ask than the pattern
        if words.endswith(self.firsts, start, end):
            match = self.pattern.match(words, start - 1)
            if match is not None and end <= match.end():
                return True
        if not words.endswith(self.inner, 0, _after_word(words, start)):
            return False
        before = max(0, start - self.reach)
        return any(
            match.start() < start and end <= match.end()
            for match in self.pattern.finditer(words, before, end + self.reach)
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """The whole phrase as a pattern, and how many tokens of it stand before the stem.

    `neighbour` is how the word before the stem ends, or of a stem that comes first the word after
    it without its clitics; each with its space. Empty where a word of the text may stand between.
    """

    pattern: re.Pattern[bytes]
    before: int
    neighbour: bytes

    def may_stand(self, words: bytes, left: int, right: int) -> bool:
        """Whether the neighbour is there, for the word at left:right; far cheaper than the
        pattern, which decides where signs stand between the two."""
        near = self.neighbour
        if self.before:
            return words.endswith(near, 0, left) or words[left - 2] == _SPACE
        if words.find(near, right, right + len(near) + _CLITICS) >= 0:
            return True
        return words.startswith(b"  ", right)


def phrase_at(phrase: Phrase, folded: Folded, left: int) -> tuple[int, int] | None:
    words = folded.words
    for _ in range(phrase.before):
        left = _word_before(words, left)
        if not left:
            return None
    match = phrase.pattern.match(words, left)
    if match is None or _PUNCTUATION.search(folded.clean, left, match.end()):
        return None
    return match.span()


def _after_word(words: bytes, start: int) -> int:
    """Where the word before the one at `start` has ended, with one space."""
    furthest = max(1, start - _REACH)
    while start > furthest and words[start - 2] == _SPACE:
        start -= 1
    return start


def _word_before(words: bytes, start: int) -> int:
    """Where the word before the one at `start` starts; 0 when there is none near."""
    end = start
    while words[end - 1] == _SPACE and end > start - _REACH:
        end -= 1
    return words.rfind(b" ", max(0, end - _REACH), end) + 1


def words_of(text: str) -> list[str]:
    """The words of a keyword as it is written, without the marks that fold to nothing."""
    return _SIGNS.sub(" ", _MARKS.sub("", text)).split()


def _word_pattern(word: str, *, exact: bool = False) -> bytes:
    """A word of a phrase with its clitics: one written with the article always has it."""
    if exact:
        return re.escape(fold_bytes(word))
    before = _BEFORE_DEFINITE if has_article(word) else _BEFORE_BARE
    return before + re.escape(fold_bytes(_without_article(word)))


def phrase_pattern(tokens: Sequence[str], *, exact: bool, slop: int) -> re.Pattern[bytes]:
    between = rb" +(?:[^ ]+ +){0,%d}?" % slop if slop else b" +"
    return re.compile(between.join(_word_pattern(t, exact=exact) for t in tokens) + b"(?= )")


def neighbour(tokens: Sequence[str], anchor: int, *, exact: bool, slop: int) -> bytes:
    """The `Phrase.neighbour` of a phrase whose token `anchor` is the stem."""
    if slop:
        return b""
    word = tokens[anchor - 1 if anchor else 1]
    return fold_bytes(word if exact else _without_article(word)) + b" "


def guards_of(keyword: Keyword) -> Guards | None:
    if not (keyword.not_forms or keyword.not_next or keyword.not_prev or keyword.not_in):
        return None
    return Guards(
        forms=frozenset(map(fold_bytes, keyword.not_forms)),
        following=_any_of(keyword.not_next, b" +", b"(?= )"),
        preceding=_any_of(keyword.not_prev, b" ", b" +$"),
        lasts=tuple(
            {fold_bytes(_without_article(words_of(p)[-1])) + b" " for p in keyword.not_prev}
        ),
        reach=min(_REACH, 2 * max(map(_longest, keyword.not_prev), default=0)),
        around=_surroundings(keyword.not_in),
    )


def _surroundings(phrases: Sequence[str]) -> Surroundings | None:
    pattern = _any_of(phrases, b" ", b"(?= )")
    if pattern is None:
        return None
    listed = [[_without_article(word) for word in words_of(phrase)] for phrase in phrases]
    firsts = {fold_bytes(words[0]) for words in listed}
    inner = {fold_bytes(word) + b" " for words in listed for word in words[:-1]}
    reach = max(map(_longest, phrases))
    return Surroundings(tuple(firsts), tuple(inner), pattern, reach)


def _without_article(word: str) -> str:
    return word[2:] if has_article(word) else word


def _longest(phrase: str) -> int:
    """More bytes than the phrase has with clitics, quotes and spaces."""
    return len(phrase) + _CLITICS * len(words_of(phrase))


def _any_of(texts: Sequence[str], before: bytes, after: bytes) -> re.Pattern[bytes] | None:
    if not texts:
        return None
    phrases = (b" +".join(map(_word_pattern, words_of(text))) for text in texts)
    return re.compile(before + b"(?:" + b"|".join(phrases) + b")" + after)
