"""The pages of the ontology, made from the shipped graph."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.rdf import NamedNode
from hansa.serve.terms.diagram import spread
from hansa.vocab import OWL, RDF
from tests.serve.conftest import Served


@pytest.fixture(scope="module")
def page(shipped: Served) -> str:
    return shipped.get("/ontology", "text/html").text


def _diagram(page: str) -> ElementTree.Element:
    found = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert found
    return ElementTree.fromstring(found.group())


def _relations(shipped: Served) -> set[str]:
    own = f"{shipped.site.release.base}ontology#"
    quads = shipped.site.store.quads(None, RDF.type, OWL.ObjectProperty)
    return {q.subject.value for q in quads if isinstance(q.subject, NamedNode) and q.subject.value.startswith(own)}


def test_the_diagram_and_the_table_behind_it_show_every_relation(shipped: Served, page: str) -> None:
    drawn = [a.get("href") for a in _diagram(page).findall("a") if a.find("text[@class='relation']") is not None]
    table = re.search(r"The same as a table.*?</table>", page, re.DOTALL)
    assert table
    wanted = {f"/ontology#{iri.partition('#')[2]}" for iri in _relations(shipped)}
    assert sorted(drawn, key=str) == sorted(wanted)
    assert all(f'href="{href}"' in table.group() for href in wanted)


def test_nothing_in_the_diagram_overlaps_or_leaves_it(page: str) -> None:
    drawing = _diagram(page)
    height = float((drawing.get("viewBox") or "").split()[3])
    for column in ("480", "244", "716"):
        places = sorted(float(t.get("y") or "nan") for t in drawing.iter("text") if t.get("x") == column)
        assert places[0] > 0
        assert places[-1] < height
        assert all(below - above >= 20 for above, below in pairwise(places))


@given(st.dictionaries(st.text(), st.floats(0, 1000)), st.floats(1, 50))
def test_boxes_that_want_the_same_place_move_apart(wanted: dict[str, float], distance: float) -> None:
    placed = spread(wanted, distance)
    places = sorted(placed.values())
    assert placed.keys() == wanted.keys()
    assert all(below - above >= distance * 0.999 for above, below in pairwise(places))
    assert all(placed[name] >= y for name, y in wanted.items())


def test_a_term_says_how_often_it_is_used_and_by_which_statements(shipped: Served) -> None:
    page = shipped.get("/ontology/terms/counted", "text/html").text
    uses = sum(1 for _ in shipped.site.store.quads(None, shipped.site.vocab.hansa.counted))
    assert f"Used {uses} times in the data." in page
    assert 'href="/doc/count/metrex-members"' in page
    assert 'href="/queries/contradictions"' in page
    assert "What the number is a number of." in page


def test_a_class_shows_instances(shipped: Served) -> None:
    page = shipped.get("/ontology/terms/CityNetwork", "text/html").text
    samples = re.search(r'<ul class="samples">.*?</ul>', page, re.DOTALL)
    assert samples
    assert 3 < samples.group().count('href="/doc/network/') <= 12


def test_a_term_that_does_not_exist_is_not_found(shipped: Served) -> None:
    assert shipped.get("/ontology/terms/memberOff", "text/html").status_code == 404


def test_terms_of_other_vocabularies_are_listed_by_use(page: str) -> None:
    table = page.partition('id="others"')[2].partition("</table>")[0]
    uses = [int(n.replace(",", "")) for n in re.findall(r'<td class="number">([\d,]+)</td>', table)]
    assert len(uses) > 20
    assert uses == sorted(uses, reverse=True)
    assert "<code>org:Membership</code>" in table
