"""Canned queries: read their headers, and check that header and query fit each other.

A query file starts with comment lines ``#+``, which together are YAML, as grlc has it (https://grlc.io). Parameters are
ordinary SPARQL variables that begin with an underscore; :func:`hansa.sparql.bind` puts terms in their place, so a
parameter may not stand where SPARQL wants a variable. What a user typed becomes terms in :mod:`hansa.parameters`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from hansa.errors import QueryError
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.sparql import Token, all_tokens, position, significant, variables
from hansa.vocab import SLUG

FEDERATED = "federated"
"""The tag of queries that call a remote SERVICE."""

_MARK = "#+"
_OURS = {"summary", "description", "tags", "parameters"}
_GRLC = {"endpoint", "endpoint_in_url", "method", "pagination", "defaults", "enumerate", "transform"}
_PARAMETER_KEYS = {"type", "class", "default", "example", "summary"}
_SUFFIX = {ParameterType.IRI: "_iri", ParameterType.DATE: "_date", ParameterType.INTEGER: "_integer"}

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same in C, where PyYAML was built with it


# ---------------------------------------------------------------- headers
class _Header:
    """The YAML of a header, whose every node knows its line in the query file."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        marked = list(_marked_lines(text))
        self._lines = [number for number, _ in marked] or [1]
        try:
            node = yaml.compose("\n".join(content for _, content in marked), Loader=_Loader)
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
    words = significant(text)
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
    for token in all_tokens(query.text):
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
    calls = any(t.kind == "word" and t.text.upper() == "SERVICE" for t in all_tokens(query.text))
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
    for token in all_tokens(text):
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
