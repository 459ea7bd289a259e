"""Builders: matchers from rules written as an operator writes them, documents from their texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from alerts.matching.matcher import Matcher
from models.lexicon import Lexicon
from models.topic import Topic

CONFIG = Path(__file__).parents[3] / "config"

MakeMatcher = Callable[..., Matcher]


def topic(name: str = "topic", **rule: Any) -> Topic:
    return Topic.model_validate({"name": name, "title": {"ar": "موضوع"}, **rule})


def lexicon(name: str, *entries: Any) -> Lexicon:
    rows = [{"word": entry} if isinstance(entry, str) else entry for entry in entries]
    return Lexicon.model_validate({"name": name, "entries": rows})


@pytest.fixture
def matcher() -> MakeMatcher:
    """matcher({'iran': [...entries]}, any=[...]): a matcher of one topic and its lexicons; or
    matcher({...}, topics={'name': {...rule}})."""

    def build(lists: dict[str, list[Any]] | None = None, **rule: Any) -> Matcher:
        topics = rule.pop("topics", None) or {"topic": rule}
        return Matcher(
            {name: topic(name, **parts) for name, parts in topics.items()},
            {name: lexicon(name, *entries) for name, entries in (lists or {}).items()},
        )

    return build


def shipped_lexicons() -> dict[str, Lexicon]:
    return {
        path.stem: Lexicon.model_validate({**YAML(typ="safe").load(path), "name": path.stem})
        for path in sorted((CONFIG / "lexicon").glob("*.yaml"))
    }


def shipped_topics() -> dict[str, Topic]:
    return {
        path.stem: Topic.model_validate({**YAML(typ="safe").load(path), "name": path.stem})
        for path in sorted((CONFIG / "topics").glob("*.yaml"))
    }


@pytest.fixture(scope="session")
def lexicons() -> dict[str, Lexicon]:
    """The shipped word lists."""
    return shipped_lexicons()


@pytest.fixture(scope="session")
def shipped() -> Matcher:
    return Matcher(shipped_topics(), shipped_lexicons())
