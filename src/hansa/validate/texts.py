"""Check texts that people read: characters that came in by accident, spaces, language tags, markup.

Everything here is decided by one literal alone. What a text must be said in, and how often, is in the shapes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial

from hansa.model import Finding, Position, Severity
from hansa.rdf import Literal, NamedNode, Quad
from hansa.validate import remnants
from hansa.validate.edits import WrittenLiteral
from hansa.validate.inputs import Inputs, TextFile, distinct, ordered
from hansa.vocab import XSD

LONGEST = 3000
"""Characters that a text may have; a longer one is a copied page."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u180e\u3164\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:[A-Za-z][A-Za-z0-9]+|#\d+|#x[0-9A-Fa-f]+);")
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_ODD_SPACE = re.compile(r"^\s|\s\Z|  |[\t\n\r]| (?=\u00a0)|(?<=\u00a0) ")
_RAW_TAG = re.compile(r"""["']@(?P<tag>[A-Za-z]+(?:-[A-Za-z0-9]+)*)""")
_LATIN_TAGS = frozenset({"en", "es", "fr", "de", "it", "pt", "ca", "nl", "eu", "gl", "pl", "sv", "fi", "da", "tr"})
_MISTAKEN = {"jp": "ja", "kr": "ko", "cn": "zh", "gr": "el", "dk": "da", "cz": "cs", "ua": "uk", "se": "sv", "uk": "en"}
_SCRIPT_LENGTH, _REGION_LENGTH = 4, 2

_Problem = remnants.Problem


def check_texts(inputs: Inputs) -> list[Finding]:
    """Find accidents in texts: invisible or broken characters, stray spaces, markup, wrong language tags."""
    findings: list[Finding] = []
    for graph, files in inputs.files.items():
        findings += inputs.remembered("texts", files, partial(texts_of, graph, files, inputs))
    return ordered(findings)


def texts_of(graph: NamedNode, files: list[TextFile], inputs: Inputs) -> Iterator[Finding]:
    """Check the texts of one graph, each by itself, and the language tags as its files write them."""
    quads = inputs.shapes if graph == inputs.vocab.shapes else inputs.graphs.get(graph, [])
    for quad in distinct(quads):
        value = quad.object
        if isinstance(value, Literal) and (value.language or value.datatype == XSD.string):
            yield from _of_literal(quad, value, inputs)
    for file in files:
        yield from _written_tags(file, inputs)


def _of_literal(quad: Quad, value: Literal, inputs: Inputs) -> Iterator[Finding]:
    problem = next((found for rule in _RULES if (found := rule(value))), None)
    if problem:
        place = inputs.place_of(quad)
        yield _finding(problem, place, quad, inputs, WrittenLiteral.with_value)
    tag = _tag_problem(value)
    if tag:
        yield _finding(tag, inputs.place_of(quad), quad, inputs, WrittenLiteral.with_language)


def _finding(
    problem: _Problem, place: Position, quad: Quad, inputs: Inputs, change: Callable[[WrittenLiteral, str], object]
) -> Finding:
    severity, code, message, hint, meant = problem
    written = inputs.page(place).literal(place) if meant else None
    fix = change(written, meant) if written else None
    focus = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    return Finding(place, severity, code, message, focus, hint, fix)  # type: ignore[arg-type]


# ---------------------------------------------------------------- characters
def _invisible(value: Literal) -> _Problem | None:
    found = _INVISIBLE.search(value.value)
    if not found:
        return None
    name = unicodedata.name(found.group(), "a control character")
    message = f"the text has an invisible character (U+{ord(found.group()):04X}, {name})"
    return Severity.ERROR, "text/invisible", message, "take it out: type the text anew", _INVISIBLE.sub("", value.value)


def _broken(value: Literal) -> _Problem | None:
    if not _UNKNOWN.search(value.value):
        return None
    message = "the text has a character that stands for one that was lost"
    return Severity.ERROR, "text/lost-character", message, "write the character that the source has", ""


