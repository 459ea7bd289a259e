"""The YAML of docs/keywords.md means what the page says."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerts.matching.examples import check_examples
from alerts.matching.matcher import Matcher
from models.lexicon import Lexicon
from models.topic import Topic

PAGE = Path(__file__).parents[3] / "docs" / "keywords.md"
BLOCKS = [
    YAML(typ="safe").load(block)
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
]
TOPICS = [block for block in BLOCKS if "title" in block]
LEXICONS = [block for block in BLOCKS if "entries" in block]


@pytest.mark.parametrize("block", TOPICS, ids=lambda block: block["title"]["en"])
def test_a_topic_of_the_page_passes_its_examples(block):
    topic = Topic.model_validate({"name": "topic", **block})
    matcher = Matcher({"topic": topic}, {})
    assert check_examples(matcher, topic) == ()
    assert topic.examples


@pytest.mark.parametrize("block", LEXICONS)
def test_a_lexicon_of_the_page_is_sound(block):
    lexicon = Lexicon.model_validate({"name": "words", **block})
    topic = Topic.model_validate(
        {"name": "topic", "title": {"ar": "م"}, "any": [{"list": "words"}]}
    )
    assert Matcher({"topic": topic}, {"words": lexicon}).version


def test_every_construct_is_shown_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    for field in (*Topic.model_fields, "at_least", "near", "sentence", "paragraph", "count"):
        assert f"`{field}" in text or f"{field}:" in text, field
    assert len(TOPICS) >= 6
