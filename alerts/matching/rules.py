"""From the topics and lexicons of the configuration to compiled rules.

Everything that is wrong is collected, with its place in the YAML, before RuleErrors is raised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from alerts.matching.building import Builder
from alerts.matching.conditions import AllHold, Commonness, Needs, cost
from alerts.matching.errors import RuleErrors
from alerts.matching.keywordlists import KeywordLists
from alerts.matching.scores import ScoreReached
from alerts.matching.vocabulary import Finder
from models.lexicon import Lexicon
from models.topic import Topic

_MOST_NEEDS = 3
_WORTH_A_FIRST_PASS = 0.7


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled topic. It fires only for articles with a keyword of each of its `needs`, the
    rarest first; hits of `hidden` keywords count, but are not shown (Topic.quote)."""

    topic: Topic
    condition: AllHold
    needs: Needs
    hidden: frozenset[int]
    scores: tuple[ScoreReached, ...]


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
    lists = KeywordLists()
    for name, lexicon in lexicons.items():
        lists.add_lexicon(name, lexicon)
    builder = Builder(topics, lists)
    conditions = {name: builder.condition(name) for name in sorted(topics)}
    commonness = lists.vocabulary.commonness()
    rules = [
        _rule(topics[name], condition, lists, commonness)
        for name, condition in conditions.items()
        if condition is not None
    ]
    if lists.problems:
        raise RuleErrors(tuple(lists.problems))
    return _rule_set(tuple(rule for rule in rules if rule is not None), lists, commonness)


def _rule(
    topic: Topic, condition: AllHold, lists: KeywordLists, commonness: Commonness
) -> Rule | None:
    if any(problem.kind == "topic" and problem.name == topic.name for problem in lists.problems):
        return None
    needs = condition.needs(commonness)
    if not needs:
        message = "the rule could fire without any keyword: every way to fire needs a word"
        lists.problem(topic.name, (), message)
        return None
    rarest = sorted(needs, key=lambda keywords: cost(keywords, commonness))[:_MOST_NEEDS]
    hidden = _hidden(topic, lists)
    return Rule(topic, condition, tuple(rarest), hidden, tuple(_scores(condition)))


def _hidden(topic: Topic, lists: KeywordLists) -> frozenset[int]:
    shown = [
        lists.listed(lexicon, topic.name, ("quote", index))
        for index, lexicon in enumerate(topic.quote)
    ]
    return lists.every().difference(*shown, lists.inline) if shown else frozenset()


def _scores(condition: object) -> list[ScoreReached]:
    if isinstance(condition, ScoreReached):
        return [condition]
    return [score for part in getattr(condition, "parts", ()) for score in _scores(part)]


def _rule_set(rules: tuple[Rule, ...], lists: KeywordLists, commonness: Commonness) -> RuleSet:
    needed = frozenset(chain.from_iterable(need for rule in rules for need in rule.needs))
    every = lists.vocabulary.finder(lists.used)
    first = every
    if cost(needed, commonness) < _WORTH_A_FIRST_PASS * cost(lists.used, commonness):
        first = lists.vocabulary.finder(needed)
    words = tuple(keyword.word for keyword in lists.vocabulary.keywords)
    return RuleSet(rules, words, first, every)