def _mojibake(value: Literal) -> _Problem | None:
    if not _MOJIBAKE.search(value.value):
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = value.value.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        message = "the text was read in a wrong encoding"
        return Severity.ERROR, "text/encoding", message, f"did you mean {meant}?", meant
    return None


def _markup(value: Literal) -> _Problem | None:
    found = _MARKUP.search(value.value)
    if not found:
        return None
    message = f"the text has markup in it: {found.group()[:30]}"
    return Severity.ERROR, "text/markup", message, "write plain text", ""


def _decomposed(value: Literal) -> _Problem | None:
    meant = unicodedata.normalize("NFC", value.value)
    if meant == value.value:
        return None
    message = "the text has letters with separate accents (Unicode NFC is meant), so that a search misses it"
    return Severity.WARNING, "text/normal-form", message, f"type it anew: {meant[:60]}", meant


def _spaces(value: Literal) -> _Problem | None:
    found = _ODD_SPACE.search(value.value)
    if not value.value.strip():
        return Severity.ERROR, "text/empty", "the text is empty", "say it, or take the statement out", ""
    if not found:
        return None
    meant = " ".join(value.value.split())
    message = "the text has a space or a line break at its start or end, or several in a row"
    return Severity.WARNING, "text/space", message, f'write "{meant[:60]}"', meant


def _long(value: Literal) -> _Problem | None:
    if len(value.value) <= LONGEST:
        return None
    message = f"the text has {len(value.value)} characters"
    return Severity.ERROR, "text/long", message, "carry over facts and figures in our words, never whole passages", ""


_RULES = (_invisible, _broken, _mojibake, _markup, *remnants.RULES, _spaces, _decomposed, _long)


# ---------------------------------------------------------------- language tags
def _tag_problem(value: Literal) -> _Problem | None:
    language = (value.language or "").partition("-")[0].lower()
    if not language:
        return None
    if not _is_language(language):
        meant = _meant(language)
        hint = f"did you mean @{meant}?" if meant else "use a tag such as @en, @ja or @es (ISO 639)"
        return Severity.ERROR, "text/language", f"@{value.language} is no language", hint, meant
    if language in _LATIN_TAGS and _is_in_another_script(value.value):
        message = f"the text is tagged @{value.language}, and most of its letters are of another script"
        return Severity.WARNING, "text/script", message, "correct the tag: @ja for Japanese, @ko for Korean, …", ""
    return None


@cache
def _language_names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - slow to import, and the answer is remembered

    return {str(code): str(name) for code, name in Locale("en").languages.items()}


@cache
def _is_language(tag: str) -> bool:
    return tag in _LATIN_TAGS or tag in {"ja", "ko", "zh", "und", "mul", "zxx"} or tag in _language_names()


def _meant(tag: str) -> str:
    by_name = {name.lower(): code for code, name in _language_names().items()}
    return _MISTAKEN.get(tag) or by_name.get(tag, "")


def _is_in_another_script(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    return bool(letters) and latin * 2 < len(letters)


def _written_tags(file: TextFile, inputs: Inputs) -> Iterator[Finding]:
    """Look at tags as they are written: the engine reads them in lower case."""
    text = file.text()
    for found in _RAW_TAG.finditer(text):
        wanted = usual_case(found["tag"])
        if found["tag"] != wanted:
            page = inputs.page(Position(file.name, 1, 1))
            start, end = found.span("tag")
            message, hint = f"the language tag @{found['tag']} is written in unusual case", f"write @{wanted}"
            fix = page.fix(start, end, wanted)
            yield Finding(page.place(start), Severity.WARNING, "text/language-case", message, "", hint, fix)


def usual_case(tag: str) -> str:
    """Write a tag as RFC 5646, section 2.1.1, recommends: ``zh-Hant-TW``."""
    first, *rest = tag.split("-")
    cased = {_SCRIPT_LENGTH: str.capitalize, _REGION_LENGTH: str.upper}
    return "-".join([first.lower(), *(cased.get(len(part), str.lower)(part) for part in rest)])
