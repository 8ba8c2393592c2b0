"""What kinds of things are called: one of them, and all of them."""

from __future__ import annotations

from typing import NamedTuple

from hansa.serve.pages.i18n import N_


class Kind(NamedTuple):
    """A kind of thing: its names (message ids) and the path of its list, empty when it has none."""

    one: str
    all: str
    path: str = ""


KINDS: dict[str, Kind] = {
    "network": Kind(N_("Network of cities"), N_("Networks"), "networks"),
    "authority": Kind(N_("City or regional government"), N_("Cities and regional governments"), "authorities"),
    "organization": Kind(N_("Organization"), N_("Organizations"), "organizations"),
    "body": Kind(N_("Body of an organization"), N_("Bodies")),
    "place": Kind(N_("Place"), N_("Places"), "places"),
    "person": Kind(N_("Person"), N_("People"), "people"),
    "post": Kind(N_("Office"), N_("Offices"), "offices"),
    "programme": Kind(N_("Programme"), N_("Programmes"), "programmes"),
    "event": Kind(N_("Event"), N_("Events"), "events"),
    "document": Kind(N_("Document"), N_("Documents"), "documents"),
    "source": Kind(N_("Source document"), N_("Sources"), "sources"),
    "membership": Kind(N_("Record of a membership"), N_("Memberships")),
    "tenure": Kind(N_("Record of an office held by virtue of another"), N_("Tenures")),
    "count": Kind(N_("Number stated by a source"), N_("Stated numbers")),
    "evidence": Kind(N_("Place in a source"), N_("Evidence")),
    "site": Kind(N_("Seat or address"), N_("Seats")),
    "concept": Kind(N_("Concept"), N_("Concepts")),
    "scheme": Kind(N_("Vocabulary"), N_("Vocabularies")),
    "graph": Kind(N_("Named graph"), N_("Named graphs")),
}
