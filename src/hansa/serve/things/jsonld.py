"""JSON-LD with the published context: short keys that programmers can use, the same statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from pyld import jsonld

from hansa.rdf import FORMATS, Quad, serialise, triples_of
from hansa.serve.site import Site

CONTEXT_FILE = "context.jsonld"
CONTEXT_PATH = "context.jsonld"


@lru_cache(maxsize=4)
def _context(path: Path) -> Any:
    return json.loads(path.read_bytes())["@context"] if path.is_file() else None


def _refuse(url: str, _options: Any) -> Any:
    raise jsonld.JsonLdError(f"{url} is not loaded: nothing here opens the network", "loading document failed")


def as_jsonld(site: Site, quads: Sequence[Quad]) -> bytes:
    """Serialise statements as JSON-LD 1.1, compacted with the context of the release when it has one."""
    expanded = serialise(triples_of(quads), FORMATS["jsonld"])
    context = _context(site.release.directory / CONTEXT_FILE)
    if context is None:
        return expanded
    compact = jsonld.compact(json.loads(expanded), context, {"graph": True, "documentLoader": _refuse})
    named = {"@context": f"{site.release.base}{CONTEXT_PATH}"}
    body = named | {key: value for key, value in cast("dict[str, Any]", compact).items() if key != "@context"}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
