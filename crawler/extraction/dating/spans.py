"""Moments told by their distance: 'منذ 5 دقائق', 'قبل ساعتين', 'منذ ساعة ونصف'."""

import re
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from crawler.extraction.dating.months import MONTH
from crawler.extraction.dating.spelling import LETTER_AFTER, LETTER_BEFORE, Refused, any_of

# unit: names for one, for two, for three to ten
_UNITS = {
    "second": ("ثانيه second seconde sec", "ثانيتين ثانيتان", "ثواني ثوان seconds secondes secs"),
    "minute": ("دقيقه minute min", "دقيقتين دقيقتان", "دقائق دقايق د minutes mins"),
    "hour": ("ساعه ساعت hour hr heure", "ساعتين ساعتان", "ساعات س hours hrs h heures"),
    "day": ("يوم يوما روز day jour", "يومين يومان", "ايام days d jours"),
    "week": ("اسبوع اسبوعا هفته week semaine", "اسبوعين اسبوعان", "اسابيع weeks semaines"),
    "month": ("شهر شهرا ماه month mois", "شهرين شهران", "شهور اشهر months"),
    "year": ("سنه عام عاما سال year an", "سنتين سنتان عامين عامان", "سنوات سنين اعوام years ans"),
}  # fmt: skip
_COUNTS = {
    name: (unit, count)
    for unit, forms in _UNITS.items()
    for names, count in zip(reversed(forms), (None, 2, 1), strict=True)
    for name in names.split()
}
_LENGTHS = {
    "second": relativedelta(seconds=1), "minute": relativedelta(minutes=1),
    "hour": relativedelta(hours=1), "day": relativedelta(days=1), "week": relativedelta(weeks=1),
    "month": relativedelta(months=1), "year": relativedelta(years=1),
}  # fmt: skip
_TENS = {"عشرين": 20, "عشرون": 20, "ثلاثين": 30, "ثلاثون": 30, "اربعين": 40, "اربعون": 40,
         "خمسين": 50, "خمسون": 50}  # fmt: skip
_ONES = {
    "واحد": 1, "واحده": 1, "اثنين": 2, "اثنتين": 2, "ثلاث": 3, "ثلاثه": 3, "اربع": 4, "اربعه": 4,
    "خمس": 5, "خمسه": 5, "ست": 6, "سته": 6, "سبع": 7, "سبعه": 7, "ثمان": 8, "ثماني": 8, "ثمانيه": 8,
    "تسع": 9, "تسعه": 9, "عشر": 10, "عشره": 10, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3,
    "une": 1, "un": 1,
}  # fmt: skip
_TEENS = {f"{one} {ten}": value + 10 for one, value in _ONES.items() if 2 < value < 10
          for ten in ("عشر", "عشره")} | {
    "احد عشر": 11, "احدي عشره": 11, "احدي عشر": 11, "اثني عشر": 12, "اثنا عشر": 12,
    "اثنتي عشره": 12, "اثنتا عشره": 12,
}  # fmt: skip
_NUMBERS = _ONES | _TEENS | _TENS
NUMBER = (
    rf"\d{{1,3}}(?!\d)|(?:{any_of(n for n, v in _ONES.items() if v < 10)})\sو(?:{any_of(_TENS)})"
    rf"|{any_of(_NUMBERS)}"
)
"""A regex for a number in digits or words, folded."""
_FRACTIONS = {"نصف": 30, "ربع": 15, "ثلث": 20}
_FRACTION = any_of(_FRACTIONS)
_AMOUNT = re.compile(
    r"(?<![^\W\d_و])(?<!\d)"  # 'و' is joined to the word behind it
    rf"(?:(?P<fraction>{_FRACTION})\sساعه"
    rf"|(?:(?P<number>{NUMBER})\s?)?(?P<unit>{any_of(_COUNTS)}){LETTER_AFTER}(?:\sواحده?)?)"
    rf"{LETTER_AFTER}(?:\sو\s?(?:ال)?(?P<more>{_FRACTION}){LETTER_AFTER}(?:\s(?:ال)?ساعه)?)?"
)
_AND = re.compile(r"\s?(?:,\s?|و\s?|and\s|et\s)?")
_LEAD = re.compile(
    rf"{LETTER_BEFORE}(?:منذ|من|قبل|il y a){LETTER_AFTER}\s"
    rf"(?:(?:حوالي|نحو|قرابه|ما\sيقارب|تقريبا){LETTER_AFTER}\s)?"
)
_TAIL = re.compile(rf"\s?(?:ago|مضت|مضي|خلت|پيش|من الان|تقريبا){LETTER_AFTER}")
_JUST_NOW = re.compile(
    r"(?:(?:نشر|نشرت)\s)?(?:(?:منذ|قبل)\s(?:لحظات|لحظه|ثوان|ثواني)(?:\sقليله)?|الان|للتو"
    r"|just now|now)"
)
_VAGUE = re.compile(
    rf"(?:بضع|بضعه|عده|اكثر\sمن|اقل\sمن|قليل|وقت|فتره|مده|several|few){LETTER_AFTER}"
)
_WEEKDAYS = "السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه"
# What follows an amount and makes it another thing: 'منذ عام 2011', 'منذ شهر رمضان', 'قبل يومين من'
_OF_ANOTHER = re.compile(
    rf"\s?(?:\d{{3,}}|و\s?\d|من{LETTER_AFTER}|علي{LETTER_AFTER}|(?:{MONTH}){LETTER_AFTER}"
    rf"|(?:{any_of(_WEEKDAYS.split())}){LETTER_AFTER})"
)


