"""`marsad stats`: what each site gave since midnight (UTC), and how long it took."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from storage.database import Database
from storage.times import SiteTimes, percentile, site_times

_BLOCKS = "▁▂▃▄▅▆▇█"
_STEPS = {
    "published_to_seen": "published → seen",
    "seen_to_decided": "seen → decided",
    "decided_to_sent": "decided → sent",
}


def times_today(database: Database, now: datetime) -> list[SiteTimes]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return database.read_now(lambda connection: site_times(connection, midnight))


def rows(times: Sequence[SiteTimes]) -> list[dict[str, Any]]:
    """An object a site; seconds, null where nothing was timed."""
    return [
        {
            "site": each.site,
            "articles": each.articles,
            "backlog": each.backlog,
            "alerts": each.alerts,
            "hourly": list(each.hourly),
            **{
                step: {
                    "count": len(seconds),
                    "p50": percentile(seconds, 0.5),
                    "p95": percentile(seconds, 0.95),
                }
                for step, seconds in _steps(each)
            },
        }
        for each in times
    ]


def table(times: Sequence[SiteTimes], now: datetime) -> Table:
    """A line a site, and one of all where there are several."""
    shown = Table(title="today (UTC); each time as p50 / p95", title_justify="left")
    shown.add_column("site")
    for name in ("articles", "alerts", *_STEPS.values()):
        shown.add_column(name, justify="right")
    shown.add_column(f"articles by hour, 0-{now.hour}", no_wrap=True)
    for each in times:
        counted = f"{each.articles} ({each.backlog} old)" if each.backlog else f"{each.articles}"
        shown.add_row(
            each.site,
            counted,
            str(each.alerts),
            *(_two(seconds) for _, seconds in _steps(each)),
            plot(each.hourly[: now.hour + 1]),
        )
    if len(times) > 1:
        together = [sum(hour) for hour in zip(*(each.hourly for each in times), strict=True)]
        shown.add_section()
        shown.add_row(
            "all",
            str(sum(each.articles for each in times)),
            str(sum(each.alerts for each in times)),
            *("" for _ in _STEPS),
            plot(together[: now.hour + 1]),
        )
    return shown


def plot(counts: Sequence[int]) -> str:
    """A block a count, as high as its share of the largest; a dot where there was nothing."""
    most = max(counts, default=0)
    return "".join(
        _BLOCKS[-(-count * len(_BLOCKS) // most) - 1] if count else "·" for count in counts
    )


def _steps(times: SiteTimes) -> list[tuple[str, tuple[float, ...]]]:
    return [(step, getattr(times, step)) for step in _STEPS]


def _two(seconds: tuple[float, ...]) -> str:
    middle, slow = percentile(seconds, 0.5), percentile(seconds, 0.95)
    return "-" if middle is None or slow is None else f"{_told(middle)} / {_told(slow)}"


def _told(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
