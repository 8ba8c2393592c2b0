"""Say what a long command is doing: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(slots=True)
class Stage:
    """One stage of a build, as its summary table shows it.

    :param seconds: wall time
    :param triples: statements that the stage read or made
    :param peak_mib: the process's peak memory when the stage ended, in MiB
    """

    name: str
    seconds: float = 0.0
    triples: int = 0
    peak_mib: int = 0

    def as_dict(self) -> dict[str, str | float | int]:
        """Give the flat form for JSON."""
        return asdict(self)


class Reporter(Protocol):
    """Hears of the stages as they start and end."""

    def started(self, stage: Stage) -> None:
        """Say that a stage begins."""
        ...

    def step(self, text: str) -> None:
        """Say what the running stage is at."""
        ...

    def ended(self, stage: Stage) -> None:
        """Say that a stage is done."""
        ...


class Silent:
    """A reporter that says nothing."""

    def started(self, stage: Stage) -> None:
        """Say nothing."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def ended(self, stage: Stage) -> None:
        """Say nothing."""


def peak_memory_mib() -> int:
    """Give the peak resident memory of this process in MiB (Linux counts KiB, macOS bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024) if sys.platform == "darwin" else peak // 1024


class Stages:
    """Times the stages of one run and tells the reporter."""

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter
        self.done: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Run one stage; the caller sets ``triples`` on what it gets."""
        stage = Stage(name)
        self.reporter.started(stage)
        began = time.perf_counter()
        yield stage
        stage.seconds = round(time.perf_counter() - began, 3)
        stage.peak_mib = peak_memory_mib()
        self.done.append(stage)
        self.reporter.ended(stage)
