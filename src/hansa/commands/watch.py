"""``hansa validate --watch``: check again on every save, and say what is new and what is gone."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from watchfiles import Change, watch

from hansa.config import load_config
from hansa.errors import HansaError
from hansa.model import Finding
from hansa.validate import report

if TYPE_CHECKING:
    from hansa.commands.validate import Wanted

_FOLDERS = ("instances", "ontology", "shapes", "queries")
_SETTINGS = "pyproject.toml"
_QUIET = 60
"""Milliseconds without another change, after which a save counts as done."""
_AT_MOST = 600
_READY = 100

_Key = tuple[str, str, str, str]


def watch_project(wanted: Wanted) -> int:
    """Check now and after each change of a file, until the user stops it; gives the exit code, always 0."""
    watcher = _Watcher(wanted)
    for number in (signal.SIGINT, signal.SIGTERM):  # also where the shell that started it told it to ignore Ctrl-C
        signal.signal(number, signal.default_int_handler)
    try:
        for _ in _changes(wanted):
            watcher.check()
    except KeyboardInterrupt:
        pass
    click.echo("stopped", err=True)
    return 0


def _changes(wanted: Wanted) -> Iterator[None]:
    """Give a sign when the files are watched, and then after each burst of changes.

    Watching comes before the first check, so that a file that is saved meanwhile is not missed. The settings are one
    file, which editors put in place of the old one: it is watched anew after each change.
    """
    root = wanted.config.root
    while True:
        places = [root / name for name in (*_FOLDERS, _SETTINGS) if (root / name).exists()]
        watched = watch(
            *places,
            *wanted.extra,
            watch_filter=_matters,
            debounce=_AT_MOST,
            step=_QUIET,
            rust_timeout=_READY,
            yield_on_timeout=True,
        )
        for number, changes in enumerate(watched):
            if changes or number == 0:
                yield
            if any(Path(name).parent == root or Path(name) in wanted.extra for _, name in changes):
                break
        else:
            return


def _matters(_change: Change, name: str) -> bool:
    path = Path(name)
    return not path.name.startswith(".") and not path.name.endswith("~") and path.suffix != ".swp"


class _Watcher:
    """Remembers what was found last, so as to say only what is different."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._last: list[Finding] = []

    def check(self) -> None:
        """Check, and print what is new, what is gone, and the count; what cannot be checked is said, and waited on."""
        began = time.perf_counter()
        try:
            self._reload()
            found = self._wanted.run()[1]
        except (HansaError, OSError) as problem:
            click.echo(f"error: {problem}\nwaiting for the next change", err=True)
            return
        self._say(found, time.perf_counter() - began)
        self._last = found

    def _reload(self) -> None:
        self._wanted = replace(self._wanted, config=load_config(self._wanted.config.root))

    def _say(self, found: list[Finding], seconds: float) -> None:
        new, gone = _beyond(found, self._last), _beyond(self._last, found)
        report.write_text(new, sys.stdout, self._wanted.config.root)
        for (file, code, message, _), times in Counter(map(_key, gone)).items():
            often = f" ({times} times)" if times > 1 else ""
            click.echo(f"gone: {file}: {message} [{code}]{often}")
        sys.stdout.flush()
        changed = f" ({len(new)} new, {len(gone)} gone)" if new or gone else ""
        click.echo(f"{time.strftime('%H:%M:%S')} {report.summary(found)}{changed}, {seconds:.2f} s", err=True)


def _beyond(findings: list[Finding], others: list[Finding]) -> list[Finding]:
    """Give the findings that are not among others; that a line has moved makes no other finding of it."""
    known = Counter(map(_key, others))
    rest: list[Finding] = []
    for finding in findings:
        known[_key(finding)] -= 1
        rest += [finding] if known[_key(finding)] < 0 else []
    return rest


def _key(finding: Finding) -> _Key:
    return finding.position.file, finding.code, finding.message, finding.focus
