"""Canned queries: read their headers, and turn what a user typed into typed terms.

A query file starts with comment lines ``#+``, which together are YAML, as grlc has it (https://grlc.io). Parameters are
ordinary SPARQL variables that begin with an underscore; :func:`hansa.sparql.bind` puts terms in their place, so a
parameter may not stand where SPARQL wants a variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import yaml

from hansa.errors import HansaError, ParameterError, QueryError
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.rdf import Literal, NamedNode, Term
from hansa.sparql import Token, position, tokens, variables
from hansa.vocab import SLUG, Vocabulary

AS_OF = "on"
"""The name of the parameter that ``--as-of`` sets."""

RELEASE = "release"
"""The default of a date parameter that stands for the day of the release."""

FEDERATED = "federated"
"""The tag of queries that call a remote SERVICE."""

_MARK = "#+"
_OURS = {"summary", "description", "tags", "parameters"}
_GRLC = {"endpoint", "endpoint_in_url", "method", "pagination", "defaults", "enumerate", "transform"}
_PARAMETER_KEYS = {"type", "class", "default", "example", "summary"}
_SUFFIX = {ParameterType.IRI: "_iri", ParameterType.DATE: "_date", ParameterType.INTEGER: "_integer"}

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
_XSD = "http://www.w3.org/2001/XMLSchema#"


# ---------------------------------------------------------------- headers
class _Header:
    """The YAML of a header, whose every node knows its line in the query file."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        marked = list(_marked_lines(text))
        self._lines = [number for number, _ in marked] or [1]
        try:
            node = yaml.compose("\n".join(content for _, content in marked), Loader=yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self.error(mark.line if mark else 0, f"the header is not YAML: {error.problem}") from None
        if not isinstance(node, yaml.MappingNode):
            raise self.error(0, "the query has no header", f"begin with lines such as `{_MARK} summary: …`")
        self.root = node

    def error(self, where: yaml.Node | int, message: str, hint: str = "") -> QueryError:
        """Make an error that shows file and line of a node, or of a line of the header counted from 0."""
        index = where if isinstance(where, int) else where.start_mark.line
        line = self._lines[min(index, len(self._lines) - 1)]
        return QueryError(f"{self.file}:{line}: {message}", hint, line)

    def mapping(self, node: yaml.Node, what: str, allowed: set[str] | None = None) -> dict[str, yaml.Node]:
        """Read a mapping whose keys are known (``None``: any names)."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what} must be a mapping of names to values")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key, f"a name in {what}")
            if name in found:
                raise self.error(key, f"{name!r} stands twice in {what}")
            if allowed is not None and name not in allowed:
                raise self.error(key, f"unknown key {name!r} in {what}", f"known keys: {', '.join(sorted(allowed))}")
            found[name] = value
        return found

    def text(self, node: yaml.Node | None, what: str) -> str:
        """Read a text; an absent one is empty."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, f"{what} must be a text")
        return " ".join(str(node.value).split())

    def texts(self, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        """Read a list of texts; an absent one is empty."""
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, f"{what} must be a list")
        return tuple(self.text(item, what) for item in node.value)


def _marked_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(_MARK):
            yield number, line.removeprefix(_MARK).removeprefix(" ")
        elif line.strip() and not line.startswith("#"):
            return


def variable_name(name: str, kind: ParameterType) -> str:
    """Give the SPARQL variable, without ``?``, of a parameter: ``network`` of type iri is ``_network_iri``."""
    return f"_{name}{_SUFFIX.get(kind, '')}"


def _type(header: _Header, node: yaml.Node, body: Mapping[str, yaml.Node], name: str) -> ParameterType:
    known = ", ".join(ParameterType)
    if "type" not in body:
        raise header.error(node, f"parameter {name!r} has no type", f"give one of: {known}")
    text = header.text(body["type"], "a type")
    try:
        return ParameterType(text)
    except ValueError:
        raise header.error(
            body["type"], f"unknown type {text!r} of parameter {name!r}", f"give one of: {known}"
        ) from None


def _parameter(header: _Header, name: str, node: yaml.Node, prefixes: Mapping[str, str]) -> Parameter:
    if not _NAME.match(name):
        raise header.error(node, f"{name!r} is not a parameter name", "use lower-case letters, digits and underscores")
    body = header.mapping(node, f"parameter {name!r}", _PARAMETER_KEYS)
    kind = _type(header, node, body, name)
    example = header.text(body.get("example"), "an example")
    default = header.text(body["default"], "a default") if "default" in body else None
    if not example and default is None:
        raise header.error(
            node, f"parameter {name!r} has neither example nor default", "add an example that has an answer"
        )
    return Parameter(
        name=name,
        variable=variable_name(name, kind),
        type=kind,
        class_iri=_class_iri(header, body.get("class"), kind, prefixes),
        default=default,
        example=example or default or "",
        summary=header.text(body.get("summary"), "a summary"),
    )


def _class_iri(header: _Header, node: yaml.Node | None, kind: ParameterType, prefixes: Mapping[str, str]) -> str:
    if node is None:
        return ""
    if kind is not ParameterType.IRI:
        raise header.error(node, f"a class is for parameters of type iri, and this one is of type {kind}")
    text = header.text(node, "a class")
    prefix, _, local = text.partition(":")
    if local.startswith("//"):
        return text
    if prefix not in prefixes:
        raise header.error(node, f"class {text!r}: the query declares no prefix {prefix!r}", "add a PREFIX line")
    return prefixes[prefix] + local


def declared_prefixes(text: str) -> dict[str, str]:
    """Give the prefixes that a query declares, without the colon, with their namespaces."""
    words = [t for t in tokens(text) if t.kind not in {"space", "comment"}]
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for keyword, name, iri in zip(words, words[1:], words[2:], strict=False)
        if keyword.kind == "word" and keyword.text.upper() == "PREFIX" and iri.kind == "iri"
    }


