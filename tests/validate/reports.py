"""What reports of two SHACL engines are compared by."""

from collections import Counter

import rdflib
from rdflib.namespace import SH

Results = Counter[tuple[str, ...]]


def results(report: rdflib.Graph) -> Results:
    """Give each result as its focus node, path, value, shape, component and severity."""
    parts = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    nodes = report.objects(None, SH.result)
    rows = (tuple("" if isinstance(v := report.value(n, p), rdflib.BNode) else str(v) for p in parts) for n in nodes)
    return Counter(rows)


def without_doubt(report: rdflib.Graph) -> Results:
    """Leave out ranges of values that have the wrong datatype: whether 1987 is over 90 when it is a date is moot."""
    found = results(report)
    wrong = {row[:3] for row in found if row[4].endswith("#DatatypeConstraintComponent")}
    ranges = ("#MinInclusiveConstraintComponent", "#MaxInclusiveConstraintComponent")
    return Counter({row: n for row, n in found.items() if not (row[:3] in wrong and row[4].endswith(ranges))})
