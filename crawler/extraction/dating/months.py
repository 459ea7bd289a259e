"""The months of every calendar that Arabic sites write, by name.

Gregorian: Egyptian and Gulf (يناير), Levantine and Iraqi, which are the Syriac ones (كانون الثاني,
مايس), Moroccan (غشت), Tunisian and Algerian (جانفي), Libyan of 1986-2011 (هانيبال), Persian (ژوئن),
English and French. Hijri and Jalali have names of their own. Names are folded (spelling.fold).
"""

from typing import Final, Literal

from crawler.extraction.dating.spelling import any_of

Calendar = Literal["gregorian", "hijri", "jalali"]

_GREGORIAN = (
    "يناير كانون_الثاني كانون_ثاني كانون_ثان كانون_الاخر كانون2 ك2 جانفي جانفيي اي_النار ژانويه"
    " january jan janvier janv",
    "فبراير فبرائر شباط اشباط فيفري فيبراير فبرابر النوار فوريه february feb fevrier fevr fev",
    "مارس اذار ادار الربيع march mar mars",
    "ابريل نيسان افريل الطير اوريل april apr avril avr",
    "مايو ايار مايس ماي الماء مي مه may mai",
    "يونيو يونيه يونية حزيران جوان الصيف ژوئن june jun juin",
    "يوليو يوليه تموز جويليه جويلي يوليوز ناصر ژوئيه july jul juillet juil",
    "اغسطس اغسطوس اب اوت غشت هانيبال august aug aout",
    "سبتمبر ايلول شتنبر سبتنبر شتمبر الفاتح سپتامبر september sept sep septembre",
    "اكتوبر تشرين_الاول تشرين_اول تشرين1 ت1 التمور اكتبر october oct octobre",
    "نوفمبر تشرين_الثاني تشرين_ثاني تشرين_ثان تشرين2 ت2 نونبر الحرث نوامبر november nov novembre",
    "ديسمبر كانون_الاول كانون_اول كانون1 ك1 دجنبر الكانون دسامبر december dec decembre",
)
_HIJRI = (
    "محرم المحرم محرم_الحرام muharram",
    "صفر صفر_الخير صفر_المظفر safar",
    "ربيع_الاول ربيع_اول ربيع_الانور rabi_al-awwal rabi_ul_awwal rabi'_al-awwal rabi_i",
    "ربيع_الثاني ربيع_الاخر ربيع_ثاني ربيع_ثان rabi_al-thani rabi_al-akhir rabi'_al-thani"
    " rabi'_al-akhir rabi_ii",
    "جمادي_الاولي جمادي_الاول جمادي_اولي جمادي_اول جماد_الاول جماد_الاولي جماد_اول"
    " jumada_al-awwal jumada_al-ula jumada_i",
    "جمادي_الثانيه جمادي_الثاني جمادي_الاخره جمادي_الاخر جمادي_ثانيه جمادي_ثاني جماد_الثاني"
    " جماد_الثانيه جماد_الاخر جماد_الاخره جماد_ثاني jumada_al-thani jumada_al-akhirah jumada_ii",
    "رجب رجب_المرجب رجب_الاصب رجب_الحرام رجب_الفرد rajab",
    "شعبان شعبان_المعظم شعبان_المبارك sha'ban sha'aban shaban shaaban",
    "رمضان رمضان_المبارك رمضان_المعظم رمضان_الكريم ramadan ramadhan ramazan",
    "شوال شوال_المكرم shawwal",
    "ذو_القعده ذي_القعده ذا_القعده ذي_قعده ذو_قعده ذي_القعده_الحرام ذو_القعده_الحرام"
    " dhu_al-qi'dah dhu_al-qa'dah dhu_al-qadah dhul-qi'dah dhul_qadah",
    "ذو_الحجه ذي_الحجه ذا_الحجه ذي_حجه ذو_حجه ذي_الحجه_الحرام ذو_الحجه_الحرام"
    " dhu_al-hijjah dhul-hijjah dhul_hijjah dhu_al-hijja",
)
_JALALI = (
    "فروردين", "ارديبهشت", "خرداد", "تير", "مرداد امرداد", "شهريور",
    "مهر", "ابان", "اذر", "دي", "بهمن", "اسفند",
)  # fmt: skip

_TABLES: Final[dict[Calendar, tuple[str, ...]]] = {
    "gregorian": _GREGORIAN,
    "hijri": _HIJRI,
    "jalali": _JALALI,
}
_NUMBERS = {
    name.replace("_", ""): (calendar, number)
    for calendar, table in _TABLES.items()
    for number, names in enumerate(table, start=1)
    for name in names.split()
}

MONTH: Final = any_of(
    name for table in _TABLES.values() for names in table for name in names.split()
)
"""A regex for any month's name, folded."""


def month_of(name: str) -> tuple[Calendar, int]:
    """The calendar and the number of a name that MONTH matched."""
    return _NUMBERS[name.replace(" ", "")]