def parse_query(name: str, text: str, file: str = "") -> CannedQuery:
    """Read a canned query with its header.

    :param name: the file name without ``.rq``, a slug
    :param file: the file as errors show it
    :raises QueryError: with file and line, when the header and the query do not fit each other
    """
    file = file or f"{name}.rq"
    if not SLUG.match(name):
        raise QueryError(f"{file}: {name!r} is not a query name", "name the file in kebab-case")
    header = _Header(text, file)
    top = header.mapping(header.root, "the header", _OURS | _GRLC)
    summary = header.text(top.get("summary"), "summary")
    if not summary:
        raise header.error(0, "the header has no summary", "say in a line what the query answers")
    tags = header.texts(top.get("tags"), "tags")
    query = CannedQuery(
        name=name,
        summary=summary,
        description=header.text(top.get("description"), "description"),
        tags=tags,
        parameters=_parameters(header, top.get("parameters"), declared_prefixes(text)),
        text=text,
        federated=FEDERATED in tags,
    )
    _check_body(header, query, top.get("parameters"))
    return query


def _parameters(header: _Header, node: yaml.Node | None, prefixes: Mapping[str, str]) -> tuple[Parameter, ...]:
    if node is None:
        return ()
    entries = header.mapping(node, "parameters")
    return tuple(_parameter(header, name, entry, prefixes) for name, entry in entries.items())


# ---------------------------------------------------------------- header against query
def _check_body(header: _Header, query: CannedQuery, node: yaml.Node | None) -> None:
    used = {name for name in variables(query.text) if name.startswith("_")}
    known = {p.variable: p for p in query.parameters}
    for variable, parameter in known.items():
        if variable not in used:
            raise header.error(
                node or 0,
                f"parameter {parameter.name!r} of type {parameter.type} is not used",
                f"write ?{variable} in the query, or take the parameter out of the header",
            )
    for token in tokens(query.text):
        if token.kind == "variable" and token.text[1:] in used - known.keys():
            raise _body_error(header, query, token, f"{token.text} has no entry under parameters in the header")
    for token, where in _misplaced(query.text):
        raise _body_error(
            header, query, token, f"the parameter {token.text} stands {where}, where only a variable may stand",
            f"copy it first: BIND({token.text} AS ?{token.text[1:].strip('_')})",
        )  # fmt: skip
    _check_service(header, query)


def _body_error(header: _Header, query: CannedQuery, token: Token, message: str, hint: str = "") -> QueryError:
    line, column = position(query.text, token.offset)
    return QueryError(f"{header.file}:{line}:{column}: {message}", hint, line, column)


def _check_service(header: _Header, query: CannedQuery) -> None:
    calls = any(t.kind == "word" and t.text.upper() == "SERVICE" for t in tokens(query.text))
    if calls and not query.federated:
        raise header.error(0, "the query calls a SERVICE", f"add the tag {FEDERATED!r}")
    if query.federated and not calls:
        raise header.error(0, f"the query has the tag {FEDERATED!r} and calls no SERVICE", "take the tag out")


_CLAUSE_ENDS = {
    "SELECT": {"{", "WHERE", "FROM"},
    "GROUP BY": {"}", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"},
    "ORDER BY": {"}", "LIMIT", "OFFSET", "VALUES"},
    "VALUES": {"}"},
}


def _misplaced(text: str) -> Iterator[tuple[Token, str]]:
    """Find parameter variables where a term may not stand: SPARQL 1.1 grammar rules 9, 20, 24, 60 to 63."""
    clause, depth, previous = "", 0, ""
    for token in tokens(text):
        if token.kind in {"space", "comment"}:
            continue
        word = token.text.upper() if token.kind in {"word", "other"} else ""
        if clause and depth == 0 and word in _CLAUSE_ENDS[clause]:
            clause = ""
        depth += (word == "(") - (word == ")") if clause else 0
        if token.kind == "variable" and token.text.startswith("_", 1):
            if previous == "AS":
                yield token, "after AS"
            elif clause == "VALUES" or (clause and depth == 0):
                yield token, f"in {clause}"
        opened = f"{previous} BY" if word == "BY" else word
        if opened in _CLAUSE_ENDS:
            clause, depth = opened, 0
        previous = word


def load_queries(directory: Path) -> dict[str, CannedQuery]:
    """Read all ``*.rq`` files of a directory, not of its subdirectories, by name in alphabetical order.

    :raises QueryError: at the first header that is wrong
    """
    found = sorted(directory.glob("*.rq"))
    return {f.stem: parse_query(f.stem, f.read_text(encoding="utf-8"), f"{directory.name}/{f.name}") for f in found}


# ---------------------------------------------------------------- values
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
    return Literal(value, datatype=NamedNode(f"{_XSD}date"))


def _language(value: str, _parameter: Parameter, _vocab: Vocabulary) -> Term:
    if not _LANGUAGE.match(value):
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
