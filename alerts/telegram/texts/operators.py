"""What the bot says to operators, and of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.forms import Forms
from models.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTexts:
    asks_to_subscribe: str
    states: Mapping[str, str]
    stats_chats: str
    stats_deliveries: str
    stats_day: str
    stats_alerts: str
    stats_sent: str
    sites_title: Forms
    failed_crawls: Forms
    blind_since: str
    blocked_since: str
    unproven: str
    not_read: str
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


ARABIC: Final = OperatorTexts(
    asks_to_subscribe="طلب اشتراك جديد:",
    states={
        "waiting": "بانتظار الموافقة",
        "active": "نشطة",
        "stopped": "متوقفة",
        "refused": "مرفوضة",
        "gone": "غادرت",
        "pending": "بالانتظار",
        "retry": "تُعاد محاولتها",
        "in flight": "تُرسل الآن",
        "sent": "وصلت",
        "dead": "فشلت",
        "cancelled": "أُلغيت",
    },
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
    blind_since="بلا أخبار منذ",
    blocked_since="يرفض البرامج منذ",
    unproven="لم تنجح قراءته بعد",
    not_read="لم يُقرأ بعد",
    paused="توقف الإرسال. لاستئنافه أرسل: `/resume`",
    paused_now="⏸ الإرسال متوقف.",
    resumed="استؤنف الإرسال.",
    broadcast_empty="اكتب الرسالة بعد الأمر: `/broadcast النص`",
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
    approve="قبول",
    refuse="رفض",
    was_approved="قُبل الطلب.",
    was_refused="رُفض الطلب.",
    operators_only="هذا متاح للمشرفين فقط.",
    gone_meanwhile="هذه المحادثة لم تعد مسجلة.",
)


ENGLISH: Final = OperatorTexts(
    asks_to_subscribe="New request to subscribe:",
    states={},
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
    blind_since="blind since",
    blocked_since="refuses programs since",
    unproven="could not be read yet",
    not_read="not read yet",
    paused="Delivery is paused. To go on, send: `/resume`",
    paused_now="⏸ Delivery is paused.",
    resumed="Delivery goes on.",
    broadcast_empty="Write the message after the command: `/broadcast TEXT`",
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
    approve="Approve",
    refuse="Refuse",
    was_approved="Approved.",
    was_refused="Refused.",
    operators_only="Only operators may do this.",
    gone_meanwhile="This chat is not registered any more.",
)


def operator_texts(language: Language) -> OperatorTexts:
    return ENGLISH if language == "en" else ARABIC
