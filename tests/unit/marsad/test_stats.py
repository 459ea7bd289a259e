"""What `marsad stats` shows of a day."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from marsad.stats import plot, table
from storage.times import SiteTimes

TWO_O_CLOCK = datetime(2026, 5, 1, 2, 30, tzinfo=UTC)


def site(name: str, *hourly: int) -> SiteTimes:
    return SiteTimes(
        site=name,
        articles=sum(hourly),
        backlog=0,
        alerts=1,
        published_to_seen=(30.0,),
        seen_to_decided=(1.0, 2.0),
        decided_to_sent=(),
        hourly=hourly + (0,) * (24 - len(hourly)),
    )


def shown(*sites: SiteTimes) -> list[str]:
    console = Console(width=140)
    with console.capture() as capture:
        console.print(table(sites, TWO_O_CLOCK))
    return capture.get().splitlines()


@pytest.mark.parametrize(
    ("counts", "blocks"),
    [
        pytest.param((), "", id="nothing"),
        pytest.param((0, 0), "··", id="silence"),
        pytest.param((5,), "█", id="the largest"),
        pytest.param((1, 2, 3, 4, 5, 6, 7, 8), "▁▂▃▄▅▆▇█", id="each height"),
        pytest.param((1, 1000, 0, 500), "▁█·▄", id="little is more than nothing"),
    ],
)
def test_a_count_is_as_high_as_its_share_of_the_largest(
    counts: tuple[int, ...], blocks: str
) -> None:
    assert plot(counts) == blocks


def test_the_hours_so_far_are_plotted() -> None:
    (line,) = [line for line in shown(site("port", 4, 0, 2)) if "port" in line]
    assert "│ █·▄" in line
    assert "1.0 s / 2.0 s" in line


def test_several_sites_are_told_together_too() -> None:
    lines = shown(site("port", 4, 0, 1), site("shore", 0, 4, 0))
    (together,) = [line for line in lines if "all " in line]
    assert together.split() == ["│", "all", "│", "9", "│", "2", "│", "│", "│", "│", "██▂", "│"]


def test_one_site_is_told_once() -> None:
    assert not [line for line in shown(site("port", 4)) if "all " in line]
