"""Content codings: which one a client takes (RFC 9110 section 12.5.3), and bodies packed with it.

Brotli is left out on purpose: at a level that beats the others it is too slow for answers made on the way.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Sequence
from typing import Any

import zstandard

CODINGS = ("zstd", "gzip")
"""What the server can do, the one it likes best first."""
SMALLEST = 1024
"""Bytes below which packing saves nothing that a network would notice."""

_ELEMENT = re.compile(
    r"\s*(?P<coding>[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*q=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?\Z", re.I
)
_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3
_STREAM_GZIP_LEVEL = 1
_GZIP_WINDOW = 31
_PACKED = ("image/", "audio/", "video/", "font/", "application/zip", "application/gzip", "application/zstd")
_DRAWING = "image/svg+xml"
_SHEET = "application/vnd.openxmlformats"


def parse_codings(header: str | None) -> dict[str, float]:
    """Read an Accept-Encoding header into weights; elements that are not well-formed are left out."""
    found: dict[str, float] = {}
    for element in (header or "").split(","):
        if match := _ELEMENT.match(element):
            coding = match["coding"].lower().removeprefix("x-")
            found[coding] = float(match["weight"] or 1)
    return found


def choose_coding(header: str | None, offered: Sequence[str] = CODINGS) -> str:
    """Choose a coding; empty for none (identity), which is also the answer when the client would take nothing."""
    weights = parse_codings(header)
    if not weights:
        return ""
    anything = weights.get("*", 0.0)
    best = max(offered, key=lambda coding: weights.get(coding, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def is_worth_packing(media_type: str, size: int) -> bool:
    """Tell whether a body gets notably smaller."""
    is_packed = media_type.startswith((*_PACKED, _SHEET)) and not media_type.startswith(_DRAWING)
    return size >= SMALLEST and not is_packed


def pack(body: bytes, coding: str) -> bytes:
    """Pack a body; the same body always gives the same bytes."""
    if coding == "zstd":
        # What it gives keeps the memory of the largest possible answer; a copy takes what it needs.
        return bytes(memoryview(zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


class StreamPacker:
    """Packs a body piece by piece with little memory; without :meth:`finish` what came out is visibly incomplete."""

    def __init__(self, coding: str) -> None:
        self._engine: Any
        if coding == "zstd":
            self._engine = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
        else:
            self._engine = zlib.compressobj(_STREAM_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def add(self, piece: bytes) -> bytes:
        """Take a piece and give what is packed by now, maybe nothing."""
        return bytes(self._engine.compress(piece))

    def finish(self, piece: bytes) -> bytes:
        """Take the last piece and give the rest."""
        return bytes(self._engine.compress(piece) + self._engine.flush())
