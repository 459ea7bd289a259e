"""Problems of a configuration that no file has alone: pure."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError

from models.configfile import Loaded, Problem
from models.faults import nearest
from models.site import Listing, Site, Way
from models.topic import Topic
from models.webhook import Webhook
from models.yamltree import KeyPath


def problems_between(
    sites: Mapping[str, Loaded[Site]],
    topics: Mapping[str, Loaded[Topic]],
    webhooks: Mapping[str, Loaded[Webhook]],
) -> Iterator[Problem]:
    """Addresses listed twice, selectors and patterns that do not compile, unknown sites and
    topics."""
    yield from _shared_addresses(sites)
    yield from _unusable_patterns(sites)
    yield from _unknown_sources(topics, sites)
    yield from _unknown_topics(webhooks, topics)


def _shared_addresses(sites: Mapping[str, Loaded[Site]]) -> Iterator[Problem]:
    """Two sites with one listing would store each of its articles under either name."""
    first: dict[str, str] = {}
    for name, site in sites.items():
        for path, way in _ways(site.value):
            address = canonical(way.url)
            if address in first:
                message = f"{way.url} is a listing of the site '{first[address]}' already"
                yield site.problem((*path, "url"), message)
            first.setdefault(address, name)


def _ways(site: Site) -> Iterator[tuple[KeyPath, Way]]:
    for key, ways in (("publishes", site.publishes), ("fallbacks", site.fallbacks)):
        for number, way in enumerate(ways):
            yield (key, number), way


def canonical(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _unusable_patterns(sites: Mapping[str, Loaded[Site]]) -> Iterator[Problem]:
    """Selectors and patterns that do not compile would find nothing, without a word."""
    for site in sites.values():
        for path, selector in _selectors(site.value):
            try:
                HTMLTranslator().css_to_xpath(selector)
            except SelectorError as error:
                yield site.problem(path, f"'{selector}' is not a CSS selector: {error}")
        for path, way in _ways(site.value):
            if isinstance(way, Listing) and way.path is not None:
                try:
                    re.compile(way.path)
                except re.error as error:
                    message = f"'{way.path}' is not a regular expression: {error}"
                    yield site.problem((*path, "path"), message)


def _selectors(site: Site) -> Iterator[tuple[KeyPath, str]]:
    for key in ("title", "body", "date", "author"):
        if (selector := getattr(site.selectors, key)) is not None:
            yield ("selectors", key), selector
    for number, selector in enumerate(site.selectors.drop):
        yield ("selectors", "drop", number), selector
    for path, way in _ways(site):
        if isinstance(way, Listing):
            yield (*path, "links"), way.links
            if way.next is not None and "{page}" not in way.next:
                yield (*path, "next"), way.next


def _unknown_sources(
    topics: Mapping[str, Loaded[Topic]], sites: Mapping[str, Loaded[Site]]
) -> Iterator[Problem]:
    for topic in topics.values():
        for key in ("only", "but"):
            for number, name in enumerate(getattr(topic.value.sources, key)):
                if name not in sites:
                    message = f"no site is named '{name}'{nearest(name, sites)}"
                    yield topic.problem(("sources", key, number), message)


def _unknown_topics(
    webhooks: Mapping[str, Loaded[Webhook]], topics: Mapping[str, Loaded[Topic]]
) -> Iterator[Problem]:
    alerting = {name for name, topic in topics.items() if not topic.value.internal}
    for webhook in webhooks.values():
        for number, name in enumerate(webhook.value.topics):
            if name not in alerting:
                message = f"no topic that alerts is named '{name}'{nearest(name, alerting)}"
                yield webhook.problem(("topics", number), message)
