"""Whole pages of kinds that the other layouts do not have, each with traps of its own.

They were written before anything was measured on them, in November 2026; docs/performance.md has
the first figures. A page takes a story; `DAYS` names those whose day of publication is read.
"""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Callable, Mapping

from tests.quality.pages.texts import Story

DAY = "2026-03-14"
_PAST = "2026-03-09T10:00:00+03:00"
Page = Callable[[Story], bytes]


def _html(head: str, body: str, charset: str = "utf-8") -> bytes:
    page = (
        f'<!doctype html><html dir="rtl" lang="ar"><head><meta charset="{charset}">{head}</head>'
        f"<body>{body}</body></html>"
    )
    return page.encode(charset, "xmlcharrefreplace")


def _p(story: Story, start: str = "<p>", end: str = "</p>") -> list[str]:
    return [f"{start}{text}{end}" for text in story.paragraphs]


def _after(parts: list[str], at: int, *more: str) -> str:
    at = min(at, len(parts))
    return "\n".join((*parts[:at], *more, *parts[at:]))


def pinned_live(story: Story) -> bytes:
    """A live page: the report is pinned on top, other events' entries are in a column of teasers."""
    entries = "".join(
        f'<li class="x1"><time datetime="{_PAST}">{hour}:20</time><a href="/live/{hour}">{text}</a></li>'
        for hour, text in ((9, "موسكو تعلن هدنة ليوم واحد"), (10, "طهران ترد على المقترح الأوروبي"))
    )
    return _html(
        f"<title>مباشر | {story.title}</title>"
        f'<meta property="og:title" content="{story.title}">'
        f'<meta property="article:published_time" content="{DAY}T08:00:00+03:00">',
        f"""<div class="page-top"><span>مباشر</span> <span>آخر تحديث 11:40</span></div>
<div class="two"><div class="one-a"><h1>{story.title}</h1>{_after(_p(story), 2)}</div>
<div class="one-b"><h4>أحداث جارية</h4><ul>{entries}</ul></div></div>""",
    )


def amp_story(story: Story) -> bytes:
    """AMP with an accordion, an advertisement with words and a list that more articles fill."""
    return _html(
        f"<title>{story.title}</title><link rel=canonical href=https://news.example/a/1>"
        f"""<script type="application/ld+json">{
            json.dumps(
                {
                    "@type": "NewsArticle",
                    "headline": story.title,
                    "datePublished": f"{DAY}T06:00:00Z",
                },
                ensure_ascii=False,
            )
        }</script>""",
        f"""<header class="hd"><a href="/">صحيفة المدى الجديد</a></header>
<article><h1>{story.title}</h1><amp-img src=1.jpg width=4 height=3></amp-img>
<div class="cap1">سفينة في ميناء أنزلي على بحر قزوين (أرشيفية)</div>
{
            _after(
                _p(story),
                2,
                "<amp-ad width=3 height=2>إعلان: رحلات إلى موسكو</amp-ad>",
                '<amp-accordion><section><h4>اقرأ أيضا</h4><div><a href="/9">روسيا وإيران توقعان اتفاق غاز</a></div></section></amp-accordion>',
            )
        }
</article>""",
    )


def frames_table(story: Story) -> bytes:
    """Tables in tables, windows-1256, the day in digits beside the source, a ticker in a cell."""
    rows = _after(_p(story, "<tr><td class=t>", "</td></tr>"), 2,
                  '<tr><td align=left><a href="n.asp?id=77">الكرملين: لا لقاء قريبا</a></td></tr>')  # fmt: skip
    return _html(
        f"<title>{story.title} - جريدة الضفتين</title>",
        f"""<table width=900><tr><td bgcolor=#900><b>عاجل</b></td>
<td>البرلمان الإيراني يناقش الموازنة *** انفجار في محطة قرب موسكو *** أسعار الذهب تستقر</td></tr></table>
<table width=900><tr><td width=600><table><tr><td><h1>{story.title}</h1></td></tr>
<tr><td><small>14/03/2026 - جريدة الضفتين</small></td></tr>{rows}</table></td>
<td width=300><table><tr><td>الأكثر قراءة</td></tr><tr><td><a href="n.asp?id=3">طهران تستدعي السفير</a></td></tr>
</table></td></tr></table>""",
        "windows-1256",
    )


