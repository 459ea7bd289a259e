"""Days written out: with a month's name, in numbers, or as yesterday and today."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.extraction.dating.calendars import Day, calendar_of_year, day_in
from crawler.extraction.dating.months import MONTH, month_of
from crawler.extraction.dating.spans import NUMBER, number_in
from crawler.extraction.dating.spelling import LETTER_AFTER, LETTER_BEFORE, Refused, any_of

_UNITS = ("", "الحادي", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن",
          "التاسع")  # fmt: skip
_ORDINALS = {
    "الاول": 1, **{name: number for number, name in enumerate(_UNITS) if number > 1}, "العاشر": 10,
    **{f"{name} عشر": number + 10 for number, name in enumerate(_UNITS) if name},
    **{f"{twenty}": 20 for twenty in ("العشرون", "العشرين")},
    **{f"{name} و{twenty}": number + 20 for number, name in enumerate(_UNITS) if name
       for twenty in ("العشرون", "العشرين")},
    **dict.fromkeys(("الثلاثون", "الثلاثين"), 30),
    **{f"الحادي و{thirty}": 31 for thirty in ("الثلاثون", "الثلاثين")},
}  # fmt: skip
_NAME = rf"{LETTER_BEFORE}(?P<month>{MONTH}){LETTER_AFTER}"
_TWINS = rf"(?P<twins>(?:\s?[/(|-]\s?(?:{MONTH}){LETTER_AFTER}\s?\)?|\s(?:{MONTH}){LETTER_AFTER})*)"
_YEAR = r"(?:(?:من\s)?(?:ال)?(?:عام|سنه|لعام|لسنه)\s)?(?P<year>\d{4})(?!\d)"
_ERA = rf"(?:\s?\(?(?:هجريه?|هجريا|للهجره|ه|ميلاديه?|ميلاديا|م|ش)\)?{LETTER_AFTER}\.?)?"
# not the end of a longer number: 192.168.10.2026
_APART = r"(?<!\d)(?<!\d[.,/:-])"
_NAMED = re.compile(
    rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?"
    rf"|(?P<ordinal>{any_of(_ORDINALS)})(?=\sمن\s|\sشهر\s)|{LETTER_BEFORE}(?P<first>فاتح|غره|اول)\s)"
    rf"\s?[-/,.]?\s?(?:من\s|of\s)?(?:شهر\s)?{_NAME}{_TWINS}\s?[-/,.]?\s?{_YEAR}{_ERA}"
)
_MONTH_FIRST = re.compile(
    rf"{_NAME}{_TWINS}\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?,\s?|\s){_YEAR}"
)
_YEAR_LAST = re.compile(  # ctime
    rf"{_NAME}(?P<twins>)\s(?P<day>\d{{1,2}})"
    r"(?=\s\d{1,2}:\d{2}:\d{2}\s(?:[a-z]{3,4}\s|[+-]\d{4}\s)?(?P<year>\d{4})$)"
)
_YEAR_FIRST_NAMED = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})\s?[-/,]?\s?{_NAME}{_TWINS}\s?[-/,]?\s?(?P<day>\d{{1,2}})(?![\d:])"
)
_RFC_822 = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[ -]{_NAME}(?P<twins>)[ -](?P<short>\d{{2}})(?=\s\d{{2}}:\d{{2}})"
)
_ERA_OF_NUMBERS = rf"(?P<era>\s?\(?(?:ه\.\s?ش|ه\.ق|ه|ش|م){LETTER_AFTER}\.?\)?)?"
_NUMBERS_YEAR_FIRST = re.compile(
    rf"{_APART}(?P<year>\d{{4}})\s?([/.-])\s?(?P<month>\d{{1,2}})\s?\2\s?"
    rf"(?P<day>\d{{1,2}})(?![\d/])"
    rf"{_ERA_OF_NUMBERS}"
)
_NUMBERS_DAY_FIRST = re.compile(
    rf"(?:(?<=:\d\d-)|{_APART})(?P<day>\d{{1,2}})\s?([/.-])\s?"
    rf"(?P<month>\d{{1,2}})\s?\2\s?(?P<year>\d{{4}})(?![\d/])"
    rf"{_ERA_OF_NUMBERS}"
)
_SHORT_YEAR = re.compile(
    rf"{_APART}\d{{1,2}}\s?([/.-])\s?\d{{1,2}}\s?\1\s?\d{{2}}(?![\d/.:-])"
    rf"|(?<!\d)\d{{1,2}}\s?[-/]?\s?{LETTER_BEFORE}(?:{MONTH}){LETTER_AFTER}"
    r"\s?[-/,']?\s?\d{2}(?![\d:])"
)
_RANGE = re.compile(
    r"(?<![\d:/.-])\d{1,2}\s?(?:-|و\s?|الي\s|حتي\s)\s?\d{1,2}\s(?:من\s)?"
    rf"(?:{MONTH}){LETTER_AFTER}"
    rf"|(?<!\d)\d{{4}}\s?-\s?\d{{4}}(?!\d)"
)
# 'الفين وسته وعشرين'
_YEAR_IN_WORDS = re.compile(rf"{LETTER_BEFORE}الف(?:ين|ان)(?:\sو(?P<more>{NUMBER}))?{LETTER_AFTER}")
# '12 مارس' beside '13 مارس 2026', as far as it is in the same calendar
_WITHOUT_YEAR = re.compile(
    rf"(?<![\d:/.-])(?P<day>\d{{1,2}})\s?(?:من\s)?(?P<month>{MONTH}){LETTER_AFTER}"
)
_WEEKDAYS = (
    "الاثنين الاتنين اثنين monday lundi", "الثلاثاء الثلاثا ثلاثاء tuesday mardi",
    "الاربعاء الاربعا اربعاء wednesday mercredi", "الخميس خميس thursday jeudi",
    "الجمعه جمعه friday vendredi", "السبت سبت saturday samedi", "الاحد sunday dimanche",
)  # fmt: skip
_WEEKDAY_OF = {name: n for n, names in enumerate(_WEEKDAYS) for name in names.split()}
_WEEKDAY = re.compile(rf"{LETTER_BEFORE}(?:{any_of(_WEEKDAY_OF)}){LETTER_AFTER}")
_YESTERDAY_AND_TODAY = re.compile(
    rf"{LETTER_BEFORE}(?:(?P<two>اول\s(?:ال)?امس|قبل\s(?:ال)?امس|اول\sالبارحه)"
    rf"|(?P<one>(?:ب?ال)?امس|البارحه|ديروز|yesterday|hier)"
    rf"|(?P<none>اليوم|امروز|today|aujourd'hui)){LETTER_AFTER}"
)


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day and where the text writes it: start:end."""

    day: Day
    start: int
    end: int


