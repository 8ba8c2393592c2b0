"""Links to Wikidata: reviewed decisions become triples, nothing else does."""
