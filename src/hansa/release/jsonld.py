"""Compact JSON-LD: the engine writes the expanded form, pyld compacts it with our context, nothing asks the network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyld import jsonld

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Triple, lines_of, parse_bytes, serialise
from hansa.release.context import Context
from hansa.release.order import reading_order
from hansa.vocab import RDF


def _refuse(url: str, _options: dict[str, Any]) -> dict[str, Any]:
    raise HansaError(f"JSON-LD asks for {url}, and the build never asks the network", "embed the context")


def _with_types(node: dict[str, Any]) -> dict[str, Any]:
    """Say the classes of a node by ``@type``; the engine writes ``rdf:type`` as any other property."""
    if classes := node.pop(RDF.type.value, None):
        node["@type"] = [item["@id"] for item in classes]
    return node


def compact(triples: Iterable[Triple], context: Context) -> bytes:
    """Write triples as one JSON-LD document with its context embedded, so that it can be read without a network.

    :raises HansaError: when the context does not fit the data
    """
    ordered = parse_bytes(b"".join(reading_order(set(lines_of(triples)))), FORMATS["ntriples"])
    expanded = json.loads(serialise((q.triple for q in ordered), FORMATS["jsonld"]), object_hook=_with_types)
    options = {"graph": True, "skipExpansion": True, "documentLoader": _refuse}
    try:
        document = jsonld.compact(expanded, context, options)
    except jsonld.JsonLdError as error:
        raise HansaError(f"the JSON-LD cannot be compacted: {error}") from None
    return dump(document)


def dump(document: Any) -> bytes:
    """Write JSON that is the same every time and can be read by people."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
