"""Site files from an OPML file, and back."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import main
from marsad.initconfig import init
from marsad.opml import BadOpml, Outline, import_outlines, read_opml, write_opml
from marsad.sitefile import SiteExists, write_site
from models.configfile import read_model
from models.site import Expects, Feed, Listing, Selectors, Site, Sitemap, Title, WordPress

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>قراءاتي</title></head><body>
<outline text="أخبار">
  <outline type="rss" text="صحيفة الشاطئ" xmlUrl="https://www.shore.example/feed/"
    htmlUrl="https://www.shore.example/"/>
  <outline type="rss" title="الشاطئ: رياضة" xmlUrl="https://www.shore.example/sport/feed/"/>
  <outline type="rss" text="تعليقات" xmlUrl="https://www.shore.example/comments/feed/"/>
</outline>
<outline text="مكرر" xmlUrl="http://shore.example/feed"/>
<outline text="ملف" xmlUrl="file:///etc/passwd"/>
<outline text="بلا عنوان"/>
<outline text="" xmlUrl="https://river.example/rss.xml"/>
</body></opml>
"""


def site(name: str = "shore", url: str = "https://shore.example/feed") -> Site:
    return Site(name=name, title=Title(ar="الشاطئ"), publishes=(Feed(type="feed", url=url),))


def test_the_feeds_of_all_folders_are_read() -> None:
    outlines = read_opml(OPML.encode())
    assert len(outlines) == 6
    assert outlines[0] == Outline(
        "صحيفة الشاطئ", "https://www.shore.example/feed/", "https://www.shore.example/"
    )
    assert outlines[1].title == "الشاطئ: رياضة"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it holds no XML"),
        (b"<rss><channel/></rss>", "it begins with <rss>, not with <opml>"),
        (b"<html><body>x</body></html>", "not with <opml>"),
    ],
)
def test_what_is_no_opml_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadOpml, match=reason):
        read_opml(content)


def test_an_opml_file_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    content = (
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]><opml><body>'
        '<outline text="&x;" xmlUrl="https://shore.example/&x;"/></body></opml>'
    )
    assert "canary" not in str(read_opml(content.encode()))


def test_each_new_feed_becomes_a_site_file_and_the_others_say_why_not(tmp_path: Path) -> None:
    known = {"river": site("river", "https://other.example/feed")}

    results = list(import_outlines(read_opml(OPML.encode()), known, tmp_path))

    assert [(r.path.name if r.path else r.reason) for r in results] == [
        "shore.yaml",
        "shore-2.yaml",
        "it is a feed of comments",
        "a site lists it already",
        "not an http or https address: 'file:///etc/passwd'",
        "river-2.yaml",
    ]
    read = read_model(tmp_path / "shore-2.yaml", Site)
    assert read.title.ar == "الشاطئ: رياضة"
    assert read.publishes[0].url == "https://www.shore.example/sport/feed/"


def test_what_is_exported_is_imported_again(tmp_path: Path) -> None:
    named = site(url="https://shore.example/feed?a=1&b=<2>")
    opml = write_opml([named, site("sea", "https://sea.example/rss")])
    assert [(each.title, each.feed) for each in read_opml(opml)] == [
        ("الشاطئ", "https://shore.example/feed?a=1&b=<2>"),
        ("الشاطئ", "https://sea.example/rss"),
    ]


def test_an_imported_site_is_read_as_politely_as_a_probed_one_and_in_its_own_zone(
    tmp_path: Path,
) -> None:
    outlines = [
        Outline("الشاطئ", "https://feeds.example/1", "https://shore.com.lb/"),
        Outline("البحر", "https://sea.example/rss", None),
    ]
    written = [each.path for each in import_outlines(outlines, {}, tmp_path)]
    shore, sea = (read_model(path, Site) for path in written if path is not None)
    assert (shore.timezone, shore.delay) == ("Asia/Beirut", timedelta(seconds=5))
    assert sea.timezone == "UTC"
    assert "# timezone: " in (tmp_path / "sea.yaml").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    init(tmp_path / "config")
    target = tmp_path / "no-folder" / "feeds.opml"
    answer = CliRunner().invoke(
        main, ["export-opml", str(target), "--config", f"{tmp_path}/config"]
    )
    assert answer.exit_code == 1
    assert answer.output == f"marsad: {target}: No such file or directory\n"


FULL = Site(
    name="shore",
    title=Title(ar='الشاطئ: "أخبار" #1', en="The Shore - news"),
    publishes=(
        Feed(type="feed", url="https://shore.example/feed?a=1#x"),
        Sitemap(type="sitemap", url="https://shore.example/robots.txt"),
        Listing(
            type="listing",
            url="https://shore.example/",
            links="h2 > a[href*='/n/']",
            path=r"^/\d+\\/",
            pages=3,
            next="a.next",
        ),
        WordPress(type="wordpress", url="https://shore.example/"),
    ),
    language="fa",
    timezone="Asia/Tehran",
    selectors=Selectors(body="div.body", drop=(".ad", "#x: y", "true")),
    expects=Expects(dated=0.5, articles_per_day=12),
    max_age=None,
    enabled=False,
)


@pytest.mark.parametrize("which", [site(), FULL], ids=["few keys", "all keys"])
def test_a_site_file_reads_back_as_the_same_site(tmp_path: Path, which: Site) -> None:
    path = write_site(tmp_path, which, ["why it is\nhere: #1"])
    assert read_model(path, Site) == which
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=../schema/site.json\n# why it is here: #1\n"
    )


@pytest.mark.parametrize(
    "title",
    ["no", "12:30", "0x1", "~", "*a", "&a", "!x", "- x", "[x", "{x", "'", "x: y", "x #y", "٣",
     "null", "1e3", "x:", "é", "\u2028", "@x", "`x", "%x", "? x", "| x", "> x", "=", "<<"],
)  # fmt: skip
def test_any_title_survives(tmp_path: Path, title: str) -> None:
    named = site().model_copy(update={"title": Title(ar=title)})
    assert read_model(write_site(tmp_path, named), Site).title.ar == title


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    write_site(tmp_path, site())
    with pytest.raises(SiteExists, match="exists already"):
        write_site(tmp_path, site(url="https://other.example/feed"))
