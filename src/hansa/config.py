"""The settings of a graph project: one frozen object, read from ``[tool.hansa]`` and passed in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from hansa.errors import ConfigError
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


def _table(root: Path) -> dict[str, Any]:
    path = root / "pyproject.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("hansa")
    except FileNotFoundError:
        raise ConfigError(
            f"{path} does not exist", "run the command in a graph project, or name one with --project DIR or HANSA_HOME"
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: a byte is not UTF-8", "save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}", "check quotes, brackets and = in that line") from None
    if table is None:
        raise ConfigError(f"{path} has no [tool.hansa] section", "add at least: base, title, version, issued, prefixes")
    return dict(table)


def _refuse_wrong_kinds(root: Path, table: dict[str, Any]) -> None:
    """Refuse what would go wrong only later, and say in which line it stands."""
    kinds = (
        ("languages", _is_list_of_texts(table.get("languages", [])), 'a list, as in ["en", "ja"]'),
        ("issued", _is_day(table.get("issued", "2000-01-01")), 'a day in quotes, as in "2026-11-21"'),
        ("prefixes", _is_list_of_texts(list(table.get("prefixes", {}).values())), "a table of namespaces in quotes"),
    )
    for key, right, wanted in kinds:
        if not right:
            path = root / "pyproject.toml"
            lines = path.read_text(encoding="utf-8").splitlines()
            number = next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*(\[.*\.)?{key}\b", line)), 1)
            raise ConfigError(f"{path}:{number}: [tool.hansa] {key} is of the wrong kind", f"write {wanted}")


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def load_config(root: Path) -> Config:
    """Read the settings of the project in ``root``.

    :raises ConfigError: when the file or a setting is missing or of the wrong kind
    """
    table = _table(root)
    _refuse_wrong_kinds(root, table)
    base = table.get("base", "")
    if not isinstance(base, str) or "://" not in base or not base.endswith("/"):
        raise ConfigError(f"[tool.hansa] base is {base!r}", "give an absolute IRI that ends in a slash")
    try:
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
            prefixes={k: v.replace("{base}", base) for k, v in table["prefixes"].items()},
            wikidata=dict(table.get("wikidata", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"[tool.hansa] in {root / 'pyproject.toml'}: {error} is missing or wrong") from None
