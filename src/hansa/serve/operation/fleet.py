"""Several processes that answer on one port: one is forked for each processor, and one that ends is forked again.

The parent opens the release before it forks, so that the processes share its memory. It answers no request itself, has
no thread of Python's and runs no event loop. Each process looks for another release on its own (see
:mod:`hansa.serve.operation.live`).

On Linux every process has a socket of its own (SO_REUSEPORT), among which the kernel spreads connections. The parent
keeps them all open: connections that wait on the socket of a process that ended are answered by its successor.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from types import FrameType

from hansa.errors import HansaError
from hansa.serve.engine.confine import die_with_parent

_SOON = 2.0
"""Seconds of life under which a process counts as one that could not start."""
_MOST_SHORT_LIVES = 5
_PAUSE = 0.5
_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_log = logging.getLogger("hansa.serve")

Serve = Callable[[socket.socket], None]


class Fleet:
    """The processes.

    :param sockets: that each of them listens on
    :param serve: is called in each process and returns when that is told to stop (SIGTERM)
    :param ended: is told of a process that is no more, by its id
    """

    def __init__(self, sockets: Sequence[socket.socket], serve: Serve, ended: Callable[[int], None]) -> None:
        self._sockets = sockets
        self._serve = serve
        self._ended = ended
        self._numbers: dict[int, int] = {}
        self._born: dict[int, float] = {}
        self._stopping = False
        self._short_lives = 0

    def run(self) -> None:
        """Keep the processes running until told to stop; return when all have ended.

        :raises HansaError: when they end as soon as they have begun
        """
        before = {number: signal.signal(number, self._forward) for number in _FORWARDED}
        try:
            for number in range(len(self._sockets)):
                self._fork(number)
            while self._numbers:
                self._wait()
        finally:
            self._kill()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._short_lives >= _MOST_SHORT_LIVES:
            raise HansaError("the processes of the server end as soon as they begin", "see what they wrote above")

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        self._stopping |= number != signal.SIGHUP
        for process in list(self._numbers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def _kill(self) -> None:
        for process in self._numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _wait(self) -> None:
        process, status = os.wait()
        number = self._numbers.pop(process, None)
        age = time.monotonic() - self._born.pop(process, 0.0)
        self._ended(process)
        if number is None or self._stopping:
            return
        self._short_lives = self._short_lives + 1 if age < _SOON else 0
        if self._short_lives >= _MOST_SHORT_LIVES:
            self._forward(signal.SIGTERM, None)
            return
        _log.error("a process of the server ended (%s) and is replaced", os.waitstatus_to_exitcode(status))
        if self._short_lives:
            time.sleep(_PAUSE)
        self._fork(number)

    def _fork(self, number: int) -> None:
        # What is told to stop between the fork and its own handlers is to stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
        try:
            process = os.fork()
            if not process:
                self._child(number)
            self._numbers[process] = number
            self._born[process] = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)

    def _child(self, number: int) -> None:
        """Serve in this process, which never returns from here."""
        status = 1
        try:
            die_with_parent()
            for forwarded in _FORWARDED:
                signal.signal(forwarded, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
            self._serve(self._sockets[number])
            status = 0
        except BaseException:  # whatever it was, the parent's own code must not run twice
            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)
