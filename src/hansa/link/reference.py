"""Make the shipped tables of countries, regions and public bodies anew from the packages that hold the facts.

``python -m hansa.link.reference territories PACKAGE TARGET.csv`` needs ``rigour`` (QIDs), Babel
(names in many languages) and the unpacked npm package ``cldr-localenames-full`` (other names: Turkey, Ivory Coast);
``python -m hansa.link.reference subdivisions PACKAGE TARGET.csv`` the unpacked npm package ``cldr-subdivisions-full``;
``python -m hansa.link.reference han PACKAGE TARGET.csv`` the unpacked PyPI package ``opencc-python-reimplemented``;
``python -m hansa.link.reference bodies PACKAGE TARGET.csv`` the unpacked npm package ``name-suggestion-index``.
None of them is needed to run Hansa. Licences and columns stand in ``data/README.md``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from babel import Locale

COLUMNS = ("qid", "kind", "country", "name", "aliases", "trust", "evidence")
_LANGUAGES = (
    "af,ar,az,be,bg,bn,bs,ca,cs,cy,da,de,el,en,es,et,eu,fa,fi,fr,ga,gl,gu,he,hi,hr,hu,hy,id,is,it,ja,ka,kk,km,kn,ko,ky,"
    "lo,lt,lv,mk,ml,mn,mr,ms,my,nb,ne,nl,pa,pl,pt,pt_PT,ro,ru,si,sk,sl,sq,sr,sv,sw,ta,te,th,tr,uk,ur,uz,vi,zh,zh_Hant,zu"
)
_DIVISION_LANGUAGES = "en,es,fr,de,it,pt,ca,eu,gl,nl,pl,sv,fi,tr,hu,cs,el,ru,uk,ar,fa,he,hi,ja,ko,zh,zh-Hant,th,vi,id"
_BODY = re.compile(
    r"\b(local government|municipal government|city government|governing body|government body|public body|"
    r"local authority|state government|provincial government|regional government|prefectural government|government of|"
    r"government agency|territorial collectivity|city council|municipal council|county council|municipal corporation|"
    r"intergovernmental|international organi[sz]ation|united nations|metropolitan (area|authority|government)|"
    r"government and administration|executive (power|branch)|public foundation|development agency|"
    r"municipality in the netherlands|district council|borough council)\b",
    re.IGNORECASE,
)
_NOT_BODY = re.compile(
    r"\b(police|fire|school|hospital|library|libraries|health|university|transit|bus|rail|electric|water|park|parks|energy|"
    r"forest|bank|post|media|museum|station|company|utility|utilities|court|army|highway|road|housing)\b",
    re.IGNORECASE,
)
# Bodies of states and single offices are of no use for municipal networks, and their names recur in every state.
_OFFICE = re.compile(
    r"\b(departa?ments?|minist\w+|secretar\w+|bureau|schools|services?|agency|commission|institut\w*|director\w*|"
    r"educa\w+|board|justice|federal|national|nacional|state|trees|works|conservation|environment\w*|game|natural|"
    r"administrative|collectivit\w+|statsforvalteren|county governor|district office|deparment|prosecutor\w*|serviço|"
    r"instituto|agentschap|leefmilieu|propreté|forests?|office)\b",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"\b(councils?|government|governo|gobierno|municip\w+|city|ville|mairie|commune|county|shire|ayuntamiento|ajuntament|"
    r"concello|prefeitura|prefecture|town hall|city hall|corporation|gemeente|deputation|generalitat|junta|xunta|stadt|"
    r"landeshauptstadt|senate of|region|metropol\w+|nations|unicef|unhcr|міська рада|transport for)\b",
    re.IGNORECASE,
)
_WORLDWIDE = re.compile(r"intergovernmental|international organi[sz]ation|united nations", re.IGNORECASE)
# What these words name is an area, whoever governs it.
_AREA = re.compile(r"(.* County|(Comunidad|Provincia|Land|Département|Gouvernement) .*|Metro)", re.IGNORECASE)
# Read one by one and left out: the name fits several, or the entry is at odds with itself.
_DOUBTFUL = {
    "Q3400886",  # Power Grid Corporation of India: a company
    "Q3824815",  # "regional government of Peru": a class
    "Q115909826",  # Mamoudzou, listed for Polynesia
    "Q115909955", "Q118554947", "Q118837878",  # Saint-Louis, Fontaine, Torcy: several communes
    "Q5589293", "Q6503164", "Q29093055", "Q135990426",  # Portland, Jacksonville, Richmond, Orange: in several states
    "Q56477592", "Q56477771",  # Campbelltown, Bayside: in two states of Australia
    "Q213246",  # Alphen aan den Rijn: the name of the town, without a word that says municipality
}  # fmt: skip
_ISO = {"FX": "FR", "IC": "ES"}
_METRO = re.compile(r"metropolitan area in|territorial collectivity", re.IGNORECASE)
_MUNICIPALITY = re.compile(r"^municipality in the netherlands", re.IGNORECASE)


def _row(qid: str, kind: str, country: str, names: Iterable[str], evidence: str) -> dict[str, str]:
    name, *aliases = dict.fromkeys(n.strip() for n in names if n and "|" not in n)
    listed = "|".join(alias for alias in aliases if alias != name)
    return dict(zip(COLUMNS, (qid, kind, country, name, listed, "single", evidence), strict=True))


def _country_names(code: str) -> Iterator[str]:
    for language in _LANGUAGES.split(","):
        name = Locale.parse(language).territories.get(code, "")
        yield name
        yield name.partition(" (")[0]


def _variants(package: Path) -> Mapping[str, list[str]]:
    """Read the other names of countries that CLDR keeps beside the usual one, by code."""
    found: dict[str, list[str]] = defaultdict(list)
    for language in _LANGUAGES.replace("_", "-").split(","):
        for file in (package / "main" / language).glob("territories.json"):
            content = json.loads(file.read_bytes())["main"][language]
            for key, name in content["localeDisplayNames"]["territories"].items():
                code, _, variant = key.partition("-alt-")
                if variant and not (name.isascii() and name.isupper()):
                    found[code].append(name)
    return found


def territories(package: Path) -> Iterator[dict[str, str]]:
    """Give countries with their names in many languages, and the regions that rigour knows.

    :param package: the folder of the unpacked npm package
    :raises ModuleNotFoundError: when rigour is not installed
    """
    variants = _variants(package)
    for territory in import_module("rigour.territories").get_territories():
        code = territory.code.upper()
        if not territory.qid or territory.is_historical or code in {"ZZ", "UN", "EU"}:
            continue
        evidence = f"rigour:{territory.code}"
        if len(code) == 2:
            # Short names in full words only: CLDR also holds "US", which is no name of a place.
            names = [territory.name, territory.full_name, *_country_names(code), *variants.get(code, ())]
            yield _row(territory.qid, "country", code, (n for n in names if len(n) > 1), evidence)
        elif territory.parent is not None and len(territory.parent.code) == 2:
            yield _row(territory.qid, "region", territory.parent.code.upper(), [territory.name], evidence)


def subdivisions(package: Path) -> Iterator[dict[str, str]]:
    """Give the names of countries' divisions by ISO 3166-2 code, the English one first (Unicode CLDR).

    :param package: the folder of the unpacked npm package
    """
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for language in _DIVISION_LANGUAGES.split(","):
        file = next((package / "subdivisions" / language).glob("*.json"))
        content = json.loads(file.read_bytes())
        for code, name in content["subdivisions"]["localeDisplayNames"]["subdivisions"].items():
            if "-alt-" not in code and "|" not in name:
                # CLDR marks names that two divisions share with a raised figure.
                names[f"{code[:2]}-{code[2:]}".upper()][name.strip(" ¹²³")] = None
    for code, found in sorted(names.items()):
        name, *others = found
        yield {"code": code, "name": name, "aliases": "|".join(others)}


def han(package: Path) -> Iterator[dict[str, str]]:
    """Give the simplified form of traditional Chinese and of Japanese characters (tables of OpenCC).

    :param package: the folder of the unpacked wheel
    """
    folder = package / "opencc" / "dictionary"
    simple = dict(_pairs(folder / "TSCharacters.txt"))
    for traditional, japanese in _pairs(folder / "JPVariants.txt"):
        simple.setdefault(japanese, simple.get(traditional, traditional))
    for written in sorted(simple):
        folded = written
        while (further := simple.get(folded, folded)) not in {folded, written}:
            folded = further
        if folded != written:
            yield {"written": written, "folded": folded}


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        written, _, forms = line.partition("\t")
        form = forms.split(" ")[0]
        if len(written) == len(form) == 1 and written != form:
            yield written, form


def _country_of(places: Iterable[Any]) -> str:
    codes = {str(place)[:2].upper() for place in places if re.match(r"[a-z]{2}(-|$|\.)", str(place))}
    code = codes.pop() if len(codes) == 1 else ""
    return _ISO.get(code, code)


def _operators(index: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    names: dict[str, list[str]] = defaultdict(list)
    countries: dict[str, set[str]] = defaultdict(set)
    for path, category in index.items():
        if not path.startswith("operators/"):
            continue
        for item in category["items"]:
            qid = item["tags"].get("operator:wikidata", "")
            names[qid] += [item["tags"].get("operator", ""), item["tags"].get("operator:en", "")]
            countries[qid].add(_country_of(item["locationSet"]["include"]))
    return names, countries


def _is_local(label: str, description: str) -> bool:
    """Whether it is a government of a place, or one of the international organisations that networks work with."""
    if _OFFICE.search(label):
        return False
    return bool(_LOCAL.search(label) or _MUNICIPALITY.search(description) or _WORLDWIDE.search(description))


def _is_own_name(name: str) -> bool:
    return not (_OFFICE.search(name) or _AREA.fullmatch(name) or (name.isupper() and len(name) < 7))


def _kind(label: str, description: str) -> str:
    if _NOT_BODY.search(label) or not _BODY.search(description) or not _is_local(label, description):
        return ""
    if _MUNICIPALITY.search(description):
        return "municipality"
    return "metro" if _METRO.search(description) else "organization"


def bodies(package: Path) -> Iterator[dict[str, str]]:
    """Give the public bodies that operate something, with the names they operate it under.

    :param package: the folder of the unpacked npm package
    """
    index = json.loads((package / "dist/json/nsi.json").read_bytes())["nsi"]
    items = json.loads((package / "dist/wikidata/wikidata.json").read_bytes())["wikidata"]
    names, countries = _operators(index)
    for qid in sorted(names.keys() & items.keys(), key=lambda q: int(q[1:])):
        label, description = items[qid].get("label", ""), items[qid].get("description", "")
        kind = _kind(label, description)
        if kind and label and qid not in _DOUBTFUL:
            worldwide = _WORLDWIDE.search(description)
            where = {""} if worldwide else set(countries[qid]) if len(countries[qid]) == 1 else {""}
            called = [label, *filter(_is_own_name, names[qid])]
            yield _row(qid, kind, where.pop(), called, "name-suggestion-index 8.0.20260918")


def write(rows: Iterable[Mapping[str, str]], target: Path, columns: Sequence[str] = COLUMNS) -> None:
    """Write rows as CSV, UTF-8, with Unix line ends."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _ordered(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: (int(row["qid"][1:]), row["name"]))


def main(what: str, *paths: str) -> None:
    """Write the table ``what`` to the last path."""
    source, target = Path(paths[0]), Path(paths[-1])
    if what == "subdivisions":
        write(subdivisions(source), target, ("code", "name", "aliases"))
    elif what == "han":
        write(han(source), target, ("written", "folded"))
    else:
        write(_ordered(territories(source) if what == "territories" else bodies(source)), target)


if __name__ == "__main__":
    main(*sys.argv[1:])
