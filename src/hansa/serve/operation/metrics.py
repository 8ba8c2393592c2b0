"""Measurements in the Prometheus text format. They hold no query text, no name of a thing and nothing about clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hansa.serve.operation.shared import SharedMeasurements
from hansa.serve.site import Site

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = {"GET", "HEAD", "OPTIONS", "POST"}
NO_ROUTE = "none"
"""The route of a request that no route fits; the path itself could be anything."""


class Metrics:
    """What is measured; it outlives a switch to another release."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self._answers = Counter("hansa_http_requests", "Answers sent.", labels, registry=self.registry)
        self._seconds = Histogram(
            "hansa_http_request_duration_seconds",
            "Seconds from the request to the end of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge("hansa_http_requests_in_flight", "Requests under way.", registry=self.registry)
        self.switches = Counter(
            "hansa_release_switches", "Switches to another release.", ("outcome",), registry=self.registry
        )
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._shared: SharedMeasurements | None = None
        self._site = _SiteCollector()
        self.registry.register(self._site)

    def watch(self, site: Site) -> None:
        """Measure this site from now on."""
        self._site.site = site

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer.

        :param route: the template of its path
        """
        counter, histogram = self._of(route, method if method in _METHODS else "other", status)
        counter.inc()
        histogram.observe(seconds)

    def _of(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """Find the measurements of a kind of answer; there are few kinds, and to ask for them by label takes longer."""
        key = (route, method, status)
        if key not in self._kinds:
            self._kinds[key] = self._answers.labels(route, method, str(status)), self._seconds.labels(route)
        return self._kinds[key]

    def share(self, place: Path) -> None:
        """Add up with what other processes measure from now on.

        :param place: a directory that all of them write to
        """
        self._shared = SharedMeasurements(place)

    def forget(self, process: int) -> None:
        """Note that a process has ended."""
        if self._shared:
            self._shared.end(process)

    def save(self) -> None:
        """Let other processes know what this one has measured."""
        if self._shared:
            self._shared.save(generate_latest(self.registry))

    def text(self) -> bytes:
        """Write all measurements (Prometheus text format 0.0.4)."""
        if not self._shared:
            return generate_latest(self.registry)
        self.save()
        return generate_latest(self._shared)


class _SiteCollector(Collector):
    """Reads what the site in service knows about itself when it is asked."""

    def __init__(self) -> None:
        self.site: Site | None = None

    def collect(self) -> Iterator[Metric]:
        site = self.site
        if site is None:
            return
        info = GaugeMetricFamily("hansa_release_info", "The release in service.", labels=("version", "hash"))
        info.add_metric((site.release.version, site.release.canonical_hash), 1)
        yield info
        yield GaugeMetricFamily("hansa_workers", "Worker processes alive.", value=site.pool.running)
        yield GaugeMetricFamily("hansa_queries_waiting", "Queries that wait for a worker.", value=site.pool.waiting)
        yield GaugeMetricFamily("hansa_workers_idle", "Worker processes that wait for a query.", value=site.pool.idle)
        short = site.shortcut.taken
        yield CounterMetricFamily("hansa_short_queries", "Queries answered without the application.", value=short)
        yield from _caches(site)


def _caches(site: Site) -> Iterator[Metric]:
    found = CounterMetricFamily("hansa_cache_requests", "Look-ups in the caches of answers.", labels=("cache", "found"))
    size = GaugeMetricFamily("hansa_cache_bytes", "Bytes that the caches of answers take.", labels=("cache",))
    for name, cache in (("answers", site.answers), ("packed", site.packed), ("wire", site.wire)):
        found.add_metric((name, "yes"), cache.tally.hits)
        found.add_metric((name, "no"), cache.tally.misses)
        size.add_metric((name,), cache.tally.bytes)
    yield found
    yield size
