"""Jinja as pages use it: fixed texts are translated when a template is compiled, and little is called to write a value.

Pages are made of some hundred small pieces each; what is the same for all readers of a language is settled once here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, nodes, select_autoescape
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from markupsafe import Markup, escape

from hansa.serve.pages.html import special

_OF_VIEWS = re.compile(r"(?:thing|base|meta|macros|sections/\w+)\.html")
"""Templates that show views only, whose parts are attributes, and never a mapping."""
_FIXED = ("name", "lparen", "string", "rparen")
"""The tokens of ``_("Members")``."""


def written(value: object) -> str:
    """Write a value as HTML: what is HTML already as it is, all else escaped."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    if kind is str:
        return escape(value) if special(value) else value  # type: ignore[call-overload,return-value]
    html: Callable[[], str] | None = getattr(value, "__html__", None)
    return escape(value) if html is None else html()


def _is_plain_call(node: nodes.Call) -> bool:
    """Tell whether a call is ``_(message)`` with nothing to be filled in."""
    is_translation = isinstance(node.node, nodes.Name) and node.node.name == "_"
    return is_translation and len(node.args) == 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)


class _Writer(CodeGenerator):
    """Compiles templates so that values are written by :func:`written`, which takes fewer steps than ``escape``.

    A template and each of its blocks gather their pieces and give them as one: Jinja would hand every piece through
    all the templates and blocks around it.
    """

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Compile the content of something; that of a whole template or block goes into a list first."""
        is_whole = frame.parent is None and frame.buffer is None
        if is_whole:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if is_whole:
            self.writeline(f"yield concat({frame.buffer})")

    # Jinja wraps it, and gives what may follow by name.
    def visit_Call(self, node: nodes.Call, frame: Frame, **how: Any) -> None:  # type: ignore[override]  # noqa: N802
        """Compile the translation of a message without going through the context."""
        if not _is_plain_call(node):
            super().visit_Call(node, frame, **how)
            return
        self.write("environment.translated(")
        self.visit(node.args[0], frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        assert frame.eval_ctx.autoescape
        assert finalize.src is None
        self.write("environment.written(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (the name that Jinja calls)
        """Compile ``x.y`` to what Python does where ``x`` is never a mapping; ``self`` is that of Jinja."""
        is_self = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if is_self or not _OF_VIEWS.fullmatch(self.name or ""):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _PageTemplate(Template):
    """A template whose macros are made once: jinja looks at every import whether globals of one page could change them.

    No page has globals of its own here.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module() if self._module is None else self._module


class FixedTexts(Extension):
    """Translates ``_("…")`` without placeholders where it stands, so that it is text of the template."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Replace the call by its result, marked as safe like that of every translation."""
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            call = tokens[at : at + len(_FIXED)]
            if tuple(token.type for token in call) == _FIXED and call[0].value == "_":
                yield from self._text(call[2])
                at += len(_FIXED)
            else:
                yield tokens[at]
                at += 1

    def _text(self, message: Token) -> Iterator[Token]:
        text: str = self.environment.texts.gettext(message.value) % {}  # type: ignore[attr-defined]
        made = (("lparen", "("), ("string", text), ("pipe", "|"), ("name", "safe"), ("rparen", ")"))
        return (Token(message.lineno, kind, value) for kind, value in made)


def _gettext(texts: NullTranslations) -> Callable[..., Markup]:
    def gettext(message: str, /, **values: object) -> Markup:
        return Markup(texts.gettext(message) % {name: written(value) for name, value in values.items()})

    return gettext


def _ngettext(texts: NullTranslations) -> Callable[..., Markup]:
    def ngettext(singular: str, plural: str, number: int, /, **values: object) -> Markup:
        shown = {name: written(value) for name, value in values.items()}
        return Markup(texts.ngettext(singular, plural, number) % {"num": number, **shown})

    return ngettext


def page_environment(texts: NullTranslations) -> Environment:
    """Make the environment of the templates in one language.

    :param texts: translations of the interface
    """
    made = Environment(
        loader=PackageLoader("hansa.serve.pages"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", FixedTexts],
    )
    gettext = _gettext(texts)
    made.extend(texts=texts, written=written, translated=lru_cache(maxsize=1024)(gettext))
    made.code_generator_class = _Writer
    made.template_class = _PageTemplate
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals.update(_=gettext, gettext=gettext, ngettext=_ngettext(texts))
    made.policies["ext.i18n.trimmed"] = True
    return made
