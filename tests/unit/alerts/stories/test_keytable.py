"""The table of keys in memory answers as a dictionary of sets would."""

import random

import numpy as np

from alerts.stories.keytable import KeyTable


def ids(*keys: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(keys, np.uint32)


def test_articles_are_found_by_each_key_that_they_share() -> None:
    table = KeyTable()
    table.add(0, ids(1, 2))
    table.add(1, ids(2, 3, 70_000))
    assert table.sharing(ids(2, 3)) == {0: 1, 1: 2}
    assert table.sharing(ids(65_536 + 1)) == {}
    assert table.sharing(ids()) == {}


def test_what_is_forgotten_is_not_found() -> None:
    table = KeyTable()
    for article in range(4):
        table.add(article, ids(5))
    table.forget(2)
    assert table.sharing(ids(5)) == {2: 1, 3: 1}


def test_a_large_table_that_forgets_as_it_grows_answers_like_a_dictionary() -> None:
    chance = random.Random(7)
    table = KeyTable()
    kept: dict[int, set[int]] = {}
    for article in range(4_000):
        keys = {chance.randrange(40_000) for _ in range(40)}
        if article % 500 == 0:
            oldest = max(0, article - 1_000)
            table.forget(oldest)
            kept = {number: each for number, each in kept.items() if number >= oldest}
        table.add(article, ids(*keys))
        kept[article] = keys
    wanted = {chance.randrange(40_000) for _ in range(300)}
    expected = {number: len(each & wanted) for number, each in kept.items() if each & wanted}
    assert table.sharing(ids(*wanted)) == expected
