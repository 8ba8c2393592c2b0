"""What the paths of things answer: descriptions, lists, the ontology, the home page."""
