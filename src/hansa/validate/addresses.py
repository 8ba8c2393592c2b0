"""Check IRIs that lead out of the data: that they can be addresses, and none is one of our own in another form.

An IRI in ``< >`` is taken as it stands (RFC 3987): without its ``https://`` it is another thing, and nobody is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from hansa.model import Finding
from hansa.rdf import Literal, NamedNode, Quad
from hansa.validate.inputs import Inputs, error, warning
from hansa.validate.spelling import certain
from hansa.vocab import RDF, XSD, Vocabulary

_CODE = "iri/address"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_USUAL = frozenset({"http", "https"})
# Contact data is the business of hansa.validate.literals.
_OTHERS = frozenset(
    {"urn", "ftp", "doi", "info", "tag", "mailto", "tel", "sms", "callto"}
)  # contact data: see literals
_DOUBLED = re.compile(r"(?i)https?:/{0,2}https?(?::|%3A)?/{1,2}")
_PRIVATE = re.compile(
    r"(?i)https?://(localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[::1\]|[^/]*\.(local|internal|test)\b)"
)
_WRITTEN = re.compile(r"(?:https?://|www\.)[^\s<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
_ORDINARY = re.compile(r"https?://(?!https?\b)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/|$)")
_QID = re.compile(r"[Qq][1-9]\d{2,}")


def of_addresses(quad: Quad, inputs: Inputs) -> Iterator[Finding]:
    """Find IRIs that cannot be meant, and addresses that stand in quotes."""
    value = quad.object
    if isinstance(value, NamedNode):
        found = _problem(value.value, inputs)
        if found:
            yield error(inputs.place_of(quad), _CODE, *found, quad.subject)  # type: ignore[arg-type]
        if quad.predicate == RDF.type and isinstance(quad.subject, NamedNode):
            found = _problem(quad.subject.value, inputs)
            if found:
                yield error(inputs.place(quad.subject), _CODE, *found, quad.subject)
    elif isinstance(value, Literal) and (value.language or value.datatype in (XSD.string, XSD.anyURI)):
        yield from _in_quotes(quad, value, inputs)


def _in_quotes(quad: Quad, value: Literal, inputs: Inputs) -> Iterator[Finding]:
    text = value.value.strip()
    if _WRITTEN.fullmatch(text):
        address = text if "://" in text else f"https://{text}"
        message, hint = "an address stands in quotes, where it is a mere text", f"write <{address}> without quotes"
        yield warning(inputs.place_of(quad), _CODE, message, hint, quad.subject)  # type: ignore[arg-type]
    elif _QID.fullmatch(text):
        message = f'"{text}" looks like a Wikidata item, and stands here as a mere text'
        hint = "a link to Wikidata is a row in instances/links/wikidata.sssom.tsv (docs/linking.md)"
        yield warning(inputs.place_of(quad), "link/wikidata", message, hint, quad.subject)  # type: ignore[arg-type]


def _problem(iri: str, inputs: Inputs) -> tuple[str, str] | None:
    """Say what is wrong with an IRI and what to do, or nothing."""
    scheme = _SCHEME.match(iri)
    name = scheme[1].lower() if scheme else ""
    if name not in _USUAL | _OTHERS:
        near = certain(name, sorted(_USUAL))
        hint = f"did you mean {near}:{iri.partition(':')[2]}?" if near else "give an address that begins with https://"
        return f"<{_short(iri)}> is no address that the web knows ({name}:)", hint
    if _DOUBLED.match(iri):
        return f"<{_short(iri)}> begins twice", f"write <https://{_DOUBLED.sub('', iri)}>"
    if _PRIVATE.match(iri):
        return f"<{_short(iri)}> is an address on your own machine", "give an address that others can open"
    return _of_our_own(iri, inputs)


def is_plain(iri: str, vocab: Vocabulary) -> bool:
    """Tell quickly that nothing here finds fault with an IRI; when in doubt, no.

    :param iri: any IRI that is no thing of ours
    """
    host = _bare(vocab.base).partition("/")[0]
    own = _namespaces(tuple(vocab.prefixes.values()), vocab.base)
    return iri.startswith(own) or (bool(_ORDINARY.match(iri)) and host not in iri and not _PRIVATE.match(iri))


def _short(iri: str) -> str:
    return iri if len(iri) <= 80 else f"{iri[:79]}…"


# ---------------------------------------------------------------- our own names
def _of_our_own(iri: str, inputs: Inputs) -> tuple[str, str] | None:
    base = inputs.vocab.base
    rest = iri.removeprefix(base)
    if rest == iri:
        other = _bare(iri).removeprefix(_bare(base))
        if other == _bare(iri):
            return None
        return f"<{iri}> is not the way that we write our own IRIs", f"write {_name(other, inputs)}"
    if not rest or iri.startswith(_namespaces(tuple(inputs.vocab.prefixes.values()), base)):
        return None
    if rest.startswith("doc/"):
        message = f"<{iri}> is the address of a page, not the name of a thing"
        return message, f"write {_name(rest.replace('doc/', 'id/', 1), inputs)}"
    if re.match(r"(www\.|[\w-]+\.(com|org|net|eu|int|jp|kr|es|fr|de|uk)\b)", rest):
        return f"<{rest}> lacks its https://, so that it is read as <{iri}>", f"write <https://{rest}>"
    return (
        f"<{rest}> is read as <{_short(iri)}>, which is none of our names",
        "write a name with its prefix: place:seoul",
    )


def _name(rest: str, inputs: Inputs) -> str:
    return inputs.vocab.shorten(inputs.vocab.base + rest)


def _bare(iri: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", iri, flags=re.IGNORECASE)


@cache
def _namespaces(namespaces: tuple[str, ...], base: str) -> tuple[str, ...]:
    """Give the namespaces of ours, and the names of ontology, shapes and schemes, which end before the last sign."""
    own = [namespace for namespace in namespaces if namespace.startswith(base)]
    return (*own, *(namespace.rstrip("#/") for namespace in own if namespace.endswith("#")))
