"""How somebody else than negograph connects to a database: the address, and who as."""

import contextlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from negograph.database.embedded.engine import READER, running_engine
from negograph.database.store import Store
from negograph.database.target import DATABASE, EmbeddedTarget, ServerTarget, Target
from negograph.errors import EngineError, StoreError

_USUAL_PORTS = {"http": "7474", "https": "7473"}
_SETTINGS = "SHOW SETTINGS YIELD name, value WHERE name STARTS WITH 'server.http' RETURN name, value"


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
        settings = {str(name): str(value) for name, value in store.read(_SETTINGS, {}).rows}
    scheme = "https" if settings.get("server.http.enabled") == "false" else "http"
    usual = _USUAL_PORTS[scheme]
    # The advertised port is the usual one also where the server listens at another and nothing else is set.
    told = [settings.get(f"server.{scheme}.{kind}_address", "").rpartition(":")[2] for kind in ("advertised", "listen")]
    port = next((port for port in told if port.isdecimal() and port != usual), usual)
    host = urlsplit(target.uri).hostname or "localhost"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
