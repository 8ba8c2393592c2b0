"""Say what is wrong with a text that is no Turtle, so that somebody who has never read a grammar can mend it.

The engine says where it could not go on. Most slips were made before that place, or have a plainer name than the rule
of the grammar that they break: each function here knows one slip, and the first that recognises it is believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from hansa import sparql
from hansa.config import Config
from hansa.errors import RdfSyntaxError, closest
from hansa.model import Finding, Fix, Position, Severity
from hansa.sources.project import SourceFile
from hansa.sources.slip import Slip, Told, Word

_CODE = "syntax/turtle"
_PLACE = re.compile(r"^(at )?(line \d+ column \d+|line \d+ between columns \d+ and \d+|between [^:]*): *")
_PREFIX = re.compile(r"The prefix (?P<prefix>[^:]*): has not been declared")
_INVALID = re.compile(r"(?P<token>.*) is not a valid (?:RDF )?(?P<what>object|predicate|subject).*", re.DOTALL)
_FIRST_PREFIX = re.compile(r"^@prefix\b", re.MULTILINE)
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?=[ \t\r\n]|\Z)", re.MULTILINE)
_ODD_QUOTES = "“”„‟«»‹›‘’‚＂「」"
_QUOTED = re.compile(r"[“”„«＂](?P<text>[^“”„«»＂\"\\\n]*)[“”»＂]")
_WIDE = {"；": ";", "，": ",", "．": ".", "：": ":", "（": "(", "）": ")", "、": ",", "。": "."}
_SEPARATING = ("A dot is expected", "Unexpected end", "is not a valid subject", "is not a valid predicate")
_SEPARATORS = "put , before another value of the same property, ; before the next property, . at the end"
_VALUES = 'a text stands in quotes ("Seoul"@en), a thing has a prefix (place:seoul), a number stands alone (85)'

# The engine's words where no slip is recognised, what they mean, and what to do.
_WORDS = (
    ("Unexpected end of file", "something that begins here is never closed", "close the quote or the bracket"),
    ("Unexpected end", "the statement breaks off here", "end it with a . and check the line before"),
    ("Invalid IRI", "the IRI in < > has a character that cannot stand in one", "a space is %20; check for a missing >"),
    ("No scheme found", "the IRI in < > is not a whole address", "write it in full (https://…), or use a prefix"),
    ("language code", "the language is missing after @", 'a language tag looks like "Seoul"@en or "Seul"@pt-BR'),
    ("datatype IRI", "the datatype is missing after ^^", 'write "2013-11"^^edtf:EDTF for a date'),
    ("should end with a ']'", "the [ before this is not closed", "close it with ]"),
    ("value as an IRI", "the address of a prefix stands in < >", "write @prefix name: <https://…> ."),
    ("followed by an IRI", "the address stands in < >", "write @base <https://…> ."),
    ("PREFIX keyword", "the name of the prefix lacks its colon", "write @prefix name: <https://…> ."),
    ("hexadecimal", "the text has a backslash that means nothing", r"write \\ for a backslash (C:\\data)"),
    ("escape", "the text has a backslash that means nothing", r"write \\ for a backslash, \" for a quote in a text"),
)


def explain(file: SourceFile, error: RdfSyntaxError, config: Config) -> Finding:
    """Make a finding of what the engine said, at the place where the slip was made as far as that can be told."""
    at = Position(file.name, error.line, error.column)
    slip = Slip(file, _PLACE.sub("", error.reason), at, config, file.text().split("\n"))
    told = next((found for rule in _RULES if (found := rule(slip))), None) or _plainly(slip)
    return Finding(told.at or at, Severity.ERROR, _CODE, told.message, hint=told.hint, fix=told.fix)


# ---------------------------------------------------------------- the file as a whole
_STRANGERS = (
    (re.compile(r"<(?:!doctype html|html)\b", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(r"<\?xml|<rdf:RDF\b"), "XML"),
    (re.compile(r"[\[{]\s*(?:[\"{]|\})"), "JSON"),
    (re.compile(r"version https://git-lfs"), "a pointer of Git LFS, whose file was not fetched"),
    (re.compile(r"[^\s@<:#\"]+(?:[,\t;][^\s@<:#\"]*)+\s*$", re.MULTILINE), "a table (CSV)"),
    (re.compile(r"---\s*$", re.MULTILINE), "YAML"),
)


def _other_format(slip: Slip) -> Told | None:
    text = slip.file.text().lstrip()
    first = len(slip.file.text()) - len(text)
    kind = next((kind for pattern, kind in _STRANGERS if pattern.match(text)), "")
    if not kind or sparql.position(slip.file.text(), first)[0] != slip.at.line:
        return None
    return Told(f"the file is {kind}, not Turtle", "write its statements in Turtle: instances/README.md shows how")


def _conflict(slip: Slip) -> Told | None:
    text = slip.file.text()
    found = _CONFLICT.search(text)
    if not found:
        return None
    line, column = sparql.position(text, found.start())
    hint = "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
    return Told("a merge conflict is left in the file", hint, Position(slip.file.name, line, column))


# ---------------------------------------------------------------- prefixes
def _unknown_prefix(slip: Slip) -> Told | None:
    found = _PREFIX.search(slip.reason)
    if not found:
        return None
    prefix, table = found["prefix"], slip.config.prefixes
    message = f"the prefix {prefix}: has not been declared"
    if prefix in table:
        hint = f"add this line at the top: @prefix {prefix}: <{table[prefix]}> ."
        return Told(message, hint, fix=_declaration(slip, prefix))
    near = closest(prefix, table)
    return Told(
        message, f"did you mean {near}: ?" if near else "use a prefix of [tool.hansa.prefixes] in pyproject.toml"
    )


def _declaration(slip: Slip, prefix: str) -> Fix | None:
    """Declare a prefix of the table before the first one that the file declares."""
    text = slip.file.text()
    first = _FIRST_PREFIX.search(text)
    if first is None:
        return None
    at = Position(slip.file.name, *sparql.position(text, first.start()))
    return Fix(at, at, f"@prefix {prefix}: <{slip.config.prefixes[prefix]}> .\n", "")


# ---------------------------------------------------------------- characters
def _odd_character(slip: Slip) -> Told | None:
    """Find characters that look like others, or like nothing."""
    character = slip.rest[:1]
    if character and (unicodedata.category(character) == "Cf" or (character != " " and character.isspace())):
        name = unicodedata.name(character, "a control character")
        message = f"a character that cannot be seen stands here (U+{ord(character):04X}, {name})"
        space = " " if unicodedata.category(character) == "Zs" else ""
        hint = "write an ordinary space" if space else "take it out"
        return Told(message, hint, fix=slip.replaced(slip.at.column, character, space))
    if character and character in _ODD_QUOTES:
        quoted = _QUOTED.match(slip.rest)
        fix = slip.replaced(slip.at.column, quoted.group(), f'"{quoted["text"]}"') if quoted else None
        return Told(f"{character} is no quotation mark that Turtle knows", 'write straight quotes: "…"', fix=fix)
    return _wide(slip)


def _wide(slip: Slip) -> Told | None:
    """Find punctuation of East Asian keyboards in the word at the place, or in the one before."""
    start = len(slip.head) - len(slip.head.split(" ")[-1])
    for column, character in enumerate(slip.line[start:].split(" ")[0], start + 1):
        if character in _WIDE:
            wanted = _WIDE[character]
            at, fix = slip.here(column - slip.at.column), slip.replaced(column, character, wanted)
            return Told(f"{character} is not the same as {wanted}", f"write {wanted} (half-width)", at, fix)
    return None


def _in_a_text(slip: Slip) -> Told | None:
    """Find quotes that are not closed, and backslashes; where a text begins, the engine tells."""
    if "Line jumps" in slip.reason:
        opening = next((t for t in sparql.significant(slip.line) if t.kind == "other" and t.text in "\"'"), None)
        at = Position(slip.file.name, slip.at.line, opening.offset + 1) if opening else None
        hint = 'close the quote on the same line, or use """ for a text of several lines'
        return Told("the quote that opens here is not closed in this line", hint, at)
    if slip.reason == "Unexpected end of file" and slip.token in "\"'" and slip.touches and slip.head[-1].isalnum():
        return Told(f"{slip.token} cannot stand inside a name", "a name has letters, digits and hyphens: laquila")
    if slip.reason == "Unexpected end of file" and slip.token[:1] in ('"', "'"):
        return Told("the quote that opens here is never closed", "close it with the same quote, and check the text")
    inside = slip.head.rstrip()[-1:] in ('"', "'") and slip.touches and slip.token[:1].isalnum()
    if inside:
        return Told("a quote stands inside of a text and ends it here", r"write \" for a quote inside of quotes")
    return None


