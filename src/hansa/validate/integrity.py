"""Check that things hang together: IRIs that lead somewhere, kinds, sources, repetitions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from hansa.errors import closest
from hansa.model import Finding, Position
from hansa.rdf import BlankNode, NamedNode, Node, Quad
from hansa.validate.inputs import Inputs, did_you_mean, distinct, error, ordered, warning
from hansa.vocab import RDF, RDFS, SLUG

KINDS = {
    "network": "hansa:CityNetwork",
    "body": "org:OrganizationalUnit",
    "authority": "cv:PublicOrganisation",
    "organization": "org:Organization",
    "place": "dct:Location",
    "site": "org:Site locn:Address",
    "person": "foaf:Person",
    "post": "org:Post",
    "membership": "org:Membership",
    "tenure": "hansa:ExOfficioTenure",
    "programme": "hansa:Programme",
    "event": "schema:Event schema:EventSeries org:ChangeEvent",
    "document": "foaf:Document",
    "count": "hansa:StatedCount",
    "source": "hansa:SourceDocument",
    "evidence": "hansa:Evidence",
}
"""The classes of each kind of thing, as docs/model.md has them; their subclasses fit too."""
DERIVED_KINDS = frozenset({"interval", "instant"})


def check_integrity(inputs: Inputs) -> list[Finding]:
    """Find dangling IRIs, things of the wrong kind, bad slugs, blank nodes, graphs without source, repetitions."""
    things = Things(inputs)
    return ordered(
        [
            *_own_things(things, inputs),
            *_kinds(things, inputs),
            *_blank_nodes(inputs),
            *_sources(inputs),
            *_foreign_evidence(inputs),
            *_repetitions(inputs),
        ]
    )


class Things:
    """The things of the graph that people describe, and the classes that they may have."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self.vocab = inputs.vocab
        self._fitting: dict[tuple[str, str], bool] = {}

    @cached_property
    def described(self) -> set[str]:
        """The IRIs about which somebody wrote something."""
        return self._inputs.described

    @cached_property
    def by_kind(self) -> dict[str, set[str]]:
        """The described things of each kind."""
        kinds: dict[str, set[str]] = {}
        for iri in self.described:
            parts = self.vocab.kind_and_slug(iri)
            if parts:
                kinds.setdefault(parts[0], set()).add(iri)
        return kinds

    @cached_property
    def _parents(self) -> dict[str, set[str]]:
        parents: dict[str, set[str]] = {}
        for quad in self._inputs.graphs.get(self.vocab.graph("ontology"), []):
            if (
                quad.predicate == RDFS.subClassOf
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, NamedNode)
            ):
                parents.setdefault(quad.subject.value, set()).add(quad.object.value)
        return parents

    def fits(self, kind: str, class_iri: str) -> bool:
        """Tell whether a class goes with a kind: its own, or a subclass that is no other kind's own."""
        if (kind, class_iri) not in self._fitting:
            self._fitting[kind, class_iri] = self._fits(kind, class_iri)
        return self._fitting[kind, class_iri]

    def classes_of_kind(self, kind: str) -> set[str]:
        """Give the class IRIs of a kind."""
        return {self.vocab.expand(name) for name in KINDS[kind].split()}

    def _fits(self, kind: str, class_iri: str) -> bool:
        wanted = self.classes_of_kind(kind)
        others = {c for other in KINDS if other != kind for c in self.classes_of_kind(other)} - wanted
        seen, todo = set(), {class_iri}
        while todo:
            current = todo.pop()
            if current in wanted:
                return True
            if current not in others:
                seen.add(current)
                todo |= self._parents.get(current, set()) - seen
        return False

    def suggestion(self, kind: str, iri: str) -> str:
        """Give the thing that was meant: the same slug in another kind, or the nearest of the same kind."""
        slug = iri.rpartition("/")[2]
        same = (i for other in sorted(self.by_kind) for i in self.by_kind[other] if i.endswith(f"/{slug}"))
        meant = next(same, "") or closest(iri, self.by_kind.get(kind, ()))
        return self.vocab.shorten(meant) if meant else ""


def _own_things(things: Things, inputs: Inputs) -> Iterator[Finding]:
    """Look at each name once, and at the statements only where a name is wrong or leads nowhere."""
    subjects = {node for node in inputs.by_subject if isinstance(node, NamedNode)}
    objects = {q.object for q in inputs.authored if isinstance(q.object, NamedNode)}
    misnamed, dangling = _wrong_names(subjects | objects, objects, things)
    for quad in distinct(inputs.authored) if misnamed or dangling else ():
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node in misnamed:
                place = inputs.place(node) if node == quad.subject else inputs.place_of(quad)
                yield error(place, *misnamed.pop(node), node)
            elif node == quad.object and node in dangling:
                hint = did_you_mean(dangling[node], "describe it, or correct the name")  # type: ignore[index]
                message = f"nothing describes {inputs.short(node)}"  # type: ignore[arg-type]
                yield error(inputs.place_of(quad), "iri/dangling", message, hint, quad.subject)  # type: ignore[arg-type]


def _wrong_names(
    nodes: set[NamedNode], objects: set[NamedNode], things: Things
) -> tuple[dict[NamedNode, tuple[str, str, str]], dict[NamedNode, str]]:
    """Give the problems of names that are none, and what is meant by names that nobody describes."""
    misnamed: dict[NamedNode, tuple[str, str, str]] = {}
    dangling: dict[NamedNode, str] = {}
    for node in nodes:
        parts = things.vocab.kind_and_slug(node.value)
        problem = _name_problem(node, *parts) if parts else None
        if problem:
            misnamed[node] = problem
        elif parts and node in objects and node.value not in things.described:
            dangling[node] = things.suggestion(parts[0], node.value)
    return misnamed, dangling


