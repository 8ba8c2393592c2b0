"""Turn what people wrote into one dataset: derived dates, rules, OWL RL closure, and the provenance of every graph."""
