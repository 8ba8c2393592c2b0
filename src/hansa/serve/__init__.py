"""Serve a release over HTTP: pages, linked data, SPARQL, canned queries, dumps. Reads nothing but the release."""
