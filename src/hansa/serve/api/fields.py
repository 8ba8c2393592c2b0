"""The form of a canned query: a field for each parameter, with the things it can hold."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.rdf import NamedNode
from hansa.serve.pages.query_views import FieldView
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.vocab import RDF, SKOS

_INPUT_TYPES = {ParameterType.DATE: "date", ParameterType.INTEGER: "number"}
_OPTIONS_LIMIT = 400
"""Things that a page lists; of more, the page suggests some while one types."""


def fields_of(site: Site, reader: Reader, query: CannedQuery, shown: Mapping[str, str]) -> tuple[FieldView, ...]:
    """Give the fields of a query's form.

    :param shown: what each field holds, by the name of its parameter
    """
    return tuple(_field(site, reader, parameter, shown.get(parameter.name, "")) for parameter in query.parameters)


def _field(site: Site, reader: Reader, parameter: Parameter, value: str) -> FieldView:
    things = _things(site, parameter) if parameter.type is ParameterType.IRI else []
    kinds = {kind[0] for iri in things if (kind := site.vocab.kind_and_slug(iri))}
    prefix = parameter.example.partition(":")[0] if parameter.type is ParameterType.IRI else ""
    options = _languages(site, parameter) or _options(site, reader, things)
    return FieldView(
        name=parameter.name,
        label=parameter.summary or parameter.name,
        input_type=_INPUT_TYPES.get(parameter.type, "text"),
        value=value,
        example=parameter.example,
        required=parameter.default is None,
        options=options,
        value_label=dict(options).get(value, ""),
        kind=kinds.pop() if len(kinds) == 1 else "",
        prefix=prefix,
        namespace=site.release.prefixes.get(prefix, ""),
    )


def _languages(site: Site, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    if parameter.type is not ParameterType.LANGUAGE:
        return ()
    return tuple((language, language) for language in site.names.languages)


def _things(site: Site, parameter: Parameter) -> list[str]:
    """Find what a parameter may be: the instances of its class, else what shares the namespace of its example.

    Concepts are all of one class, so for them too the namespace decides, which is that of their scheme.
    """
    if parameter.class_iri and parameter.class_iri != SKOS.Concept.value:
        instances = site.store.quads(None, RDF.type, NamedNode(parameter.class_iri))
        own = {q.subject.value for q in islice(instances, 4 * _OPTIONS_LIMIT) if isinstance(q.subject, NamedNode)}
        if found := [iri for iri in own if site.vocab.kind_and_slug(iri)]:
            return found
    namespace = site.release.prefixes.get(parameter.example.partition(":")[0], "")
    return site.names.in_namespace(namespace) if namespace else []


def _options(site: Site, reader: Reader, things: list[str]) -> tuple[tuple[str, str], ...]:
    if len(things) > _OPTIONS_LIMIT:
        return ()
    named = sorted((reader.link(iri).text.value, site.vocab.shorten(iri)) for iri in things)
    return tuple((value, label) for label, value in named)
