"""Measurements of several processes added up: each leaves its own in a file, and whoever is asked reads them all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

_ALIVE, _ENDED = ".prom", ".ended"


def _together(name: str) -> Callable[[float, float], float]:
    """Say how the values of two processes go together: they add up, but a date is the earliest, and a fact is one."""
    if name.endswith("_created"):
        return min
    return max if name.endswith("_info") else float.__add__


class SharedMeasurements(Collector):
    """The files of all processes, read when they are asked for.

    :param place: the directory of the files
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    def save(self, text: bytes) -> None:
        """Leave what this process has measured (Prometheus text format) for the others."""
        target = self._place / f"{os.getpid()}{_ALIVE}"
        scratch = target.with_suffix(".new")
        scratch.write_bytes(text)
        scratch.replace(target)

    def end(self, process: int) -> None:
        """Note that a process has ended: what it counted stays counted, what it had at the time is no more."""
        file = self._place / f"{process}{_ALIVE}"
        with contextlib.suppress(FileNotFoundError):
            file.rename(file.with_suffix(_ENDED))

    def _families(self) -> Iterator[Metric]:
        for file in sorted(self._place.iterdir()):
            if file.suffix not in (_ALIVE, _ENDED):
                continue
            with contextlib.suppress(FileNotFoundError):
                for family in text_string_to_metric_families(file.read_text(encoding="utf-8")):
                    if file.suffix == _ALIVE or family.type != "gauge" or family.name.endswith("_created"):
                        yield family

    def collect(self) -> Iterator[Metric]:
        """Give each measurement once, for all processes."""
        found: dict[str, list[Metric]] = {}
        for family in self._families():
            found.setdefault(family.name, []).append(family)
        for families in found.values():
            yield _sum(families)


def _sum(families: Iterable[Metric]) -> Metric:
    first, *others = families
    values: dict[tuple[str, tuple[tuple[str, str], ...]], Sample] = {}
    for sample in (s for family in (first, *others) for s in family.samples):
        key = sample.name, tuple(sample.labels.items())
        known = values.get(key)
        value = sample.value if known is None else _together(sample.name)(float(known.value), float(sample.value))
        values[key] = Sample(sample.name, sample.labels, value)
    whole = Metric(first.name, first.documentation, first.type)
    whole.samples = list(values.values())
    return whole
