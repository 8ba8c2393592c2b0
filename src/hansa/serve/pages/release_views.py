"""What pages say of the release as a whole, as plain data: numbers and files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts."""

    number: int
    what: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class DownloadView:
    """A file that can be downloaded."""

    path: str
    href: str
    title: str
    media_type: str
    size: str
    sha256: str
