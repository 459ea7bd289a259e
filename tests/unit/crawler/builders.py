"""Pages, feeds and sitemaps in the shapes that news sites send; the Arabic is our own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

FIRST = "وصل وفد اقتصادي من موسكو إلى طهران صباح السبت لبحث مشاريع النقل المشتركة بين الجانبين."
SECOND = "وقال رئيس الوفد إن المباحثات ستتناول استكمال خط السكة الحديد وتسهيل حركة الشاحنات."
THIRD = "ومن المقرر أن يوقع الطرفان في ختام الزيارة مذكرة تفاهم حول الموانئ المطلة على بحر قزوين."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story of a sample site."""

    path: str
    title: str
    paragraphs: tuple[str, ...] = (FIRST, SECOND, THIRD)
    date: str = "Sat, 14 Mar 2026 09:30:00 +0000"


STORY = Story(path="/2026/03/14/wafd-iqtisadi/", title="وفد اقتصادي روسي يبدأ زيارة إلى طهران")
OTHER = Story(
    path="/2026/03/14/mina-jadid/",
    title="افتتاح رصيف جديد في ميناء أنزلي",
    paragraphs=(
        "افتتحت سلطة الموانئ رصيفاً جديداً في ميناء أنزلي شمالي البلاد بطاقة مليون طن سنوياً.",
        "وأوضح مدير الميناء أن الرصيف سيخدم سفن الحبوب القادمة من الموانئ الروسية والكازاخية.",
    ),
)


def page(story: Story, *, head: str = "", canonical: str | None = None) -> str:
    """A plain article page: a title, a heading, paragraphs in .entry-content."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs)
    return (
        "<!doctype html><html lang=ar><head><meta charset=utf-8>"
        f"<title>{story.title} | صحيفة المثال</title>{link}{head}</head>"
        f"<body><nav><a href=/>الرئيسية</a></nav><article><h1>{story.title}</h1>"
        f"<div class=entry-content>{text}</div></article></body></html>"
    )


def item(base: str, story: Story, *, extra: str = "") -> str:
    return (
        f"<item><title>{escape(story.title)}</title><link>{base}{story.path}</link>"
        f"<pubDate>{story.date}</pubDate>{extra}</item>"
    )


def feed(base: str, *stories: Story, extra: str = "") -> str:
    items = "".join(item(base, story, extra=extra) for story in stories)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>صحيفة المثال</title><link>{base}/</link>{items}</channel></rss>"
    )
