"""What counts as a contradiction: two values of one kind where sources have one, and nothing else."""

from __future__ import annotations

from hansa.rdf import FORMATS, Quad, parse_bytes
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, Vocabulary
from tests.queries.test_canned_queries import ask

_GRAPHS = {
    "one": """
        network:a skos:prefLabel "A"@en, "Á"@es ; adms:status status:active ; hansa:start "1990"^^edtf:EDTF .
        network:b skos:prefLabel "B"@en, "Bé"@fr ; adms:status status:active .
        network:c hansa:end "1990"^^edtf:EDTF, "1991"^^edtf:EDTF ; schema:position 3 .
        network:d adms:status status:active .
    """,
    "two": """
        network:a skos:prefLabel "A2"@en, "A"@ja ; adms:status status:dissolved ; hansa:start "1991"^^edtf:EDTF .
        network:b skos:prefLabel "B"@en, "B"@ja ; adms:status status:active .
        network:c schema:position 4 .
        network:d adms:status "at work"@en .
    """,
}


def test_only_what_can_have_one_value_is_compared(vocab: Vocabulary) -> None:
    store = EmbeddedStore.memory()
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in vocab.prefixes.items())
    for slug, text in _GRAPHS.items():
        graph, source = vocab.graph(slug), vocab.thing("source", slug)
        read = parse_bytes((prefixes + text).encode(), FORMATS["turtle"], file=slug)
        store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in read)
        store.extend([Quad(graph, DCT.source, source, vocab.graph("provenance"))])
    found = ask(store, "contradictions", vocab)
    pairs = {(vocab.shorten(r["subject"]), vocab.shorten(r["about"]), r["firstValue"], r["secondValue"]) for r in found}
    assert sorted(pairs) == [
        ("network:a", "adms:status", vocab.expand("status:active"), vocab.expand("status:dissolved")),
        ("network:a", "hansa:start", "1990", "1991"),
        ("network:a", "skos:prefLabel", "A", "A2"),
        ("network:c", "schema:position", "3", "4"),
        ("network:d", "adms:status", vocab.expand("status:active"), "at work"),
    ]
