"""Whole pages as outlets of many kinds make them: the article comes out whole, alone and dated.

`python -m tests.quality.measure` prints the same as figures.
"""

import pytest

from tests.quality.measure import SETS, Worth, worth
from tests.quality.pages.outlet import DISPATCHES

KINDS = [(name, kind) for name, pages in SETS.items() for kind in pages]


def read(name: str, kind: str) -> list[Worth]:
    return [worth(kind, SETS[name][kind], story) for story in DISPATCHES]


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_a_page_of_an_outlet_is_read_whole_alone_and_dated(name: str, kind: str) -> None:
    for each in read(name, kind):
        assert not each.leaked, each.found.text
        assert each.f1 >= 0.95, each.found.text
        assert each.title_right, each.found.title
        assert each.day_found == each.seen.day, each.found.evidence["published"]
