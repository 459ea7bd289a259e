"""The words of editing topics and of dry runs."""

from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class EditingTexts:
    how: tuple[str, ...]
    names: str
    lists: str
    words: str
    forbidden: str
    numbers: str
    and_more: str
    proposed: str
    removed: str
    added: str
    nothing_changes: str
    measured: str
    articles: Forms
    alerts: Forms
    was: str
    more: Forms
    save: str
    discard: str
    discarded: str
    saved: str
    undo: str
    undone: str
    refused: str
    unknown: str
    meant: str
    present: str
    absent: str
    place: str
    number: str
    stale: str
    gone: str
    unwritable: str
    dry_run: str
    dry_run_how: str
    dry_run_cut: str
    hours: Forms
    days: Forms


ARABIC: Final = EditingTexts(
    how=(
        "لعرض موضوع أو قائمة: `/edit الاسم`",
        "لإضافة كلمة: `/edit الاسم + الكلمة`",
        "لحذف كلمة: `/edit الاسم - الكلمة`",
        "لاستبعاد كل خبر فيه كلمة: `/edit الاسم ! الكلمة`",
        "لتغيير رقم: `/edit الاسم موضعه = قيمته`",
        "ولا يُحفظ شيء قبل أن ترى أثره وتضغط الحفظ.",
    ),
    names="الموضوعات والقوائم:",
    lists="القوائم التي يستعملها:",
    words="الكلمات:",
    forbidden="المستبعدة:",
    numbers="الأرقام:",
    and_more="و{n} غيرها",
    proposed="تعديل لم يُحفظ بعد:",
    removed="يُحذف",
    added="يُضاف",
    nothing_changes="لا يتغير شيء في آخر {seen}.",
    measured="الأثر في آخر {seen}:",
    articles=Forms(
        zero="0 خبر",
        one="خبر واحد",
        two="خبرين",
        few="{n} أخبار",
        many="{n} خبرًا",
        other="{n} خبر",
    ),
    alerts=Forms(
        zero="لا تنبيهات",
        one="تنبيه واحد",
        two="تنبيهان",
        few="{n} تنبيهات",
        many="{n} تنبيهًا",
        other="{n} تنبيه",
    ),
    was="{after} (من قبل: {before})",
    more=Forms(
        zero="",
        one="وتنبيه آخر",
        two="وتنبيهان آخران",
        few="و{n} تنبيهات أخرى",
        many="و{n} تنبيهًا آخر",
        other="و{n} تنبيه آخر",
    ),
    save="حفظ",
    discard="إلغاء",
    discarded="أُلغي التعديل، ولم يُحفظ شيء.",
    saved="حُفظ التعديل، ويسري خلال ثانيتين:",
    undo="تراجع",
    undone="عاد الملف كما كان:",
    refused="لم يُقبل التعديل، ولم يُحفظ شيء:",
    unknown="لا موضوع ولا قائمة بهذا الاسم. لعرض الأسماء أرسل:",
    meant="لعلك تقصد:",
    present="هو كذلك أصلًا، ولم يتغير شيء.",
    absent="هذه الكلمة ليست في الملف نفسه. قد تكون في إحدى القوائم التي يستعملها.",
    place="لا يصح هذا التعديل هنا. اعرض الاسم لترى كلماته ومواضع أرقامه.",
    number="القيمة رقم، أو مدة مثل `48h`",
    stale="تغير الملف في أثناء ذلك. أعد التعديل.",
    gone="لا تعديل بانتظار الحفظ أو التراجع.",
    unwritable="تعذرت كتابة الملف.",
    dry_run="ما كان سيُرسل في آخر {time} ({seen}):",
    dry_run_how="اكتب المدة بالساعات أو الأيام: `/dryrun 24h` أو `/dryrun 7d`",
    dry_run_cut="الأخبار أكثر من أن تُقرأ كلها، وهذه أحدثها.",
    hours=Forms(
        zero="",
        one="ساعة",
        two="ساعتين",
        few="{n} ساعات",
        many="{n} ساعة",
        other="{n} ساعة",
    ),
    days=Forms(
        zero="",
        one="يوم",
        two="يومين",
        few="{n} أيام",
        many="{n} يومًا",
        other="{n} يوم",
    ),
)

ENGLISH: Final = EditingTexts(
    how=(
        "To see a topic or list: `/edit NAME`",
        "To add a word: `/edit NAME + WORD`",
        "To remove a word: `/edit NAME - WORD`",
        "To leave out all articles with a word: `/edit NAME ! WORD`",
        "To change a number: `/edit NAME PLACE = VALUE`",
        "Nothing is saved before you have seen its effect and pressed Save.",
    ),
    names="Topics and lists:",
    lists="Lists that it uses:",
    words="Words:",
    forbidden="Left out:",
    numbers="Numbers:",
    and_more="and {n} more",
    proposed="An edit, not saved yet:",
    removed="removes",
    added="adds",
    nothing_changes="Nothing changes in the last {seen}.",
    measured="The effect in the last {seen}:",
    articles=Forms(
        zero="0 articles",
        one="1 article",
        two="2 articles",
        few="{n} articles",
        many="{n} articles",
        other="{n} articles",
    ),
    alerts=Forms(
        zero="no alerts",
        one="1 alert",
        two="2 alerts",
        few="{n} alerts",
        many="{n} alerts",
        other="{n} alerts",
    ),
    was="{after} (before: {before})",
    more=Forms(
        zero="",
        one="and 1 more",
        two="and 2 more",
        few="and {n} more",
        many="and {n} more",
        other="and {n} more",
    ),
    save="Save",
    discard="Discard",
    discarded="The edit is discarded; nothing was saved.",
    saved="Saved; it holds within two seconds:",
    undo="Undo",
    undone="The file is as it was:",
    refused="The edit is refused; nothing was saved:",
    unknown="There is no topic or list of this name. To see the names, send:",
    meant="Did you mean:",
    present="It is so already.",
    absent="This word is not in the file itself; it may be in one of the lists that it uses.",
    place="This edit does not fit here. Look at the name to see its words and places of numbers.",
    number="The value is a number, or a duration like 48h",
    stale="The file changed meanwhile. Make the edit again.",
    gone="No edit waits to be saved or undone.",
    unwritable="The file could not be written.",
    dry_run="What would have been sent in the last {time} ({seen}):",
    dry_run_how="Write the time in hours or days: `/dryrun 24h` or `/dryrun 7d`",
    dry_run_cut="There are more articles than can be read; these are the newest.",
    hours=Forms(
        zero="",
        one="hour",
        two="2 hours",
        few="{n} hours",
        many="{n} hours",
        other="{n} hours",
    ),
    days=Forms(
        zero="",
        one="day",
        two="2 days",
        few="{n} days",
        many="{n} days",
        other="{n} days",
    ),
)


def editing_texts(language: Language) -> EditingTexts:
    return ENGLISH if language == "en" else ARABIC
