"""The server process: take a port, serve until told to stop, end in good order."""

from __future__ import annotations

import contextlib
import errno
import gc
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator

import uvicorn

from hansa.errors import HansaError
from hansa.serve.operation.live import Live
from hansa.serve.operation.protocol import Protocol

_BACKLOG = 2048
_MOST_FILES = 1 << 16
_ALLOCATIONS = 20_000
_STOP = (signal.SIGINT, signal.SIGTERM)


def listen_often(host: str, port: int, number: int) -> list[socket.socket]:
    """Take a port with several sockets, among which the kernel spreads connections; where it cannot, with one.

    :raises HansaError: when it is taken or not ours to take
    """
    taken = listen(host, port)
    if number == 1 or not sys.platform.startswith("linux"):
        return [taken] * number
    port = taken.getsockname()[1]
    # The first one shows that nobody else listens: sockets that share a port would not notice.
    taken.close()
    return [listen(host, port, shared=True) for _ in range(number)]


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Take a port.

    :param port: 0 for any free one
    :param shared: with others of ours
    :raises HansaError: when it is taken or not ours to take
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        taken.bind((host, port))
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise HansaError(
                f"port {port} on {host} is taken by another program", f"stop it, or use --port {port + 1}"
            ) from None
        raise HansaError(f"{host}:{port} cannot be used: {error.strerror}", "choose another --host or --port") from None
    return taken


def allow_connections() -> None:
    """Let this process have as many files open as the system lets it: many begin with 1024, which a crowd fills."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def settle() -> None:
    """Spare the collector what stays as long as the process, and have it look less often: requests leave few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 50)


class Server(uvicorn.Server):
    """Ends with exit code 0 when it is told to stop, and looks for another release on SIGHUP."""

    def __init__(self, live: Live) -> None:
        self._live = live
        config = uvicorn.Config(
            live,
            http=Protocol,
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            backlog=_BACKLOG,
            timeout_graceful_shutdown=max(1, round(live.settings.grace)),
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals while serving; unlike the base class, do not raise them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in _STOP}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: self._reload())
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _reload(self) -> None:
        self._live.reload()
