"""The parameters of canned queries: what a user typed becomes typed terms, or an error that names the parameter.

No text of a user becomes part of a query: :func:`hansa.sparql.bind` puts the terms made here in the place of variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Protocol

from hansa.errors import HansaError, NotFoundError, ParameterError, closest
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.rdf import Literal, NamedNode, Term
from hansa.vocab import SLUG, XSD, Vocabulary

AS_OF = "on"
"""The name of the parameter that ``--as-of`` sets."""

RELEASE = "release"
"""The default of a date parameter that stands for the day of the release."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")


class Known(Protocol):
    """What there is in a graph."""

    def exists(self, thing: NamedNode) -> bool:
        """Say whether anything is said about a thing."""
        ...

    def beside(self, namespace: str) -> Iterable[str]:
        """Give the IRIs of the things in a namespace."""
        ...


def bind_parameters(
    query: CannedQuery, given: Mapping[str, str], vocab: Vocabulary, *, as_of: str | None = None, issued: str = ""
) -> dict[str, Term]:
    """Convert what a user typed to the terms that :func:`hansa.sparql.bind` takes, defaults filled in.

    :param given: values by parameter name
    :param as_of: an ISO day for the parameter ``on``
    :param issued: the ISO day that the default ``release`` stands for
    :raises ParameterError: naming the parameter, the value and an example
    """
    values = dict(given) | _as_of(query, given, as_of)
    known = {p.name for p in query.parameters}
    for name in values:
        if name not in known:
            raise ParameterError(
                f"{query.name} has no parameter {name!r}", f"its parameters: {_names(query) or 'none'}"
            )
    return {p.variable: _term(query, p, values, vocab, issued) for p in query.parameters}


def check_things(
    query: CannedQuery,
    given: Mapping[str, str],
    values: Mapping[str, Term],
    vocab: Vocabulary,
    known: Known,
) -> None:
    """Refuse things and concepts of ours that do not exist: an answer without rows would hide a slip of the pen.

    :param given: what the user typed, by parameter name; defaults and examples are not looked at
    :param values: what :func:`bind_parameters` made of it
    :param known: says whether there is a thing, and names those beside it
    :raises NotFoundError: naming the thing, and the one that was meant
    """
    for parameter in query.parameters:
        term = values[parameter.variable]
        if parameter.name not in given or not isinstance(term, NamedNode) or known.exists(term):
            continue
        namespace, _, name = term.value.rpartition("/")
        if namespace.startswith((f"{vocab.base}id/", f"{vocab.base}vocab/")):
            raise _missing(parameter, f"{namespace}/", name, known)


def _missing(parameter: Parameter, namespace: str, name: str, known: Known) -> NotFoundError:
    what = namespace.rstrip("/").rpartition("/")[2]
    near = closest(name, (iri.removeprefix(namespace) for iri in known.beside(namespace)))
    hint = f"did you mean {near}?" if near else f"for example: {parameter.name}={parameter.example}"
    return NotFoundError(f"no such {what}: {name}", hint)


def _names(query: CannedQuery) -> str:
    return ", ".join(p.name for p in query.parameters)


def _as_of(query: CannedQuery, given: Mapping[str, str], as_of: str | None) -> dict[str, str]:
    if as_of is None:
        return {}
    if AS_OF not in {p.name for p in query.parameters}:
        raise ParameterError(
            f"{query.name} does not answer for a day: it has no parameter {AS_OF!r}", "leave --as-of out"
        )
    if given.get(AS_OF, as_of) != as_of:
        raise ParameterError(
            f"--as-of says {as_of} and the parameter {AS_OF!r} says {given[AS_OF]}", "give one of them"
        )
    return {AS_OF: as_of}


def _term(query: CannedQuery, parameter: Parameter, values: Mapping[str, str], vocab: Vocabulary, issued: str) -> Term:
    value = values.get(parameter.name, parameter.default)
    if parameter.type is ParameterType.DATE and value == RELEASE:
        value = issued or None
    hint = f"for example: {parameter.name}={parameter.example}"
    if value is None:
        raise ParameterError(f"{query.name} needs the parameter {parameter.name!r}: {parameter.summary}", hint)
    try:
        return _CONVERT[parameter.type](value, parameter, vocab)
    except (ValueError, HansaError) as error:
        reason = error.message if isinstance(error, HansaError) else str(error)
        raise ParameterError(f"parameter {parameter.name!r}: {value!r} is not {reason}", hint) from None


def _iri(value: str, parameter: Parameter, vocab: Vocabulary) -> Term:
    try:
        return NamedNode(_expand(value, parameter, vocab))
    except HansaError as error:
        raise ValueError(f"an IRI: {error.message}") from None
    except ValueError as error:
        raise ValueError(f"an IRI, {error}") from None


def _expand(value: str, parameter: Parameter, vocab: Vocabulary) -> str:
    """Read an IRI, ``network:citynet``, ``network/citynet``, or ``citynet`` with the prefix of the example."""
    kind, slash, slug = value.partition("/")
    if SLUG.match(value):
        prefix, colon, _ = parameter.example.partition(":")
        return vocab.expand(f"{prefix}{colon}{value}")
    if slash and SLUG.match(kind) and SLUG.match(slug):
        return vocab.expand(f"{kind}:{slug}")
    if ":" not in value:
        raise ValueError("nor a prefixed name, nor a slug")
    return vocab.expand(value)


def _date(value: str, _parameter: Parameter, _vocab: Vocabulary) -> Term:
    if not _DAY.match(value):
        raise ValueError("a day: write it as YYYY-MM-DD")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("a day of the calendar") from None
    return Literal(value, datatype=XSD.date)


def is_language_tag(text: str) -> bool:
    """Tell whether a text looks like a language tag (BCP 47)."""
    return _LANGUAGE.match(text) is not None


def _language(value: str, _parameter: Parameter, _vocab: Vocabulary) -> Term:
    if not is_language_tag(value):
        raise ValueError("a language tag (BCP 47)")
    return Literal(value)


def _integer(value: str, _parameter: Parameter, _vocab: Vocabulary) -> Term:
    if not _INTEGER.match(value):
        raise ValueError("an integer of at most 18 digits")
    return Literal(int(value))


def _string(value: str, _parameter: Parameter, _vocab: Vocabulary) -> Term:
    try:
        return Literal(value)
    except ValueError:
        raise ValueError("a text in Unicode") from None


_CONVERT: Mapping[ParameterType, Callable[[str, Parameter, Vocabulary], Term]] = {
    ParameterType.IRI: _iri,
    ParameterType.DATE: _date,
    ParameterType.LANGUAGE: _language,
    ParameterType.INTEGER: _integer,
    ParameterType.STRING: _string,
}
