"""Clean a crosswalk between Wikidata and GeoNames into the table of cities that Hansa ships.

Run ``python -m hansa.link.crosswalk SOURCE.csv TARGET.csv`` to make ``data/cities.csv`` anew. What the source and the
target hold, and under which licences, stands in ``data/README.md``. The output is sorted and the same every time.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

COLUMNS = (
    "qid", "geonames", "country", "name", "aliases", "latitude", "longitude", "population", "trust", "unlocode",
    "iso3166_2", "evidence",
)  # fmt: skip
_LABELS = ("ne_name", "wd_label_en_2024", "wd_label_en_2026")
_LISTS = ("ne_namealt", "ne_namepar")
_TRUST = ("verified", "single", "conflict")
_NEAR_DEGREES = 0.5


def _clean(text: str) -> str:
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def _listed(text: str, name: str) -> list[str]:
    """Split a list of names; "Suzhou, Jiangsu" is one name with the province that tells it from its namesake."""
    first, *others = text.split(",")
    return [text] if others and _clean(first) in {name, _clean(name)} else [first, *others]


def _aliases(row: Mapping[str, str], name: str) -> str:
    # A label that contradicts the row is what made it a conflict: it names something else.
    labels = [row[column] for column in _LABELS if row["trust"] != "conflict" or column == "ne_name"]
    listed = [part for column in _LISTS for part in _listed(row[column], name)]
    both = [part for label in (*labels, name) for part in label.split("/") if "/" in label]
    found = dict.fromkeys(_clean(label) for label in (*labels, *listed, *both))
    return "|".join(alias for alias in found if len(alias) > 1 and alias != name and "|" not in alias)


def _record(row: Mapping[str, str]) -> dict[str, str]:
    name = _clean(row["name_en"])
    return {
        "qid": row["qid"],
        "geonames": row["geonameid_checked"],
        "country": row["iso2"],
        "name": name,
        "aliases": _aliases(row, name),
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "population": str(int(float(row["pop_max"] or 0))),
        "trust": row["trust"] if row["trust"] in _TRUST else "conflict",
        "unlocode": row["unlocode"],
        "iso3166_2": row["iso3166_2"],
        "evidence": row["evidence"],
    }


def _rank(record: Mapping[str, str]) -> tuple[bool, int, str]:
    # Evidence such as "NE10v4:Q676171" says that one source gave another item.
    return ":" not in record["evidence"] and bool(record["geonames"]), int(record["population"]), record["geonames"]


def _near(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(abs(float(one[axis]) - float(other[axis])) < _NEAR_DEGREES for axis in ("latitude", "longitude"))


def _one_row_an_item(records: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Keep the best row of an item; rows of one item in different places make it a conflict."""
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for record in records:
        items[record["qid"]].append(record)
    for rows in items.values():
        best = max(rows, key=_rank)
        certain = [row for row in rows if _rank(row)[0]]
        apart = len(certain) > 1 and not all(_near(best, row) for row in certain)
        yield {**best, "trust": "conflict"} if apart else best


def _one_item_a_place(records: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Leave a GeoNames id that two items claim with the larger one: the other is a part or a neighbour of it."""
    holders: dict[str, dict[str, str]] = {}
    ordered = sorted(records, key=lambda r: (-int(r["population"]), r["qid"]))
    for record in ordered:
        holder = holders.setdefault(record["geonames"], record)
        yield record if holder is record or not record["geonames"] else {**record, "geonames": ""}


def clean(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Clean the rows of a crosswalk.

    :param rows: rows with the columns of the source table (see ``data/README.md``)
    :return: records with :data:`COLUMNS`, one an item, no GeoNames id twice, ordered by item number
    """
    records = [_record(row) for row in rows if row["qid"].startswith("Q")]
    return sorted(_one_item_a_place(_one_row_an_item(records)), key=lambda record: int(record["qid"][1:]))


def write(records: Iterable[Mapping[str, str]], target: Path) -> None:
    """Write cleaned records as CSV, UTF-8, with Unix line ends."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def main(source: str, target: str) -> None:
    """Clean the table at ``source`` into ``target``."""
    with Path(source).open(encoding="utf-8", newline="") as stream:
        write(clean(csv.DictReader(stream)), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:3])
