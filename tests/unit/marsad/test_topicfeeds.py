"""The feeds of a topic, read back by the reader with which Marsad reads those of others."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from crawler.discovery.feed import read_feed
from marsad.topicfeeds import FORMATS, write_feeds
from models.alert import Changes, StoredAlert
from models.site import Feed, Site, Title
from models.text import Localized, Marked
from storage.database import Database
from tests.contract.archive import SqlArchive
from tests.unit.alerts.builders import NOW, stored_alert

TITLE = Localized("بحر قزوين", "Caspian Sea")
SITE = Site(
    name="reader",
    title=Title(ar="قارئ"),
    publishes=(Feed(type="feed", url="https://reader.example/feed"),),
)

both = pytest.mark.parametrize(
    "ending", [pytest.param("atom", id="atom"), pytest.param("json", id="json")]
)


def written(ending: str, *alerts: StoredAlert) -> bytes:
    return FORMATS[ending][1]("caspian", TITLE, alerts)


def read(ending: str, content: bytes) -> list[tuple[str, str]]:
    reading = read_feed(
        content,
        url="https://reader.example/feed",
        content_type=f"{FORMATS[ending][0]}; charset=utf-8",
        site=SITE,
        now=NOW,
    )
    assert reading.problems == ()
    return [(entry.url, entry.title or "") for entry in reading.entries]


@both
def test_a_reader_finds_each_alert_with_its_address_and_headline(ending: str) -> None:
    one = stored_alert(1)
    two = stored_alert(2, url="https://news.example/2", title=Marked("ميناء أكتاو يستقبل سفينتين"))
    assert read(ending, written(ending, two, one)) == [
        ("https://news.example/2", "ميناء أكتاو يستقبل سفينتين"),
        (one.alert.url, one.alert.title.text),
    ]


@both
def test_a_correction_and_a_withdrawal_are_told(ending: str) -> None:
    corrected = stored_alert(1, changes=Changes(title=Marked("عنوان صححته الوكالة")))
    withdrawn = stored_alert(2, url="https://news.example/2", changes=Changes(withdrawn=True))
    told = [title for _, title in read(ending, written(ending, corrected, withdrawn))]
    assert told[0] == "عنوان صححته الوكالة"
    assert told[1].startswith("[سحبه الموقع] ")


@both
def test_a_topic_without_alerts_has_an_empty_feed(ending: str) -> None:
    assert read(ending, written(ending)) == []


def test_what_xml_forbids_does_not_break_the_feed() -> None:
    bad = Marked("سفينة\x0c تعبر\x00 القناة\ufffe <script>")
    feed = ET.fromstring(written("atom", stored_alert(title=bad, quote=bad)))
    titles = [element.text for element in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["بحر قزوين", "سفينة تعبر القناة <script>"]


async def test_the_files_of_a_topic_hold_what_was_alerted_on_it(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.sqlite3")
    await SqlArchive(database).alert("caspian")
    topics = {"caspian": TITLE, "grain": Localized("حبوب")}
    done = write_feeds(database, topics, tmp_path / "feeds")
    assert [(path.name, entries) for path, entries in done] == [
        ("caspian.atom", 1),
        ("caspian.json", 1),
        ("grain.atom", 0),
        ("grain.json", 0),
    ]
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == sorted(
        path.name for path, _ in done
    )
    assert len(read("atom", (tmp_path / "feeds" / "caspian.atom").read_bytes())) == 1
    await database.close()
