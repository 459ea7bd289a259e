"""`marsad feed`: the entries of saved feeds as the crawler reads them, by a worker process."""

import json
from pathlib import Path

from tests.unit.marsad.conftest import Run

ITEM = """<item><title>وصول سفينة قمح إلى ميناء صور</title><link>{link}</link>
<pubDate>Tue, 10 Mar 2026 08:00:00 +0000</pubDate><description>تفاصيل</description></item>"""


def feed(tmp_path: Path, name: str, *links: str, title: str = "أخبار المرفأ") -> Path:
    items = "".join(ITEM.format(link=link) for link in links)
    path = tmp_path / name
    path.write_text(
        f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>",
        encoding="utf-8",
    )
    return path


def test_each_entry_of_each_file_is_a_line(marsad: Run, tmp_path: Path) -> None:
    one = feed(tmp_path, "one.xml", "/news/1", "/news/2")
    two = feed(tmp_path, "two.xml", "https://other.example/3")
    result = marsad("feed", one, two, "--url", "https://port.example/rss")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["file"], row["url"]) for row in rows] == [
        (str(one), "https://port.example/news/1"),
        (str(one), "https://port.example/news/2"),
        (str(two), "https://other.example/3"),
    ]
    assert rows[0]["title"] == "وصول سفينة قمح إلى ميناء صور"
    assert rows[0]["published"] == "2026-03-10T08:00:00+00:00"


def test_a_feed_of_comments_says_so_and_is_no_failure(marsad: Run, tmp_path: Path) -> None:
    comments = feed(tmp_path, "comments.xml", "https://port.example/news/1#comment-7")
    result = marsad("feed", comments)
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"file": str(comments), "comments": True}
    ]


def test_what_is_no_feed_is_named_and_the_others_are_read(marsad: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body>صفحة</body></html>", encoding="utf-8")
    good = feed(tmp_path, "good.xml", "https://port.example/1")
    result = marsad("feed", page, good)
    wrong, right = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert wrong["file"] == str(page)
    assert "is no feed" in wrong["error"]
    assert right["url"] == "https://port.example/1"
