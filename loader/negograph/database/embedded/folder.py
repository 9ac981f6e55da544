"""The folder of the embedded engine: who holds it, how it is rebuilt, and whether its data was made here."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import platformdirs
from filelock import FileLock, Timeout

from negograph.database.target import DATABASE
from negograph.errors import EngineError, NegographError, NotMadeHere
from negograph.files import own_folder, refuse_strange_entries, user_name, write_own

DATA = "engine"
VERSION = "version.json"
"""A name in the data: which version of the engine wrote it."""

STOP_SECONDS = 20
"""How long an engine may take to stop."""

HOST = "127.0.0.1"
"""Where engines listen."""

_LISTENS = "0A"
"""What Linux calls a socket that listens."""

_LOCK, _RUNNING, _REBUILDING, _REBUILT = "lock", "running.json", "rebuilding", "rebuilt"


@dataclass(frozen=True)
class Holder:
    """A process that holds the folder, since when (ISO 8601), and whether others may use its engine.

    Where its engine listens, once it does, it has the Bolt port and the passwords of its users.
    """

    process: int
    since: str
    shared: bool = False
    port: int = 0
    root: str = field(default="", repr=False)
    reader: str = field(default="", repr=False)

    @property
    def uri(self) -> str:
        """The address of its engine."""
        return f"bolt://{HOST}:{self.port}"


def this_process() -> Holder:
    """The process that asks, as one that holds a folder from now on."""
    return Holder(os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"))


def lock_of(folder: Path) -> FileLock:
    """The lock that whoever works on the data in a folder holds."""
    return FileLock(folder / _LOCK, mode=0o600)


def write_down(folder: Path, holder: Holder) -> None:
    """Say who holds the folder."""
    write_own(folder / _RUNNING, msgspec.json.encode(holder).decode())


def take_back(folder: Path) -> None:
    """Say that nobody holds the folder: an engine that finds this stops."""
    (folder / _RUNNING).unlink(missing_ok=True)


def is_written_down(folder: Path) -> bool:
    """Whether somebody said to hold the folder."""
    return (folder / _RUNNING).exists()


def holder_of(folder: Path) -> Holder | None:
    """The process of negograph that holds a folder; None if none does, whoever else holds the lock.

    Raises:
        EngineError: if it cannot be told which.
        NegographError: if the folder is not the user's own.
    """
    if not os.path.lexists(folder):
        return None
    own_folder(folder)
    if not is_written_down(folder) or not _is_locked(folder):
        return None
    holder = _written_down(folder)
    return holder if holder is not None and _holds(holder.process, folder) and _has_port(holder) else None


def _is_locked(folder: Path) -> bool:
    try:
        with lock_of(folder).acquire(blocking=False):
            return False
    except Timeout:
        return True


def _written_down(folder: Path) -> Holder | None:
    """Who holds the folder; None if it ended just now."""
    try:
        return msgspec.json.decode((folder / _RUNNING).read_bytes(), type=Holder)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise EngineError(
            f"{folder / _RUNNING} is damaged, so that the engine which runs there cannot be found; end its process and try again"
        ) from error


def _holds(process: int, folder: Path) -> bool:
    """Whether a process holds the lock, or at least is this user's where the system does not tell who holds it."""
    if holders := _holders(folder):
        return process in holders
    if os.name != "posix":
        return True  # nobody else can write it down there
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _holders(folder: Path) -> set[int]:
    """The processes that hold the lock, where the system tells: Linux does, unless they are out of sight."""
    try:
        file = f":{(folder / _LOCK).stat().st_ino}"
        locks = [line.split() for line in Path("/proc/locks").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return set()
    held = {int(words[4]) for words in locks if len(words) == 8 and words[1] == "FLOCK" and words[5].endswith(file)}
    return held - {0}


def _has_port(holder: Holder) -> bool:
    """Whether it is this user who listens at an engine's port, where the system tells: Linux does.

    An engine that is being killed can lose its port a moment before its lock.
    """
    tables = [table for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if table.exists()]
    if not tables or not holder.port:
        return True
    address = f"{int.from_bytes(socket.inet_aton(HOST), sys.byteorder):08X}:{holder.port:04X}"
    rows = (line.split() for table in tables for line in table.read_text(encoding="utf-8").splitlines())
    user = str(os.geteuid())
    return any(row[3] == _LISTENS and row[1].endswith(address) and row[7] == user for row in rows)


def held_by_stranger(folder: Path) -> EngineError:
    """The error that the lock is held, but by no process of negograph that this user has."""
    who = "another program"
    with contextlib.suppress(OSError, ValueError):
        process = min(_holders(folder))
        who = f"the process {process} of {user_name(Path(f'/proc/{process}').stat().st_uid)}"
    return EngineError(
        f"{folder / _LOCK} is held by {who}, which is no process of negograph that you run; end it, or delete that file and try "
        "again"
    )


@contextlib.contextmanager
def rebuilding(folder: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A folder to build the data anew in; at the end it takes the place of the old data, which is then kept beside it.

    Raises:
        EngineError: if somebody uses the data.
    """
    own_folder(folder)
    with _held(folder):
        finish_rebuild(folder, say)
        try:
            yield folder / _REBUILDING
        except BaseException:
            _discard(folder / _REBUILDING)
            raise
        (folder / _REBUILDING / DATA).replace(folder / _REBUILT)  # from here on the new data counts
        aside = _exchange(folder)
        _discard(folder / _REBUILDING)
    if aside is not None:
        say(_kept(aside))


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder that nobody holds."""
    try:
        held = lock_of(folder).acquire(blocking=False)
    except Timeout as error:
        if holder_of(folder) is None:
            raise held_by_stranger(folder) from error
        raise EngineError(f"the embedded engine in {folder} is in use; end it with `negograph down` first") from error
    with held:
        try:
            write_down(folder, this_process())
            yield
        finally:
            take_back(folder)


def _kept(aside: Path) -> str:
    return f"the old data is in {aside}, with all that was drawn by hand; delete it when nothing in it is missed"


def finish_rebuild(folder: Path, say: Callable[[str], None]) -> None:
    """After an interrupted rebuild, put the new data in place if it was whole, and else delete it. Who calls holds the folder."""
    if (folder / _REBUILT).exists():
        aside = _exchange(folder) or max(folder.glob(f"{DATA}-*"), default=None)
        kept = f"; {_kept(aside)}" if aside else ""
        say(f"`negograph load --rebuild` was interrupted when the new graph was whole; it is in place now{kept}")
    elif (folder / _REBUILDING / DATA).exists():
        say("`negograph load --rebuild` was interrupted; the graph is the old one, and what there was of the new one is deleted")
    _discard(folder / _REBUILDING)


def _exchange(folder: Path) -> Path | None:
    """Put the new data in the place of the old; where the old is now, None if there was none. It can be begun again."""
    aside = None
    if (folder / DATA).exists():
        aside = (folder / DATA).replace(folder / f"{DATA}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    (folder / _REBUILT).replace(folder / DATA)
    return aside


def _discard(folder: Path) -> None:
    """Delete the folder of a rebuild once its engine has ended, which may outlive who started it for a moment."""
    if not folder.exists():
        return
    try:
        with lock_of(folder).acquire(timeout=STOP_SECONDS):
            shutil.rmtree(folder, ignore_errors=True)
    except Timeout as error:
        raise held_by_stranger(folder) from error


_ORIGIN = "origin"
_DATABASES = "databases"
_OF_DATA = {_ORIGIN, _DATABASES, "backups", "config", "log", "version.json"}
_OF_DATABASES = {DATABASE, ".instance.id"}
_SCHEMA = {"schemaVersion", "dbmsVersion", "dbmsBuild", "settings", "types"}
"""What the engine writes down of a schema that negograph makes; whatever else there is, it leaves empty."""


def refuse_data_of_others(data: Path) -> None:
    """Refuse data of the engine that was not made here, or to which something was added.

    Raises:
        NotMadeHere: saying what is wrong.
        NegographError: if something in it is a link, no file, or another user's.
    """
    _refuse_strange(data)
    if not (data / _DATABASES).exists():
        return
    if not _made_here(data):
        raise NotMadeHere(f"the data in {data} was not made by your negograph on this machine")
    for folder, known in ((data, _OF_DATA), (data / _DATABASES, _OF_DATABASES)):
        if others := sorted({path.name for path in folder.iterdir()} - known):
            raise NotMadeHere(f"{folder / others[0]} does not belong there, for negograph never makes it")
    if added := _added_to_schema(data / _DATABASES / DATABASE / "schema.json"):
        raise NotMadeHere(f"the data in {data} holds {', '.join(added)}, which negograph never makes")


def mark_as_made_here(data: Path) -> None:
    """Say of data that is to be made that it is made here.

    Raises:
        NegographError: if the user has no folder to keep that in.
    """
    if (data / _DATABASES).exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    folder = _names()
    own_folder(folder)
    write_own(folder / name, "")
    write_own(data / _ORIGIN, name)


def _refuse_strange(folder: Path) -> None:
    try:
        refuse_strange_entries(folder)
        for path in folder.iterdir():
            if path.is_dir():
                _refuse_strange(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise NotMadeHere(f"cannot look into {error.filename}: {error.strerror}") from error


def _made_here(data: Path) -> bool:
    try:
        name = (data / _ORIGIN).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
    return name.isalnum() and (_names() / name).is_file()


def _names() -> Path:
    """The folder of the user's own with the names of all data that was made here."""
    try:
        folder = platformdirs.user_state_path("negograph", appauthor=False) / "engines"
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # XDG_STATE_HOME may be relative, and would lead into a project
        raise NegographError("the embedded engine needs a folder of your own; set HOME, or XDG_STATE_HOME to a whole path")
    return folder


def _added_to_schema(path: Path) -> list[str]:
    """What a schema holds besides what negograph makes; nothing where it cannot be read, which the engine then tells."""
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(schema, dict):
        return []
    return sorted(key for key, value in schema.items() if value and key not in _SCHEMA and not _moved_files(key, value))


def _moved_files(key: str, value: object) -> bool:
    """Whether that is the engine's own list of files that others took the place of, by their numbers, as in a large index."""
    return key == "migratedFileIds" and isinstance(value, dict) and all(type(number) is int for number in value.values())
