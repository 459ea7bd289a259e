"""How news sites build pages; none is WordPress. Each takes a story and what stands around it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.quality.pages.texts import Story


@dataclass(frozen=True, slots=True)
class Surroundings:
    """HTML that the page puts before the headline, after the second paragraph, after the text and
    at its foot."""

    before: str = ""
    inside: str = ""
    after: str = ""
    foot: str = ""
    paragraphs: tuple[str, ...] = field(default=())


class Layout(Protocol):
    def __call__(self, story: Story, around: Surroundings) -> bytes: ...


def _paragraphs(story: Story, around: Surroundings, start: str = "<p>", end: str = "</p>") -> str:
    texts = around.paragraphs or story.paragraphs
    marked = [f"{start}{text}{end}" for text in texts]
    marked.insert(min(2, len(marked)), around.inside)
    return "\n".join(marked)


def _html(head: str, body: str, charset: str = "utf-8") -> bytes:
    page = (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="{charset}">{head}</head>'
        f"<body>{body}</body></html>"
    )
    return page.encode(charset, "xmlcharrefreplace")


def _menu(start: str = "<li>", end: str = "</li>") -> str:
    names = ("الرئيسية", "سياسة", "اقتصاد", "رياضة", "ثقافة", "إيران", "روسيا")
    return "".join(f'{start}<a href="/s/{n}">{name}</a>{end}' for n, name in enumerate(names))


def portal(story: Story, around: Surroundings) -> bytes:
    """A portal in tables, with the menu on the right and headlines on the left."""
    return _html(
        f"<title>{story.title} - بوابة الأخبار</title>",
        f"""<table width="980" align="center"><tr><td colspan="3">{around.before}</td></tr>
<tr><td width="150" valign="top">
<table>{_menu("<tr><td>", "</td></tr>")}</table></td>
<td valign="top"><table width="100%"><tr><td><h1>{story.title}</h1></td></tr>
<tr><td><font size="1">{story.day} - {story.byline}</font></td></tr>
<tr><td>{_paragraphs(story, around)}{around.after}</td></tr></table></td>
<td width="200" valign="top"><a href="/x">صور الأسبوع</a></td></tr>
<tr><td colspan="3">{around.foot}</td></tr></table>""",
    )


def old_tables(story: Story, around: Surroundings) -> bytes:
    """The nineties: windows-1256, fonts, text parted by line breaks in one cell."""
    texts = around.paragraphs or story.paragraphs
    text = "<br><br>".join((*texts[:2], *((around.inside,) if around.inside else ()), *texts[2:]))
    return _html(
        f"<title>{story.title}</title>",
        f"""{around.before}<table border="0" width="750"><tr>
<td width="140" bgcolor="#eee">{_menu()}</td><td><font size="5" color="red"><b>{story.title}</b>
</font><br>
<font size="2">{story.day}</font><hr><font face="Simplified Arabic" size="4">{text}
</font>{around.after}</td>
</tr></table><center>{around.foot}</center>""",
        "windows-1256",
    )


def nested_tables(story: Story, around: Surroundings) -> bytes:
    """windows-1256 again; each paragraph in a row of its own."""
    rows = _paragraphs(story, around, "<tr><td><p align=justify>", "</p></td></tr>")
    rows = (
        rows.replace(around.inside, f"<tr><td>{around.inside}</td></tr>") if around.inside else rows
    )
    return _html(
        f"<title>{story.title} :: الوكالة</title>",
        f"""<table><tr><td>{around.before}</td></tr></table><table><tr><td><table>{_menu()}
</table></td>
<td><table><tr><td class="t1"><b>{story.title}</b></td></tr><tr><td class="t2">{story.day}</td></tr>
{rows}<tr><td>{around.after}</td></tr></table></td></tr></table>{around.foot}""",
        "windows-1256",
    )


def soup(story: Story, around: Surroundings) -> bytes:
    """Elements without a name, headings without a tag."""
    return _html(
        f"<title>{story.title} | الموقع</title>",
        f"""<div><div>{around.before}</div><div><ul>{_menu()}</ul></div><div><div>
