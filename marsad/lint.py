"""`marsad lint`: keywords and clauses that do nothing, or something else than they seem to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from alerts.matching.conditions import Hits
from alerts.matching.errors import RuleProblem
from alerts.matching.folding import Folded
from alerts.matching.frequencies import word_counts
from alerts.matching.language import detected_language
from alerts.matching.layout import joined, placed
from alerts.matching.rules import Rule, RuleSet, compiled
from alerts.matching.vocabulary import Finder, Vocabulary
from marsad.ambiguity import ambiguities
from marsad.configuration import Sources
from marsad.decisiveness import Decisions, Node, tree, undecided
from marsad.rows import Row
from marsad.shadows import shadows
from marsad.sweep import Advance, Articles, Tally, Work, sweep
from models import topic as written
from models.configfile import Problem
from models.lexicon import Keyword
from models.match import Document
from models.topic import Topic

Kind = Literal["dead", "shadowed", "ambiguous", "undecided"]

ENOUGH_ARTICLES = 1_000
"""Below so many articles a word that never hits says nothing."""
ENOUGH_ALERTS = 20
"""Below so many matches of a topic its clauses cannot be judged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at, and where it stands."""

    kind: Kind
    problem: Problem

    def __str__(self) -> str:
        return f"{self.problem} [{self.kind}]"


def finding_fields(finding: Finding) -> dict[str, Any]:
    return {"kind": finding.kind, **asdict(finding.problem)}


@dataclass(frozen=True, slots=True)
class Written:
    """A keyword and where it is written."""

    kind: Literal["topic", "lexicon"]
    name: str
    path: tuple[str | int, ...]
    keyword: Keyword


@dataclass(slots=True)
class Seen:
    """What a chunk of articles shows: hits by keyword, and what each topic's clauses decide."""

    hits: Counter[int] = field(default_factory=Counter)
    topics: dict[str, Decisions] = field(default_factory=dict)

    def add(self, other: "Seen") -> None:
        self.hits.update(other.hits)
        for name, decisions in other.topics.items():
            self.topics[name] = self.topics.get(name, Decisions()).plus(decisions)


class Lint:
    """The findings on a configuration; those that need articles after `run`."""

    def __init__(self, sources: Sources) -> None:
        self.tally = Tally()
        self.seen = Seen()
        self._sources = sources
        configuration = sources.configuration
        self._written = tuple(_written(configuration.topics, configuration.lexicons))
        vocabulary = Vocabulary()
        self._numbers = [vocabulary.add(one.keyword) for one in self._written]
        self._finder = vocabulary.finder(frozenset(self._numbers))
        self._rules = compiled(configuration.topics, configuration.lexicons)
        self._trees = {r.topic.name: tree(r.topic, r.condition) for r in self._rules.rules}

    def run(self, articles: Articles, advance: Advance) -> None:
        for swept in sweep(articles, _looking(self._finder, self._rules, self._trees), advance):
            self.tally = self.tally.plus(swept.tally)
            self.seen.add(swept.result)

    def findings(self) -> list[Finding]:
        """All findings, in the order of files and lines."""
        found = [*self._shadowed(), *self._ambiguous()]
        if self.tally.articles >= ENOUGH_ARTICLES:
            found += [*self._dead(), *self._undecided()]
        return sorted(found, key=lambda finding: finding.problem)

    def unjudged(self) -> Iterator[str]:
        """What the articles were too few for, in sentences."""
        articles = self.tally.articles
        if articles < ENOUGH_ARTICLES:
            yield (
                f"{articles:,} articles are too few to tell keywords that never hit and clauses "
                f"that never decide; {ENOUGH_ARTICLES:,} are enough: name a file of articles"
            )
            return
        for name, decisions in sorted(self.seen.topics.items()):
            if decisions.fired < ENOUGH_ALERTS:
                yield (
                    f"topic {name} holds for {decisions.fired} articles: too few to judge its "
                    f"clauses; {ENOUGH_ALERTS} are enough"
                )

    def _dead(self) -> Iterator[Finding]:
        for one, number in zip(self._written, self._numbers, strict=True):
            if not self.seen.hits[number] and one.keyword.reason is None:
                message = f"'{one.keyword.word}' is in none of {self.tally.articles:,} articles"
                yield self._finding("dead", one, one.path, message)

    def _ambiguous(self) -> Iterator[Finding]:
        for one in self._written:
            found = list(ambiguities(one.keyword, word_counts()))
            if found and one.keyword.reason is None:
                forms = "; ".join(
                    f"'{each.form}' occurs {each.count:,} times, '{each.base}' "
                    f"{f'only {each.base_count:,}' if each.base_count else 'hardly'}"
                    for each in found[:3]
                )
                words = ", ".join(each.form for each in found)
                message = (
                    f"'{one.keyword.word}' has forms that are rather another word: {forms}. "
                    f"If they are, add not_forms: [{words}]; if not, say so by reason"
                )
                yield self._finding("ambiguous", one, one.path, message)

    def _shadowed(self) -> Iterator[Finding]:
        for name, lexicon in self._sources.configuration.lexicons.items():
            for shadow in shadows(lexicon.entries):
                entry = lexicon.entries[shadow.index]
                path: tuple[str | int, ...] = ("entries", shadow.index)
                word = entry.word
                if shadow.variant is not None:
                    path = (*path, "variants", shadow.variant)
                    word = entry.variants[shadow.variant]
                by = ", ".join(f"'{other}'" for other in shadow.by)
                message = f"every form of '{word}' is a form of {by} already"
                one = Written("lexicon", name, path, entry)
                yield self._finding("shadowed", one, path, message)

    def _undecided(self) -> Iterator[Finding]:
        for name, decisions in self.seen.topics.items():
            if decisions.fired < ENOUGH_ALERTS:
                continue
            needed = self._decided_by_examples(name)
            for path, what in undecided(self._trees[name], decisions):
                if not any(_within(path, other) for other in needed):
                    problem = RuleProblem(kind="topic", name=name, path=path, message="")
                    place = self._sources.rule_problem(problem)
                    message = f"never decides in {self.tally.articles:,} articles: it {what}"
                    yield Finding("undecided", _with_message(place, message))

    def _decided_by_examples(self, name: str) -> set[tuple[str | int, ...]]:
        """The clauses that the topic's examples need: a promise is no dead clause."""
        topic = self._sources.configuration.topics[name]
        decisions = Decisions()
        for example in topic.examples:
            document = Document(title=example.title, text=example.text)
            folded = Folded(joined(document))
            found = placed(folded, len(document.title), self._rules.every.find(folded))
            decisions.add(self._trees[name], Hits(found))
        return set(decisions.decided)

    def _finding(
        self, kind: Kind, one: Written, path: tuple[str | int, ...], message: str
    ) -> Finding:
        problem = RuleProblem(kind=one.kind, name=one.name, path=path, message=message)
        return Finding(kind, self._sources.rule_problem(problem))


