r"""Give back to Wikidata what it lacks, as QuickStatements (version 1 commands, separated by tabs).

Format: https://www.wikidata.org/wiki/Help:QuickStatements. A line is ``item⇥property⇥value`` and then pairs: qualifiers
(``P580``) and references (``S1476``). Nothing is sent anywhere; a person pastes the lines.

References. Our sources are documents, few with an address, so a reference is made of what the document itself says:
``S854`` (reference URL) where it has an address, else ``S1476`` (title, in its language) with ``S123`` (publisher), and
``S958`` (section) with the lines. A title alone would send a reader nowhere: such statements are refused. ``S813``
(retrieved) is never written, because nothing records it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hansa.errors import SkipItemError
from hansa.link.claims import PLAIN_ROLES, Citation, Claim
from hansa.link.drift import qid
from hansa.link.slice import WD, Slice
from hansa.link.times import quickstatements_time
from hansa.rdf import NamedNode

PROPERTIES = ("P463", "P488", "P3975", "P571", "P159", "P2124")
_ITEM = re.compile(re.escape(WD) + r"Q[1-9][0-9]*")
_TEXT_LIMIT = 1500
"""Characters that Wikibase takes in a monolingual text or a string."""


@dataclass(frozen=True, slots=True)
class Line:
    """A command that is ready to be pasted.

    :param text: without the end of the line
    """

    claim: Claim
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that is not given back, and why."""

    claim: Claim
    reason: str


def plan(
    claims: Iterable[Claim], there: Slice, citations: Mapping[str, Citation], *, include_inferred: bool = False
) -> tuple[list[Line], list[Refusal]]:
    """Sort claims into commands and refusals, in the order of the claims; equal commands are given once.

    :param there: what Wikidata says about the items
    :param citations: by source document
    :param include_inferred: also give back what our sources do not say outright
    """
    wanted = [claim for claim in claims if claim.prop in PROPERTIES]
    contested = _contested(wanted)
    lines: dict[str, Line] = {}
    refusals = []
    for claim in wanted:
        try:
            _check(claim, there, contested, include_inferred=include_inferred)
            text = "\t".join(_fields(claim, citations.get(claim.source)))
        except SkipItemError as error:
            refusals.append(Refusal(claim, error.reason))
        else:
            lines.setdefault(text, Line(claim, text))
    return list(lines.values()), refusals


def _contested(claims: Iterable[Claim]) -> set[tuple[str, str]]:
    """Find foundings and seats on which our own sources disagree."""
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for claim in claims:
        if claim.prop in {"P571", "P159"}:
            values[claim.entity, claim.prop].add(claim.value.value)
    return {key for key, found in values.items() if len(found) > 1}


# ---------------------------------------------------------------- may it be said at all?
def _check(claim: Claim, there: Slice, contested: set[tuple[str, str]], *, include_inferred: bool) -> None:
    if not claim.items:
        raise SkipItemError("no reviewed link of the thing that the statement is about")
    if not claim.linked:
        raise SkipItemError("no reviewed link of the value")
    if claim.inferred and not include_inferred:
        raise SkipItemError("inferred, not stated by the source")
    if (claim.entity, claim.prop) in contested:
        raise SkipItemError("our sources contradict each other")
    _check_status(claim)
    _check_items(claim, there)
    if any(s for item in claim.items for s in there.statements(item, claim.prop) if _present(claim, s.value)):
        raise SkipItemError("Wikidata has it")
    if any(claim.value in there.deprecated(item, claim.prop) for item in claim.items):
        raise SkipItemError("Wikidata has it as a deprecated statement: talk to its editors")


