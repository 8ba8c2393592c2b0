"""HTTP without knowledge of the graph: negotiation, headers, errors."""
