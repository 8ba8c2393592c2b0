"""Make the query store of a release in a process of its own: ``python -m hansa.serve.operation.beside RELEASE``.

A process that was forked from one with a store cannot make another: the threads that the engine would leave the work
to are those of its parent, and it would wait for them forever. What is looked up is made there as well, so that
requests are not held up by it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import cached_store_directory, read_release, store_directory
from hansa.serve.lookup.file import find_file


async def make_beside(place: Path) -> None:
    """Make what is missing beside a release.

    :raises HansaError: when there is no release or its store cannot be made
    """
    release = read_release(place)
    if store_directory(release).is_dir() or cached_store_directory(release).is_dir():
        return
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, str(place)), stdin=quiet, stdout=quiet, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise HansaError(said.decode(errors="replace").strip().rpartition("\n")[2] or "its store could not be made")


def main(place: str) -> int:
    """Make it; say on standard error what went wrong."""
    try:
        find_file(read_release(Path(place)))
    except HansaError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
