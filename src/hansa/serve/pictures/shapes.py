"""The shapes that bars, their legend and points are made of."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from hansa.serve.pictures.svg import add, num

BAR = 12.0
_STRIPE = 5.0
_FADES = {"before": ("0", ".6"), "after": (".6", "0")}


def gradients(root: Element, ident: str, categories: Iterable[int]) -> None:
    """Define how bars fade, for each colour.

    :param ident: what the ids begin with, unique on a page
    """
    for category in sorted(set(categories)):
        group = add(add(root, "defs"), "g", cls=f"c{category}")
        for kind, opacities in _FADES.items():
            gradient = add(group, "linearGradient", id=f"{ident}-{kind}{category}")
            for offset, opacity in zip(("0", "1"), opacities, strict=True):
                add(gradient, "stop", offset=offset, stop_color="currentColor", stop_opacity=opacity)


def piece(parent: Element, kind: str, left: float, right: float, y: float, fading: str) -> None:
    """Draw a piece of a bar.

    :param kind: core, hatch, before or after
    :param y: of its middle
    :param fading: what the id of the gradient is: ``{ident}-{kind}{category}`` without the kind
    """
    width, top = max(right - left, 1.5), y - BAR / 2
    if kind == "core":
        add(parent, "rect", cls="core", x=left, y=top, width=width, height=BAR, rx=2)
    elif kind == "hatch":
        add(parent, "rect", cls="hatch", x=left, y=top, width=width, height=BAR)
        add(parent, "path", cls="stripes", d=_stripes(left, left + width, top))
    else:
        ident, _, category = fading.rpartition("-")
        fill = f"url(#{ident}-{kind}{category})"
        add(parent, "rect", cls="fade", x=left, y=top, width=width, height=BAR, fill=fill)


def _stripes(left: float, right: float, top: float) -> str:
    found = []
    x = left
    while x < right:
        run = min(BAR, right - x)
        found.append(f"M{num(x)} {num(top + BAR)}l{num(run)} {num(-run)}")
        x += _STRIPE
    return "".join(found)


def diamond(x: float, y: float, r: float) -> str:
    """Give the path of a square that stands on its corner."""
    return f"M{num(x - r)} {num(y)}l{num(r)} {num(-r)} {num(r)} {num(r)} {num(-r)} {num(r)}z"
