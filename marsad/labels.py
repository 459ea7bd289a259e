"""What readers said of alerts, as labelled articles that `marsad quality` reads."""

from collections.abc import Iterator
from typing import Any

from alerts.keywords import is_personal
from storage import choices
from storage.choices import Judged
from storage.database import Database

# As alerts.matching.quality has them.
_RELEVANT, _BORDERLINE, _IRRELEVANT = 2, 1, 0


def rows(database: Database) -> list[dict[str, Any]]:
    """A row an alert that was judged, on the topics of the configuration; who said what is not in
    it, and neither is what somebody watches for alone."""
    judged = database.read_now(lambda c: list(choices.judged(c)))
    return list(_rows(judged))


def _rows(judged: list[Judged]) -> Iterator[dict[str, Any]]:
    for alert in judged:
        topics = [topic for topic in alert.topics if not is_personal(topic)]
        if topics:
            yield {
                "id": alert.url,
                "source": alert.site,
                "url": alert.url,
                "title": alert.title,
                "text": alert.text,
                "labels": dict.fromkeys(topics, _label(alert)),
                "relevant": alert.relevant,
                "irrelevant": alert.irrelevant,
            }


def _label(alert: Judged) -> int:
    """What most readers said; where as many say the one as the other it is borderline."""
    if alert.relevant == alert.irrelevant:
        return _BORDERLINE
    return _RELEVANT if alert.relevant > alert.irrelevant else _IRRELEVANT
