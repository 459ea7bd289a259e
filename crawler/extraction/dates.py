"""Dates as Arabic sites write them: ISO and RFC forms, and text in every month system.

What is not certain is refused with the reason: a moment that is wrong and looks right is worse
than none. The parts are in crawler.extraction.dating.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from crawler.extraction.dating.calendars import EARLIEST_YEAR
from crawler.extraction.dating.clocks import Clock, find_clocks
from crawler.extraction.dating.days import (
    DayFound,
    find_days,
    find_yesterday_or_today,
    refuse_other_days,
    with_years_in_digits,
)
from crawler.extraction.dating.spans import Distance, find_distance
from crawler.extraction.dating.spelling import LETTER_AFTER, LETTER_BEFORE, Refused, fold
from crawler.extraction.dating.zones import find_zone, offset_after_clock, without_offsets

_ISO = re.compile(
    r"(\d{4})(-?)(\d{2})\2(\d{2})[Tt ]\s?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?"
)
_RFC = re.compile(
    r"(?:[A-Z][a-z]{2},\s)?(\d{1,2})\s([A-Z][a-z]{2})\s(\d{4})\s(\d{2}):(\d{2}):(\d{2})"
    r"\s(GMT|[+-]\d{4})"
)
_RFC_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AHEAD = timedelta(days=1)
_LONGEST = 500
_CHANGED = re.compile(
    r"(?:(?:اخر|تاريخ|تم|وقت)\s)?(?:و?ال)?(?:تحديث|تعديل)"
    rf"|{LETTER_BEFORE}(?:و\s?)?(?:محدث|معدل|(?:حدث|عدل)ت?\s?(?::|(?:في|بتاريخ|يوم){LETTER_AFTER}))"
    r"|(?:last\s)?(?:updated?|modified)|mis a jour|modifie"
)
_PUBLISHED = re.compile(
    r"(?:تاريخ\s|تم\s)?(?:ال)?نشر|(?:كتب|حرر|اضيف)ت?\s(?=في|بتاريخ|يوم)|(?:ال)?انشاء"
    r"|published|posted|created|publie"
)
# '... عقدت في 3 مارس': what is told took place then.
_TOLD = re.compile(
    rf"([^\W\d_]{{2,}})\s(?:في|يوم|منذ|خلال|حتي|الي|بتاريخ){LETTER_AFTER}\s?(?:يوم\s)?"
    r"(?:[^\W\d_]+\s?,?\s)?\d"
)
_LABELLED = re.compile(
    r"([^\d:|]{2,40}?)\s?:\s?(?:[^\W\d_]+\s?,?\s)?\d{1,4}\s?(?:[-/.]\s?\d|[^\W\d_]{2})"
)
_LABEL_OF_DAY = re.compile(
    r"(?:التاريخ|تاريخ|تاريخ (?:ال)?(?:خبر|مقاله?|موضوع|تقرير|اضافه|يوم)|اضافه|اضيف|كتبت?|حرر|بقلم"
    r"|بواسطه|الوقت|التوقيت|اليوم|السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|date|time"
    r"|on|by)\s?$"
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
# Beside a date stand a weekday, a label, a place, an author; beside a distance hardly anything.
_MOST_WORDS = 10
_MOST_WORDS_BESIDE_DISTANCE = 5
_WEEKDAYS = "السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه"
_PASSED_OVER = frozenset(
    " ".join(
        (
            _WEEKDAYS,
            _WEEKDAYS.replace("ال", ""),
            "الساعه ساعه بتاريخ في نشر نشرت تم تاريخ النشر يوم صباح مساء ظهر عصر فجر ليل",
        )
    ).split()
)
_APART = timedelta(days=2)

Precision = Literal["day", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """The moment that a text tells, in UTC, to the `day` or with its `time`; or why it tells none.

    A day without a time is the midnight with which it begins.
    """

    moment: datetime | None = None
    precision: Precision | None = None
    reason: str | None = None


def parse_date(text: str | None, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that `text` tells, in UTC; None where it tells none for certain.

    A time without a zone is the site's own (`zone`); a date without a time is its midnight. What
    lies more than a day ahead of `now`, or before 1990, is no publication date.
    """
    return read_date(text, now=now, zone=zone).moment


def read_date(text: str | None, *, now: datetime, zone: tzinfo) -> DateReading:
    """As parse_date, with the reason where there is no moment."""
    if not text or not text.strip():
        return DateReading(reason="is empty")
    if len(text) > _LONGEST:
        return DateReading(reason=f"is longer than {_LONGEST} characters")
    try:
        moment, precision = _of_machines(text.strip(), zone) or _read(fold(text), now, zone)
        return DateReading(moment=_plausible(moment.astimezone(UTC), now), precision=precision)
    except Refused as refusal:
        return DateReading(reason=str(refusal))
    except OverflowError:
        return DateReading(reason="lies outside of the calendar")


def tells_another(text: str) -> bool:
    """Whether a line with a day says that it is another's: of what a sentence tells, or by a label
    that is none of publication ('الموعد: 20 فبراير 2026')."""
    folded = fold(text)
    if _PUBLISHED.search(folded) is not None or _CHANGED.search(folded) is not None:
        return False
    label = _LABELLED.search(folded)
    if label is not None and _LABEL_OF_DAY.search(label[1]) is None:
        return True
    told = _TOLD.search(folded)
    return told is not None and told[1] not in _PASSED_OVER


def tells_change(text: str) -> bool:
    """Whether the words beside a date say that it is of the last change, and not of publication."""
    folded = fold(text)
    return _CHANGED.search(folded) is not None and _PUBLISHED.search(folded) is None


