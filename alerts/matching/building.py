"""From the conditions that a topic writes to those that hits are asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alerts.matching.conditions import (
    AllHold,
    Condition,
    CountOf,
    KeywordIn,
    NoneHold,
    SomeHold,
    Unit,
)
from alerts.matching.keywordlists import KeywordLists, Path, unknown
from alerts.matching.scores import ScoreReached, Weighed
from alerts.matching.together import NearEachOther, TogetherIn
from models import topic as written
from models.lexicon import Keyword
from models.topic import Topic, Zone

Zones = frozenset[Zone]
_EVERY_ZONE: Zones = frozenset({"title", "lead", "body", "byline"})
_USUAL_ZONES: Zones = frozenset({"title", "lead", "body"})


@dataclass(slots=True)
class Builder:
    """Builds the conditions of topics, which may refer to each other; what is wrong with them is
    told to the lists."""

    topics: Mapping[str, Topic]
    lists: KeywordLists
    _open: list[str] = field(default_factory=list)

    def condition(
        self, name: str, zones: Zones = _EVERY_ZONE, asked_at: Path = ()
    ) -> AllHold | None:
        """The condition of a topic, which the topic being built refers to at `asked_at`; None where
        a problem keeps it from being compiled."""
        if name in self._open:
            circle = " -> ".join((*self._open[self._open.index(name) :], name))
            message = f"topics refer to each other in a circle: {circle}"
            self.lists.problem(self._open[-1], asked_at, message)
            return None
        self._open.append(name)
        condition = self._whole(self.topics[name], zones)
        self._open.pop()
        return condition

    def _whole(self, topic: Topic, zones: Zones) -> AllHold | None:
        if not topic.all and not topic.any:
            self.lists.problem(topic.name, (), "the rule has no positive keyword: add any or all")
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
                keywords = self.lists.listed(condition.lexicon, topic, (*path, "list"))
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
        number = self.lists.word(keyword, topic, path)
        if number is None:
            return None
        return KeywordIn(_label(f"'{keyword.word}'", zones), frozenset({number}), _usual(zones))

    def _other_topic(self, name: str, topic: str, path: Path, zones: Zones) -> Condition | None:
        if name not in self.topics:
            self.lists.problem(topic, (*path, "topic"), unknown("topic", name, self.topics))
            return None
        condition = self.condition(name, zones, (*path, "topic"))
        return None if condition is None else AllHold(f"topic {name}", condition.parts)

    def _at_least(
        self, condition: written.AtLeast, topic: str, path: Path, zones: Zones
    ) -> Condition:
        if condition.at_least > len(condition.of):
            self.lists.problem(
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
                self.lists.problem(topic, (*path, "near", index), message)
            elif not seen.isdisjoint(keywords):
                message = (
                    "the same keyword stands in another part of near: it is always near itself"
                )
                self.lists.problem(topic, (*path, "near", index), message)
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
            self.lists.problem(
                topic,
                (*path, "score"),
                f"can never be reached: the terms add up to {score.most():g} at most",
            )
        if score.least() >= condition.score:
            self.lists.problem(
                topic, (*path, "score"), "is always reached: a term holds without any keyword"
            )
        return score

    def _narrowed(self, zones: Zones, wanted: tuple[Zone, ...], topic: str, path: Path) -> Zones:
        if not wanted:
            return zones
        narrowed = zones & frozenset(wanted)
        if not narrowed:
            outer = ", ".join(sorted(zones))
            self.lists.problem(
                topic, (*path, "in"), f"can never hold: it stands inside 'in: [{outer}]'"
            )
        return narrowed


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
