"""The command ``hansa query``: canned or own queries on the current release, or on an endpoint that the user names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table as RichTable

from hansa import manifest, results, sparql
from hansa.commands import project
from hansa.errors import HansaError, NotFoundError, ParameterError, QueryError, closest
from hansa.model import CannedQuery, Release
from hansa.parameters import bind_parameters, check_things
from hansa.queries import load_queries, parse_query
from hansa.rdf import NamedNode, Term, Triple
from hansa.store import EmbeddedStore, QueryStore, RemoteStore, Table
from hansa.vocab import RDF, Vocabulary

_FORMATS = ["table", "csv", "tsv", "json", "xlsx", "turtle"]


@click.command(epilog="Example: hansa query members-of-network --param network=citynet --as-of 2013-11-20 --format csv")
@click.argument("name", required=False)
@click.option(
    "--file", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A query of your own."
)
@click.option("--list", "listing", is_flag=True, help="List the canned queries.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; may be given several times.")
@click.option("--as-of", metavar="DATE", help="Answer for this day (YYYY-MM-DD).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", help="How the answer is printed.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer to this file.")
@click.option("--lang", default="en", show_default=True, help="The language you read; other languages show their tag.")
@project.release_option
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead. Opens the network.")
@click.option("--online", is_flag=True, help="Let a federated query ask the servers it names. Opens the network.")
def query(  # noqa: PLR0913 - one argument an option
    *,
    name: str | None,
    path: Path | None,
    listing: bool,
    params: tuple[str, ...],
    as_of: str | None,
    form: str,
    out: Path | None,
    lang: str,
    release: Path | None,
    endpoint: str | None,
    online: bool,
) -> None:
    """Run a canned query (NAME) or one of your own (--file) on the current release."""
    found = manifest.read_release(project.release_directory(release))
    if listing:
        _print_list(load_queries(found.directory / "queries"))
        return
    chosen = _choose(name, path, found)
    vocab = Vocabulary(found.base, found.prefixes)
    given = _pairs(params)
    if "lang" in {parameter.name for parameter in chosen.parameters}:
        lang = given.setdefault("lang", lang)
    values = bind_parameters(chosen, given, vocab, as_of=as_of, issued=found.issued)
    store: QueryStore = RemoteStore(endpoint) if endpoint else _local_store(chosen, found, online=online)
    if isinstance(store, EmbeddedStore):
        check_things(chosen, given, values, vocab, _Things(store))
    try:
        answer = _ask(store, chosen.text, values)
    except QueryError as error:
        raise _located(error, path or Path("queries", f"{chosen.name}.rq")) from error
    _deliver(answer, form, out, _Show(chosen.name, found, vocab, lang))
    sys.exit(0 if _has_rows(answer) else 1)


class _Things:
    """What there is in a store."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def exists(self, thing: NamedNode) -> bool:
        return next(self._store.quads(thing), None) is not None

    def beside(self, namespace: str) -> set[str]:
        types = self._store.quads(None, RDF.type)
        return {
            q.subject.value for q in types if isinstance(q.subject, NamedNode) and q.subject.value.startswith(namespace)
        }


def _located(error: QueryError, file: Path) -> QueryError:
    where = f"{file}:{error.line}:{error.column}: " if error.line else f"{file}: "
    return QueryError(f"{where}{error.message}", error.hint, error.line, error.column)


def _print_list(queries: Mapping[str, CannedQuery]) -> None:
    table = RichTable(box=None, pad_edge=False)
    for heading in ("name", "what it answers", "parameters"):
        table.add_column(heading, overflow="fold")
    for entry in queries.values():
        parameters = ", ".join(p.name if p.default is not None else f"{p.name}*" for p in entry.parameters)
        table.add_row(entry.name, entry.summary, parameters)
    _console().print(table, "\n* required. Run one with: hansa query NAME --param NAME=VALUE", sep="", markup=False)


def _console() -> Console:
    # A pipe has no width; then nothing should be folded.
    return Console() if sys.stdout.isatty() else Console(width=400)


def _choose(name: str | None, path: Path | None, release: Release) -> CannedQuery:
    if (name is None) == (path is None):
        raise click.UsageError("give the name of a canned query, or --file; --list shows the names")
    if path is not None:
        text = path.read_text(encoding="utf-8")
        plain = CannedQuery(path.stem, "", "", (), (), text)
        return parse_query(path.stem, text, str(path)) if "\n#+" in f"\n{text}" else plain
    queries = load_queries(release.directory / "queries")
    if name not in queries:
        near = closest(str(name), queries)
        raise NotFoundError(f"no canned query is called {name!r}", f"did you mean {near}?" if near else "see --list")
    return queries[name]


def _pairs(params: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for param in params:
        key, equals, value = param.partition("=")
        if not equals:
            raise ParameterError(f"--param {param!r} has no value", "write it as NAME=VALUE")
        pairs[key] = value
    return pairs


def _local_store(chosen: CannedQuery, release: Release, *, online: bool) -> QueryStore:
    if chosen.federated and not online:
        raise HansaError(
            f"{chosen.name} asks another server (SERVICE)", "add --online to let it, or name --endpoint URL"
        )
    if not online:
        sparql.refuse_outside_reach(chosen.text)
    return manifest.open_store(release)


def _ask(store: QueryStore, text: str, values: Mapping[str, Term]) -> Table | list[Triple]:
    form = sparql.query_form(text)
    if form == "ASK":
        return results.answer_table(store.ask(text, values))
    if form in {"CONSTRUCT", "DESCRIBE"}:
        return store.construct(text, values)
    return store.select(text, values)


def _has_rows(answer: Table | list[Triple]) -> bool:
    return bool(answer.rows if isinstance(answer, Table) else answer)


_PLAIN: Mapping[str, Callable[[Table], bytes]] = {
    "csv": results.to_csv,
    "tsv": results.to_tsv,
    "json": results.to_json,
}


class _Show:
    """Renders an answer.

    :param title: the query's name
    :param lang: the reader's language
    """

    def __init__(self, title: str, release: Release, vocab: Vocabulary, lang: str) -> None:
        self.title, self.release, self.vocab, self.lang = title, release, vocab, lang

    def render(self, answer: Table | list[Triple], form: str) -> bytes:
        """Give the bytes of a form other than ``table``."""
        if not isinstance(answer, Table):
            return results.to_turtle(answer, self.release.prefixes)
        if form == "xlsx":
            return results.to_xlsx(answer, self.title, date.fromisoformat(self.release.issued))
        if form == "turtle":
            return results.table_to_turtle(answer, self.release.prefixes)
        return _PLAIN[form](answer)

    def table(self, answer: Table) -> RichTable:
        """Give the table for a terminal."""
        table = RichTable(box=None, pad_edge=False)
        for variable in answer.variables:
            table.add_column(variable, overflow="fold")
        for row in results.text_rows(answer, self.vocab, self.lang):
            table.add_row(*row)
        return table


def _deliver(answer: Table | list[Triple], form: str, out: Path | None, show: _Show) -> None:
    if form == "table" and isinstance(answer, Table) and out is None:
        _console().print(show.table(answer), markup=False)
        click.echo(f"{len(answer.rows)} row{'s' * (len(answer.rows) != 1)}", err=True)
        return
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise click.UsageError("a spreadsheet needs --out FILE.xlsx")
    body = show.render(answer, "csv" if form == "table" else form)
    if out is None:
        sys.stdout.buffer.write(body)
    else:
        out.write_bytes(body)
