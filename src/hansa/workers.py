"""Run a function over many items on all cores, each item in a process of its own that ends with it.

A process is a fork: it sees everything that its parent has without copying, gives back the memory that it took, and
outlives a killed parent by no more than its item. Where processes cannot be forked safely the items run one by one.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 3
"""So many results a core may wait for an earlier one that takes long."""
_CAN_FORK = sys.platform == "linux"


def cores() -> int:
    """Give how many processes may run at once: the cores that this process may use, or ``HANSA_WORKERS``."""
    wanted = os.environ.get("HANSA_WORKERS", "")
    available = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return int(wanted) if wanted.isdecimal() and int(wanted) else available


def spread(function: Callable[[Item], Result], items: Iterable[Item], *, small: bool = False) -> Iterator[Result]:
    """Give the result for each item in the order of the items.

    :param small: the work is not worth a process
    """
    count = cores()
    if small or count < 2 or not _CAN_FORK:
        yield from map(function, items)
        return
    tasks: deque[Task[Result]] = deque()
    try:
        for item in items:
            while len(busy := _busy(tasks)) >= count or len(tasks) == _AHEAD * count:
                if tasks[0].is_done or len(tasks) == _AHEAD * count:
                    yield tasks.popleft().result()
                else:
                    wait(busy)
            tasks.append(Task(function, item))
        while tasks:
            yield tasks.popleft().result()
    finally:
        for task in tasks:
            task.stop()


def _busy(tasks: Iterable[Task[Any]]) -> list[Connection]:
    """Give where the results of tasks will come from that have none yet."""
    return [task.pipe for task in tasks if not task.is_done]


class Task(Generic[Result]):
    """A function running in a process of its own.

    :param function: what to run; its result or error is sent back
    :ivar pipe: where that comes from
    """

    def __init__(self, function: Callable[[Item], Result], item: Item) -> None:
        context = get_context("fork")
        self.pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(function, item, theirs), daemon=False)
        self._process.start()
        theirs.close()

    @property
    def is_done(self) -> bool:
        """Tell whether there is a result, or an error, to fetch."""
        return self.pipe.poll()

    def result(self) -> Result:
        """Wait for the result.

        :raises Exception: the one that the function raised
        """
        try:
            good, value = self.pipe.recv()
        except EOFError:
            self._process.join()
            raise MemoryError(f"a worker process ended with {self._process.exitcode}") from None
        finally:
            self.pipe.close()
        self._process.join()
        self._process.close()
        if not good:
            raise value
        found: Result = value
        return found

    def stop(self) -> None:
        """End it without a result."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _run(function: Callable[[Any], Any], item: Any, pipe: Connection) -> None:
    gc.disable()  # it would go through everything that the parent has, for a process that soon ends
    try:
        answer = True, function(item)
    except BaseException as error:  # whatever it is, the parent is to raise it
        answer = False, error
    try:
        pipe.send(answer)
    except BrokenPipeError:
        pass
    finally:
        pipe.close()
