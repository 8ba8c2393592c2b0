"""The one client for other people's servers: Wikidata's SPARQL service, its search, reconciliation services.

It behaves as Wikimedia asks (https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy): it
says who calls, asks one thing at a time with a pause between, waits as long as ``Retry-After`` says, and gives up after
a few tries or when the time of a call is over. Every answer is kept on disk for a while. Offline it gives kept answers
only. Make one with :func:`client`, and only when the user asked for the network.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import IO, Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, SPARQLWrapperException

from hansa import sparql
from hansa.errors import HansaError, QueryError, RdfSyntaxError
from hansa.link.cache import Cache, Clock, Request, SystemClock, default_directory
from hansa.rdf import FORMATS, Term, Triple, parse_bytes
from hansa.store import Table, table_from_json

SPARQL = "https://query.wikidata.org/sparql"
API = "https://www.wikidata.org/w/api.php"
RECONCILIATION = "https://wikidata.reconci.link/en/api"

T = TypeVar("T")

_BUSY = {429, 500, 502, 503, 504}
_PIECE = 65_536
_JSON, _RESULTS, _TRIPLES = "application/json", "application/sparql-results+json", "application/n-triples"


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely to ask; all times in seconds.

    :param interval: between the beginnings of two requests
    :param deadline: for one call, all its tries and pauses together
    :param tries: how often to ask before giving up
    :param backoff: the first pause after a failure; each later one is twice as long
    :param longest: no pause of our own is longer
    """

    interval: float = 1.0
    deadline: float = 60.0
    tries: int = 5
    backoff: float = 1.0
    longest: float = 30.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate that a search gave: QID, label, description, and the score where the service gives one (0 to 100)."""

    qid: str
    label: str
    description: str = ""
    score: float | None = None
    match: bool = False


class _AgainError(Exception):
    """The server is busy or the line broke: worth another try.

    :param wait: the seconds that the server asks for, ``None`` when it does not say
    """

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


Transport = Callable[[Request, float, str], IO[bytes]]
"""Opens a request with a time-out in seconds and a user agent; raises what urllib and SPARQLWrapper raise."""


def transport(request: Request, timeout: float, agent: str) -> IO[bytes]:
    """Send a request over HTTP: SPARQL with SPARQLWrapper, anything else with the standard library."""
    if request.kind == "sparql":
        wrapper = SPARQLWrapper(request.url, agent=agent)
        wrapper.setMethod(POST)
        wrapper.setQuery(request.parameters["query"])
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", request.accept)
        wrapper.setTimeout(max(1, round(timeout)))
        found: IO[bytes] = wrapper.query().response
        return found
    data = urlencode(request.parameters)
    headers = {"User-Agent": agent, "Accept": request.accept}
    if request.post:
        message = UrlRequest(request.url, data.encode(), headers)
    else:
        message = UrlRequest(f"{request.url}?{data}", headers=headers)
    answer: IO[bytes] = urlopen(message, timeout=max(1, timeout))
    return answer


class Client:
    """Asks servers politely and keeps what they say.

    :param agent: the user agent, with a way to reach whoever calls
    :param cache: where answers are kept; ``None`` keeps nothing
    :param clock: tells the time and waits
    :param send: opens a request; :func:`transport` unless a caller has a session of its own
    :param offline: give kept answers, however old, and fail where there is none
    """

    def __init__(
        self,
        agent: str,
        *,
        cache: Cache | None = None,
        clock: Clock | None = None,
        send: Transport = transport,
        manners: Manners | None = None,
        offline: bool = False,
    ) -> None:
        self._cache, self._clock, self._send = cache, clock or SystemClock(), send
        self._manners, self._agent, self._offline = manners or Manners(), agent, offline
        self._last = float("-inf")

    # ------------------------------------------------------------ what callers ask
    def select(self, endpoint: str, query: str, values: Mapping[str, Term] | None = None) -> Table:
        """Send a SELECT query.

        :raises QueryError: when the endpoint refuses it
        :raises HansaError: when there is no answer in time
        """
        request = Request(endpoint, {"query": sparql.bind(query, values or {})}, _RESULTS, post=True, kind="sparql")
        return self._read(request, lambda body: table_from_json(json.loads(body)))

    def construct(self, endpoint: str, query: str, values: Mapping[str, Term] | None = None) -> list[Triple]:
        """Send a CONSTRUCT query; raises as :meth:`select` does."""
        request = Request(endpoint, {"query": sparql.bind(query, values or {})}, _TRIPLES, post=True, kind="sparql")
        name = urlsplit(endpoint).netloc
        return self._read(request, lambda body: [q.triple for q in parse_bytes(body, FORMATS["ntriples"], file=name)])

    def search(self, text: str, language: str = "en", limit: int = 7, *, api: str = API) -> list[Hit]:
        """Search items by label and alias (MediaWiki action API, module ``wbsearchentities``)."""
        parameters = {
            "action": "wbsearchentities",
            "search": text,
            "language": language,
            "uselang": language,
            "type": "item",
            "limit": str(limit),
            "format": "json",
        }
        return self._read(Request(api, parameters), _hits)

    def reconcile(self, names: Sequence[str], type_qid: str = "", *, service: str = RECONCILIATION) -> list[list[Hit]]:
        """Ask a reconciliation service for candidates of each name (W3C Reconciliation Service API 0.2, section 4)."""
        typed = {"type": type_qid} if type_qid else {}
        queries = {f"q{number}": {"query": name, **typed} for number, name in enumerate(names)}
        request = Request(service, {"queries": json.dumps(queries, ensure_ascii=False)}, post=True)
        return self._read(request, lambda body: [_candidates(json.loads(body)[key]) for key in queries])

    def extend(self, ids: Sequence[str], prop: str, *, service: str = RECONCILIATION) -> list[str]:
        """Ask a reconciliation service for the values of a property (W3C Reconciliation Service API 0.2, section 7)."""
        asked = {"ids": list(ids), "properties": [{"id": prop}]}
        request = Request(service, {"extend": json.dumps(asked, ensure_ascii=False)}, post=True)
        return self._read(request, lambda body: _extended(json.loads(body)["rows"], prop))

    # ------------------------------------------------------------ how it is done
    def _read(self, request: Request, read: Callable[[bytes], T]) -> T:
        """Give the answer, kept or new; only an answer that can be read is kept."""
        kept = self._cache.get(request, stale=self._offline) if self._cache else None
        if kept is not None:
            return read(kept)
        if self._offline:
            raise HansaError(
                f"no kept answer of {request.url} for this question",
                "ask once without --offline, or take a slice file with --slice",
            )
        until = self._clock.monotonic() + self._manners.deadline
        for attempt in range(1, self._manners.tries + 1):
            try:
                body = self._fetch(request, until)
                answer = _readable(body, read)
            except _AgainError as error:
                self._pause(request, error, attempt, until)
                continue
            if self._cache:
                self._cache.put(request, body)
            return answer
        raise AssertionError  # _pause raises after the last try

    def _pause(self, request: Request, error: _AgainError, attempt: int, until: float) -> None:
        manners = self._manners
        backoff = min(manners.backoff * 2 ** (attempt - 1), manners.longest)
        pause = backoff * random.uniform(0.75, 1.0) if error.wait is None else error.wait
        late = self._clock.monotonic() + pause >= until
        if attempt >= manners.tries or late:
            asks = f"; it asks to wait {error.wait:.0f} s" if error.wait else ""
            tries = f"{attempt} {'try' if attempt == 1 else 'tries'}"
            message = f"{request.url} gave no answer in {tries}, {manners.deadline:.0f} s at most: {error}{asks}"
            raise HansaError(message, "try again later; what was fetched is kept")
        self._clock.sleep(pause)

    def _fetch(self, request: Request, until: float) -> bytes:
        """Ask once.

        :raises _AgainError: when another try may help
        :raises HansaError: when it will not
        """
        pause = self._last + self._manners.interval - self._clock.monotonic()
        if pause > 0:
            self._clock.sleep(pause)
        self._last = self._clock.monotonic()
        try:
            with self._send(request, until - self._last, self._agent) as stream:
                return self._body(stream, until)
        except HTTPError as error:
            raise _refusal(request, error, self._clock.now()) from error
        except EndPointInternalError as error:
            raise _AgainError("it answered 500 (the query may be too heavy)") from error
        except SPARQLWrapperException as error:
            raise QueryError(f"{request.url} refused the query: {_first_line(error)}") from error
        except (OSError, HTTPException) as error:
            raise _AgainError(f"the connection failed: {error}") from error

    def _body(self, stream: IO[bytes], until: float) -> bytes:
        pieces = []
        while piece := stream.read1(_PIECE):  # type: ignore[attr-defined]
            pieces.append(piece)
            if self._clock.monotonic() >= until:
                raise _AgainError("the answer came too slowly")
        return b"".join(pieces)


def _readable(body: bytes, read: Callable[[bytes], T]) -> T:
    try:
        return read(body)
    except (ValueError, KeyError, TypeError, RdfSyntaxError) as error:
        # A service that runs out of time in the middle of an answer breaks off under status 200.
        raise _AgainError(f"the answer cannot be read: {error}") from error


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


def _refusal(request: Request, error: HTTPError, now: float) -> Exception:
    if error.code in _BUSY:
        return _AgainError(f"it answered {error.code}", _retry_after(error.headers.get("Retry-After"), now))
    return HansaError(f"{request.url} answered {error.code} {error.reason}", "check the address")


def _retry_after(value: str | None, now: float) -> float | None:
    """Read the header ``Retry-After``: seconds or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except ValueError:
        return None


