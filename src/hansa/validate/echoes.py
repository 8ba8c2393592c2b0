"""Leave out findings that only repeat another: one slip is read once, in the plainest words that there are for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from hansa.model import Finding, Position, Severity
from hansa.validate.inputs import ordered

_OF_THE_GRAPH = ("shacl/", "check/", "iri/", "term/", "owl/", "source/")
_WHAT_FOLLOWS = {
    "shacl/Evidence-reasoned": ("shacl/Evidence-certainty", "check/value-of-other-scheme", "term/unknown-concept"),
    "data/repeated": ("shacl/Membership-",),
    "check/membership-twice": ("shacl/Membership-role",),
    "check/label-missing": ("text/language", "shacl/Text-prefLabel", "shacl/Organization-prefLabel"),
    "check/place-without-coordinates": ("shacl/Place-l",),
    "check/coordinates-differ": ("shacl/Place-l", "shacl/Place-asWKT"),
    "check/identifier-shared": ("shacl/Place-identifier",),
    "shacl/Time-": ("date/", "shacl/ChangeEvent-date", "shacl/Membership-", "shacl/Event-", "shacl/Tenure-"),
}
"""A finding, and the beginnings of the codes that it follows from where they stand on the same thing."""
_OF_THE_PROPERTY = ("term/unknown-property", "check/derived-by-hand", "link/", "privacy/", "shacl/Privacy-")
"""Findings after which nobody need be told that the same statement lacks evidence."""
_DERIVED = {
    "shacl/Place-memberOf": ("", "shacl/Membership-member"),
    "shacl/Person": ("org:hasMember does not belong here", "shacl/Membership-organization"),
}
"""What a rule derives from a wrong membership breaks shapes of other things: how the message begins, and the cause."""
_KINDS = {
    "Place": ("place",),
    "Post": ("post",),
    "Organization": ("network", "body", "authority", "organization"),
    "SourceDocument": ("source",),
    "Evidence": ("evidence",),
    "Membership": ("membership",),
    "ExOfficioTenure": ("tenure",),
    "StatedCount": ("count",),
}
"""Shapes, and the kinds of thing that they are for: of another kind a thing is only by what a property makes of it."""
_SUGGESTED = re.compile(r"did you mean (?P<name>[\w.-]+:[\w.-]+)\?")

_Rule = Callable[[list[Finding]], list[Finding]]


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Order the findings of a run, and leave out what repeats another or follows from it.

    The SHACL report keeps them all.
    """
    listed = ordered(findings)
    for rule in _RULES:
        listed = rule(listed)
    return listed


def _once(findings: list[Finding]) -> list[Finding]:
    """Keep one of several findings that differ in their hint alone: a value breaks more than one part of a shape."""
    best: dict[tuple[Position, Severity, str, str, str], Finding] = {}
    for f in findings:
        key = (f.position, f.severity, f.code, f.message, f.focus)
        if key not in best or (f.hint and not best[key].hint):
            best[key] = f
    return list(best.values())


def _shapes_after_others(findings: list[Finding]) -> list[Finding]:
    """Leave out what a shape says where another check says the same more plainly."""
    plain = {(f.position, f.focus, f.severity) for f in findings if not f.code.startswith("shacl/")}
    return [f for f in findings if not (f.code.startswith("shacl/") and (f.position, f.focus, f.severity) in plain)]


def _of_a_wrong_prefix(findings: list[Finding]) -> list[Finding]:
    """Leave out what is said of a file, and of the things in it, where a prefix stands for another namespace.

    Every name with that prefix is another one then: nothing that is said of the file can be believed.
    """
    misread = {f.position.file for f in findings if f.code == "prefix/namespace" and f.position.file.endswith(".ttl")}
    foci = {f.focus for f in findings if f.position.file in misread and f.focus}
    return [
        f
        for f in findings
        if not (f.code.startswith(_OF_THE_GRAPH) and (f.position.file in misread or f.focus in foci))
    ]


def _of_a_wrong_class(findings: list[Finding]) -> list[Finding]:
    """Leave out what the shapes say of a thing whose class is wrong."""
    unknown = {f.position for f in findings if f.code == "term/unknown-class"}
    wrong = {f.focus for f in findings if f.code in ("iri/class", "term/unknown-class")} - {""}
    return [
        f
        for f in findings
        if not (f.focus in wrong and f.code.startswith(("shacl/", "owl/")))
        and not (f.code == "iri/class" and f.position in unknown)
    ]