def _within(path: tuple[str | int, ...], other: tuple[str | int, ...]) -> bool:
    return other[: len(path)] == path


def _with_message(problem: Problem, message: str) -> Problem:
    return Problem(problem.file, problem.line, problem.column, problem.where, message)


def _looking(finder: Finder, rules: RuleSet, trees: Mapping[str, Node]) -> Work[Seen]:
    def seen(rows: Sequence[Row]) -> Seen:
        found = Seen(topics={name: Decisions() for name in trees})
        for row in rows:
            folded = Folded(joined(row.document))
            found.hits.update({hit.keyword for hit in finder.find(folded)})
            hits = Hits(placed(folded, len(row.document.title), rules.every.find(folded)))
            language = row.document.language or detected_language(folded)
            for rule in rules.rules:
                if hits.placed and _reads(rule, row.document, language):
                    found.topics[rule.topic.name].add(trees[rule.topic.name], hits)
        return found

    return seen


def _reads(rule: Rule, document: Document, language: str) -> bool:
    sources = rule.topic.sources
    return (
        language in rule.topic.languages
        and document.source not in sources.but
        and (not sources.only or document.source in sources.only)
    )


def _written(topics: Mapping[str, Topic], lexicons: Mapping[str, Any]) -> Iterator[Written]:
    """Every keyword that an operator wrote, with its place."""
    for name, lexicon in lexicons.items():
        for index, entry in enumerate(lexicon.entries):
            yield Written("lexicon", name, ("entries", index), entry)
    for name, topic in topics.items():
        for key in ("all", "any", "none"):
            for path, keyword in _inline(getattr(topic, key), (key,)):
                yield Written("topic", name, path, keyword)


def _inline(
    conditions: Sequence[written.Condition], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Keyword]]:
    for index, condition in enumerate(conditions):
        here = (*path, index)
        if isinstance(condition, str):
            yield here, Keyword(word=condition)
        elif isinstance(condition, written.Word):
            yield here, Keyword.model_validate(condition.model_dump(exclude={"zones"}))
        elif isinstance(condition, written.Score):
            for number, term in enumerate(condition.terms):
                yield from _inline(term.of, (*here, "terms", number, "of"))
        else:
            for key in ("all", "any", "none", "of", "near", "sentence", "paragraph"):
                yield from _inline(getattr(condition, key, ()), (*here, key))
