"""What words and types say about the kind of thing that a name means: the tables behind :mod:`hansa.link.match`."""

from __future__ import annotations

from hansa.link.names import Signal, normalise

# What a type in the table of the user allows. An empty set: no item is ever found by name alone.
_TYPES: tuple[tuple[str, set[str]], ...] = (
    ("city|town|settlement|place", {"city", "municipality", "country", "region"}),
    ("municipality", {"municipality", "city"}),
    ("region|province|state|prefecture|county", {"region", "continent", "metro"}),
    ("metro|metro region|metropolitan area", {"metro"}),
    ("country|continent", {"country", "continent"}),
    ("authority|government|org|organization|organisation|body", {"organization", "metro", "municipality"}),
    ("network", {"organization"}),
    ("person|programme|program|event|position|post|document|site", set()),
)
ALLOWED = {word: kinds for words, kinds in _TYPES for word in words.split("|")}
# Signals that take a kind of item by themselves.
KINDS: dict[Signal, set[str]] = {
    Signal.CITY: {"city"},
    Signal.MUNICIPALITY: {"city", "municipality"},
    Signal.REGION: {"region"},
    Signal.METRO: {"metro"},
    Signal.DISTRICT: set(),
    Signal.GOVERNMENT: set(),
}
# Where Wikidata has the municipality and the town in it as two items.
SPLIT_MUNICIPALITIES = {"NL", "SE", "NO", "DK", "EE"}
# The only division of its kind in Japan: here the city and the division are one item.
METROPOLIS = {"都", normalise("도")}
INSTITUTION = {
    "authority", "government", "council", "administration", "ministry", "commission", "diputacio", "diputacion",
    "deputation", "agency", "organisation", "organization", "foundation", "bank", "union", "region", "prefecture",
    "province", "oblast", "county", "state", "community", "comunidad", "comunitat", "generalitat", "regione", "conseil",
    "consell", "gobierno", "governo", "regierung", "prefeitura", "university", "institute", "district", "territory",
    "metropolitan", "metropolitana", "transport", "municipality", "municipal",
    "nations", "ministere", "agence", "office", "board", "department", "canton", "land", "provincia",
}  # fmt: skip
WITHIN = {
    "CN": {"HK", "MO"},
    "US": {"PR", "GU", "VI", "AS", "MP"},
    "FR": {"RE", "GP", "MQ", "GF", "YT", "NC", "PF"},
    "NL": {"AW", "CW", "SX", "BQ"},
    "GB": {"GI", "BM", "KY", "JE", "GG", "IM"},
    "DK": {"FO", "GL"},
    "FI": {"AX"},
}
NOT_TOWNS = {
    "declaration",
    "marathon",
    "airport",
    "forum",
    "times",
    "hotel",
    "chamber",
    "stock",
    "exchange",
    "radio",
    "port",
}
NOT_BODIES = {
    "network", "networks", "forum", "committee", "declaration", "programme", "seminar", "alliance", "association",
    "vision", "deputy", "mayor", "mayors", "president", "secretary", "director", "chair", "festival", "conference",
    "project", "club", "fc", "tower", "wall", "post", "street", "museum", "cities", "group", "groups", "congress",
    "working", "partners",
}  # fmt: skip