def _plausible(moment: datetime, now: datetime) -> datetime:
    if moment > now + _AHEAD:
        raise Refused("lies in the future")
    if moment.year < EARLIEST_YEAR:
        raise Refused(f"lies before {EARLIEST_YEAR}: nothing was published on the web")
    return moment


def _of_machines(text: str, zone: tzinfo) -> tuple[datetime, Precision] | None:
    """The two forms that machines write, at once: most dates are in one of them.

    Years of other calendars, and what is said beside it, are for `_read`.
    """
    if not text.isascii():
        return None
    parts = _iso(text) or _rfc(text)
    if parts is None or parts[0] < EARLIEST_YEAR - 100:
        return None
    year, month, day, hour, minute, second, offset = parts
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        if offset:
            moment = datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{offset}")
    except ValueError as error:
        raise Refused(f"{text} is no day and time") from error
    return moment, "time"


_Parts = tuple[int, int, int, int, int, int, str]


def _iso(text: str) -> _Parts | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in (1, 3, 4, 5, 6, 7))
    return year, month, day, hour, minute, second, (found[8] or "").upper()


def _rfc(text: str) -> _Parts | None:
    found = _RFC.fullmatch(text)
    if found is None or found[2] not in _RFC_MONTHS:
        return None
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    month = _RFC_MONTHS.index(found[2]) + 1
    return year, month, day, hour, minute, second, found[7].replace("GMT", "Z")


def _read(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, Precision]:
    today = now.astimezone(zone).date()
    text = with_years_in_digits(text)
    days = find_days(text, today)
    if days:
        text, days = _of_publication(text, days)
        refuse_other_days(text, days)
        return _on_day(text, _one_day(days), days, zone, _MOST_WORDS)
    distance = find_distance(text)
    if distance is not None:
        return _before(text, distance, now, zone)
    near = find_yesterday_or_today(text, today)
    if near is not None:
        return _near(text, near, now, zone)
    raise Refused(_why_none(text))


def _of_publication(text: str, days: list[DayFound]) -> tuple[str, list[DayFound]]:
    """The part of the text that tells the publication, where another tells the last change."""
    changed = _CHANGED.search(text)
    if changed is None:
        return text, days
    before = [day for day in days if day.end <= changed.start()]
    if before:
        return text[: changed.start()], before
    published = _PUBLISHED.search(text, changed.end())
    after = [day for day in days if published is not None and day.start >= published.end()]
    if published is None or not after:
        return text, days
    return " " * published.end() + text[published.end() :], after


def _one_day(days: list[DayFound]) -> date:
    """A text may tell one day in several calendars; the Gregorian one is exact."""
    gregorian = [each.day.date for each in days if each.day.calendar == "gregorian"]
    exact = gregorian or [each.day.date for each in days]
    if len(set(gregorian)) > 1 or any(abs(each.day.date - exact[0]) > _APART for each in days):
        raise Refused("tells several days: " + ", ".join(f"{each.day.date}" for each in days))
    return exact[0]


def _on_day(
    text: str, day: date, taken: list[DayFound], zone: tzinfo, most_words: int
) -> tuple[datetime, Precision]:
    for each in taken:
        text = _blank(text, each.start, each.end)
    named = find_zone(text, zone)
    clocks = find_clocks(without_offsets(text))
    rest = text
    for clock in clocks:
        rest = _blank(rest, clock.start, clock.end)
    if named is not None:
        rest = _blank(rest, named.start, named.end)
    if len(_words(rest)) > most_words:
        raise Refused("is a text rather than a date")
    if not clocks:
        return datetime.combine(day, time(), tzinfo=named.zone if named else zone), "day"
    moments = {_at(text, day, clock, clocks, zone) for clock in clocks}
    if len(moments) > 1:
        raise Refused("tells several times of day")
    return moments.pop(), "time"


def _at(text: str, day: date, clock: Clock, clocks: list[Clock], zone: tzinfo) -> datetime:
    """The clock in the zone that is named with it: behind it, or anywhere if it is the only one."""
    named = offset_after_clock(text, clock.end)
    if named is None and len(clocks) == 1:
        named = find_zone(text, zone)
    elif named is None:
        following = min((c.start for c in clocks if c.start > clock.start), default=len(text))
        named = find_zone(text[clock.end : following], zone)
    return datetime.combine(day, clock.time, tzinfo=named.zone if named else zone).astimezone(UTC)


def _before(
    text: str, distance: Distance, now: datetime, zone: tzinfo
) -> tuple[datetime, Precision]:
    rest = _blank(text, distance.start, distance.end)
    clocks = find_clocks(rest)
    if clocks and distance.in_days:
        day = (now.astimezone(zone) - distance.before).date()
        return _on_day(rest, day, [], zone, _MOST_WORDS_BESIDE_DISTANCE)
    if clocks or len(_words(rest)) > _MOST_WORDS_BESIDE_DISTANCE:
        raise Refused("is a text rather than a date")
    moment = now.astimezone(zone if distance.in_days else UTC) - distance.before
    return moment, "day" if distance.in_days else "time"


def _near(text: str, near: DayFound, now: datetime, zone: tzinfo) -> tuple[datetime, Precision]:
    rest = _blank(text, near.start, near.end)
    if not find_clocks(rest) and _words(rest):
        raise Refused("tells a day without a time, beside other words")
    moment, precision = _on_day(rest, near.day.date, [], zone, _MOST_WORDS_BESIDE_DISTANCE)
    if moment > now + timedelta(hours=1):
        raise Refused("lies in the future")
    return moment, precision


def _why_none(text: str) -> str:
    if re.search(r"\d", text) is None:
        return "holds no date"
    if find_clocks(text):
        return "tells a time of day, but no day"
    return "holds no day with its month and year"


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text) if word not in _PASSED_OVER]
