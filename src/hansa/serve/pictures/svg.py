"""Write SVG 2 (https://www.w3.org/TR/SVG2/): a few words over ElementTree, which escapes whatever stands in a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

if TYPE_CHECKING:
    from hansa.serve.pages.views import Text

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[&<>\"']")
Attribute = str | float | None


def num(value: float) -> str:
    """Write a coordinate with one decimal at most.

    :raises ValueError: when it is not a finite number
    """
    text = f"{value:.1f}"
    if text[-2:] == ".0":
        return text[:-2] if text != "-0.0" else "0"
    if not isfinite(value):
        raise ValueError(f"{value} is not a coordinate")
    return text


def clean(text: str) -> str:
    """Replace what XML 1.0 cannot hold (section 2.2)."""
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("\ufffd", text)


def _written(value: str | float) -> str:
    if type(value) is str:
        return value if value.isascii() and value.isprintable() else clean(value)
    return clean(value) if isinstance(value, str) else num(value)


def svg(width: float, height: float, kind: str) -> Element:
    """Begin a picture; it takes the width it is given, and its height from its own proportions."""
    box = f"0 0 {num(width)} {num(height)}"
    # With width and height browsers keep the room free before style sheets are there.
    size = {"width": num(width), "height": num(height)}
    return Element("svg", {"class": f"picture picture-{kind}", "viewBox": box, **size, "role": "group"})


def add(parent: Element, tag: str, text: str = "", /, cls: str = "", **attributes: Attribute) -> Element:
    """Add an element; underscores in names of attributes are hyphens, ``None`` leaves one out."""
    written = {name.replace("_", "-"): _written(v) for name, v in attributes.items() if v is not None}
    element = SubElement(parent, tag, {"class": cls, **written} if cls else written)
    if text:
        element.text = clean(text)
    return element


def link(parent: Element, href: str, title: str = "", *, reachable: bool = True) -> Element:
    """Add a link, or a plain group where there is nowhere to go; its title is shown under the pointer.

    :param reachable: by the keyboard; the table behind the picture has the same links
    """
    element = add(parent, "a", href=href, tabindex=None if reachable else "-1") if href else add(parent, "g")
    if title:
        add(element, "title", title)
    return element


def words(parent: Element, text: Text, x: float, y: float, cls: str = "", **attributes: Attribute) -> Element:
    """Add a label in its language."""
    return add(parent, "text", text.value, cls, x=x, y=y, lang=text.lang or None, **attributes)


def path_of(lines: Iterable[Sequence[tuple[float, float]]], *, closed: bool = True) -> str:
    """Write lines as path data with whole numbers, relative, without what can be left out (SVG 2 section 9.3)."""
    return "".join(_line(line, "z" if closed else "") for line in lines)


def _line(points: Sequence[tuple[float, float]], end: str) -> str:
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole) if a != b]
    if not steps:
        return ""
    body = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{whole[0][0]} {whole[0][1]}l{body}{end}"


def inline(root: Element, label: str) -> Markup:
    """Write a picture as part of a page, which brings the style sheet.

    :param label: what a screen reader calls it
    """
    root.set("aria-label", clean(label))
    parts: list[str] = []
    _write(root, parts)
    return Markup("".join(parts))


def _write(element: Element, parts: list[str]) -> None:
    """Write an element of ours: no namespaces and no text between elements, so it need not be looked for."""
    tag, text, attributes = element.tag, element.text, element.attrib
    if _SPECIAL.search("".join(attributes.values())):
        attributes = {name: _escaped(value) for name, value in attributes.items()}
    head = "".join([f' {name}="{value}"' for name, value in attributes.items()])
    if text or len(element):
        parts.append(f"<{tag}{head}>{_escaped(text) if text else ''}")
        for child in element:
            _write(child, parts)
        parts.append(f"</{tag}>")
    else:
        parts.append(f"<{tag}{head}/>")


def _escaped(text: str) -> str:
    return escape(text, quote=True) if _SPECIAL.search(text) else text