def _name_problem(node: NamedNode, kind: str, slug: str) -> tuple[str, str, str] | None:
    """Give code, message and hint when an IRI of ours is no name of a thing."""
    if kind not in KINDS and kind not in DERIVED_KINDS:
        return "iri/kind", f"{kind!r} is no kind of thing: <{node.value}>", f"known kinds: {', '.join(sorted(KINDS))}"
    if not SLUG.match(slug):
        return (
            "iri/slug",
            f"{slug!r} is not a slug",
            "write lower-case ASCII letters and digits joined by single hyphens",
        )
    return None


def _classes(quads: list[Quad]) -> list[Quad]:
    return [q for q in quads if q.predicate == RDF.type and isinstance(q.object, NamedNode)]


def _kinds(things: Things, inputs: Inputs) -> Iterator[Finding]:
    for node, quads in inputs.by_subject.items():
        kind, _ = inputs.vocab.kind_and_slug(node.value) or ("", "")
        if kind not in KINDS:
            continue
        classes = _classes(quads)
        wanted = " or ".join(KINDS[kind].split())
        elsewhere = inputs.classes_elsewhere(node)
        if any(things.fits(kind, iri) for iri in elsewhere) or (elsewhere and not classes):
            continue
        if not classes:
            hint = f"add: {inputs.short(node)} a {wanted} ."
            yield error(inputs.place(node), "iri/no-class", f"{inputs.short(node)} has no class", hint, node)
        elif not any(things.fits(kind, q.object.value) for q in classes):  # type: ignore[union-attr]
            message = f"{inputs.short(node)} is a {inputs.short(classes[0].object)}; a {kind} is a {wanted}"  # type: ignore[arg-type]
            hint = f"write a {wanted}, or give the thing the prefix of its class"
            yield error(inputs.place_of(classes[0]), "iri/class", message, hint, node)


def _blank_nodes(inputs: Inputs) -> Iterator[Finding]:
    seen: set[Node] = set()
    # A blank node is best shown where a named thing points to it, so those statements come first.
    quads = [q for q in inputs.instance_quads if isinstance(q.object, BlankNode)] + inputs.instance_quads
    for quad in sorted(quads, key=lambda q: not (isinstance(q.subject, NamedNode) and isinstance(q.object, BlankNode))):
        for node in (quad.object, quad.subject):
            if isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                hint = "give it an IRI of its kind, such as evidence:my-slug or membership:my-slug"
                yield error(inputs.place_of(quad), "iri/blank-node", "a blank node in published data", hint)


def source_of(graph: NamedNode, inputs: Inputs) -> NamedNode:
    """Give the source document whose statements a graph has."""
    return inputs.vocab.thing("source", graph.value.rpartition("/")[2])


def _sources(inputs: Inputs) -> Iterator[Finding]:
    document = inputs.vocab.hansa.SourceDocument
    for graph, file in inputs.instances:
        source = source_of(graph, inputs)
        if not any(
            q.subject == source and q.predicate == RDF.type and q.object == document
            for q in inputs.graphs.get(graph, [])
        ):
            name, meant = inputs.short(source), _one_other_source(graph, inputs)
            hint = f"add: {name} a hansa:SourceDocument ; dct:title … ; or name the file after its source"
            if meant:
                hint = f"all evidence in it is from {meant}: name the file after that source, or correct hansa:inSource"
            message = f"the file does not describe its source {name}"
            yield error(Position(file.name, 1, 1), "source/missing", message, hint, source)


def _one_other_source(graph: NamedNode, inputs: Inputs) -> str:
    """Give the source that all evidence of a file is from, where it does not describe its own: a copy, or renamed."""
    quads, source = inputs.graphs.get(graph, []), source_of(graph, inputs)
    if any(q.subject == source and q.predicate == RDF.type for q in quads):
        return ""
    named = {q.object for q in quads if q.predicate == inputs.vocab.hansa.inSource}
    return inputs.short(named.pop()) if len(named) == 1 and source not in named else ""  # type: ignore[arg-type]


def _foreign_evidence(inputs: Inputs) -> Iterator[Finding]:
    for graph, _ in inputs.instances:
        source = source_of(graph, inputs)
        for quad in inputs.graphs.get(graph, []) if not _one_other_source(graph, inputs) else ():
            if quad.predicate == inputs.vocab.hansa.inSource and quad.object != source:
                message = f"evidence from {inputs.short(quad.object)} in the file of {inputs.short(source)}"  # type: ignore[arg-type]
                hint = "a file holds what its own source says: move the statement and its evidence"
                yield error(inputs.place_of(quad), "source/foreign-evidence", message, hint, quad.subject)  # type: ignore[arg-type]


def _repetitions(inputs: Inputs) -> Iterator[Finding]:
    seen: set[Quad] = set()
    repeated: dict[Quad, None] = {}
    for quad in inputs.authored:
        if quad in seen:
            repeated[quad] = None
        seen.add(quad)
    for quad in repeated:
        places = inputs.positions.occurrences(quad.graph_name, quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]
        for again in places[1:]:
            where = f"{places[0].file}:{places[0].line}" if places[0].file != again.file else f"line {places[0].line}"
            message = f"this statement stands already in {where}"
            yield warning(again, "data/repeated", message, "delete one of them", quad.subject)  # type: ignore[arg-type]
