"""Feeds of unusual make, written in one go before anything was measured on them.

`python -m tests.unit.crawler.oddfeeds` prints their figures; decision 12 has the first ones.
"""
# ruff: noqa: E501 - feeds are written in such lines

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.discovery.feed import read_feed
from crawler.discovery.reading import Reading
from crawler.errors import ParseFailed

BASE = "https://news.example.org"
URL = f"{BASE}/rss.xml"
LINK = f"{BASE}/n/4412"
TITLE = "انطلاق معرض الكتاب بمشاركة مئتي دار نشر"
MOMENT = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
_DATE = "<pubDate>Sat, 14 Mar 2026 09:30:00 GMT</pubDate>"
_USUAL = f"<title>{TITLE}</title><link>{LINK}</link>{_DATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A feed with one article, LINK, called TITLE, published at MOMENT, unless said otherwise.

    `moments`: what may be read of its time; None is 'no certain time'.
    """

    body: bytes
    content_type: str | None = None
    moments: tuple[datetime | None, ...] = (MOMENT,)
    titles: tuple[str | None, ...] = (TITLE,)
    links: tuple[str, ...] = (LINK,)
    comments: bool = False


def _rss(item: str, *, channel: str = "<title>صحيفة الغد</title>", start: str = "") -> str:
    head = start or '<?xml version="1.0" encoding="utf-8"?><rss version="2.0">'
    return f"{head}<channel>{channel}<link>{BASE}/</link><item>{item}</item></channel></rss>"


def _odd(text: str, **facts: object) -> Odd:
    return Odd(body=text.encode(), **facts)  # type: ignore[arg-type]  # as the fields are


def _dated(written: str, *moments: datetime | None) -> Odd:
    item = f"<title>{TITLE}</title><link>{LINK}</link><pubDate>{written}</pubDate>"
    return _odd(_rss(item), moments=moments or (MOMENT,))


_ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
ODD: Mapping[str, Odd] = {
    "guid for link": _odd(_rss(f"<title>{TITLE}</title><link></link><guid>{LINK}</guid>{_DATE}")),
    "permalink alone": _odd(
        _rss(f'<title>{TITLE}</title><guid isPermaLink="true">{LINK}</guid>{_DATE}')
    ),
    "number for guid, Atom's link": _odd(
        _rss(
            f'<title>{TITLE}</title><guid isPermaLink="false">4412</guid><atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="{LINK}"/>{_DATE}'
        )
    ),
    "link in lines and CDATA": _odd(
        _rss(
            f"<title>\n  <![CDATA[ {TITLE} ]]>\n</title><link>\n<![CDATA[\n {LINK} \n]]></link>{_DATE}"
        )
    ),
    "link closed before its text": _odd(_rss(f"<title>{TITLE}</title><link/>{LINK}{_DATE}")),
    "ampersands in the link": _odd(
        _rss(f"<title>{TITLE}</title><link>{BASE}/n.php?id=5&cat=2</link>{_DATE}"),
        links=(f"{BASE}/n.php?cat=2&id=5", f"{BASE}/n.php?id=5&cat=2"),
    ),
    "trackers in the link": _odd(
        _rss(f"<title>{TITLE}</title><link>{LINK}?utm_source=rss&amp;utm_medium=feed</link>{_DATE}")
    ),
    "feedburner": _odd(
        _rss(
            f'<title>{TITLE}</title><link>http://feedproxy.google.com/~r/x/~3/Ab/</link><feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">{LINK}</feedburner:origLink>{_DATE}'
        )
    ),
    "a picture's title before its own": _odd(
        _rss(
            f'<media:content xmlns:media="http://search.yahoo.com/mrss/" url="{BASE}/1.jpg"><media:title>صورة من الأرشيف</media:title></media:content>{_USUAL}'
        )
    ),
    "an image's title and link in the item": _odd(
        _rss(
            f"<image><url>{BASE}/1.jpg</url><title>شعار</title><link>{BASE}/</link></image>{_USUAL}"
        )
    ),
    "the source's title": _odd(_rss(f'<source url="{BASE}/other.xml">وكالة أخرى</source>{_USUAL}')),
    "names of HTML": _odd(
        _rss(f"<title>&rlm;{TITLE}&zwnj;&nbsp;</title><link>{LINK}</link>{_DATE}")
    ),
    "no title": _odd(
        _rss(f"<title></title><link>{LINK}</link><description>{TITLE}</description>{_DATE}"),
        titles=(None, TITLE),
    ),
    "a name space for all": _odd(
        _rss(_USUAL, start='<rss version="2.0" xmlns="http://backend.userland.com/rss2">')
    ),
    "a prefix for all": _odd(
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rss="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><rss:channel><rss:title>صحيفة</rss:title></rss:channel><rss:item><rss:title>{TITLE}</rss:title><rss:link>{LINK}</rss:link><dc:date>2026-03-14T12:30:00+03:00</dc:date></rss:item></rdf:RDF>'
    ),
    "items beside the channel": _odd(
        f'<rss version="2.0"><channel><title>صحيفة</title></channel><item>{_USUAL}</item></rss>'
    ),
    "a document type": _odd(
        _rss(
            _USUAL,
            start='<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91">',
        )
    ),
    "XML 1.1": _odd(
        _rss(_USUAL, start='<?xml version="1.1" encoding="UTF-8"?><rss version="2.0">')
    ),
    "blank lines and a mark before": Odd(body=b"\xef\xbb\xbf\n\n" + _rss(_USUAL).encode()),
    "a comment before the declaration": _odd("<!-- cached 09:31 -->\n" + _rss(_USUAL)),
    "lower-case names": _odd(
        _rss(
            f"<title>{TITLE}</title><link>{LINK}</link><pubdate>Sat, 14 Mar 2026 09:30:00 GMT</pubdate>"
        )
    ),
    "upper-case names": _odd(
        f"<RSS><CHANNEL><TITLE>ص</TITLE><ITEM><TITLE>{TITLE}</TITLE><LINK>{LINK}</LINK><PUBDATE>Sat, 14 Mar 2026 09:30:00 GMT</PUBDATE></ITEM></CHANNEL></RSS>"
    ),
    "UTF-16": Odd(
        body=_rss(
            _USUAL, start='<?xml version="1.0" encoding="utf-16"?><rss version="2.0">'
        ).encode("utf-16")
    ),
    "UTF-8 that claims windows-1256": _odd(
        _rss(_USUAL, start='<?xml version="1.0" encoding="windows-1256"?><rss version="2.0">'),
        content_type="text/xml; charset=windows-1256",
    ),
    "windows-1256 that claims UTF-8": Odd(
        body=_rss(_USUAL).encode("windows-1256"), content_type="application/rss+xml; charset=utf-8"
    ),
    "called HTML": _odd(_rss(_USUAL), content_type="text/html"),
    "packed": Odd(body=gzip.compress(_rss(_USUAL).encode())),
    "cut within a letter": Odd(
        body=_rss(_USUAL + f"</item><item><title>{TITLE}").encode().rsplit(b"</item>", 1)[0][:-3]
    ),
    "Atom 0.3": _odd(
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>ص</title><entry><title>{TITLE}</title><link rel="alternate" type="text/html" href="{LINK}"/><issued>2026-03-14T12:30:00+03:00</issued><modified>2026-03-14T11:00:00Z</modified></entry></feed>'
    ),
    "Atom, title in XHTML": _odd(
        f'<feed {_ATOM}><title>ص</title><entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">انطلاق <b>معرض الكتاب</b> بمشاركة مئتي دار نشر</div></title><link href="{LINK}"/><published>2026-03-14T09:30:00Z</published></entry></feed>'
    ),
    "Atom, other links first": _odd(
        f'<feed {_ATOM}><entry><link rel="edit" href="{BASE}/e"/><link rel="self" href="{BASE}/s"/><link rel="enclosure" href="{BASE}/1.jpg"/><link rel="alternate" href="{LINK}"/><title>{TITLE}</title><published>2026-03-14T09:30:00Z</published></entry></feed>'
    ),
    "Atom, a base for the entry": _odd(
        f'<feed {_ATOM}><entry xml:base="{BASE}/n/"><title>{TITLE}</title><link href="4412"/><published>2026-03-14T09:30:00Z</published></entry></feed>'
    ),
    ".NET": _odd(
        _rss(
            f'<title>{TITLE}</title><link>{LINK}</link><guid isPermaLink="false">x1</guid><a10:updated xmlns:a10="http://www.w3.org/2005/Atom">2026-03-14T12:30:00+03:00</a10:updated>'
        )
    ),
    "JSON, id for the address": _odd(
        f'{{"version": "https://jsonfeed.org/version/1.1", "title": "ص", "items": [{{"id": "{LINK}", "title": "{TITLE}", "content_text": "x", "date_published": "2026-03-14T12:30:00+03:00"}}]}}',
        content_type="application/feed+json",
    ),
    "Arabic for the day": _dated("السبت, 14 مارس 2026 12:30:00 +0300"),
    "no weekday, no seconds": _dated("14 Mar 2026 09:30 +0000"),
    "no zone": _dated("2026-03-14 09:30:00"),
    "half of a day": _dated("14/03/2026 09:30:00 ص"),
    "year of two digits": _dated("Sat, 14 Mar 26 09:30:00 GMT"),
    "a zone of two meanings": _dated("Sat, 14 Mar 2026 12:30:00 AST", None, MOMENT),
    "in the future": _dated("Fri, 01 May 2026 09:30:00 GMT", None),
    "the machine's beginning": _dated("Thu, 01 Jan 1970 00:00:00 +0000", None),
    "the wrong weekday": _dated("Mon, 14 Mar 2026 09:30:00 GMT", MOMENT, None),
    "month first": _dated("3/14/2026 9:30:00 AM", MOMENT, None),
    "month first, or not": _dated(
        "3/2/2026 9:30:00 AM", None, datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
    ),
    "comments of Blogger": _odd(
        f'<feed {_ATOM} xmlns:thr="http://purl.org/syndication/thread/1.0"><id>tag:blogger.com,1999:blog-1.comments</id><title>مدونة</title><entry><title>أحسنت</title><link href="{LINK}?showComment=1"/><published>2026-03-14T09:30:00Z</published><thr:in-reply-to href="{LINK}" ref="tag:x"/></entry></feed>',
        comments=True,
    ),
    "comments on one article": _odd(
        _rss(
            f"<title>بواسطة: أحمد</title><link>{LINK}/#comment-12</link>{_DATE}",
            channel="<title>التعليقات على: معرض الكتاب</title>",
        ),
        comments=True,
    ),
    "opinions, not comments": _odd(_rss(_USUAL, channel="<title>آراء وتعليقات</title>")),
}


def faults(odd: Odd) -> list[str]:
    """What was read otherwise than the feed says; nothing where all was right."""
    try:
        read = read_feed(odd.body, url=URL, content_type=odd.content_type, site=None, now=NOW)
    except ParseFailed as error:
        return [f"refused: {error}"]
    return _of(odd, read)


def _of(odd: Odd, read: Reading) -> list[str]:
    if odd.comments or read.comments:
        return [] if odd.comments == read.comments else [f"comments: {read.comments}"]
    if not read.entries:
        return ["no entry"]
    first = read.entries[0]
    found = []
    if len(read.entries) > 1:
        found.append(f"{len(read.entries)} entries")
    if first.url not in odd.links:
        found.append(f"link {first.url}")
    if first.title not in odd.titles:
        found.append(f"title {first.title!r}")
    if first.published not in odd.moments:
        found.append(f"published {first.published}")
    return found


def main() -> None:
    wrong = {name: found for name, odd in ODD.items() if (found := faults(odd))}
    print(f"{len(ODD) - len(wrong)} of {len(ODD)} feeds read right")
    for name, found in wrong.items():
        print(f"  {name}: {'; '.join(found)}")


if __name__ == "__main__":
    main()
