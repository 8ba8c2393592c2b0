"""Make the shipped tables of countries, regions and public bodies anew from the packages that hold the facts.

``python -m hansa.link.reference territories TARGET.csv`` needs ``rigour`` (QIDs) and Babel (names in many languages);
``python -m hansa.link.reference bodies PACKAGE TARGET.csv`` needs the unpacked npm package ``name-suggestion-index``.
Neither package is needed to run Hansa. Licences and columns stand in ``data/README.md``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from babel import Locale

COLUMNS = ("qid", "kind", "country", "name", "aliases", "trust", "evidence")
_LANGUAGES = (
    "af,ar,az,be,bg,bn,bs,ca,cs,cy,da,de,el,en,es,et,eu,fa,fi,fr,ga,gl,gu,he,hi,hr,hu,hy,id,is,it,ja,ka,kk,km,kn,ko,ky,"
    "lo,lt,lv,mk,ml,mn,mr,ms,my,nb,ne,nl,pa,pl,pt,pt_PT,ro,ru,si,sk,sl,sq,sr,sv,sw,ta,te,th,tr,uk,ur,uz,vi,zh,zh_Hant,zu"
)
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


def territories() -> Iterator[dict[str, str]]:
    """Give countries with their names in many languages, and the regions that rigour knows.

    :raises ModuleNotFoundError: when rigour is not installed
    """
    for territory in import_module("rigour.territories").get_territories():
        code = territory.code.upper()
        if not territory.qid or territory.is_historical or code in {"ZZ", "UN", "EU"}:
            continue
        evidence = f"rigour:{territory.code}"
        if len(code) == 2:
            # Short names in full words only: CLDR also holds "US", which is no name of a place.
            names = [territory.name, territory.full_name, *_country_names(code)]
            yield _row(territory.qid, "country", code, (n for n in names if len(n) > 1), evidence)
        elif territory.parent is not None and len(territory.parent.code) == 2:
            yield _row(territory.qid, "region", territory.parent.code.upper(), [territory.name], evidence)


def _country_of(places: Iterable[Any]) -> str:
    codes = {str(place)[:2].upper() for place in places if re.match(r"[a-z]{2}(-|$|\.)", str(place))}
    return codes.pop() if len(codes) == 1 else ""


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


def _kind(label: str, description: str) -> str:
    if _NOT_BODY.search(label) or not _BODY.search(description):
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
        if kind and label:
            where = countries[qid] if len(countries[qid]) == 1 else {""}
            yield _row(qid, kind, where.pop(), [label, *names[qid]], "name-suggestion-index 8.0.20260918")


def write(rows: Iterable[Mapping[str, str]], target: Path) -> None:
    """Write rows as CSV, UTF-8, with Unix line ends, ordered by item number."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (int(row["qid"][1:]), row["name"])))


def main(what: str, *paths: str) -> None:
    """Write the table ``what`` to the last path."""
    write(territories() if what == "territories" else bodies(Path(paths[0])), Path(paths[-1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