def _missing_angle(slip: Slip) -> Told | None:
    opened = slip.rest.startswith("<") and ">" not in slip.rest
    if ("Invalid IRI" in slip.reason or "end of file" in slip.reason) and opened:
        return Told("the IRI that < opens is not closed", "close it with >")
    return None


# ---------------------------------------------------------------- texts with tags, numbers, dates
def _tag(slip: Slip) -> Told | None:
    before = slip.before
    if slip.rest.startswith("_") and re.search(r"@[A-Za-z]+$", slip.head):
        hint = "write a hyphen: @en-GB, or the language alone: @en"
        return Told("a language tag has no _ in it", hint, fix=slip.replaced(slip.at.column, "_", "-"))
    if slip.rest.startswith("^^") and before and before.token.kind == "langtag":
        return Told("a text has a language or a datatype, never both", "take one of the two out")
    if slip.rest.startswith("^") and before and before.token.kind == "string":
        return Told("a text and its datatype are joined by two ^", 'write "2013-11"^^edtf:EDTF')
    return None


def _number(slip: Slip) -> Told | None:
    """Find numbers with a space, and dates without quotes."""
    if not re.search(r"\d\s*$", slip.head) or not re.match(r"-?\d", slip.rest):
        return None
    whole = re.search(r"\d+$", slip.head.rstrip())
    first, second = whole.group() if whole else "", re.match(r"[-\d]*", slip.rest)
    both = f"{first}{second.group() if second else ''}"
    if slip.rest.startswith("-"):
        return Told("a date without quotes", f'write "{both}"^^edtf:EDTF')
    return Told("two numbers stand side by side", f"write {both} without a space, or put , between two values")


