"""`hansa validate --watch` as a person has it: a process that checks on save and stops on Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from tests.validate.conftest import INSTANCE, PAGE, Project

PATIENCE = 60


class Watching:
    """The running command, whose lines come one by one."""

    def __init__(self, project: Project) -> None:
        command = [sys.executable, "-m", "hansa.cli", "--project", str(project.root), "validate", "--watch"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "COLUMNS": "200"}
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, word: str) -> str:
        """Wait for a line with a word, and give all lines up to it."""
        read = ""
        while word not in read:
            read += self._lines.get(timeout=PATIENCE)
        return read


@pytest.fixture
def watching(project: Project) -> Iterator[Watching]:
    running = Watching(project)
    yield running
    running.process.kill()
    running.process.wait()
    assert running.process.stdout is not None
    running.process.stdout.close()


def test_save_break_delete_and_stop(project: Project, watching: Watching) -> None:
    watching.until(" s\n")
    project.replace("hansa:start ", "hansa:strat ")
    said = watching.until(" s\n")
    assert "hansa:strat is not declared" in said
    assert "1 new, 0 gone" in said
    project.write(INSTANCE, PAGE.replace(" .\n", "\n", 1))
    assert "syntax/turtle" in watching.until("gone), ")
    (project.root / INSTANCE).unlink()
    watching.until("gone: instances/sources/page.ttl")
    watching.until(" s\n")
    project.write("pyproject.toml", "[tool.hansa")
    assert "pyproject.toml" in watching.until("waiting for the next change")
    watching.process.send_signal(signal.SIGINT)
    assert "stopped" in watching.until("stopped")
    assert watching.process.wait(PATIENCE) == 0
