"""From the topics and lexicons of the configuration to compiled rules.

Everything that is wrong is collected, with its place in the YAML, before RuleErrors is raised.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from alerts.matching.conditions import (
    AllHold,
    Commonness,
    Condition,
    CountOf,
    KeywordIn,
    Needs,
    NoneHold,
    SomeHold,
    Unit,
    cost,
)
from alerts.matching.errors import RuleErrors, RuleProblem
from alerts.matching.scores import ScoreReached, Weighed
from alerts.matching.together import NearEachOther, TogetherIn
from alerts.matching.vocabulary import Finder, Vocabulary
from models import topic as written
from models.lexicon import Keyword, Lexicon
from models.topic import Topic, Zone

_MOST_NEEDS = 3
_WORTH_A_FIRST_PASS = 0.7
Path = tuple[str | int, ...]
Zones = frozenset[Zone]
_EVERY_ZONE: Zones = frozenset({"title", "lead", "body", "byline"})
_USUAL_ZONES: Zones = frozenset({"title", "lead", "body"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled topic. It fires only for articles with a keyword of each of its `needs`, the
    rarest first; hits of `hidden` keywords count, but are not shown (Topic.quote)."""

    topic: Topic
    condition: AllHold
    needs: Needs
    hidden: frozenset[int]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The compiled rules by name, the words of the keywords, and what finds them: `needed` those
    that decide whether a rule is looked at, `every` all (the same where that saves nothing)."""

    rules: tuple[Rule, ...]
    keywords: tuple[str, ...]
    needed: Finder
    every: Finder


def compiled(topics: Mapping[str, Topic], lexicons: Mapping[str, Lexicon]) -> RuleSet:
    """Compiles all rules. Raises RuleErrors with every problem found."""
    compiler = _Compiler(topics)
    for name, lexicon in lexicons.items():
        compiler.add_lexicon(name, lexicon)
    conditions = {name: compiler.condition(name) for name in sorted(topics)}
    commonness = compiler.vocabulary.commonness()
    rules = [compiler.rule(name, each, commonness) for name, each in conditions.items()]
    if compiler.problems:
        raise RuleErrors(tuple(compiler.problems))
    return compiler.rule_set(tuple(rule for rule in rules if rule is not None), commonness)


@dataclass(slots=True)
class _Compiler:
    topics: Mapping[str, Topic]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    problems: list[RuleProblem] = field(default_factory=list)
    _lists: dict[str, frozenset[int]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _inline: set[int] = field(default_factory=set)
    _used: set[int] = field(default_factory=set)

    def add_lexicon(self, name: str, lexicon: Lexicon) -> None:
        numbers: dict[int, int] = {}
        for index, entry in enumerate(lexicon.entries):
            path = ("entries", index)
            number = self._keyword(entry, "lexicon", name, path)
            if number is None:
                continue
            if number in numbers:
                earlier = f"'{entry.word}' is listed already, as entry {numbers[number] + 1}"
                self._problem(name, path, earlier, kind="lexicon")
            numbers[number] = index
        self._lists[name] = frozenset(numbers)

    def condition(self, name: str, zones: Zones = _EVERY_ZONE) -> AllHold | None:
        """The condition of a topic; None where a problem keeps it from being compiled."""
        if name in self._open:
            circle = " -> ".join((*self._open[self._open.index(name) :], name))
            self._problem(self._open[-1], (), f"topics refer to each other in a circle: {circle}")
            return None
        self._open.append(name)
        condition = self._whole(self.topics[name], zones)
        self._open.pop()
        return condition

    def rule(self, name: str, condition: AllHold | None, commonness: Commonness) -> Rule | None:
        if condition is None or any(p.kind == "topic" and p.name == name for p in self.problems):
            return None
        topic = self.topics[name]
        needs = condition.needs(commonness)
        if not needs:
            self._problem(
                name, (), "the rule could fire without any keyword: every way to fire needs a word"
            )
            return None
        rarest = sorted(needs, key=lambda keywords: cost(keywords, commonness))[:_MOST_NEEDS]
        return Rule(topic, condition, tuple(rarest), self._hidden(topic))

    def rule_set(self, rules: tuple[Rule, ...], commonness: Commonness) -> RuleSet:
        needed = frozenset(chain.from_iterable(need for rule in rules for need in rule.needs))
        every = self.vocabulary.finder(self._used)
        first = every
        if cost(needed, commonness) < _WORTH_A_FIRST_PASS * cost(self._used, commonness):
            first = self.vocabulary.finder(needed)
        words = tuple(keyword.word for keyword in self.vocabulary.keywords)
        return RuleSet(rules, words, first, every)

    def _hidden(self, topic: Topic) -> frozenset[int]:
        shown = [
            self._listed(lexicon, topic.name, ("quote", index))
            for index, lexicon in enumerate(topic.quote)
        ]
        if not shown:
            return frozenset()
        return frozenset().union(*self._lists.values()).difference(*shown, self._inline)

    def _whole(self, topic: Topic, zones: Zones) -> AllHold | None:
        if not topic.all and not topic.any:
            self._problem(topic.name, (), "the rule has no positive keyword: add any or all")
            return None
        parts = self._parts(topic.all, topic.name, ("all",), zones)
        if topic.any:
            some = self._parts(topic.any, topic.name, ("any",), zones)
            parts += (SomeHold("any of", some),)
        if topic.none:
            none = self._parts(topic.none, topic.name, ("none",), zones)
            parts += (NoneHold("none of", none),)
        return AllHold("rule", parts)

    def _parts(
        self, conditions: Iterable[written.Condition], topic: str, path: Path, zones: Zones
    ) -> tuple[Condition, ...]:
        built = (
            self._build(condition, topic, (*path, index), zones)
            for index, condition in enumerate(conditions)
        )
        return tuple(condition for condition in built if condition is not None)

    def _build(
        self, condition: written.Condition, topic: str, path: Path, zones: Zones
    ) -> Condition | None:
        """The compiled condition; `zones` are those that the conditions around it leave."""
        if isinstance(condition, str):
            return self._word(Keyword(word=condition), topic, path, zones)
        zones = self._narrowed(zones, condition.zones, topic, path)
        match condition:
            case written.Word():
                plain = Keyword.model_validate(condition.model_dump(exclude={"zones"}))
                return self._word(plain, topic, path, zones)
            case written.UseList():
                keywords = self._listed(condition.lexicon, topic, (*path, "list"))
                return KeywordIn(_label(condition.lexicon, zones), keywords, _usual(zones))
            case written.UseTopic():
                return self._other_topic(condition.topic, topic, path, zones)
            case written.All():
                return AllHold("all of", self._parts(condition.all, topic, (*path, "all"), zones))
            case written.AnyOf():
                return SomeHold("any of", self._parts(condition.any, topic, (*path, "any"), zones))
            case written.NoneOf():
                none = self._parts(condition.none, topic, (*path, "none"), zones)
                return NoneHold("none of", none)
            case written.AtLeast():
                return self._at_least(condition, topic, path, zones)
            case written.Near():
                return self._near(condition, topic, path, zones)
            case written.Sentence():
                parts = self._parts(condition.sentence, topic, (*path, "sentence"), zones)
                return _together(parts, "sentence", condition.times)
            case written.Paragraph():
                parts = self._parts(condition.paragraph, topic, (*path, "paragraph"), zones)
                return _together(parts, "paragraph", condition.times)
            case written.Count():
                parts = self._parts(condition.of, topic, (*path, "of"), zones)
                what = "different keywords" if condition.different else "hits"
                label = f"at least {condition.count} {what}"
                return CountOf(label, parts, condition.count, condition.different)
            case written.Score():
                return self._score(condition, topic, path, zones)

    def _word(self, keyword: Keyword, topic: str, path: Path, zones: Zones) -> KeywordIn | None:
        number = self._keyword(keyword, "topic", topic, path)
        if number is None:
            return None
        self._inline.add(number)
        self._used.add(number)
        return KeywordIn(_label(f"'{keyword.word}'", zones), frozenset({number}), _usual(zones))

    def _other_topic(self, name: str, topic: str, path: Path, zones: Zones) -> Condition | None:
        if name not in self.topics:
            self._problem(topic, (*path, "topic"), _unknown("topic", name, self.topics))
            return None
        condition = self.condition(name, zones)
        return None if condition is None else AllHold(f"topic {name}", condition.parts)

    def _at_least(
        self, condition: written.AtLeast, topic: str, path: Path, zones: Zones
    ) -> Condition:
        if condition.at_least > len(condition.of):
            self._problem(
                topic,
                (*path, "at_least"),
                f"can never hold: {condition.at_least} of {len(condition.of)} conditions",
            )
        parts = self._parts(condition.of, topic, (*path, "of"), zones)
        return SomeHold(f"at least {condition.at_least} of", parts, condition.at_least)

    def _near(self, condition: written.Near, topic: str, path: Path, zones: Zones) -> Condition:
        parts = self._parts(condition.near, topic, (*path, "near"), zones)
        seen: frozenset[int] = frozenset()
        for index, part in enumerate(parts):
            keywords = _keywords(part)
            if keywords is None:
                message = "near is between words and lists (or any of them)"
                self._problem(topic, (*path, "near", index), message)
            elif not seen.isdisjoint(keywords):
                message = (
                    "the same keyword stands in another part of near: it is always near itself"
                )
                self._problem(topic, (*path, "near", index), message)
            seen |= keywords or frozenset()
        order = "in this order" if condition.ordered else "in any order"
        label = f"within {condition.within} words, {order}"
        return NearEachOther(label, parts, condition.within, condition.ordered)

    def _score(self, condition: written.Score, topic: str, path: Path, zones: Zones) -> Condition:
        terms = tuple(
            Weighed(
                self._parts(term.of, topic, (*path, "terms", index, "of"), zones),
                term.weight,
                term.cap,
            )
            for index, term in enumerate(condition.terms)
        )
        score = ScoreReached(
            f"score {condition.score:g}", terms, condition.zone_weights, condition.score
        )
        if score.most() < condition.score:
            self._problem(
                topic,
                (*path, "score"),
                f"can never be reached: the terms add up to {score.most():g} at most",
            )
        if score.least() >= condition.score:
            self._problem(
                topic, (*path, "score"), "is always reached: a term holds without any keyword"
            )
        return score

    def _narrowed(self, zones: Zones, wanted: tuple[Zone, ...], topic: str, path: Path) -> Zones:
        if not wanted:
            return zones
        narrowed = zones & frozenset(wanted)
        if not narrowed:
            outer = ", ".join(sorted(zones))
            self._problem(topic, (*path, "in"), f"can never hold: it stands inside 'in: [{outer}]'")
        return narrowed

    def _keyword(
        self, keyword: Keyword, kind: Literal["topic", "lexicon"], name: str, path: Path
    ) -> int | None:
        try:
            return self.vocabulary.add(keyword)
        except ValueError as error:
            self._problem(name, path, str(error), kind=kind)
            return None

    def _listed(self, lexicon: str, topic: str, path: Path) -> frozenset[int]:
        if lexicon not in self._lists:
            self._problem(topic, path, _unknown("list", lexicon, self._lists))
        listed = self._lists.get(lexicon, frozenset())
        self._used |= listed
        return listed

    def _problem(
        self,
        name: str,
        path: Path,
        message: str,
        kind: Literal["topic", "lexicon"] = "topic",
    ) -> None:
        problem = RuleProblem(kind=kind, name=name, path=path, message=message)
        if problem not in self.problems:
            self.problems.append(problem)


def _together(parts: tuple[Condition, ...], unit: Unit, times: int) -> TogetherIn:
    label = f"in one {unit}" if times == 1 else f"in {times} {unit}s"
    return TogetherIn(label, AllHold("", parts), unit, times)


def _usual(zones: Zones) -> Zones:
    """Bylines count only where a condition asks for them."""
    return _USUAL_ZONES if zones == _EVERY_ZONE else zones


def _label(name: str, zones: Zones) -> str:
    return name if zones == _EVERY_ZONE else f"{name} in {' or '.join(sorted(zones))}"


def _keywords(condition: Condition) -> frozenset[int] | None:
    """The keywords of a word, a list or any of them; None for another condition."""
    if isinstance(condition, KeywordIn):
        return condition.keywords
    if isinstance(condition, SomeHold) and condition.least == 1:
        parts = [_keywords(part) for part in condition.parts]
        if all(part is not None for part in parts):
            return frozenset().union(*(part for part in parts if part is not None))
    return None


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"there is no {kind} '{name}'{hint} Known: {', '.join(names) or 'none'}"
