"""What the sets of whole pages share: a page as seen, the stories told on it, and small mark-up.

broadcasters, dailies and portals were written in one go before anything was measured on them, in
November 2026; decision 12 has the first figures, `python -m tests.quality.measure` the present
ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.quality.pages.texts import Story

URL = "https://news.example/article/48213"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page and what is known of it.

    `more`: words of the article beside the story's own. `either`: words that may be taken for the
    article's or for the page's, such as a dateline; they count neither way. `day`: the day of
    publication, None where the page does not tell it for certain. `title`: None where it is the
    story's.
    """

    html: bytes
    day: str | None
    url: str = URL
    more: str = ""
    either: str = ""
    title: str | None = None


Page = Callable[[Story], Seen]


def document(head: str, body: str, charset: str = "utf-8", declared: str | None = None) -> bytes:
    """`declared`: the charset that the page claims, where it lies; '' for none."""
    named = charset if declared is None else declared
    meta = f'<meta charset="{named}">' if named else ""
    page = (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head>{meta}{head}</head><body>{body}</body>'
        f"</html>"
    )
    return page.encode(charset, "xmlcharrefreplace")


def woven(
    story: Story, *more: str, at: int = 2, start: str = "<p>", end: str = "</p>", by: str = "\n"
) -> str:
    """The paragraphs with `more` after the first `at` of them."""
    parts = [f"{start}{text}{end}" for text in story.paragraphs]
    at = min(at, len(parts))
    return by.join((*parts[:at], *more, *parts[at:]))


DISPATCHES = (
    Story(
        "السلطات ترفع درجة التأهب بعد ارتفاع منسوب النهر في ثلاث محافظات",
        (
            "رفعت السلطات المحلية، اليوم، درجة التأهب في ثلاث محافظات مطلة على النهر بعدما بلغ "
            "منسوب المياه 17.4 مترا، وهو الأعلى منذ اثني عشر عاما.",
            "وأجلت فرق الدفاع المدني نحو 1,200 أسرة من القرى المنخفضة إلى مدارس ومراكز شباب.",
            "وقال المحافظ: «لا خسائر في الأرواح حتى الآن».",
            "وجاء في بيان هيئة السدود أن تصريف المياه سيبقى عند مستواه الحالي 48 ساعة أخرى، وأن "
            "فيضانا جديدا غير متوقع قبل نهاية الأسبوع.",
            "في المقابل، شكا مزارعون من تأخر التعويضات عن الموسم الماضي، وطالبوا بصرفها قبل "
            "زراعة القطن.",
            "وكانت سيول العام الماضي قد جرفت جسرين وألحقت أضرارا بـ 340 منزلا.",
        ),
        byline="هدى السراج",
    ),
    Story(
        "البنك المركزي يثبت سعر الفائدة ويتوقع تباطؤ التضخم إلى 6.5%",
        (
            "قرر البنك المركزي في اجتماعه الدوري تثبيت سعر الفائدة الأساسي عند 11.25 في المئة، "
            "للمرة الثالثة على التوالي.",
            "وأرجعت لجنة السياسة النقدية قرارها إلى تباطؤ التضخم السنوي من 9.1% في يناير إلى 8.3% "
            "في فبراير، بدعم من تراجع أسعار الغذاء.",
            "وتابعت اللجنة في بيانها: «تظل المخاطر مائلة إلى الارتفاع، خصوصا كلفة الشحن».",
            "ويرى محللون أن أول خفض للفائدة قد يأتي في النصف الثاني من العام، إذا استقر سعر الصرف "
            "ولم ترتفع أسعار الوقود.",
            "وأغلق المؤشر الرئيسي للبورصة مرتفعا 0.7 في المئة عقب القرار، بقيادة أسهم المصارف "
            "والاتصالات.",
        ),
        byline="طارق عبد الحي",
    ),
    Story(
        "محكمة الاستئناف تنظر في ملف انهيار العمارة وسط مطالب بتعويض الضحايا",
        (
            "بدأت محكمة الاستئناف صباح السبت النظر في ملف انهيار عمارة سكنية أودى بحياة أربعة "
            "أشخاص في خريف العام الماضي، وسط حضور كثيف لعائلات الضحايا.",
            "وطالب محامي العائلات بتعويض لا يقل عن مليوني درهم لكل أسرة، وبإعادة خبرة أنجزت «على "
            "عجل» بحسب تعبيره.",
            "وشاهد الحاضرون في القاعة تسجيلا مصورا التقطه أحد الجيران قبل الانهيار بدقائق، تظهر "
            "فيه شقوق واسعة في الجدار الخلفي.",
            "أما دفاع المقاول فتمسك ببراءة موكله، وقال إن البناء شيد وفق رخصة سليمة.",
            "وأجلت المحكمة الجلسة إلى التاسع من الشهر المقبل لاستدعاء الخبراء.",
        ),
        byline="نبيل أوعلي",
    ),
    Story(
        "إصابة خمسة عمال في انفجار أسطوانة غاز داخل ورشة للحدادة",
        (
            "أصيب خمسة عمال، مساء الجمعة، بحروق متفاوتة جراء انفجار أسطوانة غاز داخل ورشة للحدادة "
            "في المنطقة الصناعية.",
            "ونقل المصابون إلى المستشفى العام، وحالة اثنين منهم حرجة. وفتحت الشرطة تحقيقا في "
            "أسباب الحادث.",
        ),
    ),
    Story(
        "وزارة التعليم تعلق الدراسة غدا في المدارس الساحلية بسبب العاصفة",
        (
            "أعلنت وزارة التعليم تعليق الدراسة يوم غد في جميع مدارس المحافظات الساحلية بسبب "
            "العاصفة، على أن تعوض الحصص لاحقا.",
        ),
    ),
)

# Headlines of the surroundings: each names what the stories do not speak of.
OTHERS = (
    "وفد روسي يصل إلى طهران لبحث ملف محطة بوشهر",
    "موسكو: لا نية لنشر منظومات جديدة على الحدود",
    "الخارجية الإيرانية تنفي وجود مفاوضات مباشرة",
    "تراجع منسوب بحر قزوين يهدد موانئ خمس دول",
    "بوتين يستقبل أمين عام منظمة التعاون في الكرملين",
    "طهران تكشف عن مسيّرة بعيدة المدى خلال عرض عسكري",
)
LEAD = "بحث وزيرا خارجية روسيا وإيران هاتفيا آخر المستجدات في المنطقة، وفق بيان صدر في موسكو."


def link(number: int = 0, inner: str | None = None) -> str:
    return f'<a href="/article/{47000 + number}">{inner or OTHERS[number % len(OTHERS)]}</a>'


def links(tag: str = "li", count: int = 3, start: int = 0, extra: str = "") -> str:
    return "".join(f"<{tag}>{link(n)}{extra}</{tag}>" for n in range(start, start + count))
