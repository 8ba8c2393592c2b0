"""Check what can be told of each statement by itself: its names, its values, its texts."""

from __future__ import annotations

from hansa.model import Finding
from hansa.validate.inputs import Inputs
from hansa.validate.literals import check_literals
from hansa.validate.terms import check_terms
from hansa.validate.texts import check_texts


def check_statements(inputs: Inputs) -> list[Finding]:
    """Find undeclared names, values that are not what they should be, and accidents in texts."""
    return [*check_terms(inputs), *check_literals(inputs), *check_texts(inputs)]
