"""Take away from a worker process what a query has no business with: memory without end, the network, a late life.

Every measure is a second lock behind the first one (the query is read before it gets here), so a platform that lacks
one goes on without it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

from hansa.serve.engine.seccomp import deny_system_calls

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NICENESS = 10


def limit_memory(size: int) -> None:
    """Limit what this process may map; call it when the store is open, whose threads need room of their own.

    :param size: bytes of address space, 0 for no limit
    """
    if size:
        # macOS refuses RLIMIT_AS for some values.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def confine() -> None:
    """Confine this process; call it while it has one thread."""
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        die_with_parent()
        # When the machine runs out of memory, a query goes before the server.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        _leave_network(libc)
        deny_system_calls(libc)


def die_with_parent() -> None:
    """Have this process killed when its parent ends, where the platform can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def _leave_network(libc: ctypes.CDLL) -> None:
    # An empty network namespace; where the kernel does not grant it, -1 comes back and nothing has changed.
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