# ---------------------------------------------------------------- words and signs
def _braces(slip: Slip) -> Told | None:
    if slip.token in ("{", "}") or slip.token.upper() == "GRAPH":
        hint = "write the statements without GRAPH and { }: the file itself is the named graph"
        return Told("Turtle has no named graphs in { }", hint)
    return None


def _comment(slip: Slip) -> Told | None:
    if re.match(r"//|/\*|--|;;", slip.rest):
        return Told("this is no comment in Turtle", "a comment begins with #")
    return None


def _bare_word(slip: Slip) -> Told | None:
    """Find words without quotes and prefix."""
    word = slip.token
    if not _INVALID.fullmatch(slip.reason) or not re.fullmatch(r"\w+", word) or word.isdigit():
        return None
    before = slip.before
    if before and before.line == slip.at.line and before.text.endswith(":"):
        return Told(
            "a space stands after the colon", f"write {before.text}{word.lower()}", before.start(slip.file.name)
        )
    if word in slip.config.prefixes and re.match(r"[/.](?=\w)", slip.rest[len(word) :]):
        name = re.match(r"\w+[/.]([\w-]+)", slip.rest)
        return Told(f"{word} is a prefix, which a colon ends", f"write {word}:{name[1] if name else '…'}")
    if word in ("A", "is", "IS", "Is"):
        return Told(
            f"{word} is no property", "write a (in lower case, alone) before a class: network:citynet a hansa:…"
        )
    return Told(f"{word} stands here without quotes and without a prefix", _VALUES)


def _sign(slip: Slip) -> Told | None:
    """Find signs that the grammar has no use for."""
    sign = slip.token[:1]
    if not sign or sign.isalnum() or sign.isspace() or sign in "\"'<@_:;.,()[]^" or "escape" in slip.reason:
        return None
    if slip.touches:
        return Told(f"{sign} cannot stand inside a name", "a name has lower-case letters, digits and hyphens")
    return Told(f"{sign} cannot stand here", _VALUES)


# ---------------------------------------------------------------- . ; ,
def _goes_on(slip: Slip) -> Told | None:
    """Find lines that end as the next line does not expect."""
    above = slip.above
    if above is None or len(slip.words) > 2 or not any(word in slip.reason for word in (*_SEPARATING, "valid RDF obj")):
        return None
    name, mark = slip.file.name, above.text
    hidden = slip.lines[above.line - 1][above.token.offset + len(mark) :].lstrip()
    if slip.is_indented and hidden.startswith("#") and mark not in (".", ";", ","):
        message = "what stands after # is a comment, and the end of the statement with it"
        return Told(message, "take the # out, or end the line before it", above.end(name))
    if slip.is_indented and mark == "." and not (above.line and slip.lines[above.line - 1].startswith("@prefix")):
        message = "the statement ends here, and the next line goes on with it"
        return Told(message, "write ; instead of .", above.start(name))
    after_property = len(slip.words) == 1 and slip.words[0].token.kind == "pname"
    if slip.is_indented and mark == "," and after_property and "valid RDF obj" not in slip.reason:
        message = "a , promises another value, and the next line begins with a property"
        return Told(message, "write ; instead of ,", above.start(name))
    if not slip.is_indented and mark in (";", ","):
        return _new_statement(slip, above)
    return None


