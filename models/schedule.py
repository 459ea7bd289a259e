"""When a subscriber wants alerts: quiet hours, and the times of digests, in a zone of its own."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# An urgent alert goes before what has waited less than this; so it never delays the others by
# more, whatever is declared urgent.
URGENT_LEAD = timedelta(minutes=5)
MORNING = 8 * 60
_DAY = 24 * 60


class Mode(StrEnum):
    """How a topic is told: `urgent` before others and in quiet hours too, `now` at once, `silent`
    without a sound, `digest` together with others at a time."""

    URGENT = "urgent"
    NOW = "now"
    SILENT = "silent"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From one minute of the day to another, over midnight if need be. `hold`: what comes then
    is told together at the end; otherwise it comes without a sound."""

    begin: int
    end: int
    hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`zone` is a name of the IANA database; `digest_at` the minute of the day of a daily digest,
    None: a digest every full hour."""

    zone: str
    quiet: Quiet | None = None
    digest_at: int | None = MORNING

    def __str__(self) -> str:
        """As storage keeps it: 'Asia/Riyadh 480 1380-420 hold'; read back by schedule_of."""
        digest = "hourly" if self.digest_at is None else str(self.digest_at)
        if self.quiet is None:
            return f"{self.zone} {digest}"
        way = "hold" if self.quiet.hold else "silent"
        return f"{self.zone} {digest} {self.quiet.begin}-{self.quiet.end} {way}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """When and how one alert goes to one chat. `held_until` None: now."""

    held_until: datetime | None = None
    silent: bool = False
    digest: bool = False
    urgent: bool = False


def schedule_of(text: str) -> Schedule:
    """What str(schedule) wrote. Raises ValueError."""
    zone, digest, *quiet = text.split(" ")
    schedule = Schedule(zone=zone, digest_at=None if digest == "hourly" else int(digest))
    if not quiet:
        return schedule
    begin, _, end = quiet[0].partition("-")
    hours = Quiet(begin=int(begin), end=int(end), hold=quiet[1] == "hold")
    return replace(schedule, quiet=hours)


def placement(schedule: Schedule | None, mode: Mode, now: datetime) -> Placement:
    """Without a schedule nothing is quiet, and digests come every full hour."""
    if mode is Mode.URGENT:
        return Placement(urgent=True)
    if mode is Mode.DIGEST:
        return Placement(held_until=_digest_time(schedule, now), digest=True)
    quiet = None if schedule is None else schedule.quiet
    if schedule is not None and quiet is not None:
        ends = _quiet_until(schedule.zone, quiet, now)
        if ends is not None and quiet.hold:
            return Placement(held_until=ends, digest=True)
        if ends is not None:
            return Placement(silent=True)
    return Placement(silent=mode is Mode.SILENT)


def _digest_time(schedule: Schedule | None, now: datetime) -> datetime:
    """The next one; an hourly digest that falls into hours in which all is held comes after."""
    if schedule is not None and schedule.digest_at is not None:
        return _next(schedule.zone, schedule.digest_at, now)
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if schedule is None or schedule.quiet is None or not schedule.quiet.hold:
        return hour
    return _quiet_until(schedule.zone, schedule.quiet, hour) or hour


def _quiet_until(zone: str, quiet: Quiet, now: datetime) -> datetime | None:
    """When the quiet hours end that hold now; None: none do."""
    local = now.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    length = (quiet.end - quiet.begin) % _DAY
    if (minute - quiet.begin) % _DAY >= length:
        return None
    return _next(zone, quiet.end, now)


def _next(zone: str, minute: int, now: datetime) -> datetime:
    """The next time that the clock of the zone shows that minute of the day, in UTC."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    clock = time(minute // 60 % 24, minute % 60)
    for days in (0, 1, 2):
        moment = datetime.combine(today + timedelta(days=days), clock, place).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("a clock shows every minute once in two days")
