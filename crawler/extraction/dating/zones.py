"""Time zones that a text names: by city or country, by abbreviation, by offset."""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.extraction.dating.spelling import LETTER_AFTER, LETTER_BEFORE, Refused, any_of

_PLACES = {
    "Asia/Riyadh": "مكه_المكرمه مكه السعوديه الرياض المملكه جده المدينه_المنوره ksa",
    "Africa/Cairo": "القاهره مصر",
    "Asia/Baghdad": "بغداد العراق",
    "Asia/Beirut": "بيروت لبنان",
    "Asia/Damascus": "دمشق سوريا سوريه",
    "Asia/Amman": "الاردن",
    "Asia/Hebron": "فلسطين القدس القدس_المحتله غزه رام_الله",
    "Asia/Dubai": "ابوظبي ابو_ظبي دبي الامارات الشارقه",
    "Asia/Muscat": "مسقط سلطنه_عمان",
    "Asia/Qatar": "الدوحه قطر",
    "Asia/Kuwait": "الكويت",
    "Asia/Bahrain": "البحرين المنامه",
    "Asia/Aden": "صنعاء عدن اليمن",
    "Africa/Tunis": "تونس",
    "Africa/Algiers": "الجزائر",
    "Africa/Casablanca": "الرباط المغرب الدار_البيضاء",
    "Africa/Tripoli": "ليبيا طرابلس بنغازي",
    "Africa/Khartoum": "الخرطوم السودان",
    "Africa/Nouakchott": "نواكشوط موريتانيا",
    "Africa/Mogadishu": "مقديشو الصومال",
    "Africa/Djibouti": "جيبوتي",
    "Europe/Istanbul": "اسطنبول انقره تركيا",
    "Asia/Tehran": "طهران ايران",
    "Europe/Moscow": "موسكو روسيا",
    "Asia/Baku": "باكو اذربيجان",
    "Asia/Ashgabat": "عشق_اباد تركمانستان",
    "Europe/London": "لندن بريطانيا",
    "Europe/Paris": "باريس فرنسا",
    "Europe/Berlin": "برلين المانيا وسط_اوروبا",
    "America/New_York": "نيويورك واشنطن",
}
_NAMED_SPELLINGS = [name for names in _PLACES.values() for name in names.split()]
_NAMED = {name.replace("_", ""): zone for zone, names in _PLACES.items() for name in names.split()}
_ABBREVIATED = {
    "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "eet": 120,
    "eest": 180, "msk": 180, "trt": 180, "irst": 210,
    # RFC 822, section 5.1
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
}  # fmt: skip
# Each stands for zones that lie hours apart.
_AMBIGUOUS = frozenset({"ast", "bst", "gst", "ist", "sst"})
_GREENWICH = r"غرينتش|جرينتش|قرينتش|كرينتش|غرينيتش|جرينيتش|غرينويتش|جرينويتش|ت\.?\s?غ"
# '- 11:00' behind a dash is a clock
_SHIFT = r"\(?(\+\s?|-)(\d{1,2})(?::?(\d{2}))?(?![\d:/.-])\)?"
_BASED = re.compile(rf"{LETTER_BEFORE}(?:{_GREENWICH}|gmt|utc|ut){LETTER_AFTER}\.?(?:\s?{_SHIFT})?")
_SHIFTED = re.compile(
    rf"\(?(\+)\s?(\d{{1,2}})(?::?(\d{{2}}))?\s?(?:{_GREENWICH}|gmt|utc){LETTER_AFTER}"
)
# '-05:00' is left out: it may as well be the end of a span, '10:30-11:30'
_AFTER_CLOCK = re.compile(
    r"\s?(?:(z)(?![^\W\d_])|([+-])(\d{2})(\d{2})(?![\d:/.-])"
    r"|\(?(\+)(\d{1,2})(?::(\d{2}))?(?![\d:/.-])\)?)"
)
_ABBREVIATION = re.compile(
    rf"{LETTER_BEFORE}({any_of((*_ABBREVIATED, *_AMBIGUOUS))}){LETTER_AFTER}"
)
_TIME_OF = re.compile(rf"{LETTER_BEFORE}(?:ب|وفق\s|حسب\s)?(?:ال)?توقيت\s?:?\s?(?=[^\W\d])")
_PLACE = re.compile(rf"(?:مدينه\s)?({any_of(_NAMED_SPELLINGS)}){LETTER_AFTER}")
_LOCAL = re.compile(rf"(?:ال)?محلي{LETTER_AFTER}")
_MECCA = re.compile(rf"{LETTER_BEFORE}(?:مكه(?:\sالمكرمه)?|ksa){LETTER_AFTER}")
_WORDS = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)?")
_FURTHEST_MINUTES = 14 * 60


