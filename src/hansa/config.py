"""The settings of a graph project: one frozen object, read from ``[tool.hansa]`` and passed in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from hansa.errors import ConfigError, closest
from hansa.vocab import Vocabulary


@dataclass(frozen=True)
class Config:
    """What a graph project says about itself.

    :param root: the project's directory
    :param base: the base IRI, ending in ``/``
    :param issued: the day of the release in ISO form; the build never asks the clock
    :param wikidata: other servers to ask instead of Wikidata's: ``endpoint``, ``search-url``, ``reconcile-url``
    """

    root: Path
    base: str
    title: dict[str, str]
    description: dict[str, str]
    version: str
    issued: str
    publisher: str
    licence: str
    languages: tuple[str, ...]
    prefixes: dict[str, str]
    wikidata: dict[str, str] = field(default_factory=dict)

    @cached_property
    def vocab(self) -> Vocabulary:
        """The project's names."""
        return Vocabulary(self.base, self.prefixes)

    @property
    def dist(self) -> Path:
        """Where releases go unless the user says otherwise."""
        return self.root / "dist"


class _Settings:
    """The section ``[tool.hansa]`` as it is written, to read from and to complain of."""

    def __init__(self, root: Path) -> None:
        self.path = root / "pyproject.toml"
        self.text = self._read()
        self.table = self._parse()

    def _read(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            hint = "run the command in a graph project, or name one with --project DIR or HANSA_HOME"
            raise ConfigError(f"{self.path} does not exist", hint) from None
        except UnicodeDecodeError as error:
            line = self.path.read_bytes()[: error.start].count(b"\n") + 1
            raise ConfigError(f"{self.path}:{line}: a byte is not UTF-8", "save the file as UTF-8") from None

    def _parse(self) -> dict[str, Any]:
        try:
            table = tomllib.loads(self.text).get("tool", {}).get("hansa")
        except tomllib.TOMLDecodeError as error:
            place = re.search(r" \(at line (\d+), column \d+\)", str(error))
            reason = str(error).replace(place.group(), "") if place else str(error)
            where = f"{self.path}:{place[1]}" if place else f"{self.path}"
            twice = "Cannot overwrite" in reason
            hint = (
                "the line before has the same name: keep one" if twice else "check quotes, brackets and = in that line"
            )
            raise ConfigError(f"{where}: {reason}", hint) from None
        own = {key: value for key, value in (table or {}).items() if key != "prefixes"}
        if not own:
            hint = "add at least: base, title, version, issued, prefixes"
            raise ConfigError(f"{self.path} has no [tool.hansa] section", hint)
        return dict(table)

    def wrong(self, key: str, message: str, hint: str, name: str = "") -> ConfigError:
        """Make the error that names the line of a setting, or of one entry of it."""
        lines = self.text.splitlines()
        first = next((n for n, line in enumerate(lines, 1) if re.match(r"\s*\[tool\.hansa\b", line)), 1)
        found = [n for n, line in enumerate(lines, 1) if n >= first and re.match(rf"\s*(\[.*\.)?{key}\b", line)]
        inside = [
            n for n, line in enumerate(lines, 1) if found and name and n >= found[0] and line.startswith(f"{name} ")
        ]
        number = (inside or found or [first])[0]
        return ConfigError(f"{self.path}:{number}: [tool.hansa] {message}", hint)


def _refuse_unknown(settings: _Settings) -> None:
    """Refuse a setting that nobody reads: it is a misspelt one."""
    for key in settings.table.keys() - _KNOWN:
        near = closest(key, _KNOWN)
        hint = f"did you mean {near}?" if near else f"the settings are: {', '.join(sorted(_KNOWN))}"
        raise settings.wrong(re.escape(key), f"knows no setting {key!r}", hint)


def _refuse_wrong_kinds(settings: _Settings) -> None:
    """Refuse what would go wrong only later, and say in which line it stands."""
    table = settings.table
    for key, (is_right, wanted) in _KINDS.items():
        if key in table and not is_right(table[key]):
            raise settings.wrong(key, f"{key} is {str(table[key])[:60]!r}, which will not do", f"write {wanted}")
    for key in _REQUIRED:
        if key not in table:
            raise settings.wrong(key, f"has no {key}", f"add {key} = {_KINDS[key][1]}")


def _refuse_wrong_prefixes(settings: _Settings, prefixes: dict[str, str]) -> None:
    for name, namespace in prefixes.items():
        if not _NAMESPACE.fullmatch(namespace):
            hint = 'write the whole address, with https:// and with # or / at its end, or "{base}…" for one of our own'
            raise settings.wrong("prefixes", f"the prefix {name} stands for {namespace!r}", hint, name)
    if _OWN not in prefixes:
        raise settings.wrong("prefixes", f"prefixes has no {_OWN}", f'add {_OWN} = "{{base}}ontology#"')


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts_by_language(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(text, str) for text in value.values())


def _is_list_of_languages(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(t, str) and _LANGUAGE.fullmatch(t) for t in value)


def _is_version(value: object) -> bool:
    return isinstance(value, str) and bool(_VERSION.fullmatch(value))


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _is_base(value: object) -> bool:
    return isinstance(value, str) and bool(_NAMESPACE.fullmatch(value)) and value.endswith("/")


def _is_address(value: object) -> bool:
    return isinstance(value, str) and (not value or "://" in value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_OWN = "hansa"
_NAMESPACE = re.compile(r"https?://[^\s<>\"{}|^`\\]+|urn:[^\s<>]+")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]*")
_LANGUAGE = re.compile(r"(?!(?:jp|cn|gr|cz|dk|us|gb)\b)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KINDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "base": (_is_base, '"https://example.org/graph/": an absolute IRI that ends in a slash'),
    "title": (_is_texts_by_language, '{ en = "…" }: a text in quotes for each language'),
    "description": (_is_texts_by_language, '{ en = "…" }: a text in quotes for each language'),
    "version": (_is_version, '"1.0.0": letters, digits, dots and hyphens in quotes'),
    "issued": (_is_day, 'a day in quotes, as in "2026-11-21"'),
    "publisher": (_is_text, 'a name in quotes, as in "The Hansa contributors"'),
    "licence": (_is_address, 'an address in quotes, as in "https://creativecommons.org/licenses/by/4.0/"'),
    "languages": (_is_list_of_languages, 'a list of language codes, as in ["en", "ja"] (ja, not jp)'),
    "prefixes": (_is_table_of_texts, "a table of namespaces in quotes"),
    "wikidata": (_is_table_of_texts, 'a table of addresses in quotes, as in endpoint = "https://…"'),
}
_REQUIRED = ("base", "title", "version", "issued", "prefixes")
_KNOWN = frozenset(_KINDS)


def load_config(root: Path) -> Config:
    """Read the settings of the project in ``root``.

    :raises ConfigError: when the file or a setting is missing, unknown or of the wrong kind
    """
    settings = _Settings(root)
    _refuse_unknown(settings)
    _refuse_wrong_kinds(settings)
    table = settings.table
    base, prefixes = table["base"], {k: v.replace("{base}", table["base"]) for k, v in table["prefixes"].items()}
    _refuse_wrong_prefixes(settings, prefixes)
    return Config(
        root=root.resolve(),
        base=base,
        title=dict(table["title"]),
        description=dict(table.get("description", table["title"])),
        version=table["version"],
        issued=table["issued"],
        publisher=table.get("publisher", ""),
        licence=table.get("licence", ""),
        languages=tuple(table.get("languages", ("en",))),
        prefixes=prefixes,
        wikidata=dict(table.get("wikidata", {})),
    )