def _check_status(claim: Claim) -> None:
    if claim.status == "suspended" and claim.prop != "P571":
        raise SkipItemError("the organization is suspended, which the format cannot say")
    if claim.status == "dissolved" and not claim.end and claim.prop != "P571":
        raise SkipItemError("the organization is dissolved and no end is known")
    if claim.prop == "P2124" and claim.precision != "exact":
        words = {"more-than": "over", "approximate": "about"}.get(claim.precision, "perhaps")
        raise SkipItemError(f"“{words} {claim.value.value}” has no equivalent")
    if claim.prop == "P463" and claim.role not in PLAIN_ROLES and not claim.role_item:
        raise SkipItemError(f"the role {claim.role} has no reviewed item for P2868")


def _check_items(claim: Claim, there: Slice) -> None:
    items = [claim.items[0], *([claim.value.value] if isinstance(claim.value, NamedNode) else [])]
    for item in items:
        if not _ITEM.fullmatch(item):
            raise SkipItemError(f"{item} is not a Wikidata item")
        if target := there.redirect(item):
            raise SkipItemError(f"{qid(item)} is now {qid(target)}: review the link first")
    if not there.knows(claim.items[0]):
        raise SkipItemError(f"nothing is known about {qid(claim.items[0])}: deleted, or outside the slice")


def _present(claim: Claim, theirs: object) -> bool:
    """Say whether a statement of Wikidata stands in the way: of a date or a seat any, otherwise the same value."""
    return claim.prop in {"P571", "P159", "P2124"} or theirs == claim.value


# ---------------------------------------------------------------- the command
def _fields(claim: Claim, citation: Citation | None) -> Iterator[str]:
    yield qid(claim.items[0])
    yield claim.prop
    yield _value(claim)
    yield from _qualifiers(claim)
    yield from _reference(claim, citation)


def _value(claim: Claim) -> str:
    if isinstance(claim.value, NamedNode):
        return qid(claim.value.value)
    if claim.prop == "P571":
        return quickstatements_time(claim.value.value)
    if not re.fullmatch(r"[0-9]+", claim.value.value):
        raise SkipItemError(f"{claim.value.value} is not a number")
    return claim.value.value


def _qualifiers(claim: Claim) -> Iterator[str]:
    dates = [("P580", claim.start), ("P582", claim.end)]
    if not claim.start and not claim.end:
        dates.append(("P585", claim.as_of))
    for prop, edtf in dates:
        if edtf:
            yield prop
            yield quickstatements_time(edtf)
    if claim.prop == "P463" and claim.role_item:
        yield "P2868"
        yield qid(claim.role_item)


def _reference(claim: Claim, citation: Citation | None) -> Iterator[str]:
    if citation is None or not (citation.page or citation.publisher_item):
        raise SkipItemError("no reference: the source document has neither an address nor a publisher with an item")
    if citation.page:
        yield "S854"
        yield f'"{_safe(citation.page)}"'
    if not citation.title.language:
        raise SkipItemError("the title of the source has no language, which a reference needs")
    yield "S1476"
    yield f'{citation.title.language}:"{_safe(citation.title.value)}"'
    if citation.publisher_item:
        yield "S123"
        yield qid(citation.publisher_item)
    if lines := citation.lines.get(claim.node, ()):
        yield "S958"
        yield f'"{_section(lines)}"'


def _section(lines: tuple[int, ...]) -> str:
    return f"line{'s' * (len(lines) > 1)} {', '.join(str(number) for number in lines)}"


def _safe(text: str) -> str:
    """Give a text that the format can carry as it is.

    :raises SkipItemError: when it holds a separator, a line break, a quotation mark or a control character
    """
    found = re.search(r'[|\t\n\r"\x00-\x1f\x7f\x85\u2028\u2029]', text)
    if found:
        name = {"|": "|", "\t": "TAB", "\n": "a line break", "\r": "a line break", '"': "a quotation mark"}
        raise SkipItemError(
            f"{text!r} holds {name.get(found[0], 'a control character')}, which the format cannot carry"
        )
    if not text.strip() or len(text) > _TEXT_LIMIT:
        raise SkipItemError("the title is empty or too long")
    return text


def render(lines: Iterable[Line]) -> str:
    """Write the commands, one a line."""
    return "".join(f"{line.text}\n" for line in lines)
