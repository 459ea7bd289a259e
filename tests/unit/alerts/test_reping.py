"""When a story that was told is told again."""

import pytest

from alerts.reping import SoFar, is_another_headline, reason_to_repeat
from models.topic import Reping

TITLE = "تسعة قتلى في سيول آسفي"
SO_FAR = SoFar(
    sites=frozenset({"naba", "sada"}),
    articles=((TITLE, "لقي 21 شخصا مصرعهم في مدينة آسفي."),),
    topics=frozenset({"floods"}),
)


def reason(
    policy: Reping, site: str = "afaq", topic: str = "floods", title: str = TITLE
) -> str | None:
    return reason_to_repeat(policy, topic=topic, site=site, title=title, so_far=SO_FAR)


@pytest.mark.parametrize(
    ("policy", "site", "topic", "expected"),
    [
        pytest.param(Reping(), "afaq", "floods", None, id="no policy"),
        pytest.param(Reping(sources=3), "afaq", "floods", "3 sources tell it", id="the third"),
        pytest.param(Reping(sources=3), "naba", "floods", None, id="one of the two again"),
        pytest.param(Reping(sources=4), "afaq", "floods", None, id="not yet the fourth"),
        pytest.param(Reping(joins=("afaq",)), "afaq", "floods", "afaq tells it too", id="named"),
        pytest.param(Reping(joins=("naba",)), "naba", "floods", None, id="named, but before"),
        pytest.param(Reping(other_topic=True), "naba", "morocco", "another topic matches", id="o"),
        pytest.param(Reping(other_topic=True), "naba", "floods", None, id="the same topic"),
    ],
)
def test_a_policy_says_when(policy: Reping, site: str, topic: str, expected: str | None) -> None:
    assert reason(policy, site, topic) == expected


def test_a_story_that_was_not_alerted_is_not_told_again() -> None:
    policy = Reping(sources=1 + 1, other_topic=True)
    so_far = SoFar(sites=frozenset({"naba"}))
    assert reason_to_repeat(policy, topic="floods", site="afaq", title=TITLE, so_far=so_far) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("ارتفاع ضحايا سيول آسفي إلى 37", True, id="another figure"),
        pytest.param("21 قتيلا في سيول آسفي", False, id="the same figure"),
        pytest.param("سيول آسفي تودي بحياة تسعة", False, id="the same in other words"),
        pytest.param("استقالة العمدة بلحسن والمهندس الورزازي", True, id="names nobody named"),
    ],
)
def test_a_headline_changes_in_substance(title: str, expected: bool) -> None:
    earlier = [("21 قتيلا في سيول آسفي", "لقي 21 شخصا مصرعهم وأصيب تسعة في مدينة آسفي المغربية.")]
    assert is_another_headline(title, earlier) is expected
