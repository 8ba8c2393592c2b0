"""One answer of the site without a server, for ``hansa get`` and for whoever writes the site into files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.types import Message, Scope

from hansa.serve.app import create_app
from hansa.serve.settings import ServeSettings

_HOST = ("127.0.0.1", 8000)


def _scope(app: Starlette, target: str, accept: str) -> Scope:
    parts = urlsplit(target)
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    host = f"{_HOST[0]}:{_HOST[1]}".encode()
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", host), (b"accept", accept.encode())],
        "client": ("127.0.0.1", 0),
        "server": _HOST,
        "app": app,
        "state": {},
    }


async def _get(app: Starlette, target: str, accept: str) -> tuple[int, list[tuple[str, str]], bytes]:
    messages: list[Message] = []
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            # The caller stays until the answer is there.
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    async with app.router.lifespan_context(app):
        await app(_scope(app, target, accept), receive, send)
    start = next(m for m in messages if m["type"] == "http.response.start")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return start["status"], headers, b"".join(m.get("body", b"") for m in messages)


def get(release_dir: Path, path: str, accept: str = "*/*") -> tuple[int, list[tuple[str, str]], bytes]:
    """Answer one GET request; redirects are not followed.

    :param path: with query string, such as ``/doc/network/citynet?as_of=2013-11-20``
    :return: status, headers, body
    :raises HansaError: when the directory holds no release
    """
    app = create_app(release_dir, ServeSettings(workers=1))
    return asyncio.run(_get(app, path, accept))
