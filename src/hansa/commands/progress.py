"""What the command line shows: stages as they run, one table at the end, results and findings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from hansa.stages import Stage

STAGES = ("load", "derive", "link", "validate", "ontology", "release", "store", "lookup")


class BarReporter:
    """Shows a progress bar over the stages; for terminals."""

    def __init__(self, console: Console, total: int = len(STAGES)) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task: TaskID = self._progress.add_task("", total=total)

    def __enter__(self) -> BarReporter:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, stage: Stage) -> None:
        """Show the stage's name."""
        self._progress.update(self._task, description=stage.name)

    def step(self, text: str) -> None:
        """Show what the stage is at."""
        self._progress.update(self._task, description=text)

    def ended(self, stage: Stage) -> None:
        """Move the bar on."""
        self._progress.advance(self._task)


class LineReporter:
    """Prints one plain line a stage; for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> LineReporter:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def started(self, stage: Stage) -> None:
        """Say nothing yet."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def ended(self, stage: Stage) -> None:
        """Print the stage's line."""
        self._console.print(f"{stage.name}: {stage.seconds:.2f} s, {stage.triples} statements", highlight=False)


def reporter(console: Console) -> BarReporter | LineReporter:
    """Choose bars for a terminal and lines for everything else."""
    return BarReporter(console) if console.is_terminal else LineReporter(console)


def stage_table(stages: Sequence[Stage]) -> Table:
    """Make the summary table of a build."""
    table = Table(box=None, pad_edge=False)
    table.add_column("stage")
    for heading in ("seconds", "statements", "peak memory"):
        table.add_column(heading, justify="right")
    for stage in stages:
        table.add_row(stage.name, f"{stage.seconds:.2f}", f"{stage.triples:,}", f"{stage.peak_mib} MiB")
    total = sum(stage.seconds for stage in stages)
    table.add_row("total", f"{total:.2f}", "", f"{max((s.peak_mib for s in stages), default=0)} MiB")
    return table
