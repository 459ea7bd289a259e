"""One event in other words, and what tells two like events apart."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from alerts.stories.likeness import Likeness, compare, explained
from alerts.stories.telling import Telling, telling

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
TITLE = "توقيع اتفاق الربط الكهربائي بين العراق والأردن بقدرة 350 ميغاواط"
TEXT = (
    "وقع وزيرا الطاقة العراقي زياد فاضل والأردني صالح الخرابشة في بغداد اتفاق الربط الكهربائي "
    "بقدرة 350 ميغاواط عبر محطة القائم، على أن يبدأ الضخ قبل الصيف."
)
RETOLD = (
    "بغداد وعمان توقعان عقد الربط الكهربائي عبر القائم",
    "أبرم العراق والأردن عقدا للربط الكهربائي يمر بمحطة القائم وينقل 350 ميغاواط، ووقعه عن الأردن "
    "الوزير صالح الخرابشة وعن العراق زياد فاضل.",
)


def told(title: str, text: str, hours: float = 0, vector: bytes | None = None) -> Telling:
    made = telling(title, text, NOON + timedelta(hours=hours))
    return made.known_as(frozenset(), vector)


def like(one: Telling, other: Telling, crowd: int = 0) -> Likeness | None:
    return compare(one, other, WINDOW, crowd).like


def test_the_same_event_in_other_words_is_known_and_said() -> None:
    found = like(told(TITLE, TEXT), told(*RETOLD, hours=2))
    assert found is not None
    assert found.kind == "event"
    assert "the same figures (350)" in found.why


@pytest.mark.parametrize(
    ("title", "text", "hours"),
    [
        pytest.param(*RETOLD, 60, id="two days later"),
        pytest.param(*RETOLD, 80, id="outside of the window"),
        pytest.param(RETOLD[0], "الجولة الثانية. " + RETOLD[1], 2, id="another round"),
        pytest.param("الأردن يفتتح محطة شمسية في معان", "تنتج المحطة 200 ميغاواط.", 2, id="other"),
    ],
)
def test_a_like_event_is_another_one(title: str, text: str, hours: float) -> None:
    first = told(TITLE, "الجولة الأولى والثالثة. " + TEXT)
    assert like(first, told(title, text, hours)) is None


def test_in_a_crowd_more_has_to_be_in_common() -> None:
    one, other = told(TITLE, TEXT), told(*RETOLD, hours=6)
    assert like(one, other) is not None
    assert like(one, other, crowd=20_000) is None


def test_the_meaning_decides_with_the_words() -> None:
    near, far = vector(1.0, 0.2), vector(0.2, 1.0)
    title, text = "شبكتا بغداد وعمان تتصلان", "أنجز العراق والأردن اتفاقا للكهرباء عبر القائم أمس."
    one = told(TITLE, TEXT, vector=near)
    assert like(one, told(title, text, 1, vector=near)) is not None
    assert like(one, told(title, text, 1, vector=far)) is None


def vector(first: float, second: float) -> bytes:
    values = np.zeros(384, np.float16)
    values[0], values[1] = first, second
    return (values / np.linalg.norm(values.astype(np.float32))).astype(np.float16).tobytes()


def test_what_pairs_lack_is_said() -> None:
    assert explained(told(TITLE, TEXT), told(*RETOLD, hours=96)) == "published 4.0 days apart"
    other = told("الأردن يفتتح محطة شمسية في معان", "تنتج المحطة 200 ميغاواط.")
    assert "other figures" in explained(told(TITLE, TEXT), other)
