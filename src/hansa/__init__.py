"""Hansa: the linked-data publisher for municipal networks."""
