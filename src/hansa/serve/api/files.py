"""The files of a release: dumps, checksums, context, shapes and metadata, served as they are.

Only files that the release lists in its manifest can be reached, so no path leads out of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.manifest import MANIFEST, read_release, store_directory
from hansa.model import Release, ReleaseFile
from hansa.rdf import FORMATS, BlankNode, Node, Quad, Term, Triple, parse_file, serialise, sort_key
from hansa.serve.api.ranges import check_range
from hansa.serve.http.encoding import choose_coding
from hansa.serve.http.errors import VARY, HttpError
from hansa.serve.http.negotiate import HTML, RDF_FORMS, Representation, choose, rdf_name
from hansa.serve.http.responses import etag_matches, negotiated
from hansa.serve.http.wire import KEEP
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.release_views import DownloadView
from hansa.serve.site import Site

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,99}\Z")
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "public, max-age=0, must-revalidate"
_KIB = 1024


def size_in_words(size: int) -> str:
    """Put a number of bytes into words, such as 1.4 MiB."""
    number = float(size)
    for unit in ("bytes", "KiB", "MiB"):
        if number < _KIB:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= _KIB
    return f"{number:.1f} GiB"


def place_of(release: Release, file: ReleaseFile) -> Path:
    """Give the path of a file that the release lists.

    :raises HttpError: 503 when somebody has taken it away
    """
    path = release.directory / file.path
    if not path.is_file():
        raise HttpError(503, f"the file {file.path!r} is not there now", "the operator has to put the release back")
    return path


def find_file(release: Release, name: str) -> ReleaseFile | None:
    """Find a file that the release lists; the manifest itself is not in the list."""
    if name == MANIFEST and (release.directory / MANIFEST).is_file():
        data = (release.directory / MANIFEST).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return ReleaseFile(MANIFEST, "application/json", len(data), digest, "What this release says on itself")
    return next((f for f in release.files if f.path == name), None)


def _packed(request: Request, release: Release, file: ReleaseFile) -> ReleaseFile | None:
    """Give the packed copy of a file that the release holds, when the client takes it."""
    coding = choose_coding(request.headers.get("accept-encoding"), ("gzip",))
    return find_file(release, f"{file.path}.gz") if coding else None


def _not_modified(request: Request, etag: str, path: Path) -> bool:
    """Evaluate If-None-Match, or where there is none If-Modified-Since (RFC 9110 section 13.2.2)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return etag_matches(tags, etag)
    try:
        since = parsedate_to_datetime(request.headers["if-modified-since"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return False
    return int(path.stat().st_mtime) <= since


def send_file(request: Request, release: Release, name: str, *, immutable: bool = False) -> Response:
    """Send a file of a release, or 304; ranges are answered too.

    Where the release holds the same file packed, clients that take gzip get that one under the same address.

    :raises HttpError: 404, or 416 for a range outside of the file
    """
    file = find_file(release, name)
    if file is None:
        raise HttpError(404, f"release {release.version} has no file {name!r}", "see /dumps/ for the files there are")
    packed = _packed(request, release, file)
    path = place_of(release, packed or file)
    etag = f'"{(packed or file).sha256}"'
    headers = {"ETag": etag, "Cache-Control": _IMMUTABLE if immutable else _REVALIDATE}
    headers["Link"] = f'<{release.licence}>; rel="license"'
    if packed:
        headers["Content-Encoding"] = "gzip"
    if find_file(release, f"{name}.gz"):
        headers["Vary"] = "Accept-Encoding"
    if _not_modified(request, etag, path):
        headers.pop("Content-Encoding", None)
        return Response(None, 304, {**headers, "Accept-Ranges": "bytes"})
    check_range(request, etag, path.stat().st_size)
    return FileResponse(path, headers=headers, media_type=_content_type(file))


def _content_type(file: ReleaseFile) -> str:
    textual = file.media_type.startswith("text/") and "charset" not in file.media_type
    return f"{file.media_type}; charset=utf-8" if textual else file.media_type


async def dump(request: Request) -> Response:
    """Answer for ``/dumps/{file}``."""
    site: Site = request.app.state.site
    return send_file(request, site.release, request.path_params["file"])


def _other_release(site: Site, version: str) -> Release:
    if version == site.release.version:
        return site.release
    dist: Path = store_directory(site.release).parent.parent
    found = read_release(dist / version) if _VERSION.match(version) and (dist / version / MANIFEST).is_file() else None
    # A link such as dist/current is the release of another version tomorrow.
    if found is None or found.version != version:
        raise HttpError(404, f"there is no release {version!r} here", "see /dumps/ for the current one")
    return found


async def release_file(request: Request) -> Response:
    """Answer for ``/releases/{version}/{file}``: the files of a release under an address that never changes."""
    site: Site = request.app.state.site
    release = _other_release(site, request.path_params["version"])
    return send_file(request, release, request.path_params["file"], immutable=True)


async def dumps(request: Request) -> Response:
    """Answer for ``/dumps/``: what there is to download."""
    site: Site = request.app.state.site

    def render(_chosen: Representation, reader: Reader) -> bytes:
        files = tuple(
            DownloadView(f.path, f"/dumps/{f.path}", f.title, f.media_type, size_in_words(f.bytes), f.sha256)
            for f in site.release.files
        )
        return site.pages.dumps(files, reader)

    offered = (HTML, *RDF_FORMS) if find_file(site.release, "catalog.ttl") else (HTML,)
    if (chosen := choose(request.headers.get("accept"), offered)) not in (None, HTML):
        return negotiated_file(request, "/catalog", chosen.extension if chosen else "", "catalog.ttl")
    return negotiated(request, "/dumps/", "", (HTML,), render, headers={"Content-Location": "/dumps/"})


async def dataset(request: Request) -> Response:
    """Answer for ``/dataset``, the dataset itself: see the downloads, or its description in RDF."""
    chosen = choose(request.headers.get("accept"), (HTML, *RDF_FORMS))
    return RedirectResponse("/dumps/" if chosen in (None, HTML) else "/.well-known/void", 303, {"Vary": VARY})


def _steady(quads: Iterable[Quad]) -> list[Triple]:
    """Name blank nodes by the order in which they come, so that a file always gives the same bytes."""
    names: dict[Term | Node, BlankNode] = {}

    def named(term: Any) -> Any:
        return names.setdefault(term, BlankNode(f"b{len(names)}")) if isinstance(term, BlankNode) else term

    triples = {Triple(named(q.subject), q.predicate, named(q.object)) for q in quads}
    return sorted(triples, key=sort_key)


def _converted(release: Release, name: str, chosen: Representation) -> bytes:
    same = f"{Path(name).stem}.{chosen.extension}"
    if file := find_file(release, same):
        return place_of(release, file).read_bytes()
    file = find_file(release, name)
    quads = parse_file(place_of(release, file) if file else release.directory / name, file=name)
    form = FORMATS[rdf_name(chosen)]
    prefixes = None if form.name in ("ntriples", "nquads", "jsonld") else dict(release.prefixes)
    return serialise(_steady(quads), form, prefixes)


def negotiated_file(request: Request, path: str, extension: str, name: str) -> Response:
    """Answer with an RDF file of the release, converted to the form asked for.

    :param name: the file in Turtle
    :raises HttpError: 404 when the release does not have it
    """
    site: Site = request.app.state.site
    if find_file(site.release, name) is None:
        raise HttpError(404, f"this release has no {name}", "see /dumps/ for the files there are")

    def render(chosen: Representation, _reader: Reader) -> bytes:
        return _converted(site.release, name, chosen)

    return negotiated(request, path, extension, RDF_FORMS, render)


async def void(request: Request) -> Response:
    """Answer for ``/.well-known/void`` (https://www.w3.org/TR/void/, section 6.2)."""
    return negotiated_file(request, "/.well-known/void", request.path_params.get("extension", ""), "void.ttl")


async def catalog(request: Request) -> Response:
    """Answer for ``/catalog``: the DCAT description."""
    return negotiated_file(request, "/catalog", request.path_params.get("extension", ""), "catalog.ttl")


async def shapes(request: Request) -> Response:
    """Answer for ``/shapes``: the SHACL shapes."""
    return negotiated_file(request, "/shapes", request.path_params.get("extension", ""), "shapes.ttl")


async def context(request: Request) -> Response:
    """Answer for ``/context.jsonld``, which programs fetch for every document that names it."""
    site: Site = request.app.state.site
    file = find_file(site.release, "context.jsonld")
    if file is None:
        raise HttpError(404, "this release has no context.jsonld", "see /dumps/ for the files there are")
    request.scope.setdefault("state", {})[KEEP] = True
    etag = f'"{file.sha256}"'
    headers = {"ETag": etag, "Cache-Control": _REVALIDATE, "Link": f'<{site.release.licence}>; rel="license"'}
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    return Response(place_of(site.release, file).read_bytes(), 200, headers, file.media_type)


async def _dumps_redirect(_request: Request) -> Response:
    return RedirectResponse("/dumps/", 308)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/shapes", shapes),
        Route("/shapes.{extension}", shapes),
        Route("/context.jsonld", context),
        Route("/dataset", dataset),
        Route("/dumps", _dumps_redirect),
        Route("/dumps/", dumps),
        Route("/dumps/{file:path}", dump),
        Route("/releases/{version}/{file:path}", release_file),
        Route("/.well-known/void", void),
        Route("/.well-known/void.{extension}", void),
        Route("/catalog", catalog),
        Route("/catalog.{extension}", catalog),
    ]