<div>{story.title}</div>
<div>{story.day}</div><div>{_paragraphs(story, around, "<div>", "</div>")}</div>{around.after}</div>
<div><div><a href="/1">ألبوم الصور</a></div></div></div><div>{around.foot}</div></div>""",
    )


def soup_with_heading(story: Story, around: Surroundings) -> bytes:
    """The same with an h1 and hashed class names, each paragraph in a box of its own."""
    return _html(
        f"<title>{story.title} - القناة</title>",
        f"""<div id="root"><div class="css-1x2a"><ul class="css-9k">{_menu()}</ul>
</div>{around.before}
<main role="main"><div class="css-8qz"><h1 class="css-77t">{story.title}</h1></div>
<div class="css-0pp"><time datetime="2026-03-14T08:00:00Z">{story.day}</time></div>
{_paragraphs(story, around, '<div class="css-19"><p dir="rtl" class="css-4">', "</p></div>")}
{around.after}</main>{around.foot}</div>""",
    )


def json_ld(story: Story, around: Surroundings) -> bytes:
    """The facts as schema.org has them, the text in sections."""
    facts = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "المنبر"},
            {
                "@type": ["NewsArticle"],
                "headline": story.title,
                "datePublished": "2026-03-14T08:00:00+03:00",
                "author": [{"@type": "Person", "name": story.byline}],
            },
        ],
    }
    return _html(
        f'<title>{story.title} | المنبر</title><script type="application/ld+json">'
        f"{json.dumps(facts, ensure_ascii=False)}</script>",
        f"""<header><a href="/">المنبر</a>{around.before}<nav><ul>{_menu()}</ul></nav></header>
<article><header><h1>{story.title}</h1><span>{story.byline}</span></header>
<section>{_paragraphs(story, around)}</section>{around.after}</article><footer>{around.foot}
</footer>""",
    )


def amp(story: Story, around: Surroundings) -> bytes:
    return _html(
        f'<title>{story.title}</title><link rel="canonical" href="https://news.example/1">'
        '<script async src="https://cdn.ampproject.org/v0.js"></script>',
        f"""<amp-sidebar id="s"><ul>{_menu()}</ul></amp-sidebar>{around.before}
<div class="amp-wrap"><h1>{story.title}</h1><amp-img src="/a.jpg" width="1" height="1"></amp-img>
<p class="amp-date">{story.day}</p>{_paragraphs(story, around)}
<amp-social-share type="twitter"></amp-social-share>{around.after}</div>{around.foot}""",
    )


def bootstrap(story: Story, around: Surroundings) -> bytes:
    """Rows, columns and cards, with the text in a card as the teasers are."""
    return _html(
        f'<title>{story.title} - الصباح</title><meta property="og:title" content="{story.title}">',
        f"""<div class="navbar"><ul class="navbar-nav">{_menu()}</ul></div><div class="container">
{around.before}<div class="row"><div class="col-lg-8"><div class="card"><div class="card-header">
<h1 class="card-title">{story.title}</h1><small class="text-muted">{story.day}</small></div>
<div class="card-body">{_paragraphs(story, around, '<p class="card-text">')}{around.after}</div>
</div></div>
<div class="col-lg-4"><div class="card"><div class="card-body">
<a href="/4" class="card-link">ملفات</a>
</div></div></div></div></div><div class="container-fluid">{around.foot}</div>""",
    )


def next_js(story: Story, around: Surroundings) -> bytes:
    """Rendered on the server; the data lies beside the text once more."""
    data = {"props": {"pageProps": {"title": story.title, "body": list(story.paragraphs)}}}
    script = json.dumps(data, ensure_ascii=False)
    return _html(
        f'<title>{story.title}</title><meta name="next-head-count" content="2">',
        f"""<div id="__next"><div class="Layout_wrap__a1B2"><div class="Header_menu__x9">{_menu()}
</div>
{around.before}<div class="Article_root__Zz0"><h1 class="Article_head__q">{story.title}</h1>
<div class="Article_info__w">{story.byline} • {story.day}</div>
<div class="Article_text__e">{_paragraphs(story, around)}</div>{around.after}</div>{around.foot}
</div></div>
<script id="__NEXT_DATA__" type="application/json">{script}</script>""",
    )


def aspnet(story: Story, around: Surroundings) -> bytes:
    """A whole page inside one form, as ASP.NET writes it."""
    return _html(
        f"<title>{story.title}</title>",
        f"""<form method="post" action="./news.aspx?id=5" id="aspnetForm"><div>
