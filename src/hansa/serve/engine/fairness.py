"""Who is next: clients take turns, and when the queue is full the client with the most places gives one up.

A client is known by a salted hash of its address, kept only while it waits; the salt is new with every process.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

_SALT = secrets.token_bytes(16)


def client_key(address: str) -> str:
    """Give the key of a client; all addresses of an IPv6 network of 64 bits are one client."""
    try:
        parsed = ipaddress.ip_address(address)
        if parsed.version == 6:
            address = str(ipaddress.ip_network((parsed, 64), strict=False))
    except ValueError:
        pass
    return hashlib.blake2b(address.encode(), key=_SALT, digest_size=8).hexdigest()


class Turn(Protocol):
    """Is told when its turn has come, as a future is."""

    def done(self) -> bool:
        """Say whether it has come, or is not waited for any more."""
        ...

    def set_result(self, result: Any, /) -> None:
        """Begin."""
        ...

    def set_exception(self, exception: Exception, /) -> None:
        """Give up."""
        ...


@dataclass(eq=False, slots=True)
class Waiter:
    """A query that waits.

    :param shape: see :func:`hansa.serve.engine.lanes.shape_of`
    :param brief: it is to be quick, and gives up when its like turns out to be slow
    """

    client: str
    shape: str
    turn: asyncio.Future[Any] | Turn
    brief: bool = False


class FairQueue:
    """A queue in which clients take turns.

    :param limit: places
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._clients: dict[str, deque[Waiter]] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def push(self, waiter: Waiter) -> Waiter | None:
        """Let someone wait; give who has to leave for it, which may be the newcomer."""
        if self._limit <= 0:
            return waiter
        evicted = None
        if self._length >= self._limit:
            largest = max(self._clients, key=lambda c: len(self._clients[c]))
            if len(self._clients[largest]) <= len(self._clients.get(waiter.client, ())) + 1:
                return waiter
            evicted = self._clients[largest][-1]
            self.remove(evicted)
        self._clients.setdefault(waiter.client, deque()).append(waiter)
        self._length += 1
        return evicted

    def peek(self) -> Waiter | None:
        """Give the next one, who goes on waiting, or ``None``."""
        return next((places[0] for places in self._clients.values()), None)

    def pop(self) -> Waiter | None:
        """Give the next one, or ``None``."""
        waiter = self.peek()
        if waiter is not None:
            self.remove(waiter)
            if waiter.client in self._clients:
                self._clients[waiter.client] = self._clients.pop(waiter.client)
        return waiter

    def of_shape(self, shape: str) -> list[Waiter]:
        """Give those who wait with queries of a shape."""
        return [waiter for places in self._clients.values() for waiter in places if waiter.shape == shape]

    def remove(self, waiter: Waiter) -> None:
        """Forget one that may or may not wait here."""
        places = self._clients.get(waiter.client)
        if places is None or waiter not in places:
            return
        places.remove(waiter)
        self._length -= 1
        if not places:
            del self._clients[waiter.client]
