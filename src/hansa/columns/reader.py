"""Read a check query: the part of the grammar of SPARQL 1.1 (section 19.8) that checks are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hansa import sparql
from hansa.columns.algebra import (
    AGGREGATES,
    Bind,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Minus,
    Optional,
    Path,
    Pattern,
    Select,
    Slot,
    UnansweredError,
    Union,
    Values,
    Variable,
    calls,
)
from hansa.rdf import Literal
from hansa.vocab import RDF, XSD

_DOUBLE = frozenset({"||", "&&", "!=", "<=", ">="})
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})


def read_query(text: str) -> Select:
    """Read a SELECT query.

    :raises UnansweredError: when it has anything else than the evaluator knows
    """
    reader = _Reader(list(_words(text)))
    query = reader.query()
    if reader.word:
        raise UnansweredError(f"the query goes on with {reader.word!r}")
    return query


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Give tokens with operators of two characters and numbers put together."""
    kind, word, end = "", "", -1
    for token in sparql.tokens(text):
        if token.kind in ("space", "comment"):
            continue
        digit = token.text.isdigit() and token.kind == "other"
        adjacent = token.offset == end
        if adjacent and ((kind == "number" and digit) or (kind == "other" and word + token.text in _DOUBLE)):
            word += token.text
        else:
            if word:
                yield kind, word
            kind, word = ("number" if digit else token.kind), token.text
        end = token.offset + len(token.text)
    if word:
        yield kind, word