<input type="hidden" name="__VIEWSTATE" value="dDw3"></div>{around.before}
<div id="ctl00_menu"><ul>{_menu()}</ul></div><div id="ctl00_ContentPlaceHolder1_pnl">
<h1><span id="ctl00_lblTitle">{story.title}</span></h1><span id="ctl00_lblDate">{story.day}</span>
<div id="ctl00_lblBody">{_paragraphs(story, around)}</div>{around.after}</div>{around.foot}
</form>""",
    )


def live_blog(story: Story, around: Surroundings) -> bytes:
    """Entries, each under its time."""
    texts = around.paragraphs or story.paragraphs
    entries = [
        f'<div class="entry" id="e{n}"><time>{10 + n}:3{n}</time><div><p>{text}</p></div></div>'
        for n, text in enumerate(texts)
    ]
    entries.insert(min(2, len(entries)), around.inside)
    return _html(
        f"<title>{story.title} - مباشر</title>",
        f"""<nav><ul>{_menu()}</ul></nav>{around.before}<main><h1>{story.title}</h1>
<div class="live">{"".join(entries)}</div>{around.after}</main>{around.foot}""",
    )


def gallery(story: Story, around: Surroundings) -> bytes:
    """A gallery after the text; its pictures have captions."""
    pictures = "".join(
        f'<figure><a href="/p{n}"><img src="/p{n}.jpg"></a><figcaption>صورة {n}: ميناء أنزلي في '
        f"إيران"
        "</figcaption></figure>"
        for n in range(3)
    )
    return _html(
        f'<title>{story.title}</title><meta property="og:title" content="{story.title}">',
        f"""<header><ul>{_menu()}</ul></header>{around.before}<article itemscope>
<h1 itemprop="headline">{story.title}</h1><div itemprop="articleBody">{_paragraphs(story, around)}
<div class="slides">{pictures}</div></div>{around.after}</article>{around.foot}""",
    )


def span_paragraphs(story: Story, around: Surroundings) -> bytes:
    """Pasted from a word processor: spans and breaks inside one box with a telling id."""
    text = _paragraphs(story, around, '<span style="font-size:14pt">', "</span><br/><br/>")
    return _html(
        f"<title>{story.title} » جريدة الغد</title>",
        f"""<div id="top"><ul>{_menu()}</ul></div>{around.before}<div id="content">
<h2>{story.title}</h2>
<div id="info">{story.day} | {story.byline}</div><div id="newsText">{text}</div>{around.after}</div>
<div id="bottom">{around.foot}</div>""",
    )


def sidebar_inside(story: Story, around: Surroundings) -> bytes:
    """A column beside the text, inside the article element and before the text in the source."""
    return _html(
        f"<title>{story.title} - الرأي</title>",
        f"""<div class="bar"><ul>{_menu()}</ul></div><article><div class="col-3"><h3>الأكثر مشاهدة
</h3>
<ul><li><a href="/8">طهران: قمة قزوين تبدأ غدا</a></li><li><a href="/9">موسكو تحذر من العواصف</a>
</li></ul>
</div><div class="col-9">{around.before}<h1>{story.title}</h1><div class="d">{story.day}</div>
{_paragraphs(story, around)}{around.after}</div></article>{around.foot}""",
    )


def drupal(story: Story, around: Surroundings) -> bytes:
    return _html(
        f'<title>{story.title} | الديوان</title><meta name="Generator" content="Drupal 7">',
        f"""<div id="page"><div id="navigation"><ul class="menu">{_menu()}</ul></div>{around.before}
<div class="region region-content"><h1 class="page-header">{story.title}</h1>
<div id="node-88" class="node node-article clearfix"><div class="submitted">{story.day}</div>
<div class="field field-name-body field-type-text-with-summary"><div class="field-items">
<div class="field-item even" property="content:encoded">{_paragraphs(story, around)}</div></div>
</div>
{around.after}</div></div></div>{around.foot}""",
    )


def joomla(story: Story, around: Surroundings) -> bytes:
    return _html(
        f"<title>{story.title}</title>",
        f"""<div class="nav-box"><ul class="nav menu">{_menu()}</ul></div>{around.before}
