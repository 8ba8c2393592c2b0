"""Render pages: plain views go in, HTML comes out. Templates escape everything and hold no queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from hansa.errors import HansaError
from hansa.model import CannedQuery, Release
from hansa.serve.pages.about_views import Example, QualityPage
from hansa.serve.pages.built import built_scripts
from hansa.serve.pages.carry import carry
from hansa.serve.pages.change_views import ChangePage
from hansa.serve.pages.home_views import HomePage
from hansa.serve.pages.i18n import LOCALES, N_, catalogue, choices, day, number
from hansa.serve.pages.jinja import page_environment
from hansa.serve.pages.list_views import ListPage, SearchView
from hansa.serve.pages.query_views import FieldView, QuestionView, ResultView
from hansa.serve.pages.release_views import DownloadView, Figure
from hansa.serve.pages.structured import data_block, dataset
from hansa.serve.pages.term_views import OntologyPage, TermPage
from hansa.serve.pages.views import Format, ThingPage

if TYPE_CHECKING:
    from hansa.serve.http.errors import HttpError
    from hansa.serve.pages.reader import Reader
    from hansa.serve.pages.views import Link
    from hansa.serve.pictures.picture import Picture
    from hansa.serve.terms.diagram import Diagram

_OF_THINGS = re.compile(r"(?:thing|base|meta|scripts|macros|picture_macros|scheme_macros|sections/\w+)\.html")
NAVIGATION = (
    ("/networks", N_("Networks")),
    ("/authorities", N_("Cities")),
    ("/people", N_("People")),
    ("/programmes", N_("Programmes")),
    ("/events", N_("Events")),
    ("/sources", N_("Sources")),
    ("/queries", N_("Questions")),
    ("/dumps/", N_("Downloads")),
)


class Pages:
    """The pages of one release."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._environments: dict[str, Environment] = {}
        self._scripts = built_scripts()

    def prepare(self) -> None:
        """Compile what the pages of things are made of, in the first language, before somebody waits for it."""
        environment = self._environment(LOCALES[0])
        for name in filter(_OF_THINGS.fullmatch, environment.list_templates()):
            environment.get_template(name)

    def _environment(self, locale: str) -> Environment:
        """Give the templates in a language of the interface."""
        if locale not in self._environments:
            made = page_environment(catalogue(locale))
            made.globals.update(release=self._release, navigation=NAVIGATION, locale=locale, scripts=self._scripts)
            made.filters.update(number=partial(number, locale=locale), day=partial(day, locale=locale))
            self._environments[locale] = made
        return self._environments[locale]

    def _render(self, template: str, reader: Reader | None = None, **values: Any) -> bytes:
        languages = reader.languages if reader else self._release.languages
        title = next((self._release.title[lang] for lang in languages if lang in self._release.title), "")
        about = next((self._release.description[lang] for lang in languages if lang in self._release.description), "")
        locale = reader.locale if reader else LOCALES[0]
        alternates = choices(reader.path, reader.query, locale) if reader else ()
        values.setdefault("structured", "")
        page = self._environment(locale).get_template(template)
        path, query = (reader.path, reader.query) if reader else ("", "")
        shown = page.render(site_title=title, site_about=about, alternates=alternates, path=path, **values)
        return carry(shown, query).encode()

    def home(self, view: HomePage, reader: Reader) -> bytes:
        """Render the first page."""
        return self._render("home.html", reader, view=view, structured=data_block(dataset(self._release, reader)))

    def thing(self, page: ThingPage, reader: Reader, structured: str = "") -> bytes:
        """Render the page of a thing.

        :param structured: data block that describes it to search engines
        """
        day = page.as_of or self._release.issued
        return self._render("thing.html", reader, page=page, day=day, structured=structured)

    def list(self, page: ListPage, reader: Reader) -> bytes:
        """Render a page of a list."""
        return self._render("list.html", reader, page=page)

    def ontology(self, page: OntologyPage, diagram: Diagram, reader: Reader) -> bytes:
        """Render the documentation of the ontology."""
        return self._render("ontology.html", reader, page=page, diagram=diagram)

    def term(self, page: TermPage, reader: Reader) -> bytes:
        """Render the page of a class or property."""
        return self._render("term.html", reader, page=page, t=page.term)

    def search(
        self, view: SearchView, reader: Reader, *, kind: str = "", kinds: Sequence[tuple[str, str]] = ()
    ) -> bytes:
        """Render search results.

        :param kind: the kind that was asked for, and ``kinds`` those there are, with their titles
        """
        return self._render("search.html", reader, view=view, kind=kind, kinds=kinds)

    def changes(self, page: ChangePage, reader: Reader) -> bytes:
        """Render what changed."""
        return self._render("changes.html", reader, page=page)

    def docs(self, api: Mapping[str, Any], reader: Reader) -> bytes:
        """Render the description of the interface for people.

        :param api: an OpenAPI document
        """
        return self._render("docs.html", reader, api=api)

    def picture(self, picture: Picture, about: Link | None, reader: Reader) -> bytes:
        """Render the page of a picture.

        :param about: the thing that it is a picture of
        """
        return self._render("picture.html", reader, picture=picture, about=about)

    def picture_list(
        self, shown: Sequence[Picture], things: Sequence[tuple[Link, Sequence[tuple[str, str]]]], reader: Reader
    ) -> bytes:
        """Render the list of pictures.

        :param shown: pictures of everything
        :param things: what has pictures of its own, with their addresses and names
        """
        return self._render("picture_list.html", reader, shown=shown, things=things)

    def dumps(self, files: Sequence[DownloadView], reader: Reader) -> bytes:
        """Render the list of downloads."""
        return self._render("dumps.html", reader, files=files)

    def queries(self, subjects: Mapping[str, Sequence[QuestionView]], reader: Reader) -> bytes:
        """Render the list of canned queries, by subject."""
        return self._render("queries.html", reader, subjects=subjects)

    def query(
        self,
        query: CannedQuery,
        fields: Sequence[FieldView],
        formats: Sequence[Format],
        reader: Reader,
        **shown: Any,
    ) -> bytes:
        """Render a canned query.

        :param shown: ``text`` of the query with its values, ``result``, ``problem`` and ``is_example``
        """
        return self._render("query.html", reader, query=query, fields=fields, formats=formats, **shown)

    def sparql(
        self,
        text: str,
        result: ResultView | None,
        problem: HansaError | None,
        examples: Sequence[QuestionView],
        reader: Reader,
        **shown: Any,
    ) -> bytes:
        """Render the SPARQL form, with the result of the query when there is one.

        :param shown: ``kinds`` of things that the editor can offer by name, ``services`` that SERVICE may name
        """
        given = {"text": text, "result": result, "problem": problem, "examples": examples}
        return self._render("sparql.html", reader, **given, **shown)

    def developers(self, examples: Sequence[Example], address: str, reader: Reader) -> bytes:
        """Render the page for developers.

        :param address: of this server, as the examples name it
        """
        return self._render("developers.html", reader, examples=examples, address=address)

    def quality(self, page: QualityPage, reader: Reader) -> bytes:
        """Render what is known about the quality of the data."""
        return self._render("quality.html", reader, page=page)

    def about(self, figures: Sequence[Figure], reader: Reader) -> bytes:
        """Render what this is."""
        return self._render("about.html", reader, figures=figures)

    def error(self, path: str, problem: HttpError) -> bytes:
        """Render an error."""
        return self._render("error.html", problem_path=path, problem=problem)
