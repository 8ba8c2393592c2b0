from tests.serve.conftest import Served


def found(served: Served, query: str) -> list[str]:
    return [r["href"] for r in served.get("/search.json?q=" + query).json()["results"]]


def test_things_are_found_by_any_name_in_any_script(served: Served) -> None:
    for query in ("league", "LEAGUE of", "港湾", "liga", "Łiga", "portow"):
        # l with stroke has no decomposition: it is a letter of its own, and so it must be typed.
        expected = [] if query == "liga" else ["/doc/network/league"]
        assert found(served, query)[: len(expected)] == expected
    assert found(served, "lubeck") == ["/doc/authority/lubeck"]
    assert found(served, "LÜBECK") == ["/doc/authority/lubeck"]


def test_better_matches_come_first(served: Served) -> None:
    assert found(served, "bergen") == ["/doc/place/bergen", "/doc/authority/bergen", "/doc/post/mayor-bergen"]
    assert found(served, "bergen&type=authority") == ["/doc/authority/bergen"]


def test_an_empty_search_finds_nothing(served: Served) -> None:
    assert found(served, "") == []
    assert found(served, "%20%CC%81") == []


def test_identifiers_of_others_lead_to_the_thing(served: Served) -> None:
    def target(identifier: str) -> str:
        answer = served.client.get("/resolve", params={"id": identifier})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    assert (
        target("Q2843") == target("q2843") == target("http://www.wikidata.org/entity/Q2843") == "/doc/authority/lubeck"
    )
    assert target("NO-46") == target("no-46") == target("3161732") == "/doc/place/bergen"
    assert target("https://sws.geonames.org/3161732/") == "/doc/place/bergen"
    assert target("network:league") == target("https://cities.example/id/network/league") == "/doc/network/league"


def test_an_identifier_of_several_things_gives_the_choice(served: Served) -> None:
    answer = served.get("/resolve?id=Q26793", "application/json")
    assert answer.status_code == 300
    assert [r["href"] for r in answer.json()["results"]] == ["/doc/authority/bergen", "/doc/place/bergen"]


def test_identifiers_that_nothing_has(served: Served) -> None:
    for identifier in ("Q1", "XX-99", "<x>", "network:<x>", "'; DROP"):
        assert served.client.get("/resolve", params={"id": identifier}).status_code == 404
    assert served.get("/resolve").status_code == 400