def _hits(body: bytes) -> list[Hit]:
    answer = json.loads(body)
    if "error" in answer:
        raise HansaError(f"the search failed: {answer['error'].get('info', 'no reason given')}")
    return [Hit(hit["id"], hit.get("label", ""), hit.get("description", "")) for hit in answer["search"]]


def _candidates(answer: Mapping[str, Any]) -> list[Hit]:
    return [
        Hit(c["id"], c["name"], c.get("description") or "", float(c["score"]), bool(c.get("match")))
        for c in answer["result"]
    ]


def _extended(rows: Mapping[str, Any], prop: str) -> list[str]:
    cells = [cell for row in rows.values() for cell in row.get(prop, ())]
    return [str(cell.get("id") or cell.get("str") or "") for cell in cells]


def client(agent: str, *, offline: bool = False, send: Transport = transport) -> Client:
    """Make the client that the commands use: the user's cache, answers good for a week, a request a second.

    :param agent: who calls, with an address where to complain; see :func:`agent_of`
    """
    clock = SystemClock()
    return Client(agent, cache=Cache(default_directory(), clock), clock=clock, send=send, offline=offline)


def agent_of(base: str, version: str) -> str:
    """Give the user agent: the program, its version, and the project's page as contact."""
    return f"hansa/{version} ({base}) SPARQLWrapper/2 Python-urllib/3"
