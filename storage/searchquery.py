"""What a person types to search, as a query: روسيا "بحر قزوين" -كرة title:قمة site:rt since:7d."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storage.errors import QueryRefused
from storage.searchtext import LITTLE_WORDS, forms, stem, words

MOST_CHARACTERS = 500
MOST_PHRASES = 20

_PART = re.compile(
    r'(?P<not>[-−–])?(?:(?P<key>title|site|since):)?'
    r'(?:"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|«(?P<angled>[^»]*)»|(?P<plain>[^\s"“«]+))'
)  # fmt: skip
_OR = frozenset({"OR", "|", "أو"})
_AGO = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems that follow one another, in the title alone or anywhere."""

    stems: tuple[str, ...]
    in_title: bool = False

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The stems that its first word may have in a text: the letters joined to a phrase stand
        before it."""
        return forms(self.stems[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All of `required` (of each one alternative), none of `excluded`, from one of the sites."""

    required: tuple[tuple[Phrase, ...], ...]
    excluded: tuple[Phrase, ...] = ()
    sites: tuple[str, ...] = ()
    excluded_sites: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(phrase for alternatives in self.required for phrase in alternatives)


def parse_query(text: str, now: datetime) -> Query:
    """Words stand for AND, OR (أو, |) joins the two beside it, "..." is a phrase, - excludes.
    Raises QueryRefused with a sentence for the person who typed."""
    if len(text) > MOST_CHARACTERS:
        raise QueryRefused(f"the query is longer than {MOST_CHARACTERS} characters")
    return _Parser(now).query(text)


class _Parser:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._required: list[tuple[Phrase, ...]] = []
        self._excluded: list[Phrase] = []
        self._sites: list[str] = []
        self._excluded_sites: list[str] = []
        self._since: datetime | None = None
        self._joins = False  # an OR waits for what stands behind it

    def query(self, text: str) -> Query:
        for part in _PART.finditer(text):
            self._take(part)
        if self._joins:
            raise QueryRefused("OR joins the words before and behind it; nothing stands behind it")
        self._leave_out_little_words()
        if not self._required and not self._sites:
            raise QueryRefused("name a word, a phrase in quotes or a site to search for")
        if sum(map(len, self._required)) + len(self._excluded) > MOST_PHRASES:
            raise QueryRefused(f"a query has at most {MOST_PHRASES} words and phrases")
        return Query(
            required=tuple(self._required),
            excluded=tuple(self._excluded),
            sites=tuple(self._sites),
            excluded_sites=tuple(self._excluded_sites),
            since=self._since,
        )

    def _leave_out_little_words(self) -> None:
        """Words without which no article is written narrow nothing down; beside others they are
        left out, and in quotes they stand."""
        telling = [each for each in self._required if not all(map(_is_little, each))]
        if telling or self._sites:
            self._required = telling
        self._excluded = [each for each in self._excluded if not _is_little(each)]

    def _take(self, part: re.Match[str]) -> None:
        value = next(v for v in part.group("quoted", "curly", "angled", "plain") if v is not None)
        key, negated = part["key"], part["not"] is not None
        if part["plain"] in _OR and not key and not negated:
            if not self._required or self._joins:
                raise QueryRefused("OR joins words; one stands before it and one behind it")
            self._joins = True
        elif key == "site":
            (self._excluded_sites if negated else self._sites).append(value)
        elif key == "since":
            self._since = _since(value, self._now)
        else:
            for phrase in _phrases(value, in_title=key == "title"):
                self._add(phrase, negated)

    def _add(self, phrase: Phrase, negated: bool) -> None:
        if self._joins and negated:
            raise QueryRefused("OR joins words; what is excluded is not joined")
        if negated:
            self._excluded.append(phrase)
        elif self._joins:
            self._required[-1] = (*self._required[-1], phrase)
            self._joins = False
        else:
            self._required.append((phrase,))


_LITTLE = frozenset(map(stem, LITTLE_WORDS))


def _is_little(phrase: Phrase) -> bool:
    return len(phrase.stems) == 1 and not phrase.in_title and phrase.stems[0] in _LITTLE


def _phrases(value: str, *, in_title: bool) -> Iterator[Phrase]:
    """One phrase, also of what is written as one word: شمال-جنوب. None of mere signs."""
    stems = tuple(words(value))
    if stems:
        yield Phrase(stems, in_title)


def _since(value: str, now: datetime) -> datetime:
    ago = _AGO.fullmatch(value)
    try:
        if ago is not None:
            return now - int(ago[1]) * _UNITS[ago[2]]
        time = datetime.fromisoformat(value)
    except (ValueError, OverflowError) as error:
        raise QueryRefused(
            f"since:{value} is not understood; it is since:2026-01-31, since:12h, since:7d or"
            " since:2w"
        ) from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time
