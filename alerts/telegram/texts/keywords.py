"""The words of a subscriber's own keywords."""

from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordTexts:
    title: Forms
    how: str
    drop_how: str
    added: str
    found: str
    found_nowhere: str
    articles: Forms
    known: str
    common: str
    too_long: str
    signs: str
    too_short: str
    too_many: str
    nobody: str
    not_allowed: str
    ask: str
    asked: str
    asks: str
    granted: str
    declined: str
    was_granted: str
    was_declined: str
    allow_how: str


ARABIC: Final = KeywordTexts(
    title=Forms(
        zero="لم تضف كلمات خاصة بك بعد.",
        one="كلمة واحدة خاصة بك:",
        two="كلمتان خاصتان بك:",
        few="{n} كلمات خاصة بك:",
        many="{n} كلمة خاصة بك:",
        other="{n} كلمة خاصة بك:",
    ),
    how="لإضافة كلمة أو عبارة اكتبها بعد الأمر: `/keywords قناة السويس`",
    drop_how="لحذف كلمة اضغطها، والزر بجانبها يغير طريقة التنبيه.",
    added="أُضيفت:",
    found="وردت في {found} من آخر {seen}.",
    found_nowhere="لم ترد في آخر {seen}.",
    articles=Forms(
        zero="",
        one="خبر واحد",
        two="خبرين",
        few="{n} أخبار",
        many="{n} خبرًا",
        other="{n} خبر",
    ),
    known="هذه الكلمة مضافة من قبل.",
    common="لم تُضف لأنها شائعة جدًا. أضف إليها كلمة تحددها.",
    too_long="اكتب عبارة أقصر: ست كلمات على الأكثر.",
    signs="اكتب كلمات عادية بلا رموز.",
    too_short="هذه الكلمة أقصر من أن يُبحث عنها.",
    too_many="لك {n} كلمة، وهو الحد الأقصى. احذف واحدة أولًا.",
    nobody="الكلمات الخاصة غير متاحة هنا.",
    not_allowed="الكلمات الخاصة متاحة لمن يأذن له المشرف.",
    ask="طلب الإذن",
    asked="وصل طلبك إلى المشرف.",
    asks="طلب إذن بكلمات خاصة:",
    granted="أذن لك المشرف بكلمات خاصة. لإضافتها أرسل:",
    declined="لم يأذن لك المشرف بكلمات خاصة.",
    was_granted="أُذن له بكلمات خاصة.",
    was_declined="لم يؤذن له بكلمات خاصة، وحُذفت إن كانت له.",
    allow_how="اكتب رقم المحادثة بعد الأمر: `/allow 12345`",
)

ENGLISH: Final = KeywordTexts(
    title=Forms(
        zero="You have no keywords of your own yet.",
        one="1 keyword of your own:",
        two="2 keywords of your own:",
        few="{n} keywords of your own:",
        many="{n} keywords of your own:",
        other="{n} keywords of your own:",
    ),
    how="To add a word or phrase, write it after the command: `/keywords قناة السويس`",
    drop_how="Press a keyword to delete it; the button beside it changes how you are told.",
    added="Added:",
    found="It is in {found} of the last {seen}.",
    found_nowhere="It is in none of the last {seen}.",
    articles=Forms(
        zero="",
        one="1 article",
        two="2 articles",
        few="{n} articles",
        many="{n} articles",
        other="{n} articles",
    ),
    known="You have this keyword already.",
    common="It was not added, as it is too common. Add a word that makes it narrower.",
    too_long="Write something shorter: six words at most.",
    signs="Write plain words without signs.",
    too_short="This word is too short to look for.",
    too_many="You have {n} keywords, which is the limit. Delete one first.",
    nobody="Keywords of your own are not available here.",
    not_allowed="Keywords of your own are for those whom the operator allows.",
    ask="Ask for it",
    asked="Your request has reached the operator.",
    asks="Asks for keywords of its own:",
    granted="The operator allows you keywords of your own. To add some, send:",
    declined="The operator does not allow you keywords of your own.",
    was_granted="It may have keywords of its own.",
    was_declined="It may not have keywords of its own; those it had are deleted.",
    allow_how="Write the chat's number after the command: `/allow 12345`",
)


def keyword_texts(language: Language) -> KeywordTexts:
    return ENGLISH if language == "en" else ARABIC
