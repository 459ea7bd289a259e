"""`marsad import-rule`: the topic that a boolean query says, as YAML."""

import json
import re
from collections.abc import Iterator
from typing import Any

from alerts.matching.errors import RuleErrors
from alerts.matching.matcher import Matcher
from alerts.matching.phrases import words_of
from alerts.matching.vocabulary import check
from marsad.boolean import Both, Either, In, Near, Not, Query, QueryError, Words, parse
from models.lexicon import Keyword
from models.topic import Topic

_NEAR_PARTS = 6
_TITLE = 80


def topic_yaml(query: str) -> str:
    """The file of config/topics for a query. Raises QueryError with a column."""
    tree = parse(query)
    topic = {"title": {"ar": _title(tree)}, **_rule(tree)}
    _validate(topic, tree)
    return "".join(f"{line}\n" for line in _lines(query, topic))


def _lines(query: str, topic: dict[str, Any]) -> Iterator[str]:
    yield f"# From: {' '.join(query.split())}"
    yield "# A bare word is a noun with its clitics; give states `class: place` (their adjectives"
    yield "# count then too), persons `class: name`, and add examples: docs/keywords.md says how."
    if "NEAR" in query:
        yield "# `within` counts the words from the first to the last: NEAR/n is within n + 1."
    yield f"title: {_flow(topic['title'])}"
    for key in ("all", "any", "none"):
        if key in topic:
            yield f"{key}:"
            yield from (f"  - {_flow(condition)}" for condition in topic[key])


_PLAIN = re.compile(r"[^\W\d_](?:[\w \-،]*\w)?")
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT
            return value if plain else json.dumps(value, ensure_ascii=False)
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


def _rule(tree: Query) -> dict[str, Any]:
    """The keys `all`, `any` and `none` of a topic."""
    parts = tree.parts if isinstance(tree, Both) else (tree,)
    none = [part.part for part in parts if isinstance(part, Not)]
    positive = [part for part in parts if not isinstance(part, Not)]
    if not positive:
        raise QueryError(
            tree.column, "it says only what must not occur: a word that must is needed"
        )
    rule: dict[str, Any] = {}
    if len(positive) == 1 and isinstance(positive[0], Either):
        rule["any"] = _alternatives(positive[0])
    else:
        rule["all"] = [_condition(part) for part in positive]
    if none:
        rule["none"] = [_condition(part) for part in none]
    return rule


def _condition(query: Query) -> Any:
    match query:
        case Words():
            return _word(query)
        case Either():
            return {"any": _alternatives(query)}
        case Both():
            return _all(query)
        case Near():
            return _near(query)
        case In():
            return _zoned(query)
        case Not():
            raise QueryError(query.column, "NOT inside NOT, or alone in parentheses, is not needed")


def _alternatives(query: Either) -> list[Any]:
    for part in query.parts:
        _refuse_not(part, "OR NOT would fire on almost everything")
    return [_condition(part) for part in query.parts]


def _word(words: Words) -> Any:
    given: dict[str, Any] = {"word": words.text}
    if words.prefix:
        given["class"] = "prefix"
    elif len(words_of(words.text)) > len(words.text.split()):
        given["class"] = "phrase"  # the dash of شمال-جنوب
    if words.slop:
        given["slop"] = words.slop
    try:
        check(Keyword.model_validate(given))
    except ValueError as error:
        raise QueryError(words.column, _first_line(error)) from error
    return words.text if len(given) == 1 else given


def _all(query: Both) -> Any:
    none = [part for part in query.parts if isinstance(part, Not)]
    positive = [part for part in query.parts if not isinstance(part, Not)]
    if not positive:
        raise QueryError(query.column, "it says only what must not occur")
    parts = [_condition(part) for part in positive]
    if none:
        parts.append({"none": [_condition(part.part) for part in none]})
    return {"all": parts}


def _near(query: Near) -> Any:
    if len(query.parts) > _NEAR_PARTS:
        raise QueryError(query.column, f"NEAR joins at most {_NEAR_PARTS} words")
    parts = [_near_part(part) for part in query.parts]
    seen: set[str] = set()
    for part, words in zip(query.parts, map(_words_in, query.parts), strict=True):
        if not seen.isdisjoint(words):
            raise QueryError(part.column, "this word stands in another part of the same NEAR")
        seen |= words
    order = {"ordered": True} if query.ordered else {}
    return {"near": parts, "within": query.apart + 1, **order}


def _near_part(query: Query) -> Any:
    words = isinstance(query, Words)
    if not words and not (
        isinstance(query, Either) and all(isinstance(part, Words) for part in query.parts)
    ):
        raise QueryError(query.column, "NEAR joins words, phrases and (this OR that)")
    return _condition(query)


def _words_in(query: Query) -> set[str]:
    parts = query.parts if isinstance(query, Either) else (query,)
    return {part.text for part in parts if isinstance(part, Words)}


def _zoned(query: In) -> Any:
    _refuse_not(query.part, "write NOT before the field: NOT title:...")
    inner = _condition(query.part)
    found = {"word": inner} if isinstance(inner, str) else inner
    if "in" in found:
        raise QueryError(query.column, "a field inside a field")
    return {**found, "in": list(query.zones)}


def _refuse_not(query: Query, why: str) -> None:
    if isinstance(query, Not):
        raise QueryError(query.column, why)


def _title(tree: Query) -> str:
    title = ""
    for word in dict.fromkeys(_positive(tree)):
        longer = f"{title}، {word}" if title else word
        if len(longer) > _TITLE:
            break
        title = longer
    return title or "موضوع"


def _positive(tree: Query) -> Iterator[str]:
    match tree:
        case Words():
            yield tree.text
        case In():
            yield from _positive(tree.part)
        case Both() | Either() | Near():
            for part in tree.parts:
                yield from _positive(part)
        case Not():
            return


def _validate(topic: dict[str, Any], tree: Query) -> None:
    """What the rule compiler refuses although each part can be said."""
    try:
        Matcher({"topic": Topic.model_validate({**topic, "name": "topic"})}, {})
    except RuleErrors as errors:
        raise QueryError(tree.column, errors.problems[0].message) from errors
    except ValueError as error:
        raise QueryError(tree.column, _first_line(error)) from error


def _first_line(error: ValueError) -> str:
    return str(error).splitlines()[0]
