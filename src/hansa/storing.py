"""Load a query store in a process of its own: ``python -m hansa.storing QUADS TRIPLES PLACE``.

The engine has threads, which a forked process would wait for in vain, so this is a program.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hansa.store import EmbeddedStore


def main(quads: str, triples: str, place: str) -> None:
    """Load N-Quads and N-Triples into a new store; exit with the reason when the disk does not take it."""
    try:
        store = EmbeddedStore.create(Path(place))
        with Path(quads).open("rb") as named, Path(triples).open("rb") as union:
            store.load(named, union, trusted=True)
        store.optimise()
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
