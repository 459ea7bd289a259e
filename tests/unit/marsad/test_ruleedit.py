"""Edits of topics and lists in their files: the edit and nothing else."""

from difflib import unified_diff
from pathlib import Path

import pytest

from alerts.telegram.rulebook import Edit
from marsad.ruleedit import EditRefused, edited, lists_of, numbers_of, read, words_of

TOPIC = """\
# what this topic is for
title: {ar: قناة السويس, en: Suez Canal}
any:
  # the canal by its name
  - قناة السويس
  - {word: الممر المائي, class: phrase}  # colloquial
  # or close by
  - near: [{list: ships}, السويس]
    within: 8
examples:
  - {text: تعبر السفن قناة السويس., match: true}
"""
LEXICON = """\
# ships of every kind
entries:
  - word: سفينة
    variants: [سفن]
  # carriers
  - {word: ناقلة, variants: [ناقلات]}

  # the last one
  - {word: باخرة}
"""


def change(text: str, edit: Edit) -> list[str]:
    """The lines that the edit removes and adds."""
    lines = unified_diff(text.splitlines(), edited(text, edit).splitlines(), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


def edit(operation: str, value: str, place: str = "") -> Edit:
    return Edit(name="suez", operation=operation, value=value, place=place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted", "lines"),
    [
        (TOPIC, edit("add", "بورسعيد"), ["+  - بورسعيد"]),
        (TOPIC, edit("drop", "قناة السويس"), ["-  - قناة السويس"]),
        (
            TOPIC,
            edit("drop", "الممر المائي"),
            ["-  - {word: الممر المائي, class: phrase}  # colloquial"],
        ),
        (TOPIC, edit("forbid", "رياضة"), ["+none:", "+  - رياضة"]),
        (TOPIC, edit("set", "5", "within"), ["-    within: 8", "+    within: 5"]),
        (TOPIC, edit("set", "5", "any[2].within"), ["-    within: 8", "+    within: 5"]),
        (TOPIC, edit("set", "48h", "max_age"), ["+max_age: 48h"]),
        (LEXICON, edit("add", "مركب شراعي"), ["+  - {word: مركب شراعي}"]),
        (
            LEXICON,
            edit("drop", "ناقلة"),
            ["-  - {word: ناقلة, variants: [ناقلات]}"],
        ),
        (LEXICON, edit("drop", "باخرة"), ["-  - {word: باخرة}"]),
    ],
    ids=[
        "a word",
        "one less",
        "one with a class",
        "forbidden",
        "number",
        "number by place",
        "a new age",
        "to a list",
        "from a list",
        "the last of a list",
    ],
)
def test_an_edit_changes_its_own_lines_and_keeps_the_comments(
    text: str, wanted: Edit, lines: list[str]
) -> None:
    assert change(text, wanted) == lines


@pytest.mark.parametrize(
    ("text", "wanted", "trouble"),
    [
        (TOPIC, edit("add", "قناة السويس"), "present"),
        (TOPIC, edit("drop", "دمياط"), "absent"),
        (TOPIC, edit("set", "5", "score"), "place"),
        (TOPIC, edit("set", "كثير", "within"), "number"),
        (TOPIC, edit("set", "0h", "max_age"), "number"),
        (TOPIC, edit("set", "8", "within"), "present"),
        (LEXICON, edit("forbid", "رياضة"), "place"),
        ("title: {ar: أ}\nall: [سفينة]\n", edit("add", "قارب"), "place"),
    ],
    ids=[
        "there",
        "not there",
        "no such place",
        "no number",
        "no age",
        "same",
        "in a list",
        "no any",
    ],
)
def test_an_edit_that_cannot_be_made_says_why(text: str, wanted: Edit, trouble: str) -> None:
    with pytest.raises(EditRefused) as refused:
        edited(text, wanted)
    assert refused.value.trouble == trouble


def test_what_may_be_edited_is_listed() -> None:
    tree = read(TOPIC)
    assert list(words_of(tree, "any")) == ["قناة السويس", "الممر المائي"]
    assert list(numbers_of(tree)) == [("any[2].within", "8")]
    assert list(lists_of(tree)) == ["ships"]


FILES = sorted(Path(__file__).parents[3].glob("config/*/*.yaml"))
RULES = [file for file in FILES if file.parent.name in ("topics", "lexicon")]


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_a_word_that_is_added_and_removed_again_leaves_the_file_as_it_was(file: Path) -> None:
    text = file.read_text("utf-8")
    if not {"entries", "any"} & read(text).keys():
        pytest.skip("it lists no words of its own")
    word = "كلمة للتجربة وحدها"
    added = edited(text, edit("add", word))
    assert len(change(text, edit("add", word))) == 1
    assert edited(added, edit("drop", word)) == text
