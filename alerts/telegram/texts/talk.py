"""What the bot says to subscribers: subscribing, questions, their data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkTexts:
    commands: tuple[tuple[str, str], ...]
    other_language: str
    greeting: str
    how_it_works: str
    waiting: str
    still_waiting: str
    refused: str
    invited_only: str
    invitation_spent: str
    approved: str
    choose_topics: str
    following: Forms
    no_topics_configured: str
    stopped: str
    stop_before_approval: str
    not_started: str
    not_approved: str
    latest_title: Forms
    why_title: Forms
    why_topic: str
    why_keyword: str
    why_nothing: str
    why_none_yet: str
    why_quote: str
    admins_only: str
    help_title: str
    unknown: str
    search_how: str
    search_refused: str
    search_found: str
    search_nothing: str
    search_cut: str
    forget_asks: str
    forget_yes: str
    forgotten: str
    my_data: str
    fields: Mapping[str, str]
    values: Mapping[str, str]
    privacy: tuple[str, ...]


ARABIC: Final = TalkTexts(
    commands=(
        ("start", "الاشتراك في التنبيهات"),
        ("topics", "اختيار الموضوعات"),
        ("settings", "الصوت والساعات الهادئة والموجز"),
        ("sources", "تشغيل المصادر وكتمها"),
        ("latest", "أحدث التنبيهات"),
        ("search", "البحث في الأرشيف"),
        ("keywords", "كلماتي الخاصة"),
        ("why", "لماذا وصلني هذا التنبيه؟"),
        ("sites", "حالة المواقع"),
        ("stop", "إيقاف التنبيهات"),
        ("mydata", "ما يُحفظ عني"),
        ("forget", "حذف كل ما يُحفظ عني"),
        ("privacy", "الخصوصية"),
        ("help", "المساعدة واللغة"),
    ),
    other_language="English",
    greeting="أهلًا بك في مرصد.",
    how_it_works="يراقب مرصد مواقع الأخبار العربية ويرسل إليك تنبيهًا كلما نُشر خبر في موضوع تتابعه.",
    waiting="وصل طلبك إلى المشرف، وستصلك رسالة هنا عند الموافقة عليه.",
    still_waiting="طلبك ما زال بانتظار موافقة المشرف.",
    refused="لم يقبل المشرف طلبك.",
    invited_only="الاشتراك هنا بدعوة من المشرف.",
    invitation_spent="انتهت صلاحية هذه الدعوة أو استُعملت من قبل. اطلب من المشرف دعوة جديدة.",
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
    why_title=Forms(
        zero="",
        one="وصلك هذا التنبيه:",
        two="وصلك هذان التنبيهان:",
        few="وصلتك هذه التنبيهات:",
        many="وصلتك هذه التنبيهات:",
        other="وصلتك هذه التنبيهات:",
    ),
    why_topic="لأنك تتابع موضوع {topic}، وقد وردت في الخبر:",
    why_keyword="لأن كلمتك {topic} وردت في الخبر:",
    why_nothing="لا تنبيه في هذه الرسالة. أرسل هذا الأمر ردًّا على أحد التنبيهات:",
    why_none_yet="لم يصلك أي تنبيه بعد. لعرض أحدث التنبيهات أرسل:",
    why_quote="ومن نص الخبر:",
    admins_only="تغيير الإعدادات في المجموعة متاح لمشرفيها الظاهرين فقط.",
    help_title="ما يمكنك فعله:",
    unknown="لا أعرف هذا الأمر. لعرض الأوامر أرسل:",
    search_how="اكتب ما تبحث عنه بعد الأمر: `/search قزوين`",
    search_refused="لا أفهم هذا البحث. اكتب كلمات، أو عبارة كاملة بين علامتي اقتباس.",
    search_found="نتائج البحث عن",
    search_nothing="لا نتائج للبحث عن",
    search_cut="هذه الكلمات كثيرة الورود، فلم يشمل البحث إلا أحدث الأخبار. أضف كلمة أخص للوصول إلى"
    " ما قبلها.",
    forget_asks="سيُحذف كل ما يُحفظ عن هذه المحادثة: اختياراتك وآراؤك وسجل ما أُرسل إليك. هل أحذفه؟",
    forget_yes="نعم، احذفه",
    forgotten="حُذف كل شيء. للعودة أرسل:",
    my_data="ما يُحفظ عن هذه المحادثة:",
    fields={
        "chat": "رقم المحادثة",
        "channel": "عبر",
        "status": "حالة الاشتراك",
        "language": "اللغة",
        "title": "الاسم",
        "username": "اسم المستخدم",
        "thread": "رقم الموضوع في المجموعة",
        "created": "تاريخ الاشتراك",
        "topics": "الموضوعات",
        "keywords": "الكلمات الخاصة",
        "may_have_keywords": "الإذن بكلمات خاصة",
        "schedule": "المواعيد",
        "muted_sites": "المصادر المكتومة",
        "muted": "عدد ما كُتم",
        "opinions": "عدد الآراء",
        "messages": "عدد الرسائل",
    },
    values={
        "telegram": "تيليغرام",
        "ar": "العربية",
        "en": "الإنجليزية",
        "waiting": "بانتظار الموافقة",
        "active": "مشترك",
        "stopped": "متوقف",
        "refused": "مرفوض",
        "gone": "غادر",
    },
    privacy=(
        "يُحفظ رقم المحادثة واسمها واسم المستخدم واللغة، وموضوعاتك وكلماتك الخاصة وإعداداتك، وما"
        " كتمته من مصادر وأخبار، وآراؤك في التنبيهات، والتنبيهات التي أُرسلت إليك.",
        "يُحفظ ذلك عند المشرف وحده، ولا يُستعمل إلا لإرسال التنبيهات وقياس دقتها.",
        "تراه بالأمر `/mydata` وتحذفه كله بالأمر `/forget`",
    ),
)


ENGLISH: Final = TalkTexts(
    commands=(
        ("start", "Subscribe to alerts"),
        ("topics", "Choose topics"),
        ("settings", "Sound, quiet hours and digest"),
        ("sources", "Turn sources off and on"),
        ("latest", "The newest alerts"),
        ("search", "Search the archive"),
        ("keywords", "Keywords of my own"),
        ("why", "Why did I get this alert?"),
        ("sites", "Which sites give news"),
        ("stop", "Stop alerts"),
        ("mydata", "What is stored of me"),
        ("forget", "Delete all that is stored of me"),
        ("privacy", "Privacy"),
        ("help", "Help and language"),
    ),
    other_language="العربية",
    greeting="Welcome to Marsad.",
    how_it_works=(
        "Marsad watches Arabic news sites and sends you an alert whenever an article on a topic"
        " you follow is published."
    ),
    waiting="Your request has reached the operator. You will get a message here once approved.",
    still_waiting="Your request is still waiting for the operator's approval.",
    refused="The operator has declined your request.",
    invited_only="Subscribing here takes an invitation from the operator.",
    invitation_spent="This invitation has expired or was used. Ask the operator for a new one.",
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
    why_title=Forms(
        zero="",
        one="You got this alert:",
        two="You got these two alerts:",
        few="You got these alerts:",
        many="You got these alerts:",
        other="You got these alerts:",
    ),
    why_topic="because you follow {topic}, and the article says:",
    why_keyword="because the article has your keyword {topic}:",
    why_nothing="I find no alert in that message. Send this command as a reply to an alert:",
    why_none_yet="You have had no alert yet. To see the newest ones, send:",
    why_quote="From the article:",
    admins_only="Only visible administrators of the group may change its settings.",
    help_title="What you can do:",
    unknown="I do not know this command. To see the commands, send:",
    search_how="Write what to look for after the command: `/search قزوين`",
    search_refused="I do not understand that. Write words, or a phrase in double quotes.",
    search_found="Found for",
    search_nothing="Nothing found for",
    search_cut="These words stand nearly everywhere, so only the newest articles were searched."
    " Add a rarer word to look further back.",
    forget_asks=(
        "All that is stored of this chat will be deleted: your choices, your opinions and the"
        " record of what was sent to you. Delete it?"
    ),
    forget_yes="Yes, delete it",
    forgotten="Everything is deleted. To come back, send:",
    my_data="What is stored of this chat:",
    fields={
        "chat": "Chat number",
        "channel": "By",
        "status": "State",
        "language": "Language",
        "title": "Name",
        "username": "User name",
        "thread": "Topic of the group",
        "created": "Since",
        "topics": "Topics",
        "keywords": "Keywords of its own",
        "may_have_keywords": "Allowed keywords of its own",
        "schedule": "Schedule",
        "muted_sites": "Sources turned off",
        "muted": "Muted, in all",
        "opinions": "Opinions",
        "messages": "Messages",
    },
    values={"telegram": "Telegram", "ar": "Arabic", "en": "English"},
    privacy=(
        "Stored are the chat's number, name, user name and language, your topics, keywords and"
        " settings, the sources and stories that you muted, your opinions on alerts, and the alerts"
        " sent to you.",
        "Only the operator has it, to send alerts and to measure how good they are.",
        "`/mydata` shows it, `/forget` deletes all of it.",
    ),
)


def talk_texts(language: Language) -> TalkTexts:
    return ENGLISH if language == "en" else ARABIC
