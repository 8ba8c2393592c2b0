"""The documentation of the ontology and the vocabularies, made from the graph itself."""
