"""Descriptions in schema.org for search engines, as JSON-LD in the head of a page (https://schema.org/docs/gs.html).

Only what the graph says is said here, in the reader's language, and only where schema.org has a word for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from hansa.model import Release
from hansa.rdf import NamedNode
from hansa.serve.pages.html import html
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.records import Record, Records
from hansa.vocab import DCT, FOAF, ORG, OWL, SCHEMA, WGS84

_TYPES = {
    "network": "Organization",
    "organization": "Organization",
    "body": "Organization",
    "authority": "GovernmentOrganization",
    "place": "Place",
    "person": "Person",
    "event": "Event",
    "source": "CreativeWork",
    "document": "CreativeWork",
    "post": "Role",
}
_MANY = 50
_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_DANGEROUS = re.compile("[<>&\u2028\u2029]")


def data_block(described: Mapping[str, Any]) -> Markup:
    """Write a description as a data block of a page; no text in it can end the element (HTML section 4.12.1)."""
    text = _as_json({"@context": "https://schema.org", **described})
    safe = _DANGEROUS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return html(f'<script type="application/ld+json">{safe}</script>')


class Structured:
    """Describes things in schema.org.

    :param records: what the graph says
    """

    def __init__(self, records: Records, reader: Reader) -> None:
        self._records = records
        self._reader = reader
        self._vocab = reader.vocab

    def thing(self, iri: str) -> dict[str, Any]:
        """Describe a thing; empty for kinds that schema.org has no word for."""
        kind, _ = self._vocab.kind_and_slug(iri) or ("", "")
        if kind not in _TYPES:
            return {}
        record = self._records.about(iri)
        described = {**self._stub(iri), **self._common(record), **self._of_kind(kind, record)}
        return {name: value for name, value in described.items() if value}

    def _stub(self, iri: str) -> dict[str, Any]:
        """Name a thing."""
        kind, _ = self._vocab.kind_and_slug(iri) or ("", "")
        return {"@type": _TYPES.get(kind, "Thing"), "@id": iri, "name": self._reader.link(iri).text.value}

    def _stubs(self, iris: Iterable[str]) -> list[dict[str, Any]]:
        return [self._stub(iri) for iri in list(iris)[:_MANY]]

    def _common(self, record: Record) -> dict[str, Any]:
        own = self._reader.link(record.iri).text.value
        names = {label.value for label in self._reader.names.labels(record.iri)} - {own}
        return {
            "alternateName": sorted(names),
            "url": record.iri,
            "sameAs": [*record.iris(OWL.sameAs), *record.iris(FOAF.homepage)],
        }

    def _of_kind(self, kind: str, record: Record) -> dict[str, Any]:
        if _TYPES[kind].endswith("Organization"):
            return self._organization(record)
        makers = {"place": self._place, "person": self._person, "event": self._event}
        return makers[kind](record) if kind in makers else self._work(record)

    def _organization(self, record: Record) -> dict[str, Any]:
        return {
            "foundingDate": _exact(record.one(SCHEMA.foundingDate)),
            "memberOf": self._stubs(record.iris(ORG.memberOf)),
            "member": self._stubs(record.iris(ORG.hasMember)),
            "parentOrganization": self._stubs(record.iris(ORG.subOrganizationOf)),
            "areaServed": self._stubs([*record.iris(SCHEMA.areaServed), *record.iris(self._vocab.hansa.governs)]),
        }

    def _place(self, record: Record) -> dict[str, Any]:
        latitude, longitude = record.one(WGS84.lat), record.one(WGS84.long)
        geo = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
        return {
            "geo": geo if latitude and longitude else None,
            "containedInPlace": self._stubs(record.iris(DCT.isPartOf)),
        }

    def _person(self, record: Record) -> dict[str, Any]:
        posts = [self._reader.link(post).text.value for post in record.iris(ORG.holds)]
        return {"memberOf": self._stubs(record.iris(ORG.memberOf)), "jobTitle": posts[:_MANY]}

    def _event(self, record: Record) -> dict[str, Any]:
        dates = _exact(record.one(self._vocab.hansa.date))
        return {
            "startDate": dates,
            "location": self._stubs(record.iris(SCHEMA.location)),
            "organizer": self._stubs(record.iris(SCHEMA.organizer)),
        }

    def _work(self, record: Record) -> dict[str, Any]:
        return {
            "publisher": self._stubs(record.iris(DCT.publisher)),
            "datePublished": _exact(record.one(DCT.issued)),
            "about": self._stubs(record.iris(DCT.subject)),
        }


def _exact(edtf: str) -> str:
    """Give a date that ISO 8601 can carry; schema.org has no words for uncertain ones."""
    return edtf if edtf and all(part.isdigit() for part in edtf.split("-")) else ""


def dataset(release: Release, reader: Reader) -> dict[str, Any]:
    """Describe the whole as a dataset (https://developers.google.com/search/docs/appearance/structured-data/dataset)."""
    return {
        "@type": "Dataset",
        "@id": f"{release.base}dataset",
        "name": _best(release.title, reader),
        "description": _best(release.description, reader),
        "url": release.base,
        "license": release.licence,
        "version": release.version,
        "datePublished": release.issued,
        "inLanguage": list(release.languages),
        "creator": {"@type": "Organization", "name": release.publisher},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.title or file.path,
                "encodingFormat": file.media_type,
                "contentUrl": f"{release.base}releases/{release.version}/{file.path}",
                "contentSize": str(file.bytes),
                "sha256": file.sha256,
            }
            for file in release.files
            if file.path.startswith("hansa.")
        ],
    }


def _best(texts: Mapping[str, str], reader: Reader) -> str:
    return next((texts[lang] for lang in reader.languages if lang in texts), next(iter(texts.values()), ""))


def described(records: Records, reader: Reader, subject: NamedNode) -> Markup:
    """Give the data block for the page of a thing, empty when there is nothing to say."""
    found = Structured(records, reader).thing(subject.value)
    return data_block(found) if found else Markup("")
