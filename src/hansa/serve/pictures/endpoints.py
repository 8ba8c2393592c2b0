"""What the addresses under ``/pictures`` answer: a page, an SVG file, the table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from hansa.serve.http.apart import made_apart
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import HttpError
from hansa.serve.http.negotiate import CSV, HTML, Representation, split_extension
from hansa.serve.http.responses import Render, negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link
from hansa.serve.pictures.cities import city_map, map_of
from hansa.serve.pictures.lives import timeline_of
from hansa.serve.pictures.neighbours import around
from hansa.serve.pictures.picture import Cell, Picture, plain
from hansa.serve.pictures.records import records, when_of
from hansa.serve.pictures.shared import overlap
from hansa.serve.pictures.spans import days_of
from hansa.serve.pictures.standalone import policy, standalone
from hansa.serve.pictures.wording import Wording, wording
from hansa.serve.site import Site
from hansa.serve.things.asked import find_subject

SVG = Representation("image/svg+xml", "svg", "SVG")
FORMS = (HTML, SVG, CSV)
Make = Callable[[Site, Reader, str, str], Picture | None]
"""Makes the picture of a thing (its IRI) on a day."""
_LISTED = 48
"""Networks whose pictures are listed; the pages of the others lead to theirs."""
_NAMED = 10
"""Things in a cell of the table on a page."""
OF_THINGS: dict[str, Make] = {"map": map_of, "timeline": timeline_of, "around": around}


async def index(request: Request) -> Response:
    """Answer for ``/pictures``."""

    def render(_chosen: Representation, reader: Reader) -> bytes:
        site: Site = request.app.state.site
        say = wording(reader)
        names = {
            "map": say.gettext("Map"),
            "timeline": say.gettext("Timeline"),
            "around": say.gettext("What it is tied to"),
        }
        networks, drawable = _networks(site), _drawable(site, reader)
        things = [
            (link, [(drawable(name, link.iri), names[name]) for name in OF_THINGS]) for link in say.links(networks)
        ]
        shown = [_for_page(p, say) for p in (city_map(site, reader), overlap(site, reader)) if p]
        return site.pages.picture_list(shown, things, reader)

    def answer(make: Render) -> Response:
        return negotiated(request, "/pictures", "", (HTML,), make, headers={"Content-Location": "/pictures"})

    return await made_apart(request, answer, render)


def _networks(site: Site) -> list[str]:
    """Give the networks whose pictures are listed; where there are very many, those with most memberships."""
    found = [iri for kind, iri in site.names.kinds() if kind == "network"]
    return records(site).largest(found, _LISTED) if len(found) > _LISTED else found


def _drawable(site: Site, reader: Reader) -> Callable[[str, str], str]:
    """Make what gives the address of a picture of a network, empty when there is nothing to draw.

    Where networks are many, none is drawn to find that out: one member whose place or time is known will do.
    """
    known = records(site)

    def made(name: str, iri: str) -> str:
        picture = OF_THINGS[name](site, reader, iri, "")
        return picture.href() if picture else ""

    def found(name: str, iri: str) -> str:
        members = site.roster.within(iri)
        if name == "map":
            there = any(known.position_of(m.member) for m in members)
        else:
            there = any(name != "timeline" or days_of(when_of(site, m.iri)).known() for m in members)
        kind, slug = site.vocab.kind_and_slug(iri) or ("", "")
        query = urlencode(wording(reader).address(""))
        return f"/pictures/{name}/{kind}/{slug}{f'?{query}' if query else ''}" if there else ""

    return found if sum(kind == "network" for kind, _ in site.names.kinds()) > _LISTED else made


async def all_cities(request: Request) -> Response:
    """Answer for ``/pictures/map``."""
    day = as_of_day(request)
    return await _answer(request, "/pictures/map", lambda site, reader: city_map(site, reader, day))


async def shared_members(request: Request) -> Response:
    """Answer for ``/pictures/overlap``."""
    day = as_of_day(request)

    def picture(site: Site, reader: Reader) -> Picture:
        return _drawn(overlap(site, reader, day), "see /networks")

    return await _answer(request, "/pictures/overlap", picture)


def _drawn(picture: Picture | None, hint: str) -> Picture:
    if picture is None:
        raise HttpError(404, "there is nothing to draw: no source says enough", hint)
    return picture


async def of_thing(request: Request) -> Response:
    """Answer for ``/pictures/{name}/{kind}/{slug}``."""
    site: Site = request.app.state.site
    name, kind = request.path_params["name"], request.path_params["kind"]
    slug, extension = split_extension(request.path_params["slug"], FORMS)
    make = OF_THINGS.get(name)
    if make is None:
        raise HttpError(404, f"there is no picture {name!r}", "see /pictures for those there are")
    subject = find_subject(site, slug, [f"{site.release.base}id/{kind}/{slug}"])
    day = as_of_day(request)

    def picture(site: Site, reader: Reader) -> Picture:
        return _drawn(make(site, reader, subject.value, day), f"see /doc/{kind}/{slug}")

    return await _answer(request, f"/pictures/{name}/{kind}/{slug}", picture, extension, subject.value)


async def _answer(
    request: Request, path: str, make: Callable[[Site, Reader], Picture], extension: str = "", about: str = ""
) -> Response:
    """Answer with a picture in the form asked for.

    :param about: IRI of the thing it is a picture of
    """
    site: Site = request.app.state.site
    asked = extension or request.path_params.get("extension", "")

    def render(chosen: Representation, reader: Reader) -> bytes:
        picture = make(site, reader)
        if chosen is SVG:
            return standalone(picture, reader, site.release)
        if chosen is CSV:
            return as_csv(picture)
        return site.pages.picture(_for_page(picture, wording(reader)), reader.link(about) if about else None, reader)

    response = await made_apart(request, lambda found: negotiated(request, path, asked, FORMS, found), render)
    sent = next((form for form in (SVG, CSV) if response.headers.get("content-type") == form.content_type), None)
    if sent:
        response.headers["Content-Disposition"] = f'inline; filename="{file_name(path)}.{sent.extension}"'
    if sent is SVG:
        response.headers["Content-Security-Policy"] = policy()
    return response


def _for_page(picture: Picture, say: Wording) -> Picture:
    """Shorten the cells of the table that have more things than anybody reads; the CSV file has all of them."""
    if all(len(cell) <= _NAMED for row in picture.rows for cell in row):
        return picture
    return replace(picture, rows=tuple(tuple(_first(cell, say) for cell in row) for row in picture.rows))


def _first(cell: Cell, say: Wording) -> Cell:
    if len(cell) <= _NAMED:
        return cell
    more = len(cell) - _NAMED
    return *cell[:_NAMED], *plain(
        say.ngettext("and %(num)s more", "and %(num)s more", more) % {"num": say.number(more)}
    )


def file_name(path: str) -> str:
    """Name the file of a picture: ``hansa-map-network-citynet``."""
    return "-".join(["hansa", *path.split("/")[2:]])


def as_csv(picture: Picture) -> bytes:
    """Write the table behind a picture (RFC 4180); columns of things are followed by one of their IRIs."""
    out = io.StringIO()
    writer = csv.writer(out)
    named = [any(link.iri for row in picture.rows for link in row[i]) for i in range(len(picture.columns))]
    header = [[name, f"{name} (IRI)"] if iris else [name] for name, iris in zip(picture.columns, named, strict=True)]
    writer.writerow([name for names in header for name in names])
    for row in picture.rows:
        cells = (_written(cell, iris=iris) for cell, iris in zip(row, named, strict=True))
        writer.writerow([text for texts in cells for text in texts])
    return out.getvalue().encode("utf-8")


def _written(cell: tuple[Link, ...], *, iris: bool) -> list[str]:
    text = "; ".join(link.text.value for link in cell)
    return [text, "; ".join(link.iri for link in cell if link.iri)] if iris else [text]
