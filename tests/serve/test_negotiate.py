import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.serve.http.cache import remember_headers
from hansa.serve.http.negotiate import (
    HTML,
    JSON,
    RDF,
    RDF_FORMS,
    choose,
    lookup,
    parse_accept,
    parse_languages,
    preferred_languages,
    split_extension,
    weight_of,
)

OFFERED = (HTML, *RDF_FORMS)
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.8,text/turtle;q=0.9,application/xhtml+xml;q=0.5,*/*;q=0.1"

TABLE = [
    (None, "text/html"),
    ("", "text/html"),
    ("*/*", "text/html"),
    (CHROME, "text/html"),
    (RDFLIB, "application/rdf+xml"),
    ("text/turtle", "text/turtle"),
    ("TEXT/Turtle", "text/turtle"),
    ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
    ("text/turtle; q=0.5 , text/html;q=0.4", "text/turtle"),
    ("text/*", "text/html"),
    ("text/*, text/html;q=0", "text/turtle"),
    ("application/*", "application/ld+json"),
    ("application/*;q=0.2, text/turtle;q=0.1", "application/ld+json"),
    ("*/*;q=0.1, text/turtle;q=0.05", "text/html"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', "application/ld+json"),
    ("text/turtle;charset=utf-8", "text/turtle"),
    ("image/png", None),
    ("image/png, */*;q=0", None),
    ("text/html;q=0", None),
    ("text/html;level=1", None),
    ("text/html;q=0, */*", "text/turtle"),
    ("text/turtle;q=2, application/n-triples;q=0.1", "application/n-triples"),
    ("nonsense, text/turtle", "text/turtle"),
    ("nonsense", "text/html"),
    ("*/turtle, text/turtle;q=0.3", "text/turtle"),
]


@pytest.mark.parametrize(("header", "expected"), TABLE)
def test_the_client_gets_the_form_it_likes_best(header: str | None, expected: str | None) -> None:
    chosen = choose(header, OFFERED)
    assert (chosen.media_type if chosen else None) == expected


def test_a_more_specific_range_goes_before_a_wider_one_whatever_their_order() -> None:
    for header in ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", "*/*;q=0.5, text/turtle;q=0.7, text/*;q=0.3"):
        ranges = parse_accept(header)
        found = [weight_of(t, ranges) for t in ("text/turtle", "text/html", "application/trig")]
        assert found == [0.7, 0.3, 0.5]


def test_the_extension_of_a_path_is_split_off_only_when_there_is_such_a_form() -> None:
    assert split_extension("citynet.ttl", OFFERED) == ("citynet", "ttl")
    assert split_extension("citynet", OFFERED) == ("citynet", "")
    assert split_extension("v1.2", OFFERED) == ("v1.2", "")
    assert split_extension("citynet.json", OFFERED) == ("citynet.json", "")


media_types = st.sampled_from([r.media_type for r in (*OFFERED, JSON)] + ["*/*", "text/*", "image/png"])
weights = st.integers(0, 1000).map(lambda n: n / 1000)


@given(st.lists(st.tuples(media_types, weights), min_size=1))
def test_what_is_chosen_is_offered_and_nothing_offered_weighs_more(elements: list[tuple[str, float]]) -> None:
    header = ", ".join(f"{t};q={w:.3f}" for t, w in elements)
    ranges = parse_accept(header)
    chosen = choose(header, OFFERED)
    best = max(weight_of(r.media_type, ranges) for r in OFFERED)
    if chosen is None:
        assert best == 0
    else:
        assert chosen in OFFERED
        assert weight_of(chosen.media_type, ranges) == best > 0


@given(st.lists(st.tuples(media_types, weights), min_size=1, unique_by=lambda e: e[0]))
def test_the_order_of_different_ranges_does_not_matter(elements: list[tuple[str, float]]) -> None:
    forward = ", ".join(f"{t};q={w:.3f}" for t, w in elements)
    backward = ",".join(f"{t} ; Q={w:.3f}" for t, w in reversed(elements))
    assert choose(forward, OFFERED) == choose(backward, OFFERED)


@given(st.text())
def test_no_header_is_too_odd_to_be_read(header: str) -> None:
    choose(header, OFFERED)
    preferred_languages(header, ("en", "ja"))
    assert all(0 <= r.weight <= 1 for r in parse_accept(header))


def test_languages_are_read_best_first() -> None:
    assert parse_languages("es;q=0.5, ja, en;q=0.8, fr;q=0, x y, de;q=nonsense") == ["ja", "en", "es"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ja", "ja"), ("ja-JP", "ja"), ("zh-Hant-TW", "zh-Hant"), ("zh-Hans", None), ("en-x-private", "en"), ("fr", None)],
)
def test_a_language_range_is_shortened_until_it_fits(tag: str, expected: str | None) -> None:
    assert lookup(tag, ("en", "ja", "zh-Hant")) == expected


def test_preferred_languages_are_those_there_are() -> None:
    available = ("en", "ja", "es")
    assert preferred_languages("fr, es-MX;q=0.9, ja;q=0.3", available) == ("es", "ja")
    assert preferred_languages("*", available) == ("en",)
    assert preferred_languages(None, available) == ()


def test_a_type_is_named_by_its_form() -> None:
    assert RDF["turtle"].content_type == "text/turtle; charset=utf-8"
    assert RDF["jsonld"].content_type == "application/ld+json"


def test_only_short_headers_are_remembered() -> None:
    read: list[str] = []

    @remember_headers
    def known(header: str) -> int:
        read.append(header)
        return len(header)

    assert [known("text/html"), known("text/html"), known("x" * 300), known("x" * 300)] == [9, 9, 300, 300]
    assert read == ["text/html", "x" * 300, "x" * 300]