def drupal_fields(story: Story) -> bytes:
    """Drupal with a field for each thing, related nodes as entity references, taxonomy terms."""
    return _html(
        f"<title>{story.title} | المرصد</title>",
        f"""<div id="page"><main role="main"><div class="region region-content">
<div class="node node--type-article"><h1 class="page-title"><span>{story.title}</span></h1>
<div class="field field--name-created">السبت, 03/14/2026 - 10:15</div>
<div class="field field--name-field-image"><img src=1.jpg><div class="field__item">جنود روس قرب الحدود</div></div>
<div class="field field--name-body field--type-text-with-summary"><div class="field__item">{_after(_p(story), 3)}</div></div>
<div class="field field--name-field-topics"><div class="field__label">المواضيع</div>
<div class="field__items"><div class="field__item"><a href=/t/1>إيران</a></div><div class="field__item"><a href=/t/2>روسيا</a></div></div></div>
<div class="field field--name-field-see"><div class="field__label">مواد متصلة</div><div class="field__items">
<div class="field__item"><a href=/n/5>موسكو تزيد إنتاج القمح</a></div></div></div></div></div></main></div>""",
    )


def joomla_k2(story: Story) -> bytes:
    """Joomla with K2: intro text apart from full text, hits, other items of the section."""
    first, *rest = story.paragraphs
    return _html(
        f"<title>{story.title}</title>",
        f"""<div id="k2Container" class="itemView"><span class="itemDateCreated">السبت، 14 آذار/مارس 2026 09:12</span>
<h2 class="itemTitle">{story.title}</h2><span class="itemAuthor">كتبه {story.byline}</span>
<div class="itemToolbar"><ul><li>حجم الخط</li><li>طباعة</li></ul></div>
<div class="itemBody"><div class="itemIntroText"><p>{first}</p></div>
<div class="itemFullText">{"".join(f"<p>{each}</p>" for each in rest)}</div>
<div class="itemContentFooter"><span class="itemHits">قراءة <b>1520</b> مرات</span></div></div>
<div class="itemAuthorLatest"><h3>أحدث مواد {story.byline}</h3><ul><li class="even"><a href=/8>قراءة في الموقف الروسي</a></li>
<li class="odd"><a href=/9>ماذا تريد طهران؟</a></li></ul></div></div>""",
    )


def blogger_dates(story: Story) -> bytes:
    """Blogger: text between breaks in one div, labels, popular posts with snippets."""
    text = "<br /><br />".join(story.paragraphs)
    return _html(
        f"<title>مدونة النخيل: {story.title}</title>",
        f"""<div class='main section'><h2 class='date-header'><span>السبت، 14 مارس 2026</span></h2>
<div class='post hentry'><h3 class='post-title entry-title'>{story.title}</h3>
<div class='post-body entry-content'><div style="text-align:right">{text}</div></div>
<div class='post-footer'><span class='post-labels'>التسميات: <a href=/l/1>إيران</a>، <a href=/l/2>بحر قزوين</a></span></div></div></div>
<div class='sidebar-x'><h2>المشاركات الشائعة</h2><div><a href=/p/1>عشر حقائق عن روسيا</a>
<div>تمتد روسيا على إحدى عشرة منطقة زمنية، وهي أكبر بلاد العالم مساحة بلا منازع.</div></div></div>""",
    )


def own_system(story: Story) -> bytes:
    """A system of its own: numbers for names, paragraphs as divs, a box of a partner in between."""
    box = (
        '<div class="b77"><div class="b78">من شركائنا</div><div class="b79"><img src=2.jpg>'
        '<div class="b80">شركة إيرانية تعرض سيارتها الجديدة</div></div></div>'
    )
    return _html(
        f"<title>{story.title}</title><meta name=pubdate content={DAY}>",
        f"""<div class="a1"><div class="a2">{story.title}</div><div class="a3">نشر: 2026-03-14</div>
<div class="a4">{_after(_p(story, '<div class="a5">', "</div>"), 2, box)}</div></div>""",
    )


def react_state(story: Story) -> bytes:
    """Nothing but scripts: the article lies in the state that the page is rendered from."""
    state = {
        "article": {
            "title": story.title,
            "publishedAt": f"{DAY}T09:00:00Z",
            "body": "".join(f"<p>{each}</p>" for each in story.paragraphs),
        },
        "related": [{"title": "روسيا وإيران: شراكة تحت الضغط", "url": "/r/1"}],
    }
    ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": f"{DAY}T09:00:00Z",
        "articleBody": "\n".join(story.paragraphs),
    }
    return _html(
        f"<title>{story.title}</title>"
        f'<script type="application/ld+json">{json.dumps(ld, ensure_ascii=False)}</script>',
        '<div id="root"></div><noscript>يحتاج هذا الموقع إلى تفعيل جافاسكريبت.</noscript>'
        f"<script>window.__STATE__={json.dumps(state, ensure_ascii=False)}</script>",
    )


