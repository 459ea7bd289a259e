"""What stands around and inside an article's text on real pages, each naming other topics."""

from collections.abc import Callable, Mapping

from tests.quality.pages import texts

_URL = "https://news.example/2026/03/"


def _link(number: int = 0) -> str:
    return f'<a href="{_URL}{number + 70}">{texts.HEADLINES[number]}</a>'


def _items(tag: str = "li", extra: str = "") -> str:
    return "".join(f"<{tag}>{extra}{_link(n)}</{tag}>" for n in range(3))


# In the middle of the text, after its second paragraph.
INSIDE: Mapping[str, str] = {
    "read-also-plain": f"<p>اقرأ أيضاً: {texts.HEADLINES[0]}</p>",
    "read-also-bold-link": f"<p><strong>اقرأ أيضا: {_link()}</strong></p>",
    "read-also-two-paragraphs": f"<p><b>شاهد أيضاً</b></p><p>{_link(1)}</p>",
    "read-also-plain-two-paragraphs": f"<p><b>اقرأ أيضا:</b></p><p>{texts.HEADLINES[2]}</p>",
    "read-also-blockquote": f"<blockquote><p>اقرأ أيضاً: {_link()}</p></blockquote>",
    "lone-link": f"<p>{_link(2)}</p>",
    "linked-heading": f"<h3>{_link(1)}</h3>",
    "arrow-link": f"<p>◄ {_link(3)}</p>",
    "list-with-heading": f"<h4>مواضيع ذات صلة</h4><ul>{_items()}</ul>",
    "list-without-heading": f"<ul>{_items()}</ul>",
    "dated-list": f"<ul>{_items(extra='<span>12 مارس 2026</span> ')}</ul>",
    "aside": f"<aside><h3>خلفية</h3><p>{texts.SUMMARY}</p></aside>",
    "bare-box": f"<div><div>قد يهمك أيضا</div><div>{_link()}</div><div>{_link(1)}</div></div>",
    "bare-card": (
        f'<div><a href="{_URL}71"><img src="/c.jpg" alt=""></a><div><a href="{_URL}71">'
        f"{texts.HEADLINES[0]}</a><span>12 مارس</span><div>{texts.SUMMARY}</div></div></div>"
    ),
    "clickable-card": (
        f'<div onclick="location=\'{_URL}72\'"><img src="/c.jpg" '
        f'alt=""><div>{texts.HEADLINES[1]}</div>'
        "</div>"
    ),
    "most-read-float": (
        f'<div style="float:left;width:220px"><h3>الأكثر قراءة</h3><ol>{_items()}</ol></div>'
    ),
    "figure": f'<figure><img src="/a.jpg"><figcaption>{texts.CAPTION}</figcaption></figure>',
    "bare-caption": f'<div><img src="/a.jpg"><div>{texts.CAPTION}</div></div>',
    "closed-caption": f'<div><div><img src="/a.jpg"></div><div>{texts.CLOSED_CAPTION}</div></div>',
    "italic-caption": f'<p><img src="/a.jpg"></p><p><em>{texts.CAPTION}</em></p>',
    "table-caption": (
        '<table align="left" width="200"><tr><td><img src="/a.jpg"></td></tr>'
        f"<tr><td>{texts.CAPTION}</td></tr></table>"
    ),
    "agency-caption": f'<p><img src="/a.jpg"><br>{texts.CAPTION} (أ ف ب)</p>',
    "follow-us": "<p>تابعوا أخبار إيران وروسيا على قناتنا في تلغرام</p>",
    "hidden": f'<div style="display: none"><p>{texts.SUMMARY}</p></div>',
    "video-label": f"<p>فيديو: {_link(2)}</p>",
}

# Before the headline.
BEFORE: Mapping[str, str] = {
    "marquee": f"<marquee>{' *** '.join(texts.HEADLINES)}</marquee>",
    "bare-ticker": f"<div><span>عاجل</span><ul>{_items()}</ul></div>",
    "plain-ticker": f"<div>عاجل | {texts.HEADLINES[0]} | {texts.HEADLINES[3]}</div>",
    "top-stories": f"<div>{_items('div')}</div>",
}

# After the text, inside what holds it.
AFTER: Mapping[str, str] = {
    "tag-cloud": "<div>"
    + " ".join(f'<a href="/t/{n}">{t}</a>' for n, t in enumerate(texts.TAGS))
    + "</div>",
    "tag-line": f"<p>الكلمات المفتاحية: {'، '.join(texts.TAGS)}</p>",
    "hashtags": "<p>#إيران #روسيا #بحر_قزوين</p>",
    "share-bar": (
        '<div>شارك <a href="https://facebook.example/?t=%D8%A5">فيسبوك</a> <a href="#">تويتر</a> '
        f'<a href="/s" title="إيران">واتساب</a></div><div>{_link()}</div>'
    ),
    "bare-comments": (
        f"<div><h3>التعليقات (2)</h3><div><b>قارئ</b><p>{texts.COMMENT}</p></div>"
        f"<div><b>متابع</b><p>{texts.COMMENT}</p></div></div>"
    ),
    "named-comments": f'<section id="comments"><p>{texts.COMMENT}</p></section>',
    "author-box": f"<div><h4>عن الكاتب</h4><p>{texts.BIOGRAPHY}</p></div>",
    "bare-author": (
        f'<div><a href="/author/9"><img src="/me.jpg"></a><h4><a href="/author/9">سامي '
        f"العلي</a></h4>"
        f"<p>{texts.BIOGRAPHY}</p></div>"
    ),
    "related-grid": (
        "<div><h2>أخبار ذات صلة</h2>"
        + "".join(
            f'<div><a href="{_URL}{n}"><img src="/{n}.jpg"><h3>{texts.HEADLINES[n]}</h3></a>'
            f"<p>{texts.SUMMARY}</p></div>"
            for n in range(3)
        )
        + "</div>"
    ),
    "next-previous": f"<p>الخبر السابق: {_link()}</p><p>الخبر التالي: {_link(1)}</p>",
}

# At the end of the page.
FOOT: Mapping[str, str] = {
    "cookies": f"<div><div>{texts.COOKIES}</div><button>موافق</button></div>",
    "most-read": f"<div><h3>الأكثر قراءة</h3>{_items('div')}</div>",
    "rights": "<div>جميع الحقوق محفوظة © موقع الأخبار - مكاتبنا: طهران، موسكو، بيروت</div>",
}

# Inside a paragraph of the text itself.
WOVEN: Mapping[str, Callable[[str], str]] = {
    "line-after-break": lambda text: f"{text}<br>اقرأ أيضاً: {_link()}",
    "after-the-sentence": lambda text: f"{text} اقرأ أيضا: {_link(1)}",
    "in-brackets": lambda text: f"{text} (شاهد أيضاً: {texts.HEADLINES[2]})",
}
