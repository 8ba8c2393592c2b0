"""Parse the files of a large project, each once: what they say is packed, and what may be wrong in them is noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hansa.columns import columns_of
from hansa.config import Config
from hansa.large.groups import groups_of
from hansa.model import Finding
from hansa.packed import PackedGraph
from hansa.rdf import Line, NamedNode
from hansa.sources.loader import empty, load_lines
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.validate.suspects import Looked, Screen, classes_of
from hansa.workers import spread


@dataclass
class Loaded:
    """What files hold.

    :param graphs: their statements
    :param classes: what they describe, and the classes that it is given
    :param findings: what cannot be read
    :param looked: what is to be said of each graph of instances by itself
    """

    graphs: dict[NamedNode, PackedGraph] = field(default_factory=dict)
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    looked: dict[NamedNode, Looked] = field(default_factory=dict)
    _known: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def add(self, other: Loaded) -> None:
        """Add what other files hold; none of their graphs is among ours."""
        self.graphs |= other.graphs
        self.looked |= other.looked
        self.findings += other.findings
        for iri, classes in other.classes.items():
            before = self.classes.get(iri)
            both = classes if before is None else tuple(sorted({*classes, *before}))
            # There are a million things, and few sets of classes.
            self.classes[iri] = self._known.setdefault(both, both)

    def suspects(self, files: ProjectFiles, screen: Screen) -> tuple[SourceFile, ...]:
        """Give the files of instances that a check may complain of."""
        described = self.classes.keys()
        clear = {
            name
            for name, looked in self.looked.items()
            if not looked.is_suspect and not screen.is_open(looked, described, self.classes)
        }
        return tuple(file for file in files.instances if file.graph not in clear)


def load_packed(files: ProjectFiles, config: Config, screen: Screen) -> Loaded:
    """Parse ontology, vocabulary and instances into packed graphs."""
    found = Loaded()
    instances = {file.name for file in files.instances}
    for part in spread(lambda some: _Reader(config, screen, instances).read(some), groups_of(files.data)):
        found.add(part)
    return found


class _Reader:
    def __init__(self, config: Config, screen: Screen, instances: set[str]) -> None:
        self._config = config
        self._screen = screen
        self._instances = instances

    def read(self, files: Sequence[SourceFile]) -> Loaded:
        """Read the files of some graphs."""
        found, by_graph = Loaded(), dict[NamedNode, list[SourceFile]]()
        for file in files:
            if file.graph is not None:
                by_graph.setdefault(file.graph, []).append(file)
        for graph, own in by_graph.items():
            found.add(self._graph(graph, own))
        return found

    def _graph(self, name: NamedNode, files: Sequence[SourceFile]) -> Loaded:
        found, lines = Loaded(), list[Line]()
        for file in files:
            parsed, problems = load_lines(file, self._config)
            lines += parsed
            silent = file.name in self._instances and not parsed
            found.findings += problems or ([empty(file)] if silent else [])
        found.graphs[name] = PackedGraph.of(name, lines)
        columns = columns_of(lines)
        classes = classes_of(columns)
        found.classes = {
            iri[1:-1].decode(): tuple(each[1:-1].decode() for each in named)
            for iri, named in classes.items()
            if iri.startswith(b"<")
        }
        if files[0].name in self._instances:
            found.looked[name] = self._screen.look(name, files, columns, classes)
        return found
