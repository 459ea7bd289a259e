"""How long everything stands still."""

import gc
import sys
from collections.abc import Iterator

import pytest

from marsad.pauses import keep_pauses_short


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    gc.unfreeze()


class Circle:
    """Held by itself, until the collector finds it."""

    left = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Circle.left += 1


def test_what_is_loaded_is_not_looked_through_any_more() -> None:
    keep_pauses_short()
    assert gc.get_freeze_count() > 10_000
    assert sys.getswitchinterval() < 0.005


def test_what_was_replaced_is_given_back() -> None:
    keep_pauses_short()
    old = Circle()
    gc.freeze()
    before = Circle.left
    del old
    keep_pauses_short()
    assert Circle.left == before + 1
