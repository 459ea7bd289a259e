"""The words of what a subscriber chooses: how, when and of what to be told."""

from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTexts:
    settings_title: str
    zone_is: str
    quiet_off: str
    quiet_silent: str
    quiet_hold: str
    digest_hourly: str
    digest_daily: str
    muted_sites: str
    sources_heard: Forms
    sources_how: str
    share: str
    modes: tuple[str, str, str, str]
    mode_key: str
    no_quiet: str
    make_silent: str
    make_hold: str
    hourly: str
    relevant: str
    irrelevant: str
    thanks: str
    mute_story: str
    mute_site: str
    story_muted: str
    site_muted: str


ARABIC: Final = ChoiceTexts(
    settings_title="متى تصلك التنبيهات:",
    zone_is="الساعة بتوقيت",
    quiet_off="لا ساعات هادئة.",
    quiet_silent="تنبيهات بلا صوت من {begin} إلى {end}.",
    quiet_hold="لا تنبيهات من {begin} إلى {end}، ويصلك موجزها بعدها.",
    digest_hourly="الموجز كل ساعة.",
    digest_daily="الموجز كل يوم الساعة {at}.",
    muted_sites="مواقع كتمتها، اضغط الموقع لإلغاء كتمه:",
    sources_heard=Forms(
        zero="لا يصلك شيء من أي مصدر.",
        one="تصلك تنبيهات من مصدر واحد.",
        two="تصلك تنبيهات من مصدرين.",
        few="تصلك تنبيهات من {n} مصادر.",
        many="تصلك تنبيهات من {n} مصدرًا.",
        other="تصلك تنبيهات من {n} مصدر.",
    ),
    sources_how="اضغط مصدرًا لكتمه 🔕 أو لإلغاء كتمه ✅",
    share="مشاركة",
    modes=("عاجل، يسبق غيره ولو في الساعات الهادئة", "فورًا", "بلا صوت", "في الموجز"),
    mode_key="الزر بجانب الموضوع يغير طريقة التنبيه:",
    no_quiet="بلا هدوء",
    make_silent="بلا صوت",
    make_hold="تأجيل",
    hourly="كل ساعة",
    relevant="👍 يهمني",
    irrelevant="👎 لا يهمني",
    thanks="شكرًا، سُجل رأيك.",
    mute_story="🔕 هذا الخبر",
    mute_site="🔕 هذا الموقع",
    story_muted="لن يصلك شيء آخر عن هذا الخبر.",
    site_muted="لن يصلك شيء من هذا الموقع، ويُلغى ذلك من `/sources`",
)


ENGLISH: Final = ChoiceTexts(
    settings_title="When you get alerts:",
    zone_is="Times are those of",
    quiet_off="No quiet hours.",
    quiet_silent="Alerts make no sound from {begin} to {end}.",
    quiet_hold="No alerts from {begin} to {end}; a digest follows.",
    digest_hourly="A digest every hour.",
    digest_daily="A digest every day at {at}.",
    muted_sites="Sites that you muted; press one to hear of it again:",
    sources_heard=Forms(
        zero="You get nothing from any source.",
        one="You get alerts from 1 source.",
        two="You get alerts from 2 sources.",
        few="You get alerts from {n} sources.",
        many="You get alerts from {n} sources.",
        other="You get alerts from {n} sources.",
    ),
    sources_how="Press a source to turn it off 🔕 or on ✅",
    share="Share",
    modes=(
        "urgent: before others, in quiet hours too",
        "at once",
        "without a sound",
        "in the digest",
    ),
    mode_key="The button beside a topic changes how you are told:",
    no_quiet="No quiet hours",
    make_silent="No sound",
    make_hold="Hold",
    hourly="Hourly",
    relevant="👍 Relevant",
    irrelevant="👎 Not relevant",
    thanks="Thank you, noted.",
    mute_story="🔕 This story",
    mute_site="🔕 This site",
    story_muted="You will get nothing more about this story.",
    site_muted="You will get nothing from this site; undo it in `/sources`",
)


def choice_texts(language: Language) -> ChoiceTexts:
    return ENGLISH if language == "en" else ARABIC
