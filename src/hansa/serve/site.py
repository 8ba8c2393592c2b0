"""The release that is being served, opened once: what every page and endpoint shares. Nothing in it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from hansa.manifest import build_store, open_store, read_release, withdrawn_things
from hansa.model import CannedQuery
from hansa.queries import load_queries
from hansa.serve.engine.federation import Federation
from hansa.serve.engine.pool import Pool
from hansa.serve.http.cache import ByteCache
from hansa.serve.http.wire import WireAnswer
from hansa.serve.lookup.database import Database
from hansa.serve.lookup.file import find_file
from hansa.serve.lookup.index import NameIndex
from hansa.serve.lookup.places import Places
from hansa.serve.lookup.pointing import StoredPointing, WrittenPointing
from hansa.serve.lookup.scan import DUMP
from hansa.serve.operation.shortcut import Shortcut
from hansa.serve.pages.cited import Citations
from hansa.serve.pages.i18n import choose_locale
from hansa.serve.pages.names import Names
from hansa.serve.pages.pages import Pages
from hansa.serve.pages.reader import Reader, languages_wanted
from hansa.serve.pages.records import Records
from hansa.serve.settings import ServeSettings
from hansa.serve.things.blocks import Blocks
from hansa.serve.things.describe import Describer
from hansa.serve.things.roster import Roster
from hansa.serve.things.sources import read_sources
from hansa.serve.things.statements import open_statements
from hansa.serve.things.turtle import TurtleWriter
from hansa.vocab import Vocabulary


def _code_digest() -> str:
    """Hash what pages are made of, so that a new template gives new entity tags."""
    digest = hashlib.sha256(version("hansa").encode())
    package = resources.files("hansa.serve.pages")
    for folder in ("templates", "static", "locale"):
        for name, content in sorted(_files_below(package.joinpath(folder), folder)):
            digest.update(name.encode() + content)
    return digest.hexdigest()


def _files_below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir() if folder.is_dir() else ():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _files_below(entry, path)
        else:
            yield path, entry.read_bytes()


class Site:
    """A release, its store and what is read from it at the start.

    :param directory: a release directory
    :raises HansaError: when it is not one, or its store can be neither opened nor built
    """

    def __init__(self, directory: Path, settings: ServeSettings) -> None:
        self.settings = settings
        self.release = read_release(directory)
        self.federation = Federation(settings, f"{self.release.base}sparql")
        self.withdrawn = withdrawn_things(self.release)
        self.store = open_store(self.release)
        self.vocab = Vocabulary(self.release.base, self.release.prefixes)
        self.lookup = Database(find_file(self.release))
        self.graph_sources, self.graphs = read_sources(self.lookup)
        self.names = Names(self.lookup, self.vocab)
        self.index = NameIndex(self.lookup)
        pointing = WrittenPointing(self.lookup, StoredPointing(self.store), self.vocab, self.graphs)
        lines = open_statements(self.release.directory / DUMP, Places(self.lookup), self.store)
        self.blocks = Blocks(lines, pointing, self.vocab)
        self.describer = Describer(self.store, self.blocks, self.vocab)
        self.turtle = TurtleWriter(self.release.prefixes)
        self.records = Records(lines, pointing, self.vocab)
        self.citations = Citations(self.records, self.vocab)
        self.roster = Roster(self.lookup, self.vocab)
        self.queries: dict[str, CannedQuery] = load_queries(self.release.directory / "queries")
        self.pages = Pages(self.release)
        self.pool = Pool(build_store(self.release), settings)
        self.answers: ByteCache[str, Response] = ByteCache(settings.cache_bytes // 2)
        self.packed: ByteCache[tuple[str, str], bytes] = ByteCache(settings.cache_bytes // 4)
        self.wire: ByteCache[bytes, WireAnswer] = ByteCache(settings.cache_bytes // 4)
        self.shortcut = Shortcut(self)
        self._seed = f"{self.release.canonical_hash} {self.release.version} {_code_digest()}"

    @cached_property
    def statements(self) -> int:
        """How many statements the graph has; counted when it is first asked for, which takes a while in a large one."""
        return self.release.counts.get("quads") or len(self.store)

    @cached_property
    def derived_prefix(self) -> str:
        """What the IRIs of all derived graphs begin with."""
        return f"{self.release.base}graph/derived/"

    @cached_property
    def prefix_of(self) -> Callable[[str], tuple[str, ...]]:
        """Give the prefixes whose namespace an IRI begins with."""
        prefixes = tuple(self.release.prefixes.items())

        @lru_cache(maxsize=1 << 16)
        def find(iri: str) -> tuple[str, ...]:
            return tuple(prefix for prefix, namespace in prefixes if iri.startswith(namespace))

        return find

    def etag(self, *parts: str) -> str:
        """Make a strong entity tag for a representation named by ``parts`` (RFC 9110 section 8.8.3)."""
        digest = hashlib.sha256("\0".join((self._seed, *parts)).encode()).hexdigest()
        return f'"{digest[:32]}"'

    def query_tag(self, query: str, media_type: str, *graphs: list[str] | None) -> str:
        """Name the answer to a query: 32 hexadecimal digits.

        :param graphs: the default graph and the named graphs that it is answered from
        """
        datasets = ("\0".join(named or ()) + str(named is None) for named in (graphs or (None, None)))
        return self.etag("sparql", query, media_type, *datasets).strip('"')

    def reader(self, request: Request, path: str = "") -> Reader:
        """Say how terms look to whoever sent a request.

        :param path: of the resource, where that of the request may name a form of it as well
        """
        languages = languages_wanted(request, self.names.languages, self.release.languages)
        locale = choose_locale(request.query_params.get("lang", ""), request.headers.get("accept-language"))
        url = request.url
        return Reader(self.vocab, self.names, languages, locale, path=path or url.path, query=url.query)
