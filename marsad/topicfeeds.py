"""What was alerted on a topic as an Atom feed (RFC 4287) and a JSON Feed (1.1), for people without
Telegram."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from models.alert import StoredAlert
from models.text import Localized
from storage.alerts import latest
from storage.database import Connection, Database

MOST = 50
"""Entries of a feed; a reader that looks in once a day misses none of an ordinary topic."""

_ATOM = "http://www.w3.org/2005/Atom"

# Any text that no other feed on earth has; a tag URI (RFC 4151) needs no host that answers.
_ID = "tag:marsad,2026:{}"

# What XML 1.0 has no way to write; pages hold it all the same.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Write = Callable[[str, Localized, Sequence[StoredAlert]], bytes]


def atom(topic: str, title: Localized, alerts: Sequence[StoredAlert]) -> bytes:
    """`alerts`: the newest first."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "ar"})
    _text(feed, "id", _ID.format(topic))
    _text(feed, "title", title.in_language("ar"))
    _text(feed, "updated", _time(max((each.created for each in alerts), default=None)))
    _text(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", "مرصد")
    for each in alerts:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", _ID.format(f"{topic}/{each.story_id}"))
        _text(entry, "title", _headline(each))
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"href": _clean(each.alert.url)})
        _text(entry, "updated", _time(each.created))
        if each.alert.published is not None:
            _text(entry, "published", _time(each.alert.published))
        author = ET.SubElement(entry, f"{{{_ATOM}}}author")
        _text(author, "name", each.alert.source.in_language("ar"))
        _text(entry, "summary", _clean(each.alert.quote.text))
        for word in _words(topic, each):
            ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": _clean(word)})
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(topic: str, title: Localized, alerts: Sequence[StoredAlert]) -> bytes:
    """`alerts`: the newest first."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title.in_language("ar"),
        "language": "ar",
        "items": [
            {
                "id": _ID.format(f"{topic}/{each.story_id}"),
                "url": each.alert.url,
                "title": _headline(each),
                "content_text": each.alert.quote.text,
                "date_published": _time(each.alert.published or each.alert.first_seen),
                "date_modified": _time(each.created),
                "authors": [{"name": each.alert.source.in_language("ar")}],
                "tags": list(_words(topic, each)),
            }
            for each in alerts
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


FORMATS: Final[Mapping[str, tuple[str, Write]]] = {
    "atom": ("application/atom+xml", atom),
    "json": ("application/feed+json", json_feed),
}
"""Ending of the name -> media type and writer."""


def alerts_of(connection: Connection, topic: str) -> list[StoredAlert]:
    """What the topic's feeds hold, the newest first."""
    return latest(connection, [topic], MOST)


def write_feeds(
    database: Database, topics: Mapping[str, Localized], directory: Path
) -> list[tuple[Path, int]]:
    """Both feeds of each topic, replaced whole; the files and how many entries each has."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for topic, title in topics.items():
        alerts = database.read_now(partial(alerts_of, topic=topic))
        for ending, (_, write) in FORMATS.items():
            path = directory / f"{topic}.{ending}"
            # a reader never sees half a feed
            unfinished = path.with_name(f".{path.name}.new")
            unfinished.write_bytes(write(topic, title, alerts))
            unfinished.replace(path)
            written.append((path, len(alerts)))
    return written


def _headline(stored: StoredAlert) -> str:
    text = _clean((stored.changes.title or stored.alert.title).text)
    # as the messages do, it is said and not hidden: a reader may have it already
    return f"[سحبه الموقع] {text}" if stored.changes.withdrawn else text


def _words(topic: str, stored: StoredAlert) -> tuple[str, ...]:
    return next((match.words for match in stored.alert.topics if match.topic == topic), ())


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _time(moment: datetime | None) -> str:
    return "1970-01-01T00:00:00+00:00" if moment is None else moment.isoformat()
