"""A picture as a file of its own: with title, style, caption, sources and licence, for print and for other pages.

It has the colours of paper whatever the screen has, and its links lead to the identifiers of the things.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from hansa.model import Release
from hansa.serve.pages.reader import Reader
from hansa.serve.pictures.labels import wrapped
from hansa.serve.pictures.picture import WIDE, Picture
from hansa.serve.pictures.svg import add, clean, num
from hansa.serve.pictures.wording import wording

_SVG = "http://www.w3.org/2000/svg"
_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dct": "http://purl.org/dc/terms/",
    "cc": "http://creativecommons.org/ns#",
}
for _prefix, _namespace in _NAMESPACES.items():
    register_namespace(_prefix, _namespace)
_TITLE, _TEXT, _LEADING = 22.0, 13.0, 1.45
_MARGIN = 24.0
_VALUE = re.compile(r"(--pic-[a-z0-9-]+):\s*([^;]+);")
_USED = re.compile(r"var\((--pic-[a-z0-9-]+)\)")
_FRAME_STYLE = """
.paper { fill: var(--pic-paper); }
.title { font-family: "Iowan Old Style", Palatino, "Noto Serif", "Noto Serif CJK JP", serif; font-weight: 600; }
"""


@cache
def style() -> str:
    """Give the style sheet of a file: that of the pages, with values for variables, which not every program knows."""
    sheet = resources.files("hansa.serve.pages").joinpath("static", "pictures.css").read_text(encoding="utf-8")
    head, _, body = sheet.partition("/* standalone */")
    colours: dict[str, str] = {}
    for name, value in _VALUE.findall(head):
        colours.setdefault(name, value)
    return _USED.sub(lambda found: colours[found[1]], body + _FRAME_STYLE).strip()


@cache
def policy() -> str:
    """Give the Content-Security-Policy of a file: its own style and nothing else (CSP Level 3, section 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"


def standalone(picture: Picture, reader: Reader, release: Release) -> bytes:
    """Write a picture as an SVG file (UTF-8)."""
    drawing = picture.draw(WIDE)
    width = WIDE.width + 2 * _MARGIN
    head = wrapped(picture.title, _TITLE, WIDE.width)
    notes = _notes(picture, reader, release)
    top = _MARGIN + len(head) * _TITLE * 1.25 + 8
    drawn = float(drawing.get("height", "0"))
    height = top + drawn + 16 + len(notes) * _TEXT * _LEADING + _MARGIN
    root = Element("svg", {"xmlns": _SVG, "viewBox": f"0 0 {num(width)} {num(height)}", "lang": reader.locale})
    root.attrib |= {"width": num(width), "height": num(height), "class": "picture", "role": "img"}
    _describe(root, picture, release)
    add(root, "rect", cls="paper", width=width, height=height)
    for i, line in enumerate(head):
        add(root, "text", line, "title", x=_MARGIN, y=_MARGIN + (i + 0.85) * _TITLE * 1.25, font_size=_TITLE)
    group = add(root, "g", cls=drawing.get("class", ""), transform=f"translate({num(_MARGIN)},{num(top)})")
    group.extend(drawing)
    for i, line in enumerate(notes):
        add(root, "text", line, "soft", x=_MARGIN, y=top + drawn + 28 + i * _TEXT * _LEADING)
    _settle(root, release.base)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _notes(picture: Picture, reader: Reader, release: Release) -> list[str]:
    """Say below a picture what it shows, after which documents, and whose it is."""
    say = wording(reader)
    left = ", ".join(link.text.value for link in picture.left_out)
    sources = "; ".join(link.text.value for link in picture.sources)
    texts = (
        f"{picture.caption} {f'{picture.why_left_out}: {left}.' if left else ''}".strip(),
        say.gettext("Sources: %(sources)s.") % {"sources": sources} if sources else "",
        " · ".join(filter(None, (f"{release.publisher}, Hansa {release.version}", release.licence, picture.credit))),
    )
    return [line for text in texts if text for line in wrapped(text, _TEXT, WIDE.width, lines=4)]


def _describe(root: Element, picture: Picture, release: Release) -> None:
    """Add title, description and who made it (SVG 2, sections 5.7 and 5.8)."""
    SubElement(root, "title").text = clean(picture.title)
    SubElement(root, "desc").text = clean(picture.caption)
    rdf, dc, cc = (_NAMESPACES[prefix] for prefix in ("rdf", "dct", "cc"))
    metadata = SubElement(root, "metadata")
    described = SubElement(SubElement(metadata, f"{{{rdf}}}RDF"), f"{{{cc}}}Work", {f"{{{rdf}}}about": ""})
    SubElement(described, f"{{{dc}}}title").text = clean(picture.title)
    SubElement(described, f"{{{dc}}}creator").text = clean(release.publisher)
    SubElement(described, f"{{{dc}}}issued").text = release.issued
    SubElement(described, f"{{{cc}}}license", {f"{{{rdf}}}resource": release.licence})
    for source in picture.sources:
        SubElement(described, f"{{{dc}}}source", {f"{{{rdf}}}resource": source.iri})
    SubElement(root, "style").text = style()


def _settle(root: Element, base: str) -> None:
    """Make links lead to identifiers, wherever the file is; links between pages of this server go."""
    for element in root.iter():
        if lang := element.attrib.pop("lang", None):
            element.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
        if element.tag != "a":
            continue
        href = element.attrib.pop("href", "")
        element.attrib.pop("tabindex", None)
        if href.startswith("/doc/"):
            element.set("href", f"{base}id/{href.removeprefix('/doc/')}")
        elif href.startswith("http"):
            element.set("href", href)
        else:
            element.tag = "g"
