"""What the pages of questions and their answers show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

from hansa.serve.pages.views import Format, Value


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A canned query in a list."""

    name: str
    summary: str
    tags: tuple[str, ...]
    federated: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form of a canned query.

    :param value_label: the name of the thing that is the value, where the value is an identifier
    :param kind: of the things to choose from, where all are of one kind
    :param prefix: of the identifiers to choose from, empty where the field does not hold a thing, and its ``namespace``
    """

    name: str
    label: str
    input_type: str
    value: str
    example: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    value_label: str = ""
    kind: str = ""
    prefix: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result of a query on a page.

    :param text: the answer as Turtle when it is a graph
    :param boolean: the answer of ASK
    """

    form: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    text: str = ""
    boolean: bool | None = None
    truncated: bool = False
    formats: tuple[Format, ...] = field(default_factory=tuple)
