"""The tables of dates beside this file, and their figures: python -m tests.unit.crawler.datetable.

A row is text, what it tells in the site's time, and, where they are not the usual ones, time zone
and now, parted by tabs.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.extraction.dates import read_date

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TABLES = ("dates.tsv", "dates-unseen.tsv", "dates-unseen-2.tsv")


@dataclass(frozen=True, slots=True)
class Case:
    """`expected` is None where nothing certain is told; `is_day`: a day without a time."""

    text: str
    expected: datetime | None
    is_day: bool
    zone: ZoneInfo
    now: datetime


def _case(line: str) -> Case:
    text, told, zone_name, now = [*line.split("\t"), "", "", ""][:4]
    zone = ZoneInfo(zone_name or "Asia/Baghdad")
    expected = None if told == "-" else datetime.fromisoformat(told).replace(tzinfo=zone)
    return Case(text, expected, len(told) == 10, zone, datetime.fromisoformat(now) if now else NOW)


def date_table(name: str) -> list[Case]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [_case(line) for line in lines if line and not line.startswith("#")]


def main() -> None:
    for name in sys.argv[1:] or TABLES:
        cases = date_table(name)
        right = wrong = 0
        lines = []
        for case in cases:
            found = read_date(case.text, now=case.now, zone=case.zone)
            moment = found.moment
            right += moment == case.expected
            wrong += moment is not None and moment != case.expected
            if moment != case.expected:
                read = moment.astimezone(case.zone).isoformat() if moment else found.reason
                lines.append(f"  {case.text!r}: {read}, not {case.expected}")
        print(f"{name}: {right} of {len(cases)} right, {wrong} silently wrong")
        print(*lines, sep="\n")


if __name__ == "__main__":
    main()
