"""From a day of the Gregorian, Hijri or Jalali calendar to the Gregorian day.

Hijri is Umm al-Qura, the civil calendar of Saudi Arabia (hijridate); countries that wait for the
moon may be a day beside it, so a Gregorian date in the same text always wins.
"""

from dataclasses import dataclass
from datetime import date

import jdatetime
from hijridate import Hijri

from crawler.extraction.dating.months import Calendar
from crawler.extraction.dating.spelling import Refused

EARLIEST_YEAR = 1990
"""No article was published on the web before."""

_YEARS: dict[Calendar, range] = {
    "gregorian": range(1900, 2200),
    "hijri": range(1343, 1501),
    "jalali": range(1278, 1500),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written: the calendar, and the Gregorian day that it is."""

    calendar: Calendar
    date: date


def day_in(calendar: Calendar, year: int, month: int, day: int) -> Day:
    """Raises Refused where the calendar has no such day."""
    written = f"{day}/{month}/{year}"
    if year not in _YEARS[calendar]:
        raise Refused(f"the year {year} is none of the {calendar} calendar that is in use")
    if not 1 <= month <= 12:
        raise Refused(f"{written}: there is no month {month}")
    try:
        if calendar == "hijri":
            return Day(calendar, date(*Hijri(year, month, day).to_gregorian().datetuple()))
        if calendar == "jalali":
            return Day(calendar, jdatetime.date(year, month, day).togregorian())
        return Day(calendar, date(year, month, day))
    except (ValueError, OverflowError) as error:
        raise Refused(f"{written} is no day of the {calendar} calendar") from error


def calendar_of_year(year: int, today: date) -> Calendar:
    """The calendar of a date in numbers: of those that put the year between 1990 and now there is
    at most one, until 2031. Raises Refused."""
    if year >= EARLIEST_YEAR - 100:
        return "gregorian"
    found: list[Calendar] = []
    for calendar, first_day in (("hijri", _hijri_new_year), ("jalali", _jalali_new_year)):
        start = first_day(year)
        if start is not None and start.year >= EARLIEST_YEAR and start <= today:
            found.append(calendar)  # type: ignore[arg-type]  # mypy widens the literals
    if len(found) == 1:
        return found[0]
    said = "may be Hijri or Jalali" if found else "is of no calendar that would put it before today"
    raise Refused(f"the year {year} {said}")


def _hijri_new_year(year: int) -> date | None:
    if year not in _YEARS["hijri"]:
        return None
    return date(*Hijri(year, 1, 1).to_gregorian().datetuple())


def _jalali_new_year(year: int) -> date | None:
    if year not in _YEARS["jalali"]:
        return None
    found: date = jdatetime.date(year, 1, 1).togregorian()
    return found
