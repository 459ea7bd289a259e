"""The keywords of subscribers as rules: searched by keyword, however many chats watch for each."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from alerts.keywords import topic_of
from alerts.matching.errors import RuleErrors
from alerts.matching.matcher import Matcher
from models.article import StoredArticle
from models.match import Document, Verdict
from storage import articles, keywords
from storage.database import Database
from storage.keywords import Revision

log = structlog.get_logger(__name__)

# One automaton up to so many keywords; beyond, several, so that a new keyword compiles a part of
# them alone, and one common keyword cannot use up the hits that a search of an article stops at.
_ONE_PART = 1_000
_PARTS = 16
# A keyword is tried on so many of the newest articles before it is taken.
SAMPLE = 300


@dataclass(frozen=True, slots=True)
class PersonalMatcher:
    """Compiled keywords, by topic; immutable, so that threads may share it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[tuple[Mapping[str, str], Matcher], ...] = ()

    def matching(self, document: Document, now: datetime) -> tuple[Verdict, ...]:
        return tuple(
            verdict for _, matcher in self.parts for verdict in matcher.matching(document, now)
        )

    def with_texts(self, texts: Mapping[str, str]) -> "PersonalMatcher":
        """These keywords; parts in which nothing changed are kept."""
        known = {frozenset(of.items()): matcher for of, matcher in self.parts}
        parts = [
            (of, known.get(frozenset(of.items())) or _compiled(of)) for of in _divided(texts) if of
        ]
        return PersonalMatcher(texts, tuple(parts))


def _divided(texts: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    if len(texts) <= _ONE_PART:
        return (texts,)
    parts: list[dict[str, str]] = [{} for _ in range(_PARTS)]
    for topic, text in texts.items():
        # the name is a hash in hexadecimal
        parts[int(topic[-1], 16) % _PARTS][topic] = text
    return parts


def _compiled(texts: Mapping[str, str]) -> Matcher:
    topics = {name: topic_of(name, text) for name, text in texts.items()}
    try:
        return Matcher(topics, {})
    except RuleErrors as errors:
        # taken by an earlier version whose grammar allowed them
        refused = {problem.name for problem in errors.problems}
        log.warning("keywords cannot be matched any more", count=len(refused))
        return Matcher({name: of for name, of in topics.items() if name not in refused}, {})


class PersonalRules:
    """The keywords as they are in the database, compiled again when they changed there."""

    def __init__(self, database: Database, wanted: Callable[[], bool]) -> None:
        self._database = database
        self._wanted = wanted
        self._revision: Revision | None = None
        self._matcher = PersonalMatcher()

    async def current(self) -> PersonalMatcher:
        """Without any keyword while the operator wants none."""
        if not self._wanted():
            return PersonalMatcher()
        revision = await self._database.read(keywords.revision)
        if revision != self._revision:
            texts = await self._database.read(keywords.every)
            self._matcher = await asyncio.to_thread(self._matcher.with_texts, texts)
            self._revision = revision
        return self._matcher

    async def try_out(self, keyword: str, now: datetime) -> tuple[int, int]:
        """How many of the newest articles have the keyword, and how many those are."""
        newest = await self._database.read(lambda c: articles.newest(c, SAMPLE))
        matcher = PersonalMatcher().with_texts({"kw-0": keyword})
        found = await asyncio.to_thread(_count, matcher, newest, now)
        return found, len(newest)


def _count(matcher: PersonalMatcher, newest: Sequence[StoredArticle], now: datetime) -> int:
    return sum(bool(matcher.matching(_document(stored), now)) for stored in newest)


def _document(stored: StoredArticle) -> Document:
    return Document(
        title=stored.article.title,
        text=stored.article.text,
        source=stored.article.site,
        language=stored.article.language,
    )
