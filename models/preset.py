"""What sites on one system of publishing have in common: a site file names it as `preset: NAME`.

Only what is known of the system is here; a preset never says how often or how fast to ask.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

PresetName = Literal["wordpress", "jnews", "sahifa", "nastooh", "asam", "latest-news"]

_HOME = re.compile(r"https?://[^\s/]+(/\S*)?")
# Stands in `publishes` where `home` is wrong or missing, so that this alone is reported.
NO_ADDRESS: Final = "https://home.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Keys of a site file; the addresses in `publishes` are relative to `home`."""

    about: str
    publishes: tuple[Mapping[str, str], ...]
    selectors: Mapping[str, str] = field(default_factory=dict)
    timezone: str | None = None


_WORDPRESS = ({"type": "feed", "url": "/feed/"}, {"type": "wordpress", "url": "/"})

PRESETS: Final[Mapping[str, Preset]] = {
    "wordpress": Preset(
        about="WordPress with a usual theme: its feed, then its REST interface",
        publishes=_WORDPRESS,
        selectors={"body": ".entry-content"},
    ),
    "jnews": Preset(
        about="WordPress with the theme JNews",
        publishes=_WORDPRESS,
        selectors={"title": "h1.jeg_post_title", "body": ".entry-content"},
    ),
    "sahifa": Preset(
        about="WordPress with the theme Sahifa of TieLabs",
        publishes=_WORDPRESS,
        selectors={"title": "h1.post-title.entry-title", "body": ".post-inner .entry"},
    ),
    "nastooh": Preset(
        about="Nastooh, the system of Iranian news agencies (Mehr, IRNA)",
        publishes=({"type": "feed", "url": "/rss"},),
        selectors={"body": ".item-body .item-text", "date": ".item-date"},
        timezone="Asia/Tehran",
    ),
    "asam": Preset(
        about="Asam, the system of Tasnim",
        publishes=({"type": "feed", "url": "/rss/feed/0/8/0"},),
        selectors={
            "body": "article.single-news .story > p",
            "date": "article.single-news .time",
        },
        timezone="Asia/Tehran",
    ),
    "latest-news": Preset(
        about="Television sites whose feed is at /Rss/latest-news/ar (LBCI, Al Jadeed)",
        publishes=({"type": "feed", "url": "/Rss/latest-news/ar"},),
    ),
}


def filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """A site file with what its preset knows. What the file says itself wins, key by key, also
    inside `selectors`. An unknown preset fills in nothing."""
    if "preset" not in content or content["preset"] is None:
        return dict(content)
    merged = dict(content)
    preset = PRESETS.get(str(content["preset"]))
    selectors = content.get("selectors", {})
    if preset is not None and isinstance(selectors, dict):
        merged["selectors"] = {**preset.selectors, **selectors}
    if preset is not None and preset.timezone is not None:
        merged.setdefault("timezone", preset.timezone)
    merged.setdefault("publishes", _ways(preset, content.get("home")))
    return merged


def _ways(preset: Preset | None, home: object) -> list[dict[str, str]]:
    if preset is None or not isinstance(home, str) or not _HOME.fullmatch(home):
        return [{"type": "feed", "url": NO_ADDRESS}]
    return [{**way, "url": home.rstrip("/") + way["url"]} for way in preset.publishes]
