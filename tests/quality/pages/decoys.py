"""Pages with days that are not the article's, most of them without one of its own.

Written after the other sets and before anything was measured on them: a wrong day is worse than none.
"""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Mapping

from tests.quality.pages.outlet import LEAD, OTHERS, Page, Seen, document, link, woven
from tests.quality.pages.texts import Story


def comment_times(story: Story) -> Seen:
    """Only readers' comments have times."""
    comments = "".join(
        f'<div class="c"><b>قارئ {n}</b><time datetime="2026-03-1{n}T10:00:00+03:00">1{n} مارس</time><p>خبر مهم، شكرا لكم.</p></div>'
        for n in (1, 2)
    )
    return Seen(
        day=None,
        either="خبر مهم، شكرا لكم. قارئ 1 قارئ 2 11 مارس 12 مارس",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="a"><h1>{story.title}</h1>{woven(story, at=9)}</div><div id="replies"><h4>التعليقات</h4>{comments}</div>',
        ),
    )


def cards_below(story: Story) -> Seen:
    """Cards without names below the text, each with headline and day."""
    cards = "".join(
        f'<div><a href="/n/{n}"><img src={n}.jpg></a><div><a href="/n/{n}">{OTHERS[n]}</a></div><div>1{n} مارس 2026</div></div>'
        for n in range(3)
    )
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f"<div><div><h1>{story.title}</h1>{woven(story, at=9)}</div><div>{cards}</div></div>",
        ),
    )


def one_card_below(story: Story) -> Seen:
    """One card with a day and a headline that is no link."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="w"><h1>{story.title}</h1>{woven(story, at=9)}<div onclick="go(3)"><img src=3.jpg><span>{OTHERS[4]}</span><span>11 مارس 2026</span></div></div>',
        ),
    )


def today_and_rights(story: Story) -> Seen:
    """Today in the head, the founding day in the foot."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="hd"><span>الأحد 15 مارس 2026</span></div><main><h1>{story.title}</h1>{woven(story, at=9)}</main><footer>تأسس الموقع في 1/5/2009</footer>',
        ),
    )


def day_in_subtitle(story: Story) -> Seen:
    """The line under the headline speaks of another day."""
    return Seen(
        day=None,
        either="الجلسة الأولى عقدت في 3 مارس 2026",
        html=document(
            f"<title>{story.title}</title>",
            f"<article><h1>{story.title}</h1><h2>الجلسة الأولى عقدت في 3 مارس 2026</h2>{woven(story, at=9)}</article>",
        ),
    )


def picture_day(story: Story) -> Seen:
    """The picture's day under the headline, then the article's own."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="p"><h1>{story.title}</h1><div class="im"><img src=1.jpg><span>صورة التقطت يوم 3 مارس 2026</span></div><div>14 مارس 2026 - {story.byline}</div>{woven(story, at=9)}</div>',
        ),
    )


def others_described(story: Story) -> Seen:
    """JSON-LD describes related articles alone."""
    others = [
        {
            "@type": "NewsArticle",
            "headline": OTHERS[n],
            "datePublished": f"2026-03-0{n + 1}T10:00:00Z",
        }
        for n in range(2)
    ]
    return Seen(
        day=None,
        html=document(
            f'<title>{story.title}</title><script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": others}, ensure_ascii=False)}</script>',
            f"<main><h1>{story.title}</h1>{woven(story, at=9)}</main>",
        ),
    )


def issue_box(story: Story) -> Seen:
    """The printed paper's issue in a box beside the text."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="col"><h1>{story.title}</h1><div class="tx">{woven(story, at=9)}</div></div><div class="col2"><b>النسخة الورقية</b><img src=cover.jpg><span>الثلاثاء 10 مارس 2026</span><a href="/pdf">تحميل</a></div>',
        ),
    )


def prayer_times(story: Story) -> Seen:
    """A widget of prayers with a `time` and its day, in front of all."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="prayer"><time datetime="2026-03-15">الأحد 26 رمضان 1447</time><span>الفجر 04:41</span></div><div class="n"><h1>{story.title}</h1>{woven(story, at=9)}</div>',
        ),
    )


def last_change_alone(story: Story) -> Seen:
    """The last change is shown alone; the address has the day of publication."""
    return Seen(
        day="2026-03-12",
        url="https://news.example/2026/03/12/48213",
        html=document(
            f'<title>{story.title}</title><meta property="article:modified_time" content="2026-03-14T10:00:00Z">',
            f'<div class="n"><h1>{story.title}</h1><div class="m">آخر تحديث: 14 مارس 2026 - 12:00</div>{woven(story, at=9)}</div>',
        ),
    )


def change_before(story: Story) -> Seen:
    """The last change stands before the day of publication, each in a box of its own."""
    return Seen(
        day="2026-03-12",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1><div><span>آخر تحديث</span><span>14 مارس 2026</span></div><div><span>تاريخ النشر</span><span>12 مارس 2026</span></div>{woven(story, at=9)}</div>',
        ),
    )


def event_facts(story: Story) -> Seen:
    """Facts of an event under the headline: its day and place."""
    return Seen(
        day=None,
        either="الموعد: 20 فبراير 2026 المكان: القاعة الكبرى",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1><ul><li>الموعد: 20 فبراير 2026</li><li>المكان: القاعة الكبرى</li></ul>{woven(story, at=9)}</div>',
        ),
    )


def day_of_quotation(story: Story) -> Seen:
    """A post of another site comes right under the headline."""
    return Seen(
        day=None,
        either="نتابع الأمر باهتمام. الوزارة March 9, 2026",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1><div class="tw"><blockquote><p>نتابع الأمر باهتمام.</p>&mdash; الوزارة <a href="https://twitter.com/x/status/1">March 9, 2026</a></blockquote></div>{woven(story, at=9)}</div>',
        ),
    )


def archive_column(story: Story) -> Seen:
    """A column of the archive: days without links, and a teaser with its `time`."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1>{woven(story, at=9)}</div><div class="arch"><h4>الأرشيف</h4><div>{link(1)}</div><time datetime="2026-03-02">2 مارس 2026</time><p>{LEAD}</p></div>',
        ),
    )


DECOYS: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        comment_times, cards_below, one_card_below, today_and_rights, day_in_subtitle, picture_day,
        others_described, issue_box, prayer_times, last_change_alone, change_before, event_facts,
        day_of_quotation, archive_column,
    )
}  # fmt: skip
