"""How somebody else than negograph connects to a database: the address, and who as."""

import contextlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from negograph.database.embedded.engine import READER, running_engine
from negograph.database.store import Store
from negograph.database.target import DATABASE, EmbeddedTarget, ServerTarget, Target
from negograph.errors import EngineError, StoreError

_HTTP_PORT = "7474"
_SETTINGS = "SHOW SETTINGS 'server.http.enabled', 'server.http.advertised_address', 'server.https.advertised_address'"


@dataclass(frozen=True)
class Login:
    """Where to connect to, and as whom. There is a password only for the user of the embedded engine that can only read."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str


def login_to(target: Target) -> Login:
    """How to connect to a target; the embedded engine runs, and others may use it.

    A server's password stays with who knows it.

    Raises:
        EngineError: if the embedded engine does not run.
    """
    if not isinstance(target, EmbeddedTarget):
        return Login(target.uri, target.username, "", target.database)
    engine = running_engine(target.folder)
    if engine is None:
        raise EngineError(f"the embedded engine in {target.folder} does not run any more")
    return Login(engine.uri, READER, engine.reader, DATABASE)


def http_address(store: Store, target: ServerTarget) -> str:
    """Where a server serves HTTP, and so its own Neo4j Browser: at the port that it tells, else at the usual one."""
    settings: dict[str, str] = {}
    with contextlib.suppress(StoreError):  # not everybody may ask
        settings = {str(name): str(value) for name, value in store.read(f"{_SETTINGS} YIELD name, value", {}).rows}
    scheme = "https" if settings.get("server.http.enabled") == "false" else "http"
    port = settings.get(f"server.{scheme}.advertised_address", "").rpartition(":")[2] or _HTTP_PORT
    host = urlsplit(target.uri).hostname or "localhost"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
