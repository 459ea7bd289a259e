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
    # Settings
    search_how: str
    search_refused: str
    search_found: str
    search_nothing: str
    settings_title: str
    zone_is: str
    quiet_off: str
    quiet_silent: str
    quiet_hold: str
    digest_hourly: str
    digest_daily: str
    muted_sites: str
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
    forget_asks: str
    forget_yes: str
    forgotten: str
    my_data: str
    privacy: tuple[str, ...]
    # To operators
    asks_to_subscribe: str
    announcement: str
    stats_chats: str
    stats_deliveries: str
    stats_day: str
    stats_alerts: str
    stats_sent: str
    sites_title: Forms
    failed_crawls: Forms
    paused: str
    paused_now: str
    resumed: str
    broadcast_empty: str
    broadcast_asks: Forms
    broadcast_yes: str
    broadcast_gone: str
    broadcast_sent: Forms
    invite: str
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
        ("settings", "الصوت والساعات الهادئة والموجز"),
        ("latest", "أحدث التنبيهات"),
        ("search", "البحث في الأرشيف"),
        ("why", "لماذا وصلني هذا التنبيه؟"),
        ("stop", "إيقاف التنبيهات"),
        ("mydata", "ما يُحفظ عني"),
        ("forget", "حذف كل ما يُحفظ عني"),
        ("privacy", "الخصوصية"),
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
    search_how="اكتب ما تبحث عنه بعد الأمر: /search قزوين",
    search_refused="لا أفهم هذا البحث. اكتب كلمات، أو عبارة كاملة بين علامتي اقتباس.",
    search_found="نتائج البحث عن",
    search_nothing="لا نتائج للبحث عن",
    settings_title="متى تصلك التنبيهات:",
    zone_is="الساعة بتوقيت",
    quiet_off="لا ساعات هادئة.",
    quiet_silent="تنبيهات بلا صوت من {begin} إلى {end}.",
    quiet_hold="لا تنبيهات من {begin} إلى {end}، ويصلك موجزها بعدها.",
    digest_hourly="الموجز كل ساعة.",
    digest_daily="الموجز كل يوم الساعة {at}.",
    muted_sites="مواقع كتمتها، اضغط الموقع لإلغاء كتمه:",
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
    site_muted="لن يصلك شيء من هذا الموقع، ويُلغى ذلك من /settings",
    forget_asks="سيُحذف كل ما يُحفظ عن هذه المحادثة: اختياراتك وآراؤك وسجل ما أُرسل إليك. هل أحذفه؟",
    forget_yes="نعم، احذفه",
    forgotten="حُذف كل شيء. للعودة أرسل:",
    my_data="ما يُحفظ عن هذه المحادثة:",
    privacy=(
        "يُحفظ رقم المحادثة وعنوانها واسم المستخدم ولغتها، وموضوعاتك وإعداداتك، والمواقع والأخبار"
        " التي كتمتها، وآراؤك في التنبيهات، والتنبيهات التي أُرسلت إليك.",
        "يُستعمل ذلك لإرسال التنبيهات ولقياس دقتها فقط، ولا يُعطى لأحد.",
        "تراه بالأمر /mydata وتحذفه كله بالأمر /forget",
    ),
    announcement="رسالة من المشرف",
    stats_chats="المحادثات",
    stats_deliveries="الرسائل",
    stats_day="آخر 24 ساعة",
    stats_alerts="تنبيهات",
    stats_sent="رسائل",
    sites_title=Forms(
        zero="لا مواقع بعد.",
        one="موقع واحد:",
        two="موقعان:",
        few="{n} مواقع:",
        many="{n} موقعًا:",
        other="{n} موقع:",
    ),
    failed_crawls=Forms(
        zero="",
        one="فشل مرة",
        two="فشل مرتين متتاليتين",
        few="فشل {n} مرات متتالية",
        many="فشل {n} مرة متتالية",
        other="فشل {n} مرة متتالية",
    ),
    paused="توقف الإرسال. لاستئنافه أرسل /resume",
    paused_now="⏸ الإرسال متوقف.",
    resumed="استؤنف الإرسال.",
    broadcast_empty="اكتب الرسالة بعد الأمر: /broadcast النص",
    broadcast_asks=Forms(
        zero="لا أحد يستلمها الآن:",
        one="تُرسل إلى محادثة واحدة:",
        two="تُرسل إلى محادثتين:",
        few="تُرسل إلى {n} محادثات:",
        many="تُرسل إلى {n} محادثة:",
        other="تُرسل إلى {n} محادثة:",
    ),
    broadcast_yes="أرسلها",
    broadcast_gone="أُرسلت من قبل أو نُسيت بعد إعادة التشغيل. أعد كتابتها إن أردت.",
    broadcast_sent=Forms(
        zero="لم تُرسل إلى أحد.",
        one="تُرسل الآن إلى محادثة واحدة.",
        two="تُرسل الآن إلى محادثتين.",
        few="تُرسل الآن إلى {n} محادثات.",
        many="تُرسل الآن إلى {n} محادثة.",
        other="تُرسل الآن إلى {n} محادثة.",
    ),
    invite="دعوة لمحادثة واحدة، صالحة سبعة أيام:",
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
        ("settings", "Sound, quiet hours and digest"),
        ("latest", "The newest alerts"),
        ("search", "Search the archive"),
        ("why", "Why did I get this alert?"),
        ("stop", "Stop alerts"),
        ("mydata", "What is stored of me"),
        ("forget", "Delete all that is stored of me"),
        ("privacy", "Privacy"),
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
    search_how="Write what to look for after the command: /search قزوين",
    search_refused="I do not understand that. Write words, or a phrase in double quotes.",
    search_found="Found for",
    search_nothing="Nothing found for",
    settings_title="When you get alerts:",
    zone_is="Times are those of",
    quiet_off="No quiet hours.",
    quiet_silent="Alerts make no sound from {begin} to {end}.",
    quiet_hold="No alerts from {begin} to {end}; a digest follows.",
    digest_hourly="A digest every hour.",
    digest_daily="A digest every day at {at}.",
    muted_sites="Sites that you muted; press one to hear of it again:",
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
    site_muted="You will get nothing from this site; undo it in /settings",
    forget_asks=(
        "All that is stored of this chat will be deleted: your choices, your opinions and the"
        " record of what was sent to you. Delete it?"
    ),
    forget_yes="Yes, delete it",
    forgotten="Everything is deleted. To come back, send:",
    my_data="What is stored of this chat:",
    privacy=(
        "Stored are the chat's number, title, user name and language, your topics and settings, the"
        " sites and stories that you muted, your opinions on alerts, and the alerts sent to you.",
        "It serves to send alerts and to measure how good they are; nobody else gets it.",
        "/mydata shows it, /forget deletes all of it.",
    ),
    announcement="A message from the operator",
    stats_chats="Chats",
    stats_deliveries="Messages",
    stats_day="Last 24 hours",
    stats_alerts="alerts",
    stats_sent="messages",
    sites_title=Forms(
        zero="No sites yet.",
        one="1 site:",
        two="2 sites:",
        few="{n} sites:",
        many="{n} sites:",
        other="{n} sites:",
    ),
    failed_crawls=Forms(
        zero="",
        one="failed once",
        two="failed twice in a row",
        few="failed {n} times in a row",
        many="failed {n} times in a row",
        other="failed {n} times in a row",
    ),
    paused="Delivery is paused. To go on, send /resume",
    paused_now="⏸ Delivery is paused.",
    resumed="Delivery goes on.",
    broadcast_empty="Write the message after the command: /broadcast TEXT",
    broadcast_asks=Forms(
        zero="Nobody would get it now:",
        one="Goes to 1 chat:",
        two="Goes to 2 chats:",
        few="Goes to {n} chats:",
        many="Goes to {n} chats:",
        other="Goes to {n} chats:",
    ),
    broadcast_yes="Send it",
    broadcast_gone="It was sent already, or forgotten by a restart. Write it again if need be.",
    broadcast_sent=Forms(
        zero="Sent to nobody.",
        one="On its way to 1 chat.",
        two="On its way to 2 chats.",
        few="On its way to {n} chats.",
        many="On its way to {n} chats.",
        other="On its way to {n} chats.",
    ),
    invite="An invitation for one chat, valid for seven days:",
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
