"""The two texts that travel with a release: README.md and LICENSE."""

from __future__ import annotations

from collections.abc import Mapping

from hansa.config import Config
from hansa.manifest import CHECKSUMS

_README = """# {title}, version {version}

{description}

Issued {issued} by {publisher}. Licence of the data: <{licence}>; see `LICENSE`.

| files | what they hold |
| --- | --- |
{files}

Every RDF format holds everything: `.ttl`, `.jsonld`, `.nt` and `.rdf` the same {triples} triples, `.nq` and `.trig` the
same {quads} statements in {graphs} named graphs: one for each source document, and others for what follows from them
(`graph/derived/…`), for links, ontology and vocabulary, and for the provenance of all. Files ending in `.gz` are the
same, compressed.

## Check it

    sha256sum -c {checksums}

The canonical hash of the data, which does not depend on the format, is the SHA-256 of their canonical N-Quads
(RDFC-1.0): `{canonical_hash}`. There are no blank nodes, so `sha256sum hansa.nq` gives it too.

## The tables

The CSV files are UTF-8 with a byte order mark, as spreadsheet programs need it (in Python, open them with
`encoding="utf-8-sig"`). Several values in one cell are joined by `" | "`. Dates are in EDTF: `2013-11` is a month,
`2023-11-22?` an uncertain day, `2013-11-05/..` an open end. A column that ends in `_line` says where the evidence
stands: the short name of the document, a colon, and the line. A text that a spreadsheet would run as a formula has an
apostrophe in front. `tables/csv-metadata.json` describes the columns (CSV on the Web).

## Cite it

{publisher} ({year}): {title}, version {version}. {base}releases/{version}/
"""

_LICENCE = """{title}, version {version}
Copyright {year} {publisher}

The data in this directory are licensed under the licence at

    {licence}

{notice}"""

_CC_BY = """\
This is the Creative Commons Attribution 4.0 International licence (CC BY 4.0). You may share and adapt the data, for
any purpose, if you give appropriate credit, link to the licence and say whether you made changes. The legal code is at

    https://creativecommons.org/licenses/by/4.0/legalcode
"""


def readme(config: Config, counts: Mapping[str, int], canonical_hash: str, files: Mapping[str, str]) -> str:
    """Write the README: what each file is, how to check it, how to cite it.

    :param files: what the files are for, by path or pattern
    """
    return _README.format(
        title=_english(config.title),
        description=_english(config.description),
        version=config.version,
        issued=config.issued,
        year=config.issued[:4],
        publisher=config.publisher,
        licence=config.licence,
        base=config.base,
        checksums=CHECKSUMS,
        canonical_hash=canonical_hash,
        files="\n".join(f"| `{name}` | {title} |" for name, title in files.items()),
        triples=counts["triples"],
        quads=counts["quads"],
        graphs=counts["graphs"],
    )


def licence(config: Config) -> str:
    """Write a short legal notice with the address of the licence, used when the project has no text of its own."""
    notice = _CC_BY if "creativecommons.org/licenses/by/4.0" in config.licence else ""
    return _LICENCE.format(
        title=_english(config.title),
        version=config.version,
        year=config.issued[:4],
        publisher=config.publisher,
        licence=config.licence,
        notice=notice,
    )


def _english(by_language: Mapping[str, str]) -> str:
    return by_language.get("en") or next(iter(by_language.values()), "")