@dataclass(frozen=True, slots=True)
class ZoneFound:
    """A zone and where the text names it: start:end."""

    zone: tzinfo
    start: int
    end: int


def find_zone(text: str, local: tzinfo) -> ZoneFound | None:
    """The zone that a folded text names; `local` where it says 'local time', None where it names
    none. Raises Refused for a zone that is not known, or stands for several."""
    for find in (_said, _based, _abbreviated, _mecca):
        found = find(text, local)
        if found is not None:
            return found
    return None


def without_offsets(text: str) -> str:
    """The text with the offsets of 'GMT+03:00' blanked, which look like clocks."""
    for pattern in (_SHIFTED, _BASED):
        text = pattern.sub(lambda found: re.sub(r"[+\d:-]", " ", found[0]), text)
    return text


def offset_after_clock(text: str, position: int) -> ZoneFound | None:
    """The offset directly behind a clock that ends at `position`: '10:30 +0300'."""
    found = _AFTER_CLOCK.match(text, position)
    if found is None:
        return None
    if found[1]:
        return ZoneFound(UTC, found.start(), found.end())
    sign, hours, minutes = found.group(2, 3, 4) if found[2] else found.group(5, 6, 7)
    zone = _offset(sign, hours, minutes)
    return None if zone is None else ZoneFound(zone, found.start(), found.end())


def _said(text: str, local: tzinfo) -> ZoneFound | None:
    said = _TIME_OF.search(text)
    if said is None:
        return None
    for pattern in (_BASED, _PLACE, _LOCAL):
        found = pattern.match(text, said.end())
        if found is None:
            continue
        if pattern is _BASED:
            return ZoneFound(_of_greenwich(found), said.start(), found.end())
        zone = local if pattern is _LOCAL else ZoneInfo(_NAMED[found[1].replace(" ", "")])
        return ZoneFound(zone, said.start(), found.end())
    name = _WORDS.match(text, said.end())
    raise Refused(f"names a time zone that is not known: {name[0] if name else text!r}")


def _based(text: str, _: tzinfo) -> ZoneFound | None:
    found = _SHIFTED.search(text) or _BASED.search(text)
    return None if found is None else ZoneFound(_of_greenwich(found), found.start(), found.end())


def _of_greenwich(found: re.Match[str]) -> tzinfo:
    if not found[1]:
        return UTC
    zone = _offset(found[1].strip(), found[2], found[3])
    if zone is None:
        raise Refused(f"{found[0]} is no time zone")
    return zone


def _abbreviated(text: str, _: tzinfo) -> ZoneFound | None:
    found = _ABBREVIATION.search(text)
    if found is None:
        return None
    if found[1] in _AMBIGUOUS:
        raise Refused(f"the time zone {found[1].upper()} stands for several")
    zone = timezone(timedelta(minutes=_ABBREVIATED[found[1]]))
    return ZoneFound(zone, found.start(), found.end())


def _mecca(text: str, _: tzinfo) -> ZoneFound | None:
    found = _MECCA.search(text)
    return None if found is None else ZoneFound(ZoneInfo("Asia/Riyadh"), found.start(), found.end())


def _offset(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    total = int(hours) * 60 + int(minutes or 0)
    if total > _FURTHEST_MINUTES or int(minutes or 0) >= 60:
        return None
    return timezone(timedelta(minutes=total if sign == "+" else -total))
