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

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NICENESS = 10


def confine(memory_limit: int) -> None:
    """Confine this process; call it while it has one thread.

    :param memory_limit: bytes of address space, 0 for no limit
    """
    os.nice(_NICENESS)
    if memory_limit:
        # macOS refuses RLIMIT_AS for some values.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL)
        _leave_network(libc)


def _leave_network(libc: ctypes.CDLL) -> None:
    # An empty network namespace; where the kernel does not grant it, -1 comes back and nothing has changed.
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
