"""The small page about a thing that clients show in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from hansa.serve.reconcile.extend import Extender
from hansa.serve.reconcile.requests import Column
from hansa.serve.reconcile.things import Thing

WIDTH, HEIGHT = 420, 300
_NAMES = 8
_FACTS = ("country", "network", "governs", "governed-by", "member-count", "founded", "status", "wikidata")
_SHOWN = 6

_templates = Environment(
    loader=PackageLoader("hansa.serve.reconcile"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def _facts(extender: Extender, thing: Thing, languages: Sequence[str]) -> list[tuple[str, list[str]]]:
    columns = [Column(pid, {"limit": _SHOWN}) for pid in _FACTS]
    answered = extender.answer([thing.id], columns, languages)
    titles = {meta["id"]: meta["name"] for meta in answered["meta"]}
    cells = answered["rows"][thing.id]
    found = [(titles[pid], [str(c.get("name", next(iter(c.values())))) for c in cells[pid]]) for pid in _FACTS]
    return [(title, values) for title, values in found if values]


def render(extender: Extender, thing: Thing, description: str, languages: Sequence[str]) -> str:
    """Write the page; every text of the graph is escaped, and nothing in it runs.

    :param description: one line that says what the thing is
    """
    name = thing.label(languages)
    return _templates.get_template("preview.html").render(
        page_language=languages[0] if languages else "en",
        name=name,
        href=f"/doc/{quote(thing.id)}",
        description=description,
        others=[other for other in thing.names if other.text != name.text][:_NAMES],
        facts=_facts(extender, thing, languages),
    )