def letter(story: Story) -> bytes:
    """A newsletter: the story first, then others in the same tables with their headings."""
    other = (
        '<tr><td><h3><a href="/n/2">في إيجاز: موسكو</a></h3><p>أعلن الكرملين أن الزيارة تأجلت.'
        ' <a href="/n/2">للقراءة</a></p></td></tr>'
    )
    return _html(
        f"<title>{story.title}</title>",
        f"""<table width=600><tr><td>النشرة المسائية | 14 مارس 2026 | <a href=/web>اعرضها في المتصفح</a></td></tr>
<tr><td><h1>{story.title}</h1>{_after(_p(story), 9)}</td></tr>{other}
<tr><td>وصلتك هذه الرسالة لأنك مشترك. <a href=/u>إلغاء الاشتراك</a></td></tr></table>""",
    )


def photo_story(story: Story) -> bytes:
    """Slides with numbers and captions before the text."""
    slides = "".join(
        f'<div class="sl"><img src={n}.jpg><span>{n}/3</span><p>{text}</p></div>'
        for n, text in enumerate(
            ("مشهد من ساحل قزوين", "صيادون إيرانيون عند الفجر", "سوق في مدينة رشت الإيرانية"), 1
        )
    )
    return _html(
        f'<title>{story.title}</title><meta property="article:published_time" content="{DAY}">',
        f"""<article><h1>{story.title}</h1><div class="slides">{slides}</div>
<div class="words">{_after(_p(story), 9)}</div></article>""",
    )


def video_page(story: Story) -> bytes:
    """A player, its transcript button, the text, and a strip of what plays next."""
    nexts = "".join(
        f'<div class="pl"><a href="/v/{n}"><img src="{n}.jpg"></a><span>02:1{n}</span><b>{text}</b></div>'
        for n, text in enumerate(("ماذا يجري في طهران؟", "جولة في موسكو القديمة"), 1)
    )
    return _html(
        f'<title>{story.title}</title><meta property="og:title" content="{story.title}">'
        f'<meta itemprop="uploadDate" content="{DAY}T10:00:00Z">',
        f"""<div class="v"><video src=a.mp4></video><button>تشغيل</button><h1>{story.title}</h1>
<div class="desc">{_after(_p(story), 9)}</div></div><div class="strip"><h3>يعرض تاليا</h3>{nexts}</div>""",
    )


def opinion(story: Story) -> bytes:
    """An opinion: the writer's box before the text, other columns of the day after it."""
    return _html(
        f'<title>{story.title}</title><meta name="author" content="{story.byline}">',
        f"""<main><section><div class="wr"><img src=w.jpg><strong>{story.byline}</strong>
<p>كاتبة وباحثة في الشأن الروسي والإيراني</p></div><h1>{story.title}</h1><time datetime="{DAY}">السبت</time>
{_after(_p(story), 9)}<p><em>المقالات تعبر عن آراء أصحابها فقط</em></p></section>
<section><h2>كتاب اليوم</h2><div><img src=x.jpg><a href=/o/2>عن موسكو وأشياء أخرى</a><span>نادر الصافي</span></div></section></main>""",
    )


def numbered(story: Story) -> bytes:
    """A long read in pages: numbers and a jump list between the headline and the text."""
    return _html(
        f"<title>{story.title} - الصفحة 1 من 3</title>",
        f"""<div id=c><h1>{story.title}</h1><div>١٤ مارس ٢٠٢٦</div>
<ol><li><a href="?p=1">المقدمة</a></li><li><a href="?p=2">الدور الإيراني</a></li><li><a href="?p=3">حسابات روسيا</a></li></ol>
{_after(_p(story), 9)}<div>الصفحة 1 من 3 <a href="?p=2">التالية: الدور الإيراني</a></div></div>""",
    )


def endless(story: Story) -> bytes:
    """A second article, loaded below the first in the same element."""
    return _html(
        f'<title>{story.title}</title><meta property="og:title" content="{story.title}">',
        f"""<div class="feed"><div class="item" data-url="/1"><h1>{story.title}</h1><span>14 مارس 2026</span>
<div class="bd">{_after(_p(story), 9)}</div></div>
<div class="item" data-url="/2"><h1>موسكو تعيد فتح سفارتها</h1><span>13 مارس 2026</span>
<div class="bd"><p>أعادت روسيا فتح سفارتها بعد ثلاث سنوات من الإغلاق، في خطوة رحبت بها طهران.</p>
<p>وقالت الخارجية الروسية إن السفير سيباشر عمله خلال أسبوع.</p></div></div></div>""",
    )


