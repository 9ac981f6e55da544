"""Who may use a local server: nobody but the browser of the person who started it.

Three are kept out. Another user of the machine can connect, too, but does not know the token. Another site in the same browser
sends its own Origin. A foreign name that is made to lead to this machine (DNS rebinding) is in the Host header.

The token is in no cookie: cookies are not separated by port, so every other local server would be sent it. It comes in a header,
which only a page of ours sets, or as the first folder of the path, which a websocket can have as well. The first page gets it in
the fragment of the address, which no browser sends to anybody.
"""

import contextlib
import hmac
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

HOST = "127.0.0.1"
"""Where local servers listen. Not `localhost`, which may mean another address, at which somebody else could listen."""

TOKEN_HEADER = "x-negograph-token"  # noqa: S105 - the name of a header

_SITES = ("same-origin", "none")
"""What a browser says in Sec-Fetch-Site of a request by a page of ours, or by the person."""


@dataclass(frozen=True)
class Guard:
    """What is known of those who may use the server at a port."""

    port: int
    token: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def origin(self) -> str:
        """The address of the server, as a browser names it in Origin."""
        return f"http://{HOST}:{self.port}"

    def refusal(self, path: str, headers: Mapping[str, str], *, token: bool = True) -> str | None:
        """Why a request is refused, None where it is not; the names of the headers are in small letters.

        `token` is false for what is no secret, such as the files of a page; all else is checked for that, too.
        """
        host = headers.get("host", "")
        if host not in (f"{HOST}:{self.port}", f"localhost:{self.port}"):
            return "this server does not have that name"
        if headers.get("origin", f"http://{host}") != f"http://{host}":
            return "another site asks"
        if headers.get("sec-fetch-site", "none") not in _SITES and headers.get("sec-fetch-mode") != "navigate":
            return "another site asks"
        if token and not self._knows(path, headers):
            return "the token is missing or wrong; open the address that the command printed"
        return None

    def _knows(self, path: str, headers: Mapping[str, str]) -> bool:
        given = (headers.get(TOKEN_HEADER, ""), path.removeprefix("/").partition("/")[0])
        return any(hmac.compare_digest(word.encode(errors="replace"), self.token.encode()) for word in given)


def listen(port: int) -> socket.socket:
    """A socket that listens on loopback alone: at this port, or at a free one where somebody else has it."""
    listening = socket.socket()
    if sys.platform == "win32":  # there, SO_REUSEADDR would share the port with others
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:  # at once again after a server that ended just now
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        with contextlib.suppress(OSError):
            listening.bind((HOST, port))
            listening.listen()
            return listening
        listening.close()
        listening = socket.socket()
        listening.bind((HOST, 0))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


_POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def protecting_headers(policy: Mapping[str, str] = {}) -> dict[str, str]:
    """The headers of every answer: a page asks nobody but its own server, is in no frame of another, and tells nobody of itself.

    `policy` adds directives to the content security policy, such as `{"script-src": "'self' 'unsafe-inline'"}`.
    """
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in {**_POLICY, **policy}.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
