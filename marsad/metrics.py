"""The figures of storage.monitoring as Prometheus metrics."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from storage.monitoring import BOUNDS, Histogram, Snapshot

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_text(snapshot: Snapshot, now: datetime) -> bytes:
    """The text format, as a scrape or node_exporter's textfile collector reads it."""
    registry = CollectorRegistry()
    registry.register(_Collected(snapshot, now))
    return generate_latest(registry)


class _Collected(Collector):
    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._snapshot = snapshot
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield from _sites(self._snapshot)
        yield from _counts(self._snapshot, self._now)
        yield _times(self._snapshot)


def _sites(snapshot: Snapshot) -> Iterator[Metric]:
    read = GaugeMetricFamily(
        "marsad_site_last_success_timestamp_seconds",
        "When the site was last read.",
        labels=["site"],
    )
    due = GaugeMetricFamily(
        "marsad_site_due_timestamp_seconds", "When the site is next looked at.", labels=["site"]
    )
    blind = GaugeMetricFamily(
        "marsad_site_blind", "1 while the site gives no news though it should.", labels=["site"]
    )
    failures = GaugeMetricFamily(
        "marsad_site_failures", "Crawls in a row that failed.", labels=["site"]
    )
    for state in snapshot.sites:
        if state.last_success is not None:
            read.add_metric([state.site], state.last_success.timestamp())
        due.add_metric([state.site], state.due_at.timestamp())
        blind.add_metric([state.site], float(state.health.blind_since is not None))
        failures.add_metric([state.site], state.failures)
    yield from (read, due, blind, failures)


def _counts(snapshot: Snapshot, now: datetime) -> Iterator[Metric]:
    for counter, label, counted, what in (
        ("marsad_articles", "site", snapshot.articles, "Articles first seen in 24 hours."),
        ("marsad_matches", "topic", snapshot.matches, "Articles that matched in 24 hours."),
        ("marsad_messages_waiting", "state", snapshot.outbox, "Messages that are still to go."),
        ("marsad_messages_settled", "state", snapshot.settled, "Messages settled in 24 hours."),
    ):
        family = GaugeMetricFamily(counter, what, labels=[label])
        for key, count in sorted(counted.items()):
            family.add_metric([key], count)
        yield family
    overdue = snapshot.oldest_due
    waited = 0.0 if overdue is None else (now - overdue).total_seconds()
    for name, value, what in (
        ("marsad_articles_undecided", snapshot.undecided, "Articles that are still to be matched."),
        ("marsad_alerts", snapshot.alerts, "Alerts decided in 24 hours."),
        ("marsad_oldest_message_seconds", waited, "How long the longest overdue message waits."),
        ("marsad_paused", float(snapshot.paused), "1 while an operator has paused delivery."),
    ):
        yield GaugeMetricFamily(name, what, value=value)


def _times(snapshot: Snapshot) -> Metric:
    family = HistogramMetricFamily(
        "marsad_latency_seconds", "How long a step took, in the last 24 hours.", labels=["step"]
    )
    for step, histogram in snapshot.times.items():
        family.add_metric([step], _buckets(histogram), histogram.total)
    return family


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    bounds = [*(repr(bound) for bound in BOUNDS), "+Inf"]
    return list(zip(bounds, (*histogram.counts, histogram.count), strict=True))
