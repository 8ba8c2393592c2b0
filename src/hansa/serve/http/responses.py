"""Negotiated answers: pick the form, answer 304 where that will do, and set the headers that belong to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from hansa.rdf import FORMATS, Quad, Triple, serialise, sort_key, triples_of
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import VARY, not_acceptable
from hansa.serve.http.negotiate import HTML, RDF, RDF_FORMS, Representation, address_of, by_extension, choose, rdf_name
from hansa.serve.http.wire import KEEP
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Format
from hansa.serve.site import Site

Render = Callable[[Representation, Reader], bytes]
_DESCRIBING = (RDF["turtle"], RDF["jsonld"])
_HEADER_BYTES = 2048
_IRI = re.compile(r"<([^<>\s]*)>")
_IN_QUERY = "!$&'()*+,/:;=?@-._~%[]"
"""What a query string may hold (RFC 3986 section 3.4), escapes included; the rest could end the address in a header."""
_MAX_AGE = "public, max-age=0, must-revalidate"


def etag_matches(header: str | None, etag: str) -> bool:
    """Evaluate If-None-Match with the weak comparison (RFC 9110 section 13.1.2)."""
    if not header:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags


def _suffix(query: str) -> str:
    """Write a query string, as latin-1, where it follows a path in a header."""
    return f"?{quote(query.encode('latin-1', 'replace'), safe=_IN_QUERY)}" if query else ""


def content_location(request: Request, path: str, chosen: Representation) -> str:
    """Give the address of the form that is sent (RFC 9110 section 8.7).

    :param path: of the resource, without extension
    """
    return address_of(path, chosen) + _suffix(request.scope["query_string"].decode("latin-1"))


def link_header(path: str, query: str, offered: Sequence[Representation], site: Site, about: str = "") -> str:
    """Write the Link header after FAIR Signposting (https://signposting.org/FAIR/).

    The other forms, the address without extension, the licence, the description of the dataset; of the document about
    a thing also what to cite, its descriptions for programs and the shapes it keeps to.

    :param about: IRI of the thing described
    """
    suffix = _suffix(query)
    # A resource that has one form only has no others.
    forms = offered if len(offered) > 1 else ()
    links = [f'<{address_of(path, r)}{suffix}>; rel="alternate"; type="{r.media_type}"' for r in forms]
    links.append(f'<{path}{suffix}>; rel="canonical"')
    links.append(f'<{site.release.licence}>; rel="license"')
    links.append('</.well-known/void>; rel="describedby"; type="text/turtle"')
    if about:
        links.append(f'<{about}>; rel="describes"')
        links.append(f'<{about}>; rel="cite-as"')
        links.append('<https://schema.org/AboutPage>; rel="type"')
        described = (r for r in offered if r in _DESCRIBING)
        links += [f'<{address_of(path, r)}{suffix}>; rel="describedby"; type="{r.media_type}"' for r in described]
    return ", ".join(links)


def formats_of(path: str, query: str, offered: Sequence[Representation]) -> tuple[Format, ...]:
    """Give the other forms of a page as links for its foot."""
    suffix = f"?{query}" if query else ""
    return tuple(
        Format(r.title, f"{address_of(path, r)}{suffix}", r.media_type) for r in offered if r.media_type != "text/html"
    )


def pick(request: Request, path: str, extension: str, offered: tuple[Representation, ...]) -> Representation:
    """Choose the form of an answer: by the extension of the path, else by the Accept header.

    :param path: without extension
    :raises HttpError: 406 with the list of what there is
    """
    accept = request.headers.get("accept")
    chosen = by_extension(extension, offered) if extension else choose(accept, offered)
    if chosen is None:
        raise not_acceptable(path, offered)
    return chosen


def negotiated(
    request: Request,
    path: str,
    extension: str,
    offered: tuple[Representation, ...],
    render: Render,
    *,
    about: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer in the form that the client asked for; an answer that was made before is taken from the cache.

    :param path: of the resource, without extension
    :param render: makes the body, called only when neither the client nor the cache has it already
    :param about: IRI of the thing that the resource describes
    :param headers: further headers; the links in ``Link`` are added to those that every answer has
    :raises HttpError: 406
    :raises ParameterError: when ``?as_of=`` is not a day
    """
    site: Site = request.app.state.site
    as_of_day(request)
    chosen = pick(request, path, extension, offered)
    # RDF says everything in all languages.
    reader = None if chosen in RDF_FORMS else site.reader(request, path)
    query = request.scope["query_string"].decode("latin-1")
    etag = site.etag(path, query, chosen.media_type, *((reader.locale, *reader.languages) if reader else ()))
    matches = etag_matches(request.headers.get("if-none-match"), etag)
    request.scope.setdefault("state", {})[KEEP] = True
    if not matches and (kept := site.answers.get(etag)):
        return kept
    common = {
        "ETag": etag,
        "Vary": VARY,
        "Cache-Control": _MAX_AGE,
        "Content-Location": content_location(request, path, chosen),
        **(headers or {}),
        "Link": ", ".join(filter(None, (link_header(path, query, offered, site, about), (headers or {}).get("Link")))),
    }
    if chosen is HTML and reader:
        common["Content-Language"] = ", ".join(dict.fromkeys((reader.locale, reader.language)))
    if matches:
        return Response(None, 304, common)
    response = Response(render(chosen, reader or site.reader(request, path)), 200, common, chosen.content_type)
    site.answers.put(etag, response, len(response.body) + _HEADER_BYTES)
    return response


def as_rdf(site: Site, quads: Sequence[Quad], chosen: Representation) -> bytes:
    """Serialise statements: with their graphs where the form keeps them, else as a set of triples; always sorted."""
    form = FORMATS[rdf_name(chosen)]
    items: list[Quad | Triple] = (
        sorted(set(quads), key=sort_key) if form.name in ("trig", "nquads") else list(triples_of(quads))
    )
    prefixes = None if form.name in ("ntriples", "nquads", "jsonld") else used_prefixes(site, items)
    return serialise(items, form, prefixes)


def used_prefixes(site: Site, items: Sequence[Quad | Triple]) -> dict[str, str]:
    """Give the prefixes whose namespace occurs in some statements."""
    iris = set(_IRI.findall("\n".join(map(str, items))))
    used = {prefix for iri in iris for prefix in site.prefix_of(iri)}
    return {prefix: namespace for prefix, namespace in site.release.prefixes.items() if prefix in used}
