"""The files of Neo4j Browser: found, known by their digest, and read. They are not part of negograph (GPL-3)."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from negograph.errors import NegographError
from negograph.files import Unreadable, content_of

if TYPE_CHECKING:
    from zipfile import ZipFile

VERSION = "5.24.0"
ARTIFACT = f"org.neo4j.client:neo4j-browser:{VERSION}"
SHA256 = "064b3291c4236002c9ea04c89592ebebc80fe1f790eda36642599c9a1ee80bb8"
HOW_TO_GET = f"mvn dependency:get -Dartifact={ARTIFACT}"

PORT = 7476
"""Where Browser is served: always here if nobody else is, for what a user keeps in it belongs to the address."""

_MAX_BYTES = 32 * 2**20
_PREVIEW = "browser/preview/"
"""Another program in the same archive, which is not served."""


def find_browser(named: Path | None) -> ZipFile | None:
    """The files of Neo4j Browser: in the archive that the user names, or the one in Maven's local repository; None without one.

    Raises:
        NegographError: if the archive cannot be read, or is another one than the known one.
    """
    path = named or _in_local_repository()
    if path is None:
        return None
    try:
        content = content_of(path, None, _MAX_BYTES)
    except Unreadable as error:
        raise NegographError(f"cannot read {path}: {error}; Neo4j Browser is had with `{HOW_TO_GET}`") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise NegographError(
            f"{path} is not the archive of Neo4j Browser {VERSION}, by its SHA-256; no other is served. Get it anew with "
            f"`{HOW_TO_GET}`, or name another file with --jar"
        )
    from zipfile import ZipFile

    return ZipFile(io.BytesIO(content))


def file_of(browser: ZipFile, path: str) -> bytes | None:
    """A file of Neo4j Browser, such as `browser/index.html`; None if there is none that is served."""
    if not path.startswith("browser/") or path.startswith(_PREVIEW) or path.endswith("/"):
        return None
    try:
        return browser.read(path)
    except KeyError:
        return None


def _in_local_repository() -> Path | None:
    try:
        repository = Path.home() / ".m2" / "repository"
    except RuntimeError:  # a user without a home
        return None
    group, name, version = ARTIFACT.split(":")
    path = repository.joinpath(*group.split("."), name, version, f"{name}-{version}.jar")
    return path if path.exists() else None
