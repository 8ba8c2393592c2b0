"""Write releases: dumps in every RDF format, tables, descriptions for machines and people, checksums.

:func:`write_release` does it all; the release appears as a whole or not at all.
"""

from hansa.release.writer import ReleaseInputs, write_release

__all__ = ["ReleaseInputs", "write_release"]
