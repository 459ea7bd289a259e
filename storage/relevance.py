"""How much an article is about what was asked: its title's words tell most; pure."""

from collections.abc import Sequence
from dataclasses import replace

from storage.searchquery import Phrase, Query
from storage.searchtext import words

# The title tells more of an article than a word of its text.
_TITLE_WEIGHT = 4.0
# BM25's k1: the third mention adds less than the second
# https://en.wikipedia.org/wiki/Okapi_BM25
_SATURATION = 1.2
# The beginning of an article says what it is about.
_MOST_CHARACTERS = 10_000


def tiers(query: Query) -> tuple[Query, ...]:
    """What the title of an article answers, best first: all of the query, any of it. Who answers
    none of these is behind them."""
    in_titles = tuple(tuple(map(_in_title, group)) for group in query.required)
    anything = tuple(phrase for group in in_titles for phrase in group)
    queries = [replace(query, required=in_titles)]
    if len(query.required) > 1:
        queries.append(replace(query, required=(*query.required, anything)))
    return tuple(each for each in queries if each != query)


def relevance(title: str, text: str, required: Sequence[Sequence[Phrase]]) -> float:
    """The sum over what is required of how often it stands there, each 0 to 1."""
    in_title, in_text = words(title), words(text[:_MOST_CHARACTERS])
    return sum(
        _saturated(
            _TITLE_WEIGHT * sum(_counted(in_title, phrase) for phrase in group)
            + sum(_counted(in_text, phrase) for phrase in group if not phrase.in_title)
        )
        for group in required
    )


def _in_title(phrase: Phrase) -> Phrase:
    return replace(phrase, in_title=True)


def _counted(stems: Sequence[str], phrase: Phrase) -> int:
    first, (_, *others) = frozenset(phrase.beginnings), phrase.stems
    return sum(
        1
        for number, stem in enumerate(stems, start=1)
        if stem in first and stems[number : number + len(others)] == others
    )


def _saturated(count: float) -> float:
    return count / (count + _SATURATION)