<div class="item-page"><div class="page-header"><h2>{story.title}</h2></div>
<dl class="article-info"><dt>التفاصيل</dt><dd>نشر بتاريخ {story.day}</dd>
<dd>كتب بواسطة: {story.byline}</dd>
</dl>{_paragraphs(story, around)}{around.after}</div>{around.foot}""",
    )


def blogger(story: Story, around: Surroundings) -> bytes:
    """Text in divs, an empty one between each two."""
    text = _paragraphs(story, around, '<div style="text-align:right">', "</div><div><br></div>")
    return _html(
        f"<title>مدونة الأخبار: {story.title}</title>",
        f"""<div class="tabs"><ul>{_menu()}</ul></div>{around.before}<div class="date-outer">
<h2 class="date-header"><span>{story.day}</span></h2><div class="post hentry">
<h3 class="post-title"><a href="/2026/03/1">{story.title}</a></h3>
<div class="post-body">{text}</div>
{around.after}</div></div>{around.foot}""",
    )


def forum(story: Story, around: Surroundings) -> bytes:
    """A board that carries news, windows-1256."""
    texts = around.paragraphs or story.paragraphs
    parts = (*texts[:2], *((around.inside,) if around.inside else ()), *texts[2:])
    return _html(
        f"<title>{story.title} - منتديات المدينة</title>",
        f"""<table class="tborder"><tr><td class="vbmenu">{_menu()}</td></tr></table>{around.before}
<table class="tborder" id="post77"><tr><td class="thead">{story.day}</td></tr><tr>
<td class="alt2" width="175"><a href="/u/5">محرر الأخبار</a><div>المشاركات: 4521</div></td>
<td class="alt1"><div class="smallfont"><strong>{story.title}</strong></div><hr>
<div id="post_message_77">{"<br><br>".join(parts)}</div>{around.after}</td></tr>
</table>{around.foot}""",
        "windows-1256",
    )


def iso_table(story: Story, around: Surroundings) -> bytes:
    """ISO-8859-6, one table, the headline in a cell above the text."""
    return _html(
        f"<title>{story.title}</title>",
        f"""{around.before}<table width="100%"><tr><td class="m">{_menu()}</td></tr></table>
<table width="100%"><tr><td align="center"><h2>{story.title}</h2></td></tr><tr><td>
{_paragraphs(story, around, '<p dir="rtl">')}{around.after}</td></tr></table>{around.foot}""",
        "iso-8859-6",
    )


def hero(story: Story, around: Surroundings) -> bytes:
    """The headline over a picture, far from the text in the tree."""
    return _html(
        f'<title>{story.title} - المدى</title><meta property="og:title" content="{story.title}">',
        f"""<div class="top"><ul>{_menu()}</ul></div>{around.before}<div class="hero">
<img src="/h.jpg"><div class="over"><span class="cat">محليات</span><h1>{story.title}</h1></div>
</div>
<div class="strip"><span>{story.day}</span><span>{story.byline}</span></div><div class="grid">
<div class="one"><a href="/10">كاريكاتير</a></div><div class="two"><div class="rich">
{_paragraphs(story, around)}</div>{around.after}</div></div>{around.foot}""",
    )


def blocks(story: Story, around: Surroundings) -> bytes:
    """Each paragraph a block with its kind, as page builders write them."""
    text = _paragraphs(
        story, around, '<div class="b"><div class="b-in" data-type="text"><p>', "</p></div></div>"
    )
    return _html(
        f"<title>{story.title} - العين</title>",
        f"""<header><ul>{_menu()}</ul></header>{around.before}<div class="b-all">
<div class="b"><h1>{story.title}</h1></div><div class="b"><div>{story.day}</div></div>{text}
{around.after}</div>{around.foot}""",
    )


def mobile(story: Story, around: Surroundings) -> bytes:
    """A light page for telephones: one column, nothing named."""
    return _html(
        f"<title>{story.title}</title>",
        f"""<p><a href="/">الرئيسية</a> | <a href="/2">رياضة</a> | <a href="/3">روسيا</a></p>
{around.before}<h1>{story.title}</h1><p><small>{story.day}</small></p>{_paragraphs(story, around)}
{around.after}<hr>{around.foot}""",
    )


LAYOUTS: Mapping[str, Layout] = {
    layout.__name__.replace("_", "-"): layout
    for layout in (
        portal, old_tables, nested_tables, soup, soup_with_heading, json_ld, amp, bootstrap,
        next_js, aspnet, live_blog, gallery, span_paragraphs, sidebar_inside, drupal, joomla,
        blogger, forum, iso_table, hero, blocks, mobile,
    )
}  # fmt: skip
