"""The matcher: which topics an article is about, with the proof.

Every article is folded and searched for the keywords that rules need. A rule is looked at only
when each of its needs was found; only then is the article searched for all keywords, and the hits
placed (sentence, zone, offset).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from alerts.matching import grammar
from alerts.matching.conditions import Hits
from alerts.matching.folding import FOLDING_VERSION, Folded
from alerts.matching.language import detected_language
from alerts.matching.layout import Placed, joined, placed
from alerts.matching.rules import Rule, compiled
from alerts.matching.vocabulary import Found
from models.lexicon import Lexicon
from models.match import Clause, Document, Hit, Verdict
from models.topic import Topic


class Matcher:
    """Compiled rules; immutable, so that threads may share it.

    Raises RuleErrors with every problem of the topics and lexicons. The keys are the names.
    """

    def __init__(self, topics: Mapping[str, Topic], lexicons: Mapping[str, Lexicon]) -> None:
        rules = compiled(topics, lexicons)
        self.topics = {rule.topic.name: rule.topic for rule in rules.rules}
        self.version = _version(topics, lexicons)
        self._rules = rules.rules
        self._keywords = rules.keywords
        self._needed = rules.needed
        self._every = rules.every
        self._by_rarest: dict[int, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for keyword in rule.needs[0]:
                self._by_rarest.setdefault(keyword, []).append(number)

    def matching(self, document: Document, now: datetime | None = None) -> tuple[Verdict, ...]:
        """The topics that fire, by name. A topic's `max_age` is heeded when `now` is given."""
        folded = Folded(joined(document))
        found = self._needed.find(folded)
        rules = self._candidates({hit.keyword for hit in found}) if found else ()
        if not rules:
            return ()
        if self._every is not self._needed:
            found = self._every.find(folded)
        article = _Article(document, folded, found, self._keywords, now)
        return tuple(
            article.verdict(rule)
            for rule in rules
            if not rule.topic.internal
            and rule.condition.holds(article.hits)
            and all(clause.passed for clause in article.filters(rule.topic))
        )

    def evaluate(self, document: Document, now: datetime | None = None) -> tuple[Verdict, ...]:
        """The proof for every topic, by name, whether it fires or not."""
        folded = Folded(joined(document))
        article = _Article(document, folded, self._every.find(folded), self._keywords, now)
        return tuple(article.verdict(rule) for rule in self._rules)

    def _candidates(self, keywords: set[int]) -> list[Rule]:
        """The rules whose needs are met by these keywords."""
        by_rarest = self._by_rarest
        numbers = {
            number for keyword in keywords if keyword in by_rarest for number in by_rarest[keyword]
        }
        rules = (self._rules[number] for number in sorted(numbers))
        return [rule for rule in rules if not any(map(keywords.isdisjoint, rule.needs[1:]))]


class _Article:
    """One article's hits, placed, and what the filters ask of it."""

    def __init__(
        self,
        document: Document,
        folded: Folded,
        found: Sequence[Found],
        keywords: Sequence[str],
        now: datetime | None,
    ) -> None:
        self.hits = Hits(placed(folded, len(document.title), found))
        self._document = document
        self._folded = folded
        self._keywords = keywords
        self._now = now
        self._languages: dict[tuple[str, ...], Clause] = {}

    @cached_property
    def language(self) -> str:
        return self._document.language or detected_language(self._folded)

    def verdict(self, rule: Rule) -> Verdict:
        clauses = tuple(part.prove(self.hits) for part in rule.condition.parts)
        clauses += self.filters(rule.topic)
        used = self._shown(rule)
        return Verdict(
            topic=rule.topic.name,
            fired=all(clause.passed for clause in clauses),
            score=self._score(rule, used),
            hits=tuple(self._hit(hit) for hit in used),
            clauses=clauses,
        )

    def _shown(self, rule: Rule) -> list[Placed]:
        """The hits that made conditions hold, in order."""
        used = {hit for hit in rule.condition.used(self.hits) if hit.keyword not in rule.hidden}
        return sorted(used, key=lambda hit: (hit.start, hit.end))

    def _score(self, rule: Rule, used: Iterable[Placed]) -> float:
        """The highest of the rule's scores; without one, the number of different keywords."""
        totals = [score.total(self.hits) for score in rule.scores]
        return max(totals) if totals else float(len({hit.keyword for hit in used}))

    def _hit(self, hit: Placed) -> Hit:
        start, end = self._folded.span(hit.start, hit.end)
        text = self._folded.text[start:end]
        keyword = self._keywords[hit.keyword]
        if end <= len(self._document.title):
            return Hit(keyword=keyword, text=text, field="title", start=start, end=end)
        shift = len(self._document.title) + 1
        return Hit(keyword=keyword, text=text, field="text", start=start - shift, end=end - shift)

    def filters(self, topic: Topic) -> tuple[Clause, ...]:
        """What the topic asks of the article beside its words."""
        language = self._languages.get(topic.languages)
        if language is None:
            language = self._languages[topic.languages] = Clause(
                condition=f"language is {' or '.join(topic.languages)}",
                passed=self.language in topic.languages,
                detail=self.language,
            )
        clauses = [language]
        source = self._document.source
        if topic.sources.only or topic.sources.but:
            passed = source not in topic.sources.but and (
                not topic.sources.only or source in topic.sources.only
            )
            clauses.append(
                Clause(condition="source is wanted", passed=passed, detail=source or "unknown")
            )
        published = self._document.published
        if topic.max_age is not None and self._now is not None:
            passed = published is not None and self._now - published <= topic.max_age
            detail = "no date" if published is None else f"published {published:%Y-%m-%d %H:%M}"
            clauses.append(
                Clause(condition=f"not older than {topic.max_age}", passed=passed, detail=detail)
            )
        return tuple(clauses)


def _version(topics: Mapping[str, Topic], lexicons: Mapping[str, Lexicon]) -> str:
    """Changes with whatever may change a verdict: rules, lexicons, folding, grammar."""
    digest = hashlib.sha256(f"{FOLDING_VERSION} {grammar.GRAMMAR_VERSION}".encode())
    for name in sorted(topics):
        digest.update(topics[name].model_dump_json(exclude={"examples", "title", "label"}).encode())
    for name in sorted(lexicons):
        digest.update(lexicons[name].model_dump_json().encode())
    return digest.hexdigest()[:16]
