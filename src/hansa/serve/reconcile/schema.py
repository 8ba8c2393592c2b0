"""What the service speaks of: the types of things, the properties that narrow a match, the properties it can give.

A type is a kind of thing (``network``, ``place``), the first part of an identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of things.

    :param id: as in ``/id/{kind}/{slug}``
    :param class_name: prefixed name of its class
    :param broader: id of the type that includes it, or an empty string
    """

    id: str
    name: str
    description: str
    class_name: str
    broader: str = ""

    def as_dict(self) -> dict[str, object]:
        """Give the form of ``type.json`` of the specification."""
        broader = [{"id": self.broader, "name": KINDS[self.broader].name}] if self.broader else []
        plain: dict[str, object] = {"id": self.id, "name": self.name, "description": self.description}
        return plain | ({"broader": broader} if broader else {})


KINDS: dict[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind("place", "Place", "a city, region or country as a place on the map", "dct:Location"),
        Kind(
            "authority", "City or regional government", "the public authority of a place", "cv:PublicOrganisation",
            "organization",
        ),
        Kind("network", "City network", "a network of cities or regions", "hansa:CityNetwork", "organization"),
        Kind("organization", "Organization", "any organization, networks and governments included", "org:Organization"),
        Kind(
            "body", "Body of an organization", "a section, committee or secretariat", "org:OrganizationalUnit",
            "organization",
        ),
        Kind("person", "Person", "somebody with a public role", "foaf:Person"),
        Kind("post", "Post", "an office that exists apart from its holder", "org:Post"),
        Kind("programme", "Programme", "a programme, project or campaign", "hansa:Programme"),
        Kind("event", "Event", "a congress, forum, signing or founding", "schema:Event"),
        Kind("document", "Document", "a declaration or strategy", "foaf:Document"),
    )
}  # fmt: skip
DEFAULT_KINDS = ("place", "authority", "network", "organization")


def types_of(kind: str) -> tuple[str, ...]:
    """Give the ids of a kind and of the kind that includes it."""
    broader = KINDS[kind].broader if kind in KINDS else ""
    return (kind, broader) if broader else (kind,)


class Cell(StrEnum):
    """What stands in a cell of an extended column."""

    TEXT = "str"
    NUMBER = "float"
    INTEGER = "int"
    THING = "id"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the service.

    :param kinds: ids of the types that have it, none for all
    :param cell: what extension gives for it
    :param type: id of the type of the things in its cells
    :param narrows: whether reconciliation queries may use it
    """

    id: str
    name: str
    description: str
    kinds: tuple[str, ...] = ()
    cell: Cell = Cell.TEXT
    type: str = ""
    narrows: bool = False

    def as_dict(self) -> dict[str, str]:
        """Give the form of suggestions and proposals."""
        return {"id": self.id, "name": self.name, "description": self.description}


_PLACED = ("place", "authority")
_LOCATED = ("place", "authority", "organization", "event")
IDENTIFIERS: dict[str, str] = {
    "geonames": "geonamesId",
    "iso3166-1": "iso3166-1",
    "iso3166-2": "iso3166-2",
    "unlocode": "unLocode",
    "m49": "m49",
}
"""Properties that hold a typed ``dct:identifier``: id here and local name of the datatype."""

PROPERTIES: dict[str, Property] = {
    prop.id: prop
    for prop in (
        Property("label", "Name", "the name in the language chosen in the settings"),
        Property("names", "All names", "every name in every language"),
        Property("description", "Description", "what a source says it is"),
        Property("iri", "IRI", "the permanent address of the thing"),
        Property(
            "country", "Country", "a name, an ISO 3166-1 code or an identifier of this service", _LOCATED, Cell.THING,
            "place", narrows=True,
        ),
        Property("country-code", "Country code", "ISO 3166-1, two letters", _LOCATED),
        Property(
            "network", "Networks", "networks that it belongs to; of a place, those of its government",
            ("place", "authority", "organization", "person"), Cell.THING, "network", narrows=True,
        ),
        Property(
            "member", "Members named", "cities and organizations that a source names; people are not counted",
            ("network", "body"), Cell.THING,
        ),
        Property(
            "member-count", "Number of members named", "how many members the sources here name, not how many there are",
            ("network", "body"), Cell.INTEGER,
        ),
        Property("theme", "Themes", "what it works on", ("network", "programme", "document", "event"), narrows=True),
        Property("founded", "Founded", "EDTF: a year stays a year, contradictions stay", ("network", "organization")),
        Property("status", "Status", "active, suspended or dissolved", ("network", "programme")),
        Property("roster-status", "Roster status", "whether all members are named here", ("network", "body")),
        Property("part-of", "Part of", "the larger place or organization", ("place", "body"), Cell.THING),
        Property("governs", "Governs", "the place that it governs", ("authority",), Cell.THING, "place"),
        Property("governed-by", "Governed by", "its government", ("place",), Cell.THING, "authority"),
        Property("latitude", "Latitude", "WGS 84, degrees", _PLACED, Cell.NUMBER),
        Property("longitude", "Longitude", "WGS 84, degrees", _PLACED, Cell.NUMBER),
        Property("coordinates", "Coordinates", "latitude and longitude in one cell, with a comma", _PLACED),
        Property("wikidata", "Wikidata", "item id such as Q8684", narrows=True),
        Property("geonames", "GeoNames", "number of the feature", _PLACED, narrows=True),
        Property("iso3166-1", "ISO 3166-1", "two letters of a country", _PLACED, narrows=True),
        Property("iso3166-2", "ISO 3166-2", "code of a subdivision such as JP-13", _PLACED, narrows=True),
        Property("unlocode", "UN/LOCODE", "code such as KRSEL", _PLACED, narrows=True),
        Property("m49", "UN M49", "number of a country or region", _PLACED, narrows=True),
        Property("website", "Website", "the home page that a source gives", ("network", "organization", "programme")),
    )
}  # fmt: skip


def properties_for(kind: str) -> list[Property]:
    """Give the properties that things of a type have; all when the type is empty."""
    return [p for p in PROPERTIES.values() if not kind or not p.kinds or kind in p.kinds]
