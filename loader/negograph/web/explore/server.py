"""The server of the page: on loopback, for the person who started it, until the command is ended."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI
from nicegui import ui
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from negograph.database.store import Store
from negograph.model.schema_files import load_model
from negograph.project import Project
from negograph.web.explore.address import RECIPE
from negograph.web.explore.page import Site, add_page
from negograph.web.explore.parts import FILES
from negograph.web.guard import Guard, protecting_headers


def serve_page(project: Project, store: Store, guard: Guard, listening: socket.socket) -> None:
    """Serve the page to whom the guard lets in, until an interrupt."""
    site = Site(project, store, load_model(project.schema_folders()))
    add_page(site, "negograph")
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    shown: Any = {"title": "negograph", "language": "en-US", "dark": None, "tailwind": False, "show_welcome_message": False}
    ui.run_with(app, mount_path=f"/{guard.token}", **shown)
    with contextlib.suppress(KeyboardInterrupt):
        _serve(_guarded(app, guard), listening, site.end)


def _serve(app: ASGIApp, listening: socket.socket, ending: Callable[[], None]) -> None:
    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            ending()
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1)
    Server(config).run(sockets=[listening])


def _guarded(app: ASGIApp, guard: Guard) -> ASGIApp:
    """The app for those whom the guard lets in, websockets too."""
    headers = _headers(guard)
    opener = (FILES / "opener.html").read_bytes()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        public = _opens(scope)
        refusal = guard.refusal(scope["path"], told, token=not public)
        if refusal is not None:
            await _refuse(scope, protected, refusal)
        elif public:
            await _answer(protected, 200, b"text/html; charset=utf-8", opener)
        else:
            await app(scope, receive, protected)

    return guarded


def _opens(scope: Scope) -> bool:
    """Whether a request asks for an address without a token. What it gets knows nothing, and leads there with the token."""
    path = scope["path"]
    return bool(scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and (path == "/" or path.startswith(RECIPE)))


async def _refuse(scope: Scope, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _answer(send, 403, b"text/plain; charset=utf-8", f"Refused: {why}.\n".encode())


async def _answer(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(guard: Guard) -> list[tuple[bytes, bytes]]:
    """The headers of every answer. NiceGUI's scripts stand in its page and are made at run time; nothing comes from elsewhere."""
    sockets = " ".join(f"ws://{host}:{guard.port}" for host in ("127.0.0.1", "localhost"))
    policy = {
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": f"'self' {sockets}",
    }
    made: dict[str, Any] = protecting_headers(policy)
    return [(name.lower().encode(), value.encode()) for name, value in made.items()]
