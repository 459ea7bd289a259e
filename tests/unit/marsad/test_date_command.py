"""`marsad date`: each line of a file is a moment or a reason; a wrong line loses no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.marsad.conftest import Run


def told(marsad: Run, tmp_path: Path, *lines: str, exit_code: int = 0) -> list[dict[str, Any]]:
    file = tmp_path / "dates"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = marsad("date", file)
    assert result.exit_code == exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_line_has_the_string_the_zone_and_the_time_parted_by_tabs(
    marsad: Run, tmp_path: Path
) -> None:
    assert told(
        marsad,
        tmp_path,
        "string\ttime zone\tnow",
        "١٤ شباط ٢٠٢٦ ٠٩:٣٠\tAsia/Baghdad\t2026-03-01T00:00:00Z",
        "قبل ساعتين\t+04:00\t2026-03-01T10:00:00+00:00",
        "عاجل\tUTC\t2026-03-01T10:00:00Z",
    ) == [
        {
            "string": "١٤ شباط ٢٠٢٦ ٠٩:٣٠",
            "iso": "2026-02-14T09:30:00+03:00",
            "utc": "2026-02-14T06:30:00+00:00",
            "precision": "time",
        },
        {
            "string": "قبل ساعتين",
            "iso": "2026-03-01T12:00:00+04:00",
            "utc": "2026-03-01T08:00:00+00:00",
            "precision": "time",
        },
        {"string": "عاجل", "iso": None, "reason": "holds no date"},
    ]


@pytest.mark.parametrize("zone_name", ["zone", "time_zone", "timezone", "tz"])
def test_a_line_may_be_a_json_object(marsad: Run, tmp_path: Path, zone_name: str) -> None:
    line = {"string": "أمس 10:00", zone_name: "Asia/Muscat", "now": "2026-03-01T10:00:00Z"}
    (row,) = told(marsad, tmp_path, json.dumps(line, ensure_ascii=False))
    assert row["iso"] == "2026-02-28T10:00:00+04:00"


def test_a_string_alone_is_in_utc(marsad: Run, tmp_path: Path) -> None:
    (row,) = told(marsad, tmp_path, "3 يناير 2026")
    assert (row["iso"], row["precision"]) == ("2026-01-03T00:00:00+00:00", "day")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("x\tAsia/Nowhere", "the time zone 'Asia/Nowhere' is not known"),
        ("x\tUTC\tأمس", "it is an ISO 8601 time"),
        ('{"zone": "UTC"}', "the string is missing"),
        ('{"string": 5}', "string is not text"),
        ('{"string": ', "not JSON"),
    ],
)
def test_a_wrong_line_is_named_and_the_others_are_read(
    marsad: Run, tmp_path: Path, line: str, error: str
) -> None:
    wrong, right = told(marsad, tmp_path, line, "3 يناير 2026\tUTC", exit_code=1)
    assert error in wrong["error"]
    assert "line 1" in wrong["error"]
    assert right["iso"] == "2026-01-03T00:00:00+00:00"
