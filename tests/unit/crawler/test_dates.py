"""Dates as Arabic sites write them. The tables beside this file were written by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.dates import parse_date, read_date
from tests.unit.crawler.datetable import NOW, TABLES, Case, date_table

BAGHDAD = ZoneInfo("Asia/Baghdad")  # UTC+3 all year
CASES = [case for name in TABLES for case in date_table(name)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_a_date_is_read_or_refused_with_the_reason(case: Case) -> None:
    found = read_date(case.text, now=case.now, zone=case.zone)

    if case.expected is None:
        assert found.moment is None
        assert found.reason
    else:
        assert found.moment == case.expected, found.reason
        assert found.moment.tzinfo is UTC
        assert found.reason is None
        assert not case.is_day or found.precision == "day"


@pytest.mark.parametrize(
    "text", [None, "", "   ", "x" * 10_000, "1" * 400, "منذ " * 100, "1:" * 200]
)
def test_nothing_and_nonsense_are_no_date(text: str | None) -> None:
    assert parse_date(text, now=NOW, zone=BAGHDAD) is None
    assert read_date(text, now=NOW, zone=BAGHDAD).reason


@given(st.text(alphabet="0123456789٠١٢/:-.,+ منذيومساعةرضآبصهـZT", max_size=40))
def test_any_text_is_a_moment_or_a_reason(text: str) -> None:
    found = read_date(text, now=NOW, zone=BAGHDAD)
    assert (found.moment is None) == (found.reason is not None)
    assert found.moment is None or found.moment <= NOW + timedelta(days=1)


@given(st.integers(min_value=700_000_000, max_value=int(NOW.timestamp())))
def test_what_a_machine_writes_comes_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    for text in (moment.isoformat(), moment.strftime("%a, %d %b %Y %H:%M:%S GMT")):
        assert parse_date(text, now=NOW, zone=BAGHDAD) == moment


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(CASES) >= 600
