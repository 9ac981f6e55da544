"""What was found out once, kept in a folder for the next run.

Everything is kept under a digest of all that it depends on, negograph's own code and the libraries that read files among it.
So nothing kept is ever out of date, and all of it can be deleted at any time. It is kept where the user alone writes, never in
a project: a project of others could bring along a cache that says what its files do not.
"""

import contextlib
import hashlib
import os
import platform
import stat
import time
import unicodedata
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import platformdirs
import yaml

_KEPT_SECONDS = 7 * 24 * 3600
"""How long something is kept that is not used, such as what was read of a file in another state."""

_DIGEST_BYTES = 32
_PACKAGE = Path(__file__).parents[1]
_T = TypeVar("_T")
_encode = msgspec.msgpack.Encoder().encode


def cache_folder() -> Path | None:
    """The user's own folder for what is kept, made if it is missing; None where others could write into it, or none is known."""
    try:
        folder = platformdirs.user_cache_path("negograph", appauthor=False)
        if not folder.is_absolute():  # XDG_CACHE_HOME may be relative, and would lead into a project
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _owned_alone(folder.stat()) else None
    except (OSError, RuntimeError):  # the latter where nothing says which the user's home is, as in a bare container
        return None


def _owned_alone(status: os.stat_result) -> bool:
    """Whether nobody but the user can write there; Windows keeps a user's folders for the user."""
    return os.name == "nt" or (status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


class Cache:
    """Values by keys, in files of a folder, for as long as `depends_on` stays the same. A folder of None keeps nothing.

    Never raises because of what is in the folder or because it cannot be written.
    """

    def __init__(self, folder: Path | None, depends_on: str) -> None:
        self.folder = folder
        self._stamp = hashlib.sha256(_own_code() + depends_on.encode()).digest()

    def get(self, key: bytes, of: type[_T]) -> _T | None:
        """What was kept under a key; None where there is nothing, or it was damaged."""
        if self.folder is None:
            return None
        try:
            path = self.folder / self._name(key)
            written = path.read_bytes()
            os.utime(path)  # `forget` keeps what is used
            digest, content = written[:_DIGEST_BYTES], written[_DIGEST_BYTES:]
            return msgspec.msgpack.decode(content, type=of) if hashlib.sha256(content).digest() == digest else None
        except (OSError, msgspec.DecodeError):
            return None

    def put(self, key: bytes, value: object) -> None:
        """Keep a value beside its digest, all of it or nothing; where it cannot be written, it is found out again next time."""
        if self.folder is None:
            return
        path = self.folder / self._name(key)
        written = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            content = _encode(value)
            self.folder.mkdir(parents=True, exist_ok=True)
            written.write_bytes(hashlib.sha256(content).digest() + content)
            written.replace(path)
        except (OSError, UnicodeEncodeError):  # a file's name may hold bytes that are no characters
            with contextlib.suppress(OSError):
                written.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove what has not been used for a while."""
        old = time.time() - _KEPT_SECONDS
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir() if self.folder else ():
                if path.stat().st_mtime < old:
                    path.unlink()

    def _name(self, key: bytes) -> str:
        return hashlib.sha256(self._stamp + key).hexdigest()


@cache
def _own_code() -> bytes:
    """A digest of negograph's code, of Python and of the libraries that read files."""
    digest = hashlib.sha256()
    for module in sorted(_PACKAGE.rglob("*.py")):
        digest.update(module.read_bytes())
    for part in (platform.python_version(), unicodedata.unidata_version, yaml.__version__, msgspec.__version__):
        digest.update(part.encode())
    return digest.digest()
