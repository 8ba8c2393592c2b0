"""Which scripts were bundled: pages work without any, and name only those that are there."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

_FOLDER = "built"


def built_scripts() -> Mapping[str, str]:
    """Give the address of each bundle by its name (``main`` → ``/static/built/main-1A2B3C4D.js``).

    Empty where the front end was not built, as on a machine without the npm registry.
    """
    folder = resources.files("hansa.serve.pages") / "static" / _FOLDER
    if not folder.is_dir():
        return {}
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".js"))
    return {name.rpartition("-")[0]: f"/static/{_FOLDER}/{name}" for name in names}