def _new_statement(slip: Slip, above: Word) -> Told:
    following = slip.lines[slip.at.line] if slip.at.line < len(slip.lines) else ""
    if slip.line.rstrip().endswith(".") and following[:1].isspace() and following.strip():
        message = "a new statement begins in the midst of another"
        return Told(
            message, "put the line after the . that ends the statement around it", slip.here(1 - slip.at.column)
        )
    message = f"the statement goes on after {above.text!r}, and the next line begins a new one"
    return Told(message, "end it with a . here", above.start(slip.file.name))


def _nothing_between(slip: Slip) -> Told | None:
    """Find words that nothing separates."""
    before = slip.before
    if before is None or not slip.token or before.text in ".;,[({":
        return None
    if not any(words in slip.reason for words in _SEPARATING[:1] + _SEPARATING[2:3]):
        return None
    if before.line == slip.at.line:
        message = f"something is missing between {_short(before.text)} and {_short(slip.token)}: a comma or a semicolon"
        return Told(message, _SEPARATORS)
    at = before.end(slip.file.name)
    if slip.is_indented:
        hint = "write ; when the next line has another property, , when it has another value"
        return Told("the line lacks its ; or , at the end", hint, at)
    hint = "write . here, or ; (same subject) or , (same predicate) to go on"
    return Told("the dot is missing that ends the statement", hint, at)


def _breaks_off(slip: Slip) -> Told | None:
    """Find texts that end too early."""
    if slip.rest.strip() or "\n".join(slip.lines[slip.at.line :]).strip() or "Unexpected end" not in slip.reason:
        return None
    at = slip.before.end(slip.file.name) if slip.before else None
    return Told("the file ends in the middle of a statement", "end it with a . or get the rest of the file", at)


def _missing(slip: Slip) -> Told | None:
    """Find marks that stand where a name or a value should."""
    found = _INVALID.fullmatch(slip.reason)
    if not found or found["token"] not in (".", ";", ",", "]", ")"):
        return None
    mark, what, before = found["token"], found["what"], slip.before
    if what == "subject" and mark not in "])" and before and before.text == ".":
        return Told(f"the . before this ends the statement, and {mark!r} goes on with it", "take one of the two out")
    if mark in "])":
        return Told(f"{mark} closes what nothing has opened", "take it out, or open it before")
    if slip.head.count("(") > slip.head.count(")"):
        return Told("the ( before this is not closed", "close it with )")
    hint = f"write an IRI, a prefixed name or a literal in quotes before the {mark}"
    return Told(f"the {what} is missing before {mark!r}", hint)


def _no_property(slip: Slip) -> Told | None:
    if "is not a valid predicate" not in slip.reason:
        return None
    if slip.token[:1] in "\"'" or slip.token[:1].isdigit():
        message = f"the value {_short(slip.token)} stands where a property should"
        return Told(message, "write , (not ;) before another value of the same property")
    return Told(
        f"{_short(slip.token)} is no property", "a property has a prefix (org:member); check for a missing ; or ,"
    )


# ---------------------------------------------------------------- the rest
def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def _plainly(slip: Slip) -> Told:
    """Translate the engine's words."""
    for words, message, hint in _WORDS:
        if words in slip.reason:
            return Told(message, hint)
    if _INVALID.fullmatch(slip.reason):
        return Told(f"{_short(slip.token)} cannot stand here", _SEPARATORS)
    return Told(slip.reason, "check the Turtle at this position")


_RULES: tuple[Callable[[Slip], Told | None], ...] = (
    _conflict,
    _other_format,
    _unknown_prefix,
    _odd_character,
    _in_a_text,
    _missing_angle,
    _tag,
    _breaks_off,
    _braces,
    _comment,
    _goes_on,
    _number,
    _bare_word,
    _sign,
    _missing,
    _no_property,
    _nothing_between,
)