def find_days(text: str, today: date) -> list[DayFound]:
    """All days that a folded text writes with their year, in order.

    Raises Refused where one cannot be, or the order of its numbers is not certain.
    """
    if _RANGE.search(text):
        raise Refused("tells several days")
    found: list[DayFound] = []
    rest = text
    for pattern in (_NAMED, _MONTH_FIRST, _YEAR_LAST, _YEAR_FIRST_NAMED, _RFC_822):
        rest = _take(pattern, rest, found, _by_name)
    for pattern in (_NUMBERS_YEAR_FIRST, _NUMBERS_DAY_FIRST):
        rest = _take(pattern, rest, found, lambda each: _by_numbers(each, today, text))
    if not found and _SHORT_YEAR.search(rest):
        raise Refused("writes the year with two digits: which number is the year is not certain")
    return sorted(found, key=lambda each: each.start)


def with_years_in_digits(text: str) -> str:
    """A folded text with its years since 2000 that are written in words in digits."""
    if "الفين" not in text and "الفان" not in text:
        return text
    return _YEAR_IN_WORDS.sub(lambda each: str(2000 + (number_in(each["more"]) or 0)), text)


def refuse_other_days(text: str, found: list[DayFound]) -> None:
    """Raises Refused where a folded text names another day beside those found, without its year."""
    days = {(each.day.date.month, each.day.date.day) for each in found}
    for each in _WITHOUT_YEAR.finditer(text):
        if any(day.start <= each.start() < day.end for day in found):
            continue
        calendar, month = month_of(each["month"])
        if calendar == "gregorian" and (month, int(each["day"])) not in days:
            raise Refused("tells several days, one of them without its year")


