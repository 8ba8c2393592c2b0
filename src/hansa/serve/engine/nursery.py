"""A process that has everything imported and makes workers by forking: a new worker costs milliseconds.

Run by :mod:`hansa.serve.engine.pool` as ``python -m hansa.serve.engine.nursery CONTROL STORE MEMORY ROWS BYTES``, where
CONTROL is the number of an inherited socket. Each message on it brings one more socket, the channel of a new worker.
The nursery itself has one thread and never opens the store, so forking it is safe.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from pathlib import Path

from hansa.serve.engine.confine import die_with_parent
from hansa.serve.engine.worker import Limits, run


def _fork(control: socket.socket, channel: socket.socket, store: Path, limits: Limits) -> None:
    nursery = os.getpid()
    if os.fork():
        return
    status = 1
    try:
        control.close()
        status = run(channel, store, limits, nursery)
    finally:
        # Nothing of the nursery's is to be tidied up by a worker.
        os._exit(status)


def main(arguments: list[str]) -> int:
    """Make workers until the parent goes away."""
    number, store, memory, rows, size = arguments
    limits = Limits(int(memory), int(rows), int(size))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The kernel forgets workers that end; the parent sees it by their channel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    die_with_parent()
    gc.freeze()
    with socket.socket(fileno=int(number)) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                return 0
            with socket.socket(fileno=descriptors[0]) as channel:
                _fork(control, channel, Path(store), limits)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
