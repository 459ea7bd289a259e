"""What goes through a column comes back, or is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.columns import UtcTime, clean, indexable, to_json

SQLITE: sa.Dialect = sa.make_url("sqlite+pysqlite://").get_dialect()()
POSTGRESQL: sa.Dialect = sa.make_url("postgresql+psycopg://").get_dialect()()
times = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=3, minutes=30))]),
)


@given(times)
def test_a_time_comes_back_as_the_same_moment_in_utc(time: datetime) -> None:
    for dialect in (SQLITE, POSTGRESQL):
        column = UtcTime()
        back = column.process_result_value(column.process_bind_param(time, dialect), dialect)
        assert back == time
        assert back.tzinfo is UTC


@given(times, times)
def test_sqlite_orders_times_as_time_does(one: datetime, other: datetime) -> None:
    bind = UtcTime().process_bind_param
    first, second = bind(one, SQLITE), bind(other, SQLITE)
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert (first < second) == (one < other)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=lambda dialect: dialect.name)
def test_a_time_without_zone_is_refused(dialect: sa.Dialect) -> None:
    with pytest.raises(ValueError, match="without zone"):
        UtcTime().process_bind_param(datetime(2026, 11, 1), dialect)  # noqa: DTZ001


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_can_be_stored_and_is_otherwise_unchanged(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert cleaned == "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")


@given(st.text(st.characters(codec=None), max_size=20).map(lambda text: text * 100))
def test_a_key_fits_an_index_and_is_shortened_once(text: str) -> None:
    short = indexable(text)
    assert len(short.encode()) <= 1024
    assert indexable(short) == short


def test_long_keys_that_differ_at_the_end_stay_different() -> None:
    assert indexable("ق" * 3000 + "1") != indexable("ق" * 3000 + "2")


def test_json_keeps_letters_and_drops_what_cannot_be_stored() -> None:
    value = {"أ\x00": ["قزوين\ud800", ("\\u0000", 1.5, None, True)]}
    text = to_json(value)
    assert text == '{"أ":["قزوين",["\\\\u0000",1.5,null,true]]}'
    assert json.loads(text) == {"أ": ["قزوين", ["\\u0000", 1.5, None, True]]}
