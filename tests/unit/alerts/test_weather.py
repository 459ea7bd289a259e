"""When an answer that was lost is asked for again: the evidence that answers come."""

import random

from alerts.weather import (
    EPISODE_SECONDS,
    GOOD_IN_A_ROW,
    MOST_IN_A_ROW,
    REMEMBERED_SECONDS,
    Weather,
)


def answered(weather: Weather, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        weather.good(now)


def test_without_trouble_it_is_calm() -> None:
    assert Weather().is_calm(0.0)


def test_after_one_trouble_twenty_answers_in_a_row_are_evidence() -> None:
    weather = Weather()
    weather.bad(0.0)
    answered(weather, GOOD_IN_A_ROW - 1)
    assert not weather.is_calm(0.0)
    answered(weather, 1)
    assert weather.is_calm(0.0)


def test_troubles_at_once_are_one() -> None:
    weather = Weather()
    for call in range(30):
        weather.bad(call / 10)
    answered(weather, GOOD_IN_A_ROW, now=4.0)
    assert weather.is_calm(4.0)


def test_each_trouble_asks_for_as_many_more_but_not_without_end() -> None:
    weather = Weather()
    for number in range(30):
        weather.bad(number * EPISODE_SECONDS)
    now = 30 * EPISODE_SECONDS
    answered(weather, MOST_IN_A_ROW - 1, now)
    assert not weather.is_calm(now)
    answered(weather, 1, now)
    assert weather.is_calm(now)


def test_trouble_that_is_long_ago_is_over() -> None:
    weather = Weather()
    weather.bad(0.0)
    assert not weather.is_calm(REMEMBERED_SECONDS)
    assert weather.is_calm(REMEMBERED_SECONDS + 1)


def test_a_storm_in_which_one_call_in_twenty_hangs_is_never_calm() -> None:
    chance, weather = random.Random(1), Weather()
    for number in range(MOST_IN_A_ROW // GOOD_IN_A_ROW):
        weather.bad(number * EPISODE_SECONDS)
    for call in range(50_000):
        now = 150.0 + call / 28
        if chance.random() < 0.05:
            weather.bad(now)
        else:
            weather.good(now)
        assert not weather.is_calm(now)


def test_silence_is_known() -> None:
    weather = Weather()
    weather.good(10.0)
    assert weather.silent_for(13.0) == 3.0
