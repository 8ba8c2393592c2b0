"""Tell quickly which graphs may have anything wrong in them that the checks of files would report.

A large project has few distinct values: one statement stands for all that the checks cannot tell from it. The checks of
names, values and texts are run on those, and only where they complain, or where the names do not hang together, is a
file looked at statement by statement. Nothing is missed: tests damage files in every way that the checks know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from hansa.columns import Columns, Pair
from hansa.memo import Memo
from hansa.model import Position
from hansa.rdf import Graphs, Line, NamedNode, quads_of
from hansa.validate.addresses import is_plain
from hansa.validate.inputs import Inputs, TextFile
from hansa.validate.integrity import DERIVED_KINDS, KINDS, Things, source_of
from hansa.validate.literals import DATED, literals_of
from hansa.validate.remnants import PLACEHOLDERS
from hansa.validate.terms import TERM_VALUED, KnownTerms, declares_rightly, terms_of
from hansa.validate.texts import texts_of, usual_case
from hansa.vocab import EDTF, RDF, SLUG, XSD

Classes = Mapping[bytes, tuple[bytes, ...]]
"""What is described, and the classes that it is given: IRIs as lines write them."""

_BLANK = b"_"
"""What begins the name of a blank node, and comes after whatever begins any other term."""
_WORD = "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0151]+"
_PLAIN_TEXT = re.compile(
    f'"(?P<text>{_WORD}(?: {_WORD}){{0,99}}(?: [0-9]{{1,4}})?)"@'
    '|"[\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]{1,99}[0-9]{0,4}"@(?:ja|zh|ko) '
)
"""Texts that no check finds fault with, whatever their letters, but for those that stand where a text should be; their
language is another matter. Letters have their accents, words one space between, and a telephone has more digits."""
_STOPGAP = re.compile("lorem|insert|enter", re.IGNORECASE)
_TOLD_BY_VALUE = tuple(f"^^<{iri}>".encode() for iri in (EDTF.EDTF.value, XSD.string.value, XSD.anyURI.value))
_TAG = re.compile(rb"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)")


def classes_of(columns: Columns) -> dict[bytes, tuple[bytes, ...]]:
    """Give everything that is described, with its classes: IRIs as lines write them."""
    found: dict[bytes, tuple[bytes, ...]] = {}
    for subject, rest in columns.get(_TYPE, ()):
        if rest.startswith(b"<"):
            value = rest[:-3]
            known = found.get(subject)
            found[subject] = (value,) if known is None else (*known, value)
    for column in columns.values():
        found.update(dict.fromkeys({subject for subject, _ in column} - found.keys(), ()))
    return found


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to be said of a graph by itself, and what only all graphs together tell.

    :param is_suspect: a check may complain
    :param referred: things of ours that it names and does not describe
    :param unfit: things that it describes and gives no class that fits their kind
    """

    is_suspect: bool
    referred: Set[bytes] = frozenset()
    unfit: Set[bytes] = frozenset()


