"""Requests a second beside named peers, on the same data and machine, in one run.

Compared: the description of a city and a small SELECT over HTTP, 8 keep-alive connections. The Oxigraph server reads
the very store that Hansa reads; rdflib-endpoint holds the same triples in memory; Trifid renders pages from that
Oxigraph server. "distinct" asks for up to 10 000 cities in random order, "repeated" for the same ten;
both may find finished answers in a cache, so "first time" asks for each city once, by our own client, before all else.
The peers take turns; medians over the rounds. CPU is that of the server with its children.
"""

from __future__ import annotations

import urllib.request
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from rich.console import Console
from rich.table import Table

from hansa.model import Release
from tests.benchmarks import questions as ask
from tests.benchmarks import servers
from tests.benchmarks.conftest import Setting
from tests.benchmarks.load import Figures, Request, generator_name, medians, put_load, put_load_once
from tests.benchmarks.peers import PeerMissingError
from tests.benchmarks.procs import Server

pytestmark = pytest.mark.timeout(3600)
_TAGGED = 500


@dataclass(frozen=True)
class Case:
    """One row of the table: what is asked of whom."""

    what: str
    server: Server
    requests: list[Request]


class Bench:
    """The cases, the runs so far and what could not take part."""

    def __init__(self, release: Release, setting: Setting, stack: ExitStack) -> None:
        self.release = release
        self.setting = setting
        self.stack = stack
        self.cases: list[Case] = []
        self.absent: list[str] = []
        self.things = ask.some_things(release)

    def add(self, what: str, server: Server, question: ask.Question, *, repeated: bool = True) -> None:
        """Add a question, for distinct things and for repeated ones."""
        self.cases.append(Case(f"{what}, distinct", server, ask.distinct(question, self.things)))
        if repeated:
            self.cases.append(Case(f"{what}, repeated", server, ask.repeated(question, self.things)))

    def add_hansa(self) -> None:
        """Add our own server."""
        server = self.stack.enter_context(servers.hansa(self.release))
        for what, accept in (("Turtle", ask.TURTLE), ("JSON-LD", ask.JSONLD), ("HTML", ask.HTML)):
            self.add(what, server, ask.page(self.release, accept))
        self.add("SELECT", server, ask.select(self.release, "/sparql"))
        self.ours = server

    def add_tagged(self) -> None:
        """Add repeat requests with entity tags; asking for the tags fills caches, so only after "first time"."""
        plain = ask.distinct(ask.page(self.release, ask.TURTLE), self.things[:_TAGGED])
        tagged = [replace(r, etag=_etag(self.ours, r)) for r in plain]
        self.cases.append(Case("Turtle, 304", self.ours, tagged))

    def add_sparql(self, server: Server, endpoint: str, *, repeated: bool) -> None:
        """Add a SPARQL server."""
        for what, accept in (("Turtle", ask.TURTLE), ("JSON-LD", ask.JSONLD)):
            self.add(what, server, ask.construct(self.release, endpoint, accept), repeated=repeated)
        self.add("SELECT", server, ask.select(self.release, endpoint), repeated=repeated)

    def add_peers(self) -> None:
        """Add those peers that can be had here."""
        try:
            oxigraph = self.stack.enter_context(servers.oxigraph(self.release))
            self.add_sparql(oxigraph, "/query", repeated=True)
            trifid = self.stack.enter_context(servers.trifid(self.release, oxigraph))
            self.add("HTML", trifid, ask.page(self.release, ask.HTML, folder="id"), repeated=False)
        except (PeerMissingError, RuntimeError) as error:
            self.absent.append(str(error))
        try:
            rdflib = self.stack.enter_context(servers.rdflib_endpoint(self.release))
            self.add_sparql(rdflib, "/", repeated=False)
        except (PeerMissingError, RuntimeError) as error:
            self.absent.append(str(error))

    def run(self) -> dict[tuple[str, str], Figures]:
        """Run every case as often as there are rounds, question by question, so that the peers alternate."""
        runs: dict[tuple[str, str], list[Figures]] = defaultdict(list)
        for case in sorted(self.cases, key=lambda c: c.what):
            if case.what.endswith(", distinct"):
                what = case.what.replace("distinct", "first time")
                runs[what, case.server.name].append(put_load_once(case.server, case.requests, self.setting.seconds))
        self.add_tagged()
        for number in range(self.setting.rounds):
            for case in sorted(self.cases, key=lambda c: c.what):
                figures = put_load(case.server, case.requests, self.setting.seconds, number * 997)
                runs[case.what, case.server.name].append(figures)
        return {key: medians(found) for key, found in sorted(runs.items())}


def _etag(server: Server, request: Request) -> str:
    asked = urllib.request.Request(server.url + request.path, headers={"Accept": request.accept})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return str(answer.headers["ETag"])


_TARGETS = {
    ("Turtle", "Oxigraph"): 0.9,
    ("JSON-LD", "Oxigraph"): 0.9,
    ("SELECT", "Oxigraph"): 0.8,
    ("Turtle", "rdflib-endpoint"): 15.0,
    ("JSON-LD", "rdflib-endpoint"): 15.0,
    ("HTML", "Trifid"): 20.0,
}


def _figures_table(results: dict[tuple[str, str], Figures], title: str) -> Table:
    table = Table(title=title)
    for name in ("asked", "server", "requests/s", "p50 ms", "p99 ms", "CPU µs each", "bytes each", "failed"):
        table.add_column(name, justify="left" if name in ("asked", "server") else "right")
    for (what, server), f in results.items():
        cells = (f"{f.rate:,.0f}", f"{f.p50:.1f}", f"{f.p99:.1f}", f"{f.cpu:,.0f}", f"{f.bytes_each:,.0f}")
        table.add_row(what, server, *cells, str(f.failed))
    return table


def _ratio_table(results: dict[tuple[str, str], Figures]) -> Table:
    table = Table(title="Hansa beside its peers")
    for name in ("asked", "peer", "ratio", "target", "", "ratio of CPU"):
        table.add_column(name)
    for (what, peer), theirs in results.items():
        ours = results.get((what, "Hansa"))
        if peer == "Hansa" or ours is None or not theirs.rate or not theirs.cpu:
            continue
        target = _TARGETS.get((what.partition(",")[0], peer))
        ratio = ours.rate / theirs.rate
        met = "" if target is None else ("met" if ratio >= target else "missed")
        wanted = f"≥ {target}" if target else "none"
        table.add_row(what, peer, f"{ratio:.2f}", wanted, met, f"{ours.cpu / theirs.cpu:.2f}")
    again, first = results["Turtle, 304", "Hansa"], results["Turtle, distinct", "Hansa"]
    met = "met" if again.rate >= 10_000 or again.rate >= 5 * first.rate else "missed"
    table.add_row("304", "its first answer", f"{again.rate / first.rate:.2f}", "≥ 5 or 10 000/s", met, "")
    return table


def test_requests_a_second(generated: Release, setting: Setting) -> None:
    with ExitStack() as stack:
        bench = Bench(generated, setting, stack)
        bench.add_hansa()
        bench.add_peers()
        results = bench.run()
    console = Console(width=120)
    size = f"{generated.counts['quads']:,} statements, {len(bench.things):,} cities, load by {generator_name()}"
    console.print(_figures_table(results, size))
    console.print(_ratio_table(results))
    for reason in bench.absent:
        console.print(f"not taking part: {reason}", highlight=False, markup=False)
    assert results["Turtle, distinct", "Hansa"].failed == 0
