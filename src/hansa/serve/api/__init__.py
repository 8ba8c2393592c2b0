"""What programs ask: SPARQL, canned queries, search, files, discovery."""
