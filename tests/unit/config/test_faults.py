"""How a model's refusal is said: the member of a union that was meant, kinds, the nearest name."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from marsad.schema import MODELS
from models.configfile import ConfigErrors, read_model
from models.faults import faults_of, nearest
from models.site import ConfigModel, Items


class Ship(ConfigModel):
    flag: str
    crew: int = 1


class Fleet(ConfigModel):
    ships: Items["Ship | Fleet | str"] = ()
    notes: dict[str, Items[str] | str] | None = None
    lead: Ship | None = None


def said(text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "fleet.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors) as caught:
        read_model(path, Fleet)
    return [f"{problem.where}: {problem.message}" for problem in caught.value.problems]


CASES = {
    "the member with the fewest errors": (
        "ships: [{flag: 1}]",
        "ships[0].flag: must be a text, not 1; put it in quotes",
    ),
    "the member that has the key": (
        "ships: [{ships: [{flga: x, crew: 2}]}]",
        "ships[0].ships[0].flga: unknown key 'flga'; allowed: flag, crew; did you mean 'flag'?",
    ),
    "no member takes a number": (
        "ships: [5]",
        "ships[0]: must be a mapping (key: value) or a text, not 5",
    ),
    "an optional member is no union": (
        "lead: {flag: x, crew: two}",
        "lead.crew: must be a whole number, not 'two'",
    ),
    "keys of a free mapping": (
        "notes: {any name: {x: y}}",
        "notes.any name: must be a list ('- ' before each item) or a text, not a mapping",
    ),
    "null is named as nothing": (
        "lead: {flag: }",
        "lead.flag: must be a text, not nothing",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), CASES.values(), ids=CASES.keys())
def test_the_fault_is_said_of_what_the_writer_meant(
    text: str, sentence: str, tmp_path: Path
) -> None:
    assert sentence in said(text, tmp_path)


def test_one_wrong_item_gives_one_sentence(tmp_path: Path) -> None:
    assert len(said("ships: [a, 5, {flag: b}]", tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("publihses", "; did you mean 'publishes'?"),
        ("Title", "; did you mean 'title'?"),
        ("zzz", ""),
    ],
)
def test_the_nearest_known_name_is_offered(name: str, hint: str) -> None:
    assert nearest(name, ["title", "publishes"]) == hint


VOCABULARY = """
    word list topic all any none at_least of near within ordered sentence paragraph count score
    terms weight cap weights title ar en in zones class variants slop examples text match words
    sources only but max_age languages quote internal entries publishes type url feed listing
    links path selectors drop every timezone عربي 10m Asia x
"""
WORDS = st.sampled_from(VOCABULARY.split())
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 99), st.floats(allow_nan=False), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=25,
)


@settings(max_examples=500, deadline=None)
@given(content=st.dictionaries(WORDS, VALUES, max_size=6), model=st.sampled_from(list(MODELS)))
def test_whatever_is_refused_is_said_in_plain_english(content: dict[str, Any], model: str) -> None:
    given_value = {"name": "fuzz", **content} if model != "general" else content
    try:
        MODELS[model].model_validate(given_value)
    except ValidationError as error:
        faults = faults_of(error, MODELS[model])
        said = [fault.message for fault in faults]
    else:
        return
    assert said
    assert not [message for message in said if "Input should" in message or "ield" in message]
    for fault in faults:
        assert reaches(given_value, fault.path if not fault.at_key else fault.path[:-1])


def reaches(value: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a path leads somewhere in the document (its last key may be the missing one)."""
    for step in path[:-1]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True
