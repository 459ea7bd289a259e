"""The numbers of a text: figures tell two like events apart, and ordinals two rounds of one."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from alerts.stories.words import stem_id, words

_NUMBER = re.compile(r"\d+(?:[.,٫٬/]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _folded(table: Mapping[str, str]) -> dict[bytes, str]:
    return {words(written)[0]: value for written, value in table.items()}


# Below eleven they are told by words of many other uses.
_SPELLED = _folded({
    "عشرين": "20", "عشرون": "20", "ثلاثين": "30", "ثلاثون": "30", "اربعين": "40", "اربعون": "40",
    "خمسين": "50", "خمسون": "50", "ستين": "60", "ستون": "60", "سبعين": "70", "سبعون": "70",
    "ثمانين": "80", "ثمانون": "80", "تسعين": "90", "تسعون": "90", "مئتي": "200", "مئتين": "200",
    "ثلاثمئه": "300", "اربعمئه": "400", "خمسمئه": "500", "ستمئه": "600", "سبعمئه": "700",
    "ثمانمئه": "800", "تسعمئه": "900",
})  # fmt: skip
_TEENS = _folded({
    "احد": "11", "احدي": "11", "اثنا": "12", "اثني": "12", "ثلاثه": "13", "اربعه": "14",
    "خمسه": "15", "سته": "16", "سبعه": "17", "ثمانيه": "18", "تسعه": "19",
})  # fmt: skip
_AND = words("و")[0]
_TEN = frozenset(words("عشر عشرة"))
_ORDINALS = words("الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة")
# 'The second party', 'November'; a third, a quarter, a fifth of something.
_NO_ORDINALS = frozenset(words("الثاني ثان ثاني ثانيا ثالثا رابعا"))
_COUNTED = frozenset(words("رقم الحلقة حلقة العدد الجولة جولة الدورة دورة الجزء الدفعة النسخة"))
_DAYS = "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"
_WEEKDAYS = {word: number for number, word in enumerate(words(_DAYS))}
_TODAY = words("اليوم")[0]
TODAY = 7
_WEATHER = frozenset(words("الطقس طقس طقسا الأرصاد"))


def numbers(text: str, folded: Sequence[bytes]) -> frozenset[str]:
    """The figures of a text, spelled one way ('١١٫٩', '11.90' -> '11.9', 'عشرين' -> '20'). No
    years, dates and single digits: they are shared by what has nothing else in common."""
    return frozenset(_figures(text)) | frozenset(_spelled(folded))


def _figures(text: str) -> set[str]:
    found = set()
    for written in _NUMBER.findall(unicodedata.normalize("NFKC", text)):
        plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in written)
        plain = plain.replace("٫", ".").replace("٬", ",")
        if _THOUSANDS.fullmatch(plain):
            plain = plain.replace(".", "").replace(",", "")
        plain = plain.replace(",", ".")
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        if "/" in plain or plain.count(".") > 1 or len(plain) < 2 or _YEAR.fullmatch(plain):
            continue
        found.add(plain)
    return found


def _spelled(folded: Sequence[bytes]) -> set[str]:
    bare = [word.removeprefix(_AND) for word in folded]
    found = {_SPELLED[word] for word in bare if word in _SPELLED}
    for word, after in pairwise(bare):
        if after in _TEN and word in _TEENS:
            found.add(_TEENS[word])
    return found


def ordinals(folded: Sequence[bytes]) -> frozenset[int]:
    """Which round, session or edition a text speaks of: 'الجولة الرابعة', 'الحلقة 4' -> 4. 'First'
    is not one, it is said of everything."""
    known = _ordinal_stems()
    spelled = {
        known[identity]
        for word in folded
        if word not in _NO_ORDINALS and (identity := stem_id(word)) in known
    }
    counted = {int(after) for word, after in pairwise(folded) if word in _COUNTED and _count(after)}
    return frozenset(spelled | counted)


def _count(word: bytes) -> bool:
    return word.isdigit() and len(word) <= 3


def weekdays(folded: Sequence[bytes]) -> frozenset[int]:
    """The days of the week that a text names, Monday 0; TODAY alone, where it says only that."""
    named = frozenset(_WEEKDAYS[word] for word in folded if word in _WEEKDAYS)
    return named or frozenset({TODAY} if _TODAY in folded else ())


def is_forecast(folded: Sequence[bytes]) -> bool:
    """Whether a text tells the weather: every day's is told in the same words."""
    return not _WEATHER.isdisjoint(folded)


@cache
def _ordinal_stems() -> dict[int, int]:
    return {stem_id(word): number for number, word in enumerate(_ORDINALS, start=2)}