def cookie_wall(story: Story) -> bytes:
    """A wall in front of the text that is longer than a notice, with partners and purposes."""
    wall = """<div class="w1"><div class="w2"><h2>خصوصيتك تهمنا</h2>
<p>نحن وشركاؤنا البالغ عددهم 812 نخزن معلومات على جهازك ونصل إليها، مثل المعرفات الفريدة، لمعالجة البيانات الشخصية.</p>
<p>يمكنك قبول خياراتك أو إدارتها في أي وقت، بما في ذلك حقك في الاعتراض حيث تستخدم المصلحة المشروعة.</p>
<button>أوافق</button><button>المزيد من الخيارات</button></div></div>"""
    return _html(
        f'<title>{story.title}</title><meta property="article:published_time" content="{DAY}T00:10:00Z">',
        f"""{wall}<div class="m1"><h1>{story.title}</h1>{_after(_p(story), 9)}</div>""",
    )


def woven_link(story: Story) -> bytes:
    """'Read also' as the last sentence of a paragraph, without brackets and lines."""
    also = ' <strong>إقرأ أيضا: <a href="/7">إيران تختبر قمرا صناعيا</a></strong>'
    *others, last = story.paragraphs
    texts = "".join(f"<p>{each}</p>" for each in (*others, last + also))
    return _html(
        f"<title>{story.title}</title>",
        f'<div class="cnt"><h1>{story.title}</h1><p class="d">نشر في 14 مارس 2026</p>{texts}</div>',
    )


def ticker_divs(story: Story) -> bytes:
    """A ticker of divs between the headline and the text."""
    ticker = "".join(
        f'<div class="tk"><span>{hour}</span><span>{text}</span></div>'
        for hour, text in (("10:05", "بوتين يلتقي وفدا إفريقيا"), ("10:01", "زلزال خفيف قرب قزوين"))
    )
    return _html(
        f"<title>{story.title}</title>",
        f"""<div class="z"><h1>{story.title}</h1><div class="d8">السبت 14 مارس 2026</div><div class="q">{ticker}</div>
<div class="k">{_after(_p(story), 9)}</div></div>""",
    )


def captions(story: Story) -> bytes:
    """A picture in the middle of the text, its caption a div with the agency's name."""
    caption = '<div class="im"><img src=5.jpg><div>الرئيس الروسي خلال زيارة سابقة إلى طهران. تاس</div></div>'
    return _html(
        f"<title>{story.title}</title>",
        f"""<div class="pg"><h1>{story.title}</h1><div>14-3-2026 | {story.byline}</div>
{_after(_p(story), 2, caption)}</div>""",
    )


def cloud(story: Story) -> bytes:
    """A cloud of words in sizes, without a heading, right under the text."""
    words = " ".join(
        f'<a href="/w/{n}" style="font-size:{n + 10}px">{word}</a>'
        for n, word in enumerate(("طهران", "الطقس", "موسكو", "الدوري", "الخزر"))
    )
    return _html(
        f"<title>{story.title}</title>",
        f"""<div class="h"><h1>{story.title}</h1><abbr class="published" title="{DAY}T07:00:00+02:00">قبل يوم</abbr>
{_after(_p(story), 9)}<div>{words}</div></div>""",
    )


def magazine(story: Story) -> bytes:
    """A magazine: a standfirst, a pull quote that leads away, a box of numbers, endnotes."""
    quote = '<aside class="pq">إيران على مفترق طرق: ملف العدد القادم</aside>'
    facts = '<div class="num"><a href="/i/4"><span>في العدد</span> <span>روسيا بعد الحرب</span></a></div>'
    return _html(
        f"<title>{story.title} • مجلة الأفق</title>",
        f"""<div class="cover"><h1>{story.title}</h1><p class="by">{story.byline}، مارس 2026</p></div>
<div class="cols">{_after(_p(story), 2, quote, facts)}</div>
<div class="end"><a href="/s">اشترك في مجلة الأفق</a></div>""",
    )


STRANGERS: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        pinned_live, amp_story, frames_table, drupal_fields, joomla_k2, blogger_dates, own_system,
        react_state, letter, photo_story, video_page, opinion, numbered, endless, cookie_wall,
        woven_link, ticker_divs, captions, cloud, magazine,
    )
}  # fmt: skip
# A month alone; the day of a letter, before its first headline, which may be any day.
DAYS = frozenset(STRANGERS) - {"magazine", "letter"}
