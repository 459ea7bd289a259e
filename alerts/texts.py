"""Every word of the interface, in Arabic and English: one place to read and to translate."""

from dataclasses import dataclass
from typing import Final

from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms of a counted noun (CLDR plural categories); `{n}` is the count."""

    zero: str
    one: str
    two: str
    few: str
    many: str
    other: str

    def of(self, count: int) -> str:
        """Arabic: 0, 1, 2, then by the last two digits 3-10 few, 11-99 many, 00-02 other."""
        if count in (0, 1, 2):
            form = (self.zero, self.one, self.two)[count]
        elif 3 <= count % 100 <= 10:
            form = self.few
        else:
            form = self.many if count % 100 >= 11 else self.other
        return form.format(n=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    rtl: bool
    months: tuple[str, ...]
    utc: str
    # An alert
    why_label: str
    list_comma: str
    full_article: str
    notice: str
    more_words: Forms
    also: str
    withdrawn: str
    corrected: str
    together: Forms
    digest: Forms
    # Commands, as the menu of the client shows them
    commands: tuple[tuple[str, str], ...]
    language_name: str
    other_language: str
    # Conversation
    greeting: str
    how_it_works: str
    waiting: str
    still_waiting: str
    refused: str
    approved: str
    choose_topics: str
    following: Forms
    no_topics_configured: str
    stopped: str
    stop_before_approval: str
    not_started: str
    not_approved: str
    latest_title: Forms
    why_title: str
    why_topic: str
    why_nothing: str
    why_quote: str
    why_delivered: str
    admins_only: str
    help_title: str
    unknown: str
    # To operators
    asks_to_subscribe: str
    approve: str
    refuse: str
    was_approved: str
    was_refused: str
    operators_only: str
    gone_meanwhile: str


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
    commands=(
        ("start", "الاشتراك في التنبيهات"),
        ("topics", "اختيار الموضوعات"),
        ("latest", "أحدث التنبيهات"),
        ("why", "لماذا وصلني هذا التنبيه؟"),
        ("stop", "إيقاف التنبيهات"),
        ("help", "المساعدة واللغة"),
    ),
    language_name="العربية",
    other_language="English",
    greeting="أهلًا بك في مرصد.",
    how_it_works="يراقب مرصد مواقع الأخبار العربية ويرسل إليك تنبيهًا كلما نُشر خبر في موضوع تتابعه.",
    waiting="وصل طلبك إلى المشرف، وستصلك رسالة هنا عند الموافقة عليه.",
    still_waiting="طلبك ما زال بانتظار موافقة المشرف.",
    refused="اعتذر المشرف عن قبول طلبك.",
    approved="وافق المشرف على طلبك.",
    choose_topics="اختر الموضوعات التي تريد متابعتها:",
    following=Forms(
        zero="لا تتابع أي موضوع بعد.",
        one="تتابع موضوعًا واحدًا.",
        two="تتابع موضوعين.",
        few="تتابع {n} موضوعات.",
        many="تتابع {n} موضوعًا.",
        other="تتابع {n} موضوع.",
    ),
    no_topics_configured="لم يُعرَّف أي موضوع بعد.",
    stopped="توقفت التنبيهات، وبقيت اختياراتك محفوظة. للعودة أرسل:",
    stop_before_approval="لن تصلك أي تنبيهات ما لم يوافق المشرف على طلبك.",
    not_started="للاشتراك في التنبيهات أرسل:",
    not_approved="هذا الأمر متاح بعد موافقة المشرف على طلبك.",
    latest_title=Forms(
        zero="لا توجد تنبيهات بعد.",
        one="آخر تنبيه:",
        two="آخر تنبيهين:",
        few="آخر {n} تنبيهات:",
        many="آخر {n} تنبيهًا:",
        other="آخر {n} تنبيه:",
    ),
    why_title="وصلك هذا التنبيه:",
    why_topic="لأنك تتابع موضوع {topic}، وقد وردت في الخبر:",
    why_nothing="لا أجد تنبيهًا بهذه الرسالة. أرسل هذا الأمر ردًّا على أحد التنبيهات:",
    why_quote="ومن نص الخبر:",
    why_delivered="المصدر",
    admins_only="تغيير الإعدادات في المجموعة متاح لمشرفيها الظاهرين فقط.",
    help_title="ما يمكنك فعله:",
    unknown="لا أعرف هذا الأمر. لعرض الأوامر أرسل:",
    asks_to_subscribe="طلب اشتراك جديد:",
    approve="قبول",
    refuse="رفض",
    was_approved="قُبل الطلب.",
    was_refused="رُفض الطلب.",
    operators_only="هذا متاح للمشرفين فقط.",
    gone_meanwhile="هذه المحادثة لم تعد مسجلة.",
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
    commands=(
        ("start", "Subscribe to alerts"),
        ("topics", "Choose topics"),
        ("latest", "The newest alerts"),
        ("why", "Why did I get this alert?"),
        ("stop", "Stop alerts"),
        ("help", "Help and language"),
    ),
    language_name="English",
    other_language="العربية",
    greeting="Welcome to Marsad.",
    how_it_works=(
        "Marsad watches Arabic news sites and sends you an alert whenever an article on a topic"
        " you follow is published."
    ),
    waiting="Your request has reached the operator. You will get a message here once approved.",
    still_waiting="Your request is still waiting for the operator's approval.",
    refused="The operator has declined your request.",
    approved="The operator has approved your request.",
    choose_topics="Choose the topics to follow:",
    following=Forms(
        zero="You follow no topic yet.",
        one="You follow 1 topic.",
        two="You follow 2 topics.",
        few="You follow {n} topics.",
        many="You follow {n} topics.",
        other="You follow {n} topics.",
    ),
    no_topics_configured="No topic is configured yet.",
    stopped="Alerts are stopped; your choices are kept. To come back, send:",
    stop_before_approval="You will get no alerts unless the operator approves your request.",
    not_started="To subscribe to alerts, send:",
    not_approved="This command is available once the operator has approved your request.",
    latest_title=Forms(
        zero="There are no alerts yet.",
        one="The newest alert:",
        two="The 2 newest alerts:",
        few="The {n} newest alerts:",
        many="The {n} newest alerts:",
        other="The {n} newest alerts:",
    ),
    why_title="You got this alert:",
    why_topic="because you follow {topic}, and the article says:",
    why_nothing="I find no alert in that message. Send this command as a reply to an alert:",
    why_quote="From the article:",
    why_delivered="Source",
    admins_only="Only visible administrators of the group may change its settings.",
    help_title="What you can do:",
    unknown="I do not know this command. To see the commands, send:",
    asks_to_subscribe="New request to subscribe:",
    approve="Approve",
    refuse="Refuse",
    was_approved="Approved.",
    was_refused="Refused.",
    operators_only="Only operators may do this.",
    gone_meanwhile="This chat is not registered any more.",
)


def texts_of(language: Language) -> Texts:
    return ENGLISH if language == "en" else ARABIC
