"""Keep what a reader chose by the address – language, day – while they go from page to page, without cookies."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from markupsafe import escape

_ADDRESS = re.compile(r'<(a|form)\b([^>]*?)\b(href|action)="(/[^"]*)"([^>]*)>')
_APART = re.compile(r"/(static|dumps|releases|id|feed\.atom|openapi\.json|\.well-known)\b")
_FILE = re.compile(r"\.(ttl|jsonld|json|nt|nq|rdf|trig|csv|tsv|xlsx|rq|svg|xml|html|atom)\Z")
_CARRIED = ("lang", "as_of")


def chosen(query: str) -> dict[str, str]:
    """Give what a query string says about language and day."""
    given = dict(parse_qsl(query))
    return {name: given[name] for name in _CARRIED if given.get(name)}


def carry(html: str, query: str) -> str:
    """Put the language and the day of this page into its links and forms to other pages of the site.

    Links with ``data-reset`` lose the day; forms that ask for a day or a language have their own field for it.

    :param query: query string of the request
    """
    kept = chosen(query)
    if not kept:
        return html

    def replaced(found: re.Match[str]) -> str:
        tag, before, name, address, after = found.groups()
        path, hash_mark, fragment = address.partition("#")
        path, question, parameters = path.partition("?")
        if _APART.match(path) or _FILE.search(path):
            return found[0]
        asked = {key for key, _ in parse_qsl(parameters.replace("&amp;", "&"), keep_blank_values=True)}
        reset = "data-reset" in before + after
        added = {k: v for k, v in kept.items() if k not in asked and not (reset and k == "as_of")}
        if tag == "form":
            return found[0] + _hidden(added, path, view="data-view" in before + after)
        joined = escape("&".join(filter(None, (parameters.replace("&amp;", "&"), urlencode(added)))))
        whole = f"{path}{'?' if joined else question}{joined}{hash_mark}{fragment}"
        return f'<{tag}{before}{name}="{whole}"{after}>'

    return _ADDRESS.sub(replaced, html)


def _hidden(added: dict[str, str], path: str, *, view: bool) -> str:
    """Write the hidden fields of a form; questions have fields of their own for language and day."""
    if path.startswith("/queries/"):
        return ""
    fields = {name: value for name, value in added.items() if not (view and name == "as_of")}
    return "".join(f'<input type="hidden" name="{n}" value="{escape(v)}">' for n, v in fields.items())
