"""A second lot of pages with days that are another's, written after the rules had learned of the
first and before they were measured on these."""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Mapping

from tests.quality.pages.outlet import OTHERS, Page, Seen, document, link, woven
from tests.quality.pages.texts import Story


def member_since(story: Story) -> Seen:
    """The writer's box under the headline says since when he writes here."""
    return Seen(
        day=None,
        either="عضو منذ 5 يناير 2021 المقالات: 41",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1><div class="u"><b>{story.byline}</b><span>عضو منذ 5 يناير 2021</span><span>المقالات: 41</span></div>{woven(story, at=9)}</div>',
        ),
    )


def series_list(story: Story) -> Seen:
    """Parts of a series between headline and text, each with its day, without links for this one."""
    return Seen(
        day="2026-03-14",
        either="الجزء الأول الجزء الثاني (هذا) 10 مارس 2026",
        html=document(
            f'<title>{story.title}</title><meta property="article:published_time" content="2026-03-14T08:00:00Z">',
            f'<div class="n"><h1>{story.title}</h1><ul><li><a href="/p1">الجزء الأول</a> 10 مارس 2026</li><li>الجزء الثاني (هذا)</li></ul>{woven(story, at=9)}</div>',
        ),
    )


def stale_search_box(story: Story) -> Seen:
    """A form to search by day holds a day."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><form><label>من تاريخ</label><input type="text" value="01/01/2026"><label>إلى تاريخ</label><input value="15/03/2026"></form><h1>{story.title}</h1>{woven(story, at=9)}</div>',
        ),
    )


def newest_of_section(story: Story) -> Seen:
    """A strip of the section between headline and text: a linked headline, then its day."""
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1><div class="st"><span>في القسم:</span> {link(1)} <span>13 مارس 2026</span></div>{woven(story, at=9)}</div>',
        ),
    )


def organisation_founded(story: Story) -> Seen:
    """JSON-LD of an organisation and of a video with a day of its own."""
    data = [
        {"@type": "NewsMediaOrganization", "name": "الديار", "foundingDate": "2011-02-01"},
        {"@type": "VideoObject", "name": OTHERS[0], "uploadDate": "2026-03-02"},
    ]
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>',
            f'<main><h1>{story.title}</h1><p class="dd">السبت 14-03-2026</p>{woven(story, at=9)}</main>',
        ),
    )


def corrected(story: Story) -> Seen:
    """A note of correction with its day below the text."""
    return Seen(
        day="2026-03-12",
        either="تصحيح: عدل الرقم في الفقرة الثانية يوم 14 مارس 2026.",
        html=document(
            f"<title>{story.title}</title>",
            f"<article><h1>{story.title}</h1><p>12 مارس 2026</p>{woven(story, at=9)}<p>تصحيح: عدل الرقم في الفقرة الثانية يوم 14 مارس 2026.</p></article>",
        ),
    )


def id_like_day(story: Story) -> Seen:
    """A number in the address that looks like a day, of an album in the path."""
    return Seen(
        day="2026-03-14",
        url="https://news.example/albums/2019-05-01/48213",
        html=document(
            f"<title>{story.title}</title>",
            f'<article><h1>{story.title}</h1><div><time datetime="2026-03-14">السبت</time></div>{woven(story, at=9)}</article>',
        ),
    )


def deadline(story: Story) -> Seen:
    """A tender: the last day to apply stands below the text."""
    return Seen(
        day=None,
        either="آخر موعد للتقديم 10 مارس 2026",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1>{woven(story, at=9)}<p>آخر موعد للتقديم 10 مارس 2026</p></div>',
        ),
    )


def reader_answers(story: Story) -> Seen:
    """Answers of readers with days and no word of what they are, right below the text."""
    answers = "".join(
        f"<div><b>{name}</b> <i>{day} مارس 2026</i><p>كلام جميل ونتمنى المزيد.</p></div>"
        for name, day in (("سعاد", 13), ("عادل", 13))
    )
    return Seen(
        day=None,
        either="كلام جميل ونتمنى المزيد. كلام جميل ونتمنى المزيد. سعاد عادل 13 مارس 2026 13 مارس 2026",
        html=document(
            f"<title>{story.title}</title>",
            f'<div class="n"><h1>{story.title}</h1>{woven(story, at=9)}{answers}</div>',
        ),
    )


def other_in_state(story: Story) -> Seen:
    """The page's data hold the day of a linked article whose title is quoted."""
    data = {
        "items": [{"title": OTHERS[0], "publishedAt": "2026-03-01T08:00:00Z"}],
        "title": story.title,
    }
    return Seen(
        day=None,
        html=document(
            f"<title>{story.title}</title>",
            f'<main><h1>{story.title}</h1>{woven(story, at=9)}</main><script type="application/json">{json.dumps(data, ensure_ascii=False)}</script>',
        ),
    )


MIRAGES: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        member_since, series_list, stale_search_box, newest_of_section, organisation_founded,
        corrected, id_like_day, deadline, reader_answers, other_in_state,
    )
}  # fmt: skip
