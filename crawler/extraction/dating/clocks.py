"""Times of day: '١٠:٣٠ م', 'الساعة العاشرة والنصف صباحا', '10h30'."""

import re
from dataclasses import dataclass
from datetime import time

from crawler.extraction.dating.spelling import LETTER_AFTER, LETTER_BEFORE, Refused, any_of

_MORNING = ("am", "a.m", "a.m.", "صباحا", "صباح", "صباحًا", "ص", "ق.ظ", "قبل_الظهر")
_EVENING = ("pm", "p.m", "p.m.", "مساء", "مساءا", "م", "ب.ظ", "بعد_الظهر", "عصرا", "العصر")
_NOON = ("ظهرا", "الظهر", "ظ")
_NIGHT = ("ليلا", "الليل")
_DAWN = ("فجرا", "فجر", "الفجر")
_HALVES = {
    name.replace("_", " "): half
    for half, names in (
        ("am", _MORNING), ("pm", _EVENING), ("noon", _NOON), ("night", _NIGHT), ("am", _DAWN)
    )
    for name in names
}  # fmt: skip
_HALF = rf"(?:{any_of(_HALVES)}){LETTER_AFTER}"
# 'م' is also the sign of the Gregorian year; 'صباح' and its like may stand anywhere
_FREE_HALF = re.compile(
    rf"{LETTER_BEFORE}(?:{any_of(name for name in _HALVES if len(name) > 1 and '.' not in name)})"
    rf"{LETTER_AFTER}"
)
_HOUR_NAMES = {
    "الواحده": 1, "الثانيه عشره": 12, "الحاديه عشره": 11, "الثانيه": 2, "الثالثه": 3, "الرابعه": 4,
    "الخامسه": 5, "السادسه": 6, "السابعه": 7, "الثامنه": 8, "التاسعه": 9, "العاشره": 10,
    "الثانيه عشر": 12, "الحاديه عشر": 11,
}  # fmt: skip
_PARTS = {
    "والنصف": 30, "والربع": 15, "والثلث": 20, "الا ربعا": -15, "الا ربع": -15, "الا الربع": -15,
    "الا ثلثا": -20, "الا ثلث": -20, "الا الثلث": -20,
    "وخمس دقائق": 5, "وعشر دقائق": 10, "وعشرين دقيقه": 20, "وعشرون دقيقه": 20,
    "وخمس وعشرين دقيقه": 25, "وخمس وعشرون دقيقه": 25, "والنصف وخمس دقائق": 35,
    "الا خمس دقائق": -5, "الا عشر دقائق": -10,
}  # fmt: skip
_AT = rf"{LETTER_BEFORE}(?:ب|في\s|علي\s|ال)*(?:ساعه|ساعت){LETTER_AFTER}\s?:?\s?"
_CLOCK = re.compile(
    rf"(?:{_AT})?(?<![\d:.,+])(?:(?P<before>{_HALF})\s?)?"
    r"(?P<hour>\d{1,2})\s?(?::\s?|h\s?)(?P<minute>\d{2}|\d(?=:\d))"
    r"(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?"
    rf"(?![\d:])(?:\s?[,(-]?\s?(?P<after>{_HALF})\)?)?"
)
_AT_HOUR = re.compile(
    rf"{_AT}(?P<hour>\d{{1,2}})(?:(?:[.,]|\sو\s?)(?P<minute>\d{{2}})(?:\sدقيقه)?)?"
    r"(?![\d:/-])"
    rf"(?:\s?[,(-]?\s?(?P<after>{_HALF})\)?)?"
)
_WRITTEN = re.compile(
    rf"(?:{_AT})(?P<name>{any_of(_HOUR_NAMES)}){LETTER_AFTER}"
    rf"(?:\s(?P<part>{any_of(_PARTS)}){LETTER_AFTER})?(?:\s(?:من\s)?(?P<after>{_HALF}))?"
)
_BARE_HOUR = re.compile(
    rf"(?<![\d:.,/-])(?<![/-]\s)(?P<hour>\d{{1,2}})\s?"
    rf"(?P<after>(?:am|pm|a\.m\.?|p\.m\.?|صباحا|مساء|مساءا|ظهرا|فجرا|عصرا|ليلا){LETTER_AFTER})"
)
_WRITTEN_ALONE = re.compile(
    rf"{LETTER_BEFORE}(?P<name>{any_of(_HOUR_NAMES)}){LETTER_AFTER}"
    rf"(?:\s(?P<part>{any_of(_PARTS)}){LETTER_AFTER})?\s(?:من\s)?(?P<after>{_HALF})"
)
_DOTTED = re.compile(
    r"(?<![\d.,+-])(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.])"
    rf"(?:\s?(?P<after>{_HALF}))?"
)
_YEAR_BEFORE = re.compile(r"\d{4}\s?ه?\s?$")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day and where the text writes it: start:end."""

    time: time
    start: int
    end: int


def find_clocks(text: str) -> list[Clock]:
    """All times of day in a folded text, in order. Raises Refused for one that cannot be."""
    for pattern in (_CLOCK, _AT_HOUR, _WRITTEN, _WRITTEN_ALONE, _BARE_HOUR, _DOTTED):
        found = list(pattern.finditer(text))
        if found:
            return [_clock(each, text) for each in found]
    return []


def _clock(found: re.Match[str], text: str) -> Clock:
    parts = found.groupdict()
    hour, minute = _hour_and_minute(parts)
    second = int(parts.get("second") or 0)
    start = found.start()
    half = parts.get("after")
    before = parts.get("before")
    if before and before in ("م", "ص") and _YEAR_BEFORE.search(text[:start]):
        before = None
    half = half or before
    if half is None:
        free = {_HALVES[each[0]] for each in _FREE_HALF.finditer(text)}
        kind = free.pop() if len(free) == 1 else None
    else:
        kind = _HALVES[re.sub(r"\s", " ", half)]
    hour = _on_24(hour, kind, found[0])
    try:
        return Clock(time(hour, minute, second), start, found.end())
    except ValueError as error:
        raise Refused(f"{found[0].strip()} is no time of day") from error


def _hour_and_minute(parts: dict[str, str | None]) -> tuple[int, int]:
    name = parts.get("name")
    if name is None:
        return int(parts["hour"] or 0), int(parts.get("minute") or 0)
    minutes = _HOUR_NAMES[name] * 60 + _PARTS.get(parts.get("part") or "", 0)
    hour, minute = divmod(minutes, 60)
    return hour or 12, minute


def _on_24(hour: int, half: str | None, written: str) -> int:
    """The hour on a clock of 24; 12 in the morning is 0, noon and night are what their hour says.

    Raises Refused for '14:30 ص'.
    """
    if half is None:
        return hour
    if hour > 12:
        if half == "am" or (half == "noon" and hour > 16):
            raise Refused(f"{written.strip()} is no time of day")
        return hour
    if half == "am":
        return hour % 12
    if half == "pm":
        return hour if hour == 0 or hour == 12 else hour + 12
    if half == "noon":
        return hour if hour >= 10 else hour + 12
    return hour % 12 if hour == 12 or hour < 6 else hour + 12