@dataclass(frozen=True, slots=True)
class Distance:
    """How long before now, and where the text says so: start:end."""

    before: relativedelta
    in_days: bool  # no unit is smaller: a time of day may be said beside it
    start: int
    end: int


def find_distance(text: str) -> Distance | None:
    """The distance that a folded text tells; None where it tells none. Raises Refused where it is
    vague, or counts from another event than now."""
    if _JUST_NOW.fullmatch(text):
        return Distance(relativedelta(), False, 0, len(text))
    for lead in _LEAD.finditer(text):
        if _VAGUE.match(text, lead.end()):
            raise Refused("tells a distance without a number")
        amount = _AMOUNT.match(text, lead.end())
        if amount is not None:
            return _from_now(text, lead.start(), amount)
    for amount in _AMOUNT.finditer(text):
        found = _from_now(text, amount.start(), amount)
        if _TAIL.search(text[amount.start() : found.end]):
            return found
    return None


def _from_now(text: str, start: int, amount: re.Match[str]) -> Distance:
    before, end, in_days = _length(amount), amount.end(), _is_in_days(amount)
    while True:
        gap = _AND.match(text, end)
        following = _AMOUNT.match(text, gap.end()) if gap is not None else None
        if following is None:
            break
        before, end = before + _length(following), following.end()
        in_days = in_days and _is_in_days(following)
    tail = _TAIL.match(text, end)
    if tail is not None:
        return Distance(before, in_days, start, tail.end())
    if _OF_ANOTHER.match(text, end):
        raise Refused("counts from another event than now")
    return Distance(before, in_days, start, end)


def _is_in_days(amount: re.Match[str]) -> bool:
    return not amount["fraction"] and _COUNTS[amount["unit"]][0] not in ("second", "minute", "hour")


def _length(amount: re.Match[str]) -> relativedelta:
    if amount["fraction"]:
        return relativedelta(minutes=_FRACTIONS[amount["fraction"]])
    unit, told = _COUNTS[amount["unit"]]
    number = number_in(amount["number"])
    if number is None and told is None:
        raise Refused("tells a distance without a number")
    if number is not None and told == 2:
        raise Refused(f"{amount[0]} counts twice")
    length = _LENGTHS[unit] * (number if number is not None else told or 1)
    if amount["more"]:
        if unit != "hour":
            raise Refused(f"{amount[0]} is not exact")
        length += relativedelta(minutes=_FRACTIONS[amount["more"]])
    return length


def number_in(text: str | None) -> int | None:
    """The number that NUMBER matched."""
    if text is None:
        return None
    if text.isdecimal():
        return int(text)
    if text in _NUMBERS:
        return _NUMBERS[text]
    ones, _, tens = text.partition(" و")
    return _ONES[ones] + _TENS[tens]
