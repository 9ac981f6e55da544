"""Which database a command talks to: an option, the environment, the project's .env, else the embedded engine."""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from negograph.errors import NegographError
from negograph.files import Unreadable, content_of
from negograph.project import OWN_FOLDER

DATABASE = "neo4j"

Build = Literal["native", "jvm"]
"""The builds of the embedded engine."""


@dataclass(frozen=True)
class ServerTarget:
    """A Neo4j server. `source` says where its address was found."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str
    source: str

    def __str__(self) -> str:
        return f"Neo4j at {self.uri}, database {self.database} ({self.source})"


@dataclass(frozen=True)
class EmbeddedTarget:
    """The embedded engine with its data in `folder`; `build` asks for one of its builds."""

    folder: Path
    build: Build | None = None

    def __str__(self) -> str:
        return f"embedded engine in {self.folder}"


Target = ServerTarget | EmbeddedTarget


def resolve_target(project: Path, environment: Mapping[str, str], uri: str | None = None, embedded: bool = False) -> Target:
    """The target for a project folder.

    `uri` is the address given as an option; `embedded` asks for the embedded engine whatever else is set.

    Raises:
        NegographError: if a server is named, but no password for it, or .env cannot be read.
    """
    if embedded:
        return EmbeddedTarget(project / OWN_FOLDER)
    sources = {
        "--uri": {"NEO4J_URI": uri} if uri is not None else {},
        "environment": {key: value for key, value in environment.items() if key.startswith("NEO4J_") and value},
        ".env": _read_env_file(project),
    }
    source = next((name for name, values in sources.items() if "NEO4J_URI" in values), None)
    if source is None:
        return EmbeddedTarget(project / OWN_FOLDER)
    address = sources[source]["NEO4J_URI"]
    if "@" in address:
        raise NegographError("write the user name and the password into NEO4J_USERNAME and NEO4J_PASSWORD, not into the address")
    settings: dict[str, str] = {}
    for name, values in reversed(sources.items()):
        # What is meant for one server is not sent to another. A project, which may be somebody else's, names a server in its
        # .env: only what the user typed goes with a password that stands without an address in the environment.
        if values.get("NEO4J_URI", address if (source, name) == ("--uri", "environment") else None) == address:
            settings |= values
    if not settings.get("NEO4J_PASSWORD"):
        where = {".env": "beside the address in .env", "environment": "beside NEO4J_URI in the environment"}.get(
            source, "in the environment, or beside this address in .env"
        )
        raise NegographError(f"no password for {address}: set NEO4J_PASSWORD {where}{_not_taken(source, environment)}")
    return ServerTarget(
        uri=address,
        username=settings.get("NEO4J_USERNAME", "neo4j"),
        password=settings["NEO4J_PASSWORD"],
        database=settings.get("NEO4J_DATABASE", DATABASE),
        source=source,
    )


def _not_taken(source: str, environment: Mapping[str, str]) -> str:
    """Why a password that is there does not count, as the end of a message."""
    if source != ".env" or not environment.get("NEO4J_PASSWORD"):
        return ""
    return "; the one in the environment is not sent to a server that only a project names; set NEO4J_URI there, too"


def _read_env_file(project: Path) -> dict[str, str]:
    """What a project's .env sets; nothing only where nothing lies there: else the server that it names would be passed over."""
    path = project / ".env"
    if not os.path.lexists(path) or path.is_dir():  # such as a virtual environment
        return {}
    from dotenv import dotenv_values
    from dotenv.parser import parse_stream

    try:
        text = content_of(path, project).decode("utf-8-sig")
    except (Unreadable, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error
        raise NegographError(f"cannot read {path}: {reason}") from error
    wrong = next((binding.original.line for binding in parse_stream(io.StringIO(text)) if binding.error), None)
    if wrong is not None:  # else the embedded engine would be used, and nobody would know why
        raise NegographError(f"{path}:{wrong}: this is not of the form NAME=VALUE, or a quotation mark is not closed")
    return {key: value for key, value in dotenv_values(stream=io.StringIO(text), interpolate=False).items() if value}