def _take(
    pattern: re.Pattern[str],
    text: str,
    found: list[DayFound],
    day_of: Callable[[re.Match[str]], Day],
) -> str:
    """Adds what the pattern finds to `found`; the text with it blanked."""
    for each in pattern.finditer(text):
        found.append(DayFound(day_of(each), each.start(), each.end()))
        text = text[: each.start()] + " " * (each.end() - each.start()) + text[each.end() :]
    return text


def find_yesterday_or_today(text: str, today: date) -> DayFound | None:
    """The day that 'أمس' or 'اليوم' is."""
    found = _YESTERDAY_AND_TODAY.search(text)
    if found is None:
        return None
    back = 2 if found["two"] else 1 if found["one"] else 0
    day = Day("gregorian", today - timedelta(days=back))
    return DayFound(day, found.start(), found.end())


def _by_name(found: re.Match[str]) -> Day:
    parts = found.groupdict()
    calendar, month = month_of(found["month"])
    for twin in re.findall(rf"{LETTER_BEFORE}(?:{MONTH}){LETTER_AFTER}", found["twins"]):
        if month_of(twin) != (calendar, month):
            raise Refused(f"{found['month']} and {twin} are not the same month")
    return day_in(calendar, _year(parts), month, _day(parts))


def _day(parts: dict[str, str | None]) -> int:
    if parts.get("first"):  # as Morocco and Algeria say the first of a month
        return 1
    ordinal = parts.get("ordinal")
    return _ORDINALS[ordinal] if ordinal else int(parts["day"] or 0)


def _year(parts: dict[str, str | None]) -> int:
    short = parts.get("short")
    if short is None:
        return int(parts["year"] or 0)
    # RFC 2822, section 4.3
    return int(short) + (2000 if int(short) < 50 else 1900)


def _by_numbers(found: re.Match[str], today: date, text: str) -> Day:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    era = (found["era"] or "").strip(" ().")
    calendar = calendar_of_year(year, today) if not era or era == "م" else None
    if calendar == "gregorian" and found.re is _NUMBERS_DAY_FIRST:
        day, month = _in_order(day, month, year, found[0].strip(), text)
    if month > 12 >= day:
        raise Refused(f"{found[0].strip()}: there is no month {month}; the order is not certain")
    if "ش" in era:
        return day_in("jalali", year, month, day)
    if era.startswith("ه"):
        return day_in("hijri", year, month, day)
    return day_in(calendar or calendar_of_year(year, today), year, month, day)


def _in_order(day: int, month: int, year: int, written: str, text: str) -> tuple[int, int]:
    """Day and month of two numbers: the day comes first, unless there is no such month, or a
    weekday beside them says otherwise. Raises Refused where it agrees with neither."""
    weekdays = {_WEEKDAY_OF[each] for each in _WEEKDAY.findall(text)}
    orders = [(d, m) for d, m in ((day, month), (month, day)) if _is_day(year, m, d)]
    if not orders or day > 12 or set(orders) == {(day, month)}:
        return day, month
    if len(weekdays) != 1:
        return orders[0] if "/" in written else (day, month)
    agreeing = [(d, m) for d, m in orders if date(year, m, d).weekday() in weekdays]
    if not agreeing:
        raise Refused(f"{written} does not fall on the weekday beside it")
    return agreeing[0]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
