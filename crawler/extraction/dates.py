"""Dates as Arabic sites write them: ISO and RFC forms, and text in every month system.

Months have Gregorian (يناير), Levantine (كانون الثاني) and Maghrebi names (جانفي, غشت). Hijri and
Jalali dates are not converted; a text that holds nothing else gives None, never a guess.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

_MONTHS = (
    "يناير كانون_الثاني جانفي january jan janvier",
    "فبراير شباط فيفري february feb fevrier",
    "مارس اذار march mar mars",
    "ابريل نيسان افريل april apr avril",
    "مايو ايار ماي may mai",
    "يونيو يونيه حزيران جوان june jun juin",
    "يوليو يوليه تموز جويليه يوليوز july jul juillet",
    "اغسطس اب اوت غشت august aug aout",
    "سبتمبر ايلول شتنبر september sep sept septembre",
    "اكتوبر تشرين_الاول october oct octobre",
    "نوفمبر تشرين_الثاني نونبر november nov novembre",
    "ديسمبر كانون_الاول دجنبر december dec decembre",
)
_MONTH_NUMBERS = {
    name.replace("_", " "): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names.split()
}
_MONTH = "|".join(sorted(map(re.escape, _MONTH_NUMBERS), key=len, reverse=True))
_SECOND_NAME = rf"(?:\s*[/(\-]\s*(?:{_MONTH})\)?)?"
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s*[\-/,]?\s*(?:من\s+)?(?:شهر\s+)?\b({_MONTH})\b"
    rf"{_SECOND_NAME}\s*[\-/,.]?\s*(?:عام\s+|سنه\s+)?(\d{{4}})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(
    rf"\b({_MONTH})\b{_SECOND_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(\d{{4}})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])\s*"
    r"(am|pm|a\.m\.|p\.m\.|صباحا|مساء|ظهرا|ص|م)?(?![^\W\d_])"
)
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?)?(?![\d])",
    re.IGNORECASE,
)
_UNITS = {
    "ثانيه": "seconds", "ثواني": "seconds", "ثوان": "seconds",
    "دقيقه": "minutes", "دقائق": "minutes", "دقايق": "minutes",
    "ساعه": "hours", "ساعات": "hours",
    "يوم": "days", "ايام": "days", "يوما": "days",
    "اسبوع": "weeks", "اسابيع": "weeks",
}  # fmt: skip
_DUALS = {
    "دقيقتين": ("minutes", 2), "دقيقتان": ("minutes", 2),
    "ساعتين": ("hours", 2), "ساعتان": ("hours", 2),
    "يومين": ("days", 2), "يومان": ("days", 2), "اسبوعين": ("weeks", 2),
}  # fmt: skip
_RELATIVE = re.compile(
    rf"(?:منذ|قبل)\s+(?:حوالي\s+)?(\d{{1,3}})?\s*({'|'.join((*_UNITS, *_DUALS))})\b"
)
_FOLDS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹أإآٱىیةک،é\u00a0",
    "01234567890123456789ااااييهك,e ",
    "ـ\u200e\u200f\u202b\u202c",
)
_MARKS = re.compile(r"[\u064b-\u0652\u0670]")
_EARLIEST_YEAR = 1990
_AHEAD = timedelta(days=1)
_LONGEST = 500


def parse_date(text: str | None, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment that `text` tells, in UTC; None where it tells none for certain.

    A time without a zone is the site's own (`zone`); a date without a time is its midnight. What
    lies more than a day ahead of `now`, or before 1990, is no publication date.
    """
    if not text:
        return None
    folded = _MARKS.sub("", text[:_LONGEST].translate(_FOLDS)).lower().strip()
    for read in (_iso, _rfc, _named, _numeric, _relative):
        moment = read(folded, now, zone)
        if moment is not None:
            return _plausible(moment, now)
    return None


def _plausible(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment.year >= _EARLIEST_YEAR and moment <= now + _AHEAD else None


def _iso(text: str, _now: datetime, zone: tzinfo) -> datetime | None:
    found = _ISO.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    offset = found[7]
    try:
        if offset and hour is not None:
            iso = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
            return datetime.fromisoformat(iso + offset.upper()).astimezone(UTC)
        if found[4] is None:
            clock = _CLOCK.search(text, found.end())
            return _local(year, month, day, clock, zone)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rfc(text: str, _now: datetime, zone: tzinfo) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year < _EARLIEST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if text.endswith("-0000") else zone)
    return moment.astimezone(UTC)


def _named(text: str, _now: datetime, zone: tzinfo) -> datetime | None:
    found = _DAY_MONTH_YEAR.search(text)
    if found is not None:
        day, month, year = int(found[1]), _MONTH_NUMBERS[found[2]], int(found[3])
    else:
        found = _MONTH_DAY_YEAR.search(text)
        if found is None:
            return None
        month, day, year = _MONTH_NUMBERS[found[1]], int(found[2]), int(found[3])
    return _local(year, month, day, _CLOCK.search(text), zone)


def _numeric(text: str, _now: datetime, zone: tzinfo) -> datetime | None:
    found = _YEAR_FIRST.search(text)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
    else:
        found = _DAY_FIRST.search(text)
        if found is None:
            return None
        day, month, year = (int(part) for part in found.groups())
    return _local(year, month, day, _CLOCK.search(text), zone)


def _relative(text: str, now: datetime, _zone: tzinfo) -> datetime | None:
    found = _RELATIVE.search(text)
    if found is None:
        return None
    unit, count = _DUALS.get(found[2]) or (_UNITS[found[2]], int(found[1] or 1))
    return now - timedelta(**{unit: count})


def _local(
    year: int, month: int, day: int, clock: re.Match[str] | None, zone: tzinfo
) -> datetime | None:
    hour = minute = second = 0
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "")[:1]
        if half in {"p", "م", "ظ"} and hour < 12:
            hour += 12
        elif half in {"a", "ص"} and hour == 12:
            hour = 0
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
