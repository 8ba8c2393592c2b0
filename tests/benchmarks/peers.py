"""The peers, installed from their package indexes into a directory of their own beside the environment of the tests.

They never touch the environment that Hansa runs in. Installed once; ``make clean`` removes them with it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HOME = Path(sys.prefix) / "bench"
_RDFLIB_ENDPOINT = "rdflib-endpoint[web]==0.6.3"
_TRIFID = "trifid@5.3.0"
_PATIENCE = 400


class PeerMissingError(Exception):
    """A peer cannot be had here; the message says why."""


def _run(*command: str | Path, place: Path) -> None:
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=place, capture_output=True, timeout=_PATIENCE, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissingError(f"{command[0]}: {error}") from None
    if done.returncode:
        raise PeerMissingError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-200:]}")


@cache
def python_peers() -> Path:
    """Install the Oxigraph server, of the version of our own engine, and rdflib-endpoint; give their ``bin`` folder.

    :raises PeerMissingError: when they cannot be installed
    """
    place = _HOME / "python"
    if not (place / "bin" / "rdflib-endpoint").exists():
        _HOME.mkdir(parents=True, exist_ok=True)
        _run(sys.executable, "-m", "venv", place, place=_HOME)
        wanted = (f"oxigraph=={version('pyoxigraph')}", _RDFLIB_ENDPOINT, "uvicorn")
        _run(place / "bin" / "pip", "install", "-q", *wanted, place=_HOME)
    return place / "bin"


@cache
def trifid() -> Path:
    """Install Trifid; give the directory that holds its ``node_modules``.

    :raises PeerMissingError: when there is no npm, or no registry
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise PeerMissingError("there is no npm here")
    place = _HOME / "trifid"
    if not (place / "node_modules" / "trifid" / "server.js").exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _run(npm, "install", "--no-audit", "--no-fund", _TRIFID, place=place)
    return place


def wrk() -> str | None:
    """Find the load generator of that name; ``None`` when it is not installed."""
    return shutil.which("wrk")
