"""When a chat wants an alert: zones, midnight, clocks that are put forward and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.schedule import Mode, Placement, Quiet, Schedule, placement, schedule_of

NIGHT = Quiet(begin=22 * 60, end=7 * 60, hold=True)
SILENT = Quiet(begin=22 * 60, end=7 * 60, hold=False)


def utc(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "mode", "now", "expected"),
    [
        (None, Mode.NOW, utc(1, 3), Placement()),
        (None, Mode.SILENT, utc(1, 3), Placement(silent=True)),
        (None, Mode.DIGEST, utc(1, 3, 59), Placement(held_until=utc(1, 4), digest=True)),
        (
            Schedule(zone="Asia/Riyadh", quiet=NIGHT),
            Mode.NOW,
            utc(1, 19),
            Placement(held_until=utc(2, 4), digest=True),
        ),
        (Schedule(zone="Asia/Riyadh", quiet=NIGHT), Mode.NOW, utc(1, 18, 59), Placement()),
        (Schedule(zone="Asia/Riyadh", quiet=NIGHT), Mode.NOW, utc(1, 4), Placement()),
        (
            Schedule(zone="Asia/Riyadh", quiet=NIGHT),
            Mode.URGENT,
            utc(1, 20),
            Placement(urgent=True),
        ),
        (
            Schedule(zone="Asia/Riyadh", quiet=SILENT),
            Mode.NOW,
            utc(1, 23),
            Placement(silent=True),
        ),
        (
            Schedule(zone="Asia/Tehran", digest_at=8 * 60),
            Mode.DIGEST,
            utc(1, 4, 30),
            Placement(held_until=utc(2, 4, 30), digest=True),
        ),
        (
            Schedule(zone="UTC", quiet=NIGHT, digest_at=None),
            Mode.DIGEST,
            utc(1, 23, 30),
            Placement(held_until=utc(2, 7), digest=True),
        ),
        (
            # on 29 March 2026 Berlin's clocks go from 2:00 to 3:00
            Schedule(zone="Europe/Berlin", quiet=NIGHT),
            Mode.NOW,
            utc(28, 22, month=3),
            Placement(held_until=utc(29, 5, month=3), digest=True),
        ),
    ],
    ids=[
        "at once",
        "silent",
        "hourly digest",
        "night begins",
        "before the night",
        "night ends",
        "urgent at night",
        "silent at night",
        "a digest that was just sent",
        "an hourly digest waits for the morning",
        "a night without an hour",
    ],
)
def test_each_alert_has_its_time(
    schedule: Schedule | None, mode: Mode, now: datetime, expected: Placement
) -> None:
    assert placement(schedule, mode, now) == expected


MINUTES = st.integers(0, 24 * 60 - 1)
SCHEDULES = st.builds(
    Schedule,
    zone=st.sampled_from(["UTC", "Asia/Tehran", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut"]),
    quiet=st.none() | st.builds(Quiet, begin=MINUTES, end=MINUTES, hold=st.booleans()),
    digest_at=st.none() | MINUTES,
)


@given(SCHEDULES)
def test_a_schedule_survives_being_written(schedule: Schedule) -> None:
    assert schedule_of(str(schedule)) == schedule


@given(
    SCHEDULES,
    st.sampled_from(Mode),
    st.integers(0, 366 * 24 * 60).map(lambda minutes: utc(1, 0) + timedelta(minutes=minutes)),
)
def test_what_is_held_is_told_within_two_days_and_never_at_once(
    schedule: Schedule, mode: Mode, now: datetime
) -> None:
    held = placement(schedule, mode, now).held_until
    assert held is None or 0 < (held - now).total_seconds() <= 48 * 3600