class _Reader:
    """A recursive descent over the tokens."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self._words = words
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._graph: Slot | None = None

    # ------------------------------------------------------------ tokens
    @property
    def word(self) -> str:
        """The word that comes next, keywords in capitals; empty at the end."""
        kind, text = self._peek()
        return text.upper() if kind == "word" else text

    def _peek(self) -> tuple[str, str]:
        return self._words[self._at] if self._at < len(self._words) else ("", "")

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        self._at += 1
        return found

    def _take(self, *words: str) -> bool:
        """Go over words when they come next."""
        at = self._at
        for word in words:
            if self.word != word:
                self._at = at
                return False
            self._at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise UnansweredError(f"{word} is expected, not {self.word!r}")

    # ------------------------------------------------------------ queries
    def query(self) -> Select:
        while self._take("PREFIX"):
            name, iri = self._next()[1], self._next()[1]
            self._prefixes[name.removesuffix(":")] = iri[1:-1]
        return self._select()

    def _select(self) -> Select:
        self._expect("SELECT")
        distinct = self._take("DISTINCT")
        columns = []
        while self.word not in ("WHERE", "{"):
            columns.append(self._column())
        self._take("WHERE")
        where = self._group()
        grouped = None
        if self._take("GROUP", "BY"):
            grouped = tuple(self._variables())
        aggregated = any(e is not None and any(calls(e, AGGREGATES)) for _, e in columns)
        if aggregated != (grouped is not None) or not columns:
            raise UnansweredError("an aggregate without groups, or groups without one")
        return Select(tuple(columns), where, distinct, grouped)

    def _column(self) -> tuple[str, Expression | None]:
        if not self._take("("):
            return self._variable(), None
        expression = self._expression()
        self._expect("AS")
        name = self._variable()
        self._expect(")")
        return name, expression

    def _variable(self) -> str:
        kind, text = self._next()
        if kind != "variable":
            raise UnansweredError(f"a variable is expected, not {text!r}")
        return text[1:]

    def _variables(self) -> Iterator[str]:
        while self._peek()[0] == "variable":
            yield self._variable()

    # ------------------------------------------------------------ groups
    def _group(self) -> Group:
        self._expect("{")
        if self.word == "SELECT":
            inner = self._select()
            self._expect("}")
            return Group((inner,))
        found: list[Element] = []
        while not self._take("}"):
            found += self._elements()
            self._take(".")
        return Group(tuple(found))

    def _elements(self) -> list[Element]:
        """Read what stands side by side in a group: one thing, or the statements about one thing."""
        readers: dict[str, Callable[[], list[Element]]] = {
            "FILTER": lambda: [Filter(self._constraint())],
            "OPTIONAL": lambda: [Optional(self._group())],
            "MINUS": lambda: [Minus(self._group())],
            "BIND": self._bind,
            "VALUES": self._values,
            "GRAPH": self._in_graph,
            "{": self._union,
        }
        reader = readers.get(self.word)
        if reader is None:
            return list(self._statements())
        if self.word != "{":
            self._next()
        return reader()

    def _bind(self) -> list[Element]:
        name, expression = self._column()
        if expression is None:
            raise UnansweredError("BIND without an expression")
        return [Bind(expression, name)]

    def _values(self) -> list[Element]:
        several = self._take("(")
        names = tuple(self._variables()) if several else (self._variable(),)
        if several:
            self._expect(")")
        self._expect("{")
        rows = []
        while not self._take("}"):
            if several:
                self._expect("(")
            rows.append(tuple(self._term() for _ in names))
            if several:
                self._expect(")")
        return [Values(names, tuple(rows))]

    def _in_graph(self) -> list[Element]:
        around, self._graph = self._graph, self._slot()
        group = self._group()
        self._graph = around
        return list(group.elements) if all(isinstance(e, Pattern) for e in group.elements) else [Union((group,))]

    def _union(self) -> list[Element]:
        groups = [self._group()]
        while self._take("UNION"):
            groups.append(self._group())
        only = groups[0].elements
        return list(only) if len(groups) == 1 and isinstance(only[0], Select) else [Union(tuple(groups))]

    # ------------------------------------------------------------ statements
    def _statements(self) -> Iterator[Pattern]:
        subject = self._slot()
        while True:
            predicate = self._predicate()
            yield Pattern(subject, predicate, self._slot(), self._graph)
            while self._take(","):
                yield Pattern(subject, predicate, self._slot(), self._graph)
            if not self._take(";"):
                return
            if self.word in (".", "}", "]"):
                return

    def _slot(self) -> Slot:
        return Variable(self._variable()) if self._peek()[0] == "variable" else self._term()

    def _predicate(self) -> Slot | Path:
        if self._peek()[0] == "variable":
            return Variable(self._variable())
        properties = [self._property()]
        while self._take("|"):
            properties.append(self._property())
        least = 0 if self._take("*") else 1 if self._take("+") else -1
        if self.word in ("/", "^", "+", "?", "!", "*") or (least >= 0 and len(properties) > 1):
            raise UnansweredError("a path of this kind")
        return Path(tuple(properties), least) if least >= 0 or len(properties) > 1 else properties[0]

    def _property(self) -> bytes:
        if self._peek() == ("word", "a"):
            self._next()
            return f"<{RDF.type.value}>".encode()
        return self._term()

    def _term(self) -> bytes:
        kind, text = self._next()
        if kind == "iri":
            return text.encode()
        if kind == "pname" and "\\" not in text and "%" not in text:
            prefix, _, local = text.partition(":")
            if prefix in self._prefixes:
                return f"<{self._prefixes[prefix]}{local}>".encode()
        if kind == "string" and "\\" not in text and not text.startswith(('"""', "'''")):
            return self._tagged(text[1:-1])
        if kind == "number" and self.word != ".":
            return str(Literal(text, datatype=XSD.integer)).encode()
        if kind == "word" and text in ("true", "false"):
            return str(Literal(text, datatype=XSD.boolean)).encode()
        raise UnansweredError(f"a term is expected, not {text!r}")

    def _tagged(self, value: str) -> bytes:
        if self._peek()[0] == "langtag" or self.word == "^":
            raise UnansweredError("a literal with a language or a datatype")
        return str(Literal(value)).encode()

    # ------------------------------------------------------------ expressions
    def _constraint(self) -> Expression:
        return self._primary() if self.word in ("(", "NOT", "EXISTS") else self._call()

    def _expression(self) -> Expression:
        return self._chain("||", lambda: self._chain("&&", self._comparison))

    def _chain(self, operator: str, read: Callable[[], Expression]) -> Expression:
        found = [read()]
        while self._take(operator):
            found.append(read())
        return Call(operator, tuple(found)) if len(found) > 1 else found[0]

    def _comparison(self) -> Expression:
        left = self._sum()
        if self.word in _COMPARISONS:
            return Call(self._next()[1], (left, self._sum()))
        negated = self._take("NOT", "IN")
        if not negated and not self._take("IN"):
            return left
        found = Call("IN", (left, *self._arguments()))
        return Call("!", (found,)) if negated else found

    def _sum(self) -> Expression:
        left = self._product()
        while self.word in ("+", "-"):
            left = Call(self._next()[1], (left, self._product()))
        return left

    def _product(self) -> Expression:
        left = self._primary()
        while self._take("*"):
            left = Call("*", (left, self._primary()))
        if self.word == "/":
            raise UnansweredError("a division")
        return left

    def _primary(self) -> Expression:
        if self._take("!"):
            return Call("!", (self._primary(),))
        if self._take("("):
            found = self._expression()
            self._expect(")")
            return found
        if self._take("NOT", "EXISTS"):
            return Call("!", (Exists(self._group()),))
        if self._take("EXISTS"):
            return Exists(self._group())
        if self._peek()[0] == "variable":
            return Variable(self._variable())
        following = self._words[self._at + 1][1] if self._at + 1 < len(self._words) else ""
        return self._call() if following == "(" else self._term()

    def _call(self) -> Expression:
        kind, name = self._peek()
        if kind == "word":
            self._next()
            name = name.upper()
        else:
            name = self._term().decode()
        if name in AGGREGATES:
            return self._aggregate(name)
        return Call(name, tuple(self._arguments()))

    def _aggregate(self, name: str) -> Expression:
        self._expect("(")
        distinct = self._take("DISTINCT")
        inner = Variable(self._variable())
        self._expect(")")
        if (name == "COUNT") != distinct:
            raise UnansweredError("an aggregate of this kind")
        return Call(name, (inner,))

    def _arguments(self) -> list[Expression]:
        self._expect("(")
        found: list[Expression] = []
        while not self._take(")"):
            found.append(self._expression())
            self._take(",")
        return found
