"""The local server of Neo4j Browser: its files, and what it is given, to the browser of the person who started it alone."""

import contextlib
import http.server
import importlib.resources
import socket
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from negograph.version import __version__
from negograph.web.browser.files import file_of
from negograph.web.guard import Guard, protecting_headers

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_PAGE = b"<!doctype html>\n<meta charset=utf-8>\n<title>Neo4j Browser</title>\n<body><script src=start.js></script>\n"
_POLICY = {
    "style-src": "'self' 'unsafe-inline'",  # Browser makes its styles while it runs
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
}


class Answer(NamedTuple):
    """An answer of the server."""

    status: HTTPStatus
    content: bytes = b""
    type: str = "text/plain; charset=utf-8"
    location: str = ""


@dataclass(frozen=True)
class Site:
    """What is served: the files of Browser, and what it is given; `connects_to` is where its pages may connect to."""

    guard: Guard
    browser: zipfile.ZipFile
    given: bytes
    connects_to: str

    @property
    def address(self) -> str:
        """What to open. The token is in the fragment, which is sent to nobody."""
        return f"{self.guard.origin}/browser/#token={self.guard.token}"

    def answer(self, method: str, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a request; the names of the headers are in small letters."""
        secret = method == "POST"
        if (refusal := self.guard.refusal(path, headers, token=secret)) is not None:
            return Answer(HTTPStatus.FORBIDDEN, f"negograph: {refusal}\n".encode())
        wanted = unquote(urlsplit(path).path).removeprefix("/")
        if secret:
            given = Answer(HTTPStatus.OK, self.given, _TYPES[".json"])
            return given if wanted == "given" else Answer(HTTPStatus.NOT_FOUND)
        if wanted == "":
            return Answer(HTTPStatus.FOUND, location="/browser/")
        if wanted == "browser/":
            return Answer(HTTPStatus.OK, _PAGE, _TYPES[".html"])
        if wanted == "favicon.ico":
            wanted = "browser/assets/images/neo4j-favicon.ico"
        content = start_script() if wanted == "browser/start.js" else file_of(self.browser, wanted)
        if content is None:
            return Answer(HTTPStatus.NOT_FOUND)
        return Answer(HTTPStatus.OK, content, _TYPES.get(PurePosixPath(wanted).suffix, "application/octet-stream"))

    def headers(self) -> dict[str, str]:
        """The headers of every answer."""
        return {**protecting_headers({**_POLICY, "connect-src": self.connects_to}), "Cache-Control": "no-store"}


def start_script() -> bytes:
    """The script that puts what is given into Browser and starts it."""
    return (importlib.resources.files(__package__) / "start.js").read_bytes()


def serve(site: Site, listening: socket.socket) -> None:
    """Serve at a socket until an interrupt ends it."""

    class Handler(_Handler):
        served = site

    with _Server(listening.getsockname(), Handler, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listening
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a browser that goes away in the middle of an answer is no error."""


class _Handler(http.server.BaseHTTPRequestHandler):
    served: Site
    protocol_version = "HTTP/1.1"
    server_version = f"negograph/{__version__}"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.close_connection = True  # what may follow is not read
        self._answer()

    def _answer(self) -> None:
        answer = self.served.answer(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        self.send_response(answer.status)
        for name, value in self.served.headers().items():
            self.send_header(name, value)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name where it is defined
        """Nothing: what is asked for is nobody's business."""
