"""Deny a process the system calls that a query has no business with: sockets, connections, other programs.

A classic BPF filter, see seccomp(2); numbers of system calls from the kernel's tables for the two usual machines.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000
_JUMP_GREATER_EQUAL = 0x35

# AUDIT_ARCH value; then socket, connect, bind, listen, accept, accept4, execve, execveat, ptrace.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 43, 288, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 202, 242, 221, 281, 117)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter(architecture: int, denied: tuple[int, ...]) -> bytes:
    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    steps = [
        step(_LOAD, 4),
        step(_JUMP_EQUAL, architecture, 1, 0),
        step(_RETURN, _KILL_PROCESS),
        step(_LOAD, 0),
        # Calls of the x32 kind have other numbers.
        step(_JUMP_GREATER_EQUAL, _X32, len(denied) + 1, 0),
        *(step(_JUMP_EQUAL, call, len(denied) - n, 0) for n, call in enumerate(denied)),
        step(_RETURN, _ALLOW),
        step(_RETURN, _ERRNO | errno.EPERM),
    ]
    return b"".join(steps)


def deny_system_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter for this process and all its threads to come; say whether the kernel took it."""
    known = _MACHINES.get(platform.machine())
    if known is None or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    code = _filter(*known)
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
