"""Style sheets, fonts, pictures and scripts of the pages, as they are in the package."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hansa.serve.http.errors import HttpError
from hansa.serve.http.responses import etag_matches
from hansa.serve.http.wire import KEEP

_BUILT = "built/"
"""Where the name of a file holds the hash of its content, so that it never changes under its name."""
_FOREVER = "public, max-age=31536000, immutable"
_REVALIDATE = "public, max-age=0, must-revalidate"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: its content, its media type and its entity tag."""

    content: bytes
    media_type: str
    etag: str


def _files(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry


def _asset(path: str, file: Traversable) -> Asset:
    content = file.read_bytes()
    ending = path[path.rfind(".") :]
    media_type = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Asset(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _endpoint(assets: dict[str, Asset]) -> Callable[[Request], Awaitable[Response]]:
    async def asset(request: Request) -> Response:
        path = request.path_params["path"]
        if (found := assets.get(path)) is None:
            raise HttpError(404, f"there is no file {path!r} here")
        headers = {"ETag": found.etag, "Cache-Control": _FOREVER if path.startswith(_BUILT) else _REVALIDATE}
        request.scope.setdefault("state", {})[KEEP] = True
        if etag_matches(request.headers.get("if-none-match"), found.etag):
            return Response(None, 304, headers)
        return Response(found.content, 200, headers, found.media_type)

    return asset


def asset_route(path: str, package: str, folder: str) -> Route:
    """Serve the files of a package's folder; they are read once, so only these can be reached.

    :param path: under which they are served, such as ``/static``
    """
    found = {name: _asset(name, file) for name, file in _files(resources.files(package) / folder)}
    return Route(f"{path}/{{path:path}}", _endpoint(found))
