"""The words of an alert and of what goes out like one, in Arabic and English."""

from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    rtl: bool
    months: tuple[str, ...]
    utc: str
    why_label: str
    list_comma: str
    full_article: str
    notice: str
    more_words: Forms
    also: str
    sources: str
    earliest: str
    repeats: str
    withdrawn: str
    corrected: str
    together: Forms
    digest: Forms
    announcement: str


ARABIC: Final = Texts(
    rtl=True,
    months=(
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    utc="بتوقيت غرينتش",
    why_label="السبب",
    list_comma="، ",
    full_article="الخبر كاملًا",
    notice="إشعار للمشرفين",
    more_words=Forms(
        zero="",
        one="وكلمة أخرى",
        two="وكلمتان أخريان",
        few="و{n} كلمات أخرى",
        many="و{n} كلمة أخرى",
        other="و{n} كلمة أخرى",
    ),
    also="ونشره أيضًا",
    sources="عدد المصادر",
    earliest="أول من نشره",
    repeats="مستجد في خبر وصلك من قبل",
    withdrawn="سحب الموقع هذا الخبر.",
    corrected="صحح الموقع العنوان، وكان",
    together=Forms(
        zero="لا تنبيهات.",
        one="تنبيه واحد:",
        two="تنبيهان:",
        few="{n} تنبيهات:",
        many="{n} تنبيهًا:",
        other="{n} تنبيه:",
    ),
    digest=Forms(
        zero="لا جديد في الموجز.",
        one="الموجز، تنبيه واحد:",
        two="الموجز، تنبيهان:",
        few="الموجز، {n} تنبيهات:",
        many="الموجز، {n} تنبيهًا:",
        other="الموجز، {n} تنبيه:",
    ),
    announcement="رسالة من المشرف",
)


ENGLISH: Final = Texts(
    rtl=False,
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    utc="UTC",
    why_label="Why",
    list_comma=", ",
    full_article="Full article",
    notice="Notice to operators",
    more_words=Forms(
        zero="",
        one="and 1 more word",
        two="and 2 more words",
        few="and {n} more words",
        many="and {n} more words",
        other="and {n} more words",
    ),
    also="Also",
    sources="Sources",
    earliest="First",
    repeats="News of a story that you have",
    withdrawn="The site has withdrawn this article.",
    corrected="The site corrected the headline, which was",
    together=Forms(
        zero="No alerts.",
        one="1 alert:",
        two="2 alerts:",
        few="{n} alerts:",
        many="{n} alerts:",
        other="{n} alerts:",
    ),
    digest=Forms(
        zero="Nothing new in the digest.",
        one="Digest, 1 alert:",
        two="Digest, 2 alerts:",
        few="Digest, {n} alerts:",
        many="Digest, {n} alerts:",
        other="Digest, {n} alerts:",
    ),
    announcement="A message from the operator",
)


def texts_of(language: Language) -> Texts:
    return ENGLISH if language == "en" else ARABIC
