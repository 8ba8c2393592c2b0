"""Give memory back to the system: the C library keeps what threads and long answers have freed."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from functools import cache

_ARENA_MAX = -8
"""``M_ARENA_MAX`` of mallopt(3), glibc."""
_ARENAS = 2


@cache
def _libc() -> ctypes.CDLL | None:
    """Give the C library, where it is one that knows both calls."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


def share_arenas() -> None:
    """Have threads allocate from few pools; call it before there are threads, each of which would get its own."""
    if library := _libc():
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give free memory back to the system; it takes some milliseconds."""
    if library := _libc():
        library.malloc_trim(0)
