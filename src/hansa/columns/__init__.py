"""Answer check queries on statements that stand in columns: many at once, and no store need be loaded first.

It knows the part of SPARQL 1.1 that checks are written in. Whatever else a query has is refused before anything is
answered, and the query is left to the query store; tests prove both equal on every check.
"""
