"""Ask a SPARQL endpoint that the operator allowed, and nothing else on the network.

Whoever sends a query chooses among the operator's addresses and never makes one (OWASP, server-side request forgery).
A name is resolved once, its address is held against what is allowed, and the connection goes to that very address, so
a name that changes its address between check and use (DNS rebinding) gains nothing. No proxy, redirect, cookie or
content coding is taken; time and size are limited.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlencode, urlsplit

import httptools

from hansa.errors import ConfigError, HansaError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

RESULTS_JSON = "application/sparql-results+json"
_PORTS = {"http": 80, "https": 443}
_NAT64 = ip_network("64:ff9b::/96")
_PIECE = 1 << 16
_HEAD = 1 << 16
_OK = 200


class EgressError(HansaError):
    """An endpoint elsewhere did not answer as it should."""


class EgressTimeoutError(EgressError):
    """An endpoint elsewhere did not answer in time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an endpoint elsewhere may take.

    :param seconds: from the look-up of its name to the last byte
    :param size: bytes of its answer
    """

    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that the operator named, taken apart.

    :param target: path and query string
    """

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The Host field: the port is left out where it is the usual one (RFC 9110 section 7.2)."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"


def read_endpoint(url: str) -> Endpoint:
    """Take the address of an endpoint apart.

    :raises ConfigError: when it is not an absolute http or https URL without user and fragment
    """
    hint = "write it as https://example.org/sparql"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"the endpoint {url!r} is not a URL: {error}", hint) from None
    if parts.scheme not in _PORTS or not parts.hostname or not url.isascii() or any(c <= " " for c in url):
        raise ConfigError(f"the endpoint {url!r} is not an http or https URL", hint)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ConfigError(f"the endpoint {url!r} has a user or a fragment in it", hint)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(url, parts.scheme, parts.hostname, port or _PORTS[parts.scheme], target)


def read_network(text: str) -> Network:
    """Read a range of addresses such as ``10.1.0.0/16``.

    :raises ConfigError: when it is none
    """
    try:
        return ip_network(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a range of addresses: {error}", "write it as 10.1.0.0/16") from None


# ---------------------------------------------------------------- addresses
def _meant(address: Address) -> list[Address]:
    """Give an address and those that are written inside it (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, IPv4Address):
        return [address]
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [address.ipv4_mapped] if address.ipv4_mapped else [address, *(a for a in inside if a)]


def may_reach(address: Address, permitted: Iterable[Network]) -> bool:
    """Tell whether an address is public, or in a range that the operator named."""
    ranges = tuple(permitted)

    def fits(one: Address) -> bool:
        return (one.is_global and not one.is_multicast and not one.is_reserved) or any(one in n for n in ranges)

    return all(fits(one) for one in _meant(address))


async def resolve(endpoint: Endpoint, permitted: Sequence[Network]) -> str:
    """Look up the name of an endpoint once and give the first address that may be reached.

    :raises EgressError: when there is none
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise EgressError(f"the endpoint <{endpoint.url}> is not known by name", "try again later") from None
    for *_, where in found:
        if may_reach(ip_address(str(where[0]).partition("%")[0]), permitted):
            return str(where[0])
    raise EgressError(
        f"the endpoint <{endpoint.url}> is at an address that this server may not reach",
        "the operator can allow a private range with --allow-service-network",
    )


# ---------------------------------------------------------------- one request
class _Response:
    """Gathers what the parser finds (the callbacks of httptools)."""

    def __init__(self, limit: int) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.body = bytearray()
        self.complete = False
        self._limit = limit
        self._headers: dict[bytes, bytes] = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value.strip()

    def on_headers_complete(self) -> None:
        status = self.parser.get_status_code()
        media_type = self._headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        coding = self._headers.get(b"content-encoding", b"identity").lower()
        if status != _OK:
            raise EgressError(f"it answered with status {status}; redirects are not followed")
        if media_type != RESULTS_JSON:
            raise EgressError(f"it answered in {media_type[:80] or 'no known form'!r}, not in {RESULTS_JSON}")
        if coding != b"identity":
            raise EgressError("it packed its answer although that was not asked for")

    def on_body(self, data: bytes) -> None:
        self.body += data
        if len(self.body) > self._limit:
            raise EgressError(f"its answer is longer than {self._limit} bytes", "ask for less: add LIMIT to the block")

    def on_message_complete(self) -> None:
        self.complete = True

    @property
    def has_length(self) -> bool:
        return b"content-length" in self._headers or b"transfer-encoding" in self._headers


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(endpoint: Endpoint, query: str) -> bytes:
    body = urlencode({"query": query}).encode()
    head = (
        f"POST {endpoint.target} HTTP/1.1\r\nHost: {endpoint.authority}\r\nUser-Agent: hansa\r\n"
        f"Accept: {RESULTS_JSON}\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _read(reader: asyncio.StreamReader, limit: int) -> bytes:
    response = _Response(limit)
    read = 0
    while not response.complete and (data := await reader.read(_PIECE)):
        read += len(data)
        if not response.body and read > _HEAD + _PIECE:
            raise EgressError("the header of its answer has no end")
        try:
            response.parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            # The parser wraps what a callback raises.
            if isinstance(error.__context__, EgressError):
                raise error.__context__ from None
            raise
    # A body without a length ends with the connection (RFC 9112 section 6.3); JSON shows where it was cut.
    if not response.complete and (response.has_length or not response.body):
        raise EgressError("it closed the connection before its answer was complete")
    return bytes(response.body)


async def _exchange(endpoint: Endpoint, address: str, query: str, limit: int) -> bytes:
    secure = endpoint.scheme == "https"
    reader, writer = await asyncio.open_connection(
        address, endpoint.port, ssl=_tls() if secure else None, server_hostname=endpoint.host if secure else None
    )
    try:
        writer.write(_request(endpoint, query))
        await writer.drain()
        return await _read(reader, limit)
    finally:
        writer.transport.abort()


async def ask(endpoint: Endpoint, query: str, permitted: Sequence[Network], limits: Limits) -> bytes:
    """Ask an endpoint a SELECT or ASK query by POST.

    :param permitted: ranges that are not public and may be reached all the same
    :return: SPARQL 1.1 Query Results JSON, not looked at
    :raises EgressError: when it may not be reached or does not answer as it should; a subclass when it is late
    """
    about = f"the endpoint <{endpoint.url}> cannot be used"
    try:
        async with asyncio.timeout(limits.seconds):
            address = await resolve(endpoint, permitted)
            return await _exchange(endpoint, address, query, limits.size)
    except TimeoutError:
        raise EgressTimeoutError(f"{about}: it took more than {limits.seconds:g} seconds", "try again later") from None
    except EgressError as error:
        message = error.message if error.message.startswith("the endpoint") else f"{about}: {error.message}"
        raise EgressError(message, error.hint) from None
    except ssl.SSLError as error:
        raise EgressError(f"{about}: its certificate or its TLS is not good: {error.reason}") from None
    except OSError:
        raise EgressError(f"{about}: there is no connection to it", "try again later") from None
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        raise EgressError(f"{about}: it does not speak HTTP as it should") from None