def _of_nameless_things(findings: list[Finding]) -> list[Finding]:
    """Leave out what else is said of a blank node, and say it once a line: a list has one for each of its members."""
    blank = {f.position for f in findings if f.code == "iri/blank-node"}
    if not blank:
        return findings
    kept = [f for f in findings if f.code == "iri/blank-node" or (f.position.file and f.position not in blank)]
    nameless = [f for f in kept if f.code == "iri/blank-node"]
    lines = groupby(nameless, key=lambda f: (f.position.file, f.position.line))
    first = {next(group).position for _, group in lines}
    return [f for f in kept if f.code != "iri/blank-node" or f.position in first]


def _of_a_wrong_schema(findings: list[Finding]) -> list[Finding]:
    """Leave out what wrong shapes say of the data, and what follows for the data from a wrong ontology."""
    wrong = {f.position.file.partition("/")[0] for f in findings if f.severity is Severity.ERROR}
    silent = (*(("shacl/",) if "shapes" in wrong else ()), *(("owl/",) if "ontology" in wrong else ()))
    return [f for f in findings if not (f.code.startswith(silent) and f.position.file.startswith("instances/"))]


def _of_the_same_thing(findings: list[Finding]) -> list[Finding]:
    """Leave out what follows from another finding about the same thing."""
    codes: dict[str, set[str]] = {}
    for f in findings:
        codes.setdefault(f.focus, set()).add(f.code)
    return [f for f in findings if not (f.focus and _follows(f, codes[f.focus]))]


def _follows(finding: Finding, codes: set[str]) -> bool:
    causes = next((causes for echo, causes in _WHAT_FOLLOWS.items() if finding.code.startswith(echo)), ())
    return any(code.startswith(causes) for code in codes - {finding.code}) if causes else False


def _of_the_same_word(findings: list[Finding]) -> list[Finding]:
    """Leave out what a misspelt name brings with it: that the right one is missing, or has nothing to do there."""
    unknown = {f.position for f in findings if f.code.startswith("term/unknown-")}
    dated = {f.position for f in findings if f.code == "date/datatype"}
    lines = {_line(f) for f in findings if f.code.startswith(_OF_THE_PROPERTY)}
    private = {_line(f) for f in findings if f.code.startswith(("privacy/", "shacl/Privacy-"))}
    meant: dict[str, list[str]] = {}
    for f in findings:
        if f.code == "term/unknown-property":
            meant.setdefault(f.focus, []).extend(_meant(f))
    return [
        f
        for f in findings
        if not (f.code == "check/evidence-without-statement" and f.position in unknown)
        and not (f.code.startswith("shacl/") and f.position in unknown)
        and not (f.code == "term/unknown-datatype" and f.position in dated)
        and not (f.code == "check/statement-without-evidence" and _line(f) in lines)
        and not (f.code == "term/unknown-property" and _line(f) in private)
        and not (f.code.startswith("shacl/") and any(name in f.message for name in meant.get(f.focus, ())))
    ]


def _of_another_kind(findings: list[Finding]) -> list[Finding]:
    """Leave out what shapes of another kind say of a thing, where there is an error that has made it one of those."""
    kept = [f for f in findings if not _is_of_another_kind(f)]
    return kept if any(f.severity is Severity.ERROR for f in kept) else findings


def _is_of_another_kind(finding: Finding) -> bool:
    shape = re.match(r"shacl/(\w+)", finding.code)
    kind = re.search(r"/id/([a-z]+)/[^/]*$", finding.focus)
    return bool(shape and kind and shape[1] in _KINDS and kind[1] not in _KINDS[shape[1]])


def _of_what_follows(findings: list[Finding]) -> list[Finding]:
    """Leave out what is said of a statement that nobody wrote, where the one that it follows from is reported."""
    codes = {f.code for f in findings}

    def is_derived(f: Finding) -> bool:
        begins, cause = _DERIVED.get(f.code, ("", ""))
        return bool(cause) and cause in codes and f.message.startswith(begins)

    return [f for f in findings if not is_derived(f)]


def _line(finding: Finding) -> tuple[str, str, int]:
    return finding.focus, finding.position.file, finding.position.line


def _meant(finding: Finding) -> list[str]:
    found = _SUGGESTED.search(finding.hint)
    return [found["name"]] if found else []


_RULES: tuple[_Rule, ...] = (
    _of_a_wrong_prefix,
    _of_a_wrong_schema,
    _of_a_wrong_class,
    _of_nameless_things,
    _of_the_same_word,
    _of_the_same_thing,
    _of_what_follows,
    _of_another_kind,
    _shapes_after_others,
    _once,
)