class Screen:
    """Looks at graphs of instances, one after another.

    :param inputs: its graphs are ontology and vocabulary
    """

    def __init__(self, inputs: Inputs) -> None:
        nothing: dict[str, object] = {"shapes": [], "turtle": (), "sparql": (), "memo": Memo.nothing()}
        self._inputs = replace(inputs, positions=_Nowhere(), **nothing)  # type: ignore[arg-type]
        self._things = Things(inputs)
        self._terms = KnownTerms(inputs)
        _ = self._terms.by_namespace  # before processes are forked, which would gather it each
        self._own = f"<{inputs.vocab.base}id/".encode()
        self._concepts = f"<{inputs.vocab.base}vocab/".encode()
        known = [kind for kind in (*KINDS, *DERIVED_KINDS) if is_plain(f"{inputs.vocab.base}id/{kind}/x", inputs.vocab)]
        kinds = "|".join(known).encode()
        slug = SLUG.pattern.removesuffix("\\Z").replace("(", "(?:").encode()
        self._named = re.compile(b"(?:" + re.escape(self._own) + b"(?:" + kinds + b")/" + slug + b">)*")
        hansa = inputs.vocab.hansa
        self._start, self._end, self._in_source = map(_name, (hansa.start, hansa.end, hansa.inSource))
        self._paired = {f"<{iri}>".encode() for iri in (*TERM_VALUED, hansa.supportsProperty.value)}
        self._paired |= {_name(getattr(hansa, name)) for name in DATED}
        self._document = hansa.SourceDocument
        self._clean: set[bytes | Pair] = set()
        self._fitting: dict[tuple[bytes, tuple[bytes, ...]], bool] = {}

    def look(self, graph: NamedNode, files: Sequence[TextFile], columns: Columns, classes: Classes) -> Looked:
        """Look at one graph.

        :param columns: its statements, repetitions included
        :param classes: what it describes, as :func:`classes_of` gives it
        """
        objects = {rest for column in columns.values() for _, rest in column}
        start = self._own
        own = {rest[:-3] for rest in objects if rest.startswith(start)}
        foreign = {rest for rest in objects if not rest.startswith(start)}
        if (
            not self._hangs_together(graph, columns, classes, own | foreign)
            or not all(self._is_well_written(file) for file in files)
            or self._complains(graph, self._representatives(columns, classes, foreign))
        ):
            return Looked(is_suspect=True)
        self._clean |= foreign
        return Looked(False, own - classes.keys(), set(self._unfit(classes)))

    def is_open(self, looked: Looked, described: Set[str], classes: Mapping[str, Sequence[str]]) -> bool:
        """Tell, when all graphs have been read, whether a check may complain of how this one goes with the others.

        :param described: what is described in any graph
        :param classes: all classes of those things
        """
        missing = any(name[1:-1].decode() not in described for name in looked.referred)
        return missing or any(not self._fits(name, classes.get(name[1:-1].decode(), ())) for name in looked.unfit)

    # ------------------------------------------------------------ how things hang together
    def _hangs_together(
        self,
        graph: NamedNode,
        columns: Columns,
        classes: Classes,
        objects: Set[bytes],
    ) -> bool:
        source, names = _name(source_of(graph, self._inputs)), objects | classes.keys()
        start = self._own
        return (
            bool(self._named.fullmatch(b"".join([name for name in names if name.startswith(start)])))
            and max(names, default=b"") < _BLANK
            and _name(self._document) in classes.get(source, ())
            and all(rest[:-3] == source for _, rest in columns.get(self._in_source, ()))
            and all(len(set(column)) == len(column) for column in columns.values())
        )

    def _unfit(self, classes: Classes) -> Iterator[bytes]:
        start, length, fitting = self._own, len(self._own), self._fitting
        for name, found in classes.items():
            if name.startswith(start):
                key = (name[length:].partition(b"/")[0], found)
                fits = fitting.get(key)
                if fits is None:
                    fits = fitting[key] = self._fits(name, [c[1:-1].decode() for c in found])
                if not fits:
                    yield name

    def _fits(self, name: bytes, classes: Sequence[str]) -> bool:
        kind = name[len(self._own) :].partition(b"/")[0].decode()
        return kind not in KINDS or any(self._things.fits(kind, iri) for iri in classes)

    # ------------------------------------------------------------ single statements
    def _is_well_written(self, file: TextFile) -> bool:
        """Look at what is lost in parsing: prefixes, and how language tags are written."""
        text = file.text().encode()
        end = text.find(b"\n", text.lower().rfind(b"prefix"))
        head = text if end < 0 else text[:end]
        tags = {found.decode() for found in _TAG.findall(text)}
        return declares_rightly(head.decode(), self._inputs.vocab) and all(tag == usual_case(tag) for tag in tags)

    def _representatives(self, columns: Columns, classes: Classes, foreign: Set[bytes]) -> dict[bytes | Pair, Line]:
        """Choose a statement for everything that a check can tell apart, unless one like it was found clean before."""
        found: dict[bytes | Pair, Line] = {}
        clean, subjects = self._clean, {name for name in classes if not name.startswith(self._own)}
        wanted = {rest: self._key(rest) for rest in foreign if rest not in clean}
        wanted = {rest: key for rest, key in wanted.items() if key and key not in clean}
        for predicate, column in columns.items():
            for rest, subject in {rest: subject for subject, rest in column if rest in wanted}.items():
                found[wanted[rest]] = b"%s %s %s" % (subject, predicate, rest)
            if predicate in self._paired:
                for rest, subject in {rest: subject for subject, rest in column}.items():
                    if (predicate, rest) not in clean:
                        found[predicate, rest] = b"%s %s %s" % (subject, predicate, rest)
            if predicate not in clean:
                found[predicate] = b"%s %s %s" % (column[0][0], predicate, column[0][1])
        if subjects:
            others = ((s, p, rest) for p, column in columns.items() for s, rest in column if s in subjects)
            found |= {(subject, p): b"%s %s %s" % (subject, p, rest) for subject, p, rest in others}
        return found | self._periods(columns)

    def _key(self, rest: bytes) -> bytes:
        """Give what tells a value from others, as far as the checks can: mostly its datatype or its language."""
        kind = rest.rpartition(b'"')[2]
        if b"wikidata" in rest.lower():
            return rest
        if rest.startswith(b"<"):
            is_concept = rest.startswith(self._concepts)
            return rest if is_concept or not is_plain(rest[1:-4].decode(), self._inputs.vocab) else b""
        typed = kind.startswith(b"^^") and not kind.startswith(_TOLD_BY_VALUE)
        return kind if typed or is_plain_text(rest.decode()) else rest

    def _periods(self, columns: Columns) -> dict[bytes | Pair, Line]:
        """Choose things for all pairs of start and end."""
        found: dict[bytes | Pair, Line] = {}
        starts: dict[bytes, list[bytes]] = {}
        for subject, rest in columns.get(self._start, ()):
            starts.setdefault(subject, []).append(rest)
        for subject, end in columns.get(self._end, ()):
            for start in starts.get(subject, ()):
                if (start, end) not in self._clean:
                    found[start, end] = b"%s %s %s%s %s %s" % (subject, self._start, start, subject, self._end, end)
        return found

    def _complains(self, graph: NamedNode, representatives: Mapping[bytes | Pair, Line]) -> bool:
        quads = quads_of(representatives.values(), graph)
        graphs: Graphs = {graph: quads}
        inputs = replace(self._inputs, graphs=graphs)
        # These are what check_statements goes through.
        checks = (literals_of(graph, inputs), terms_of(graph, [], self._terms, inputs), texts_of(graph, [], inputs))
        if any(True for found in checks for _ in found):
            return True
        self._clean.update(representatives)
        return False


def is_plain_text(literal: str) -> bool:
    """Tell quickly that no check finds fault with a literal, its language apart; when in doubt, no.

    :param literal: as a line ends with it
    """
    found = _PLAIN_TEXT.match(literal)
    text = (found["text"] or "") if found else ""
    return found is not None and text.lower() not in PLACEHOLDERS and not _STOPGAP.match(text)


class _Nowhere:
    """Locates nothing: whoever asks wants to know only whether there is anything to find."""

    def locate(self, *_asked: object) -> Position:
        return Position("", 1, 1)

    def occurrences(self, *_asked: object) -> list[Position]:
        return []


def _name(node: NamedNode) -> bytes:
    return f"<{node.value}>".encode()


_TYPE = _name(RDF.type)
