"""The process of the embedded engine: `python -m negograph.database.embedded.process FOLDER BUILD alone|shared|stays`.

Says on standard output, a line of JSON each, what the user should know, then that it is ready, that it cannot start, or that
there is an engine to share now; where it listens, it writes down in the folder. Stops when that goes, and when standard input
ends; one that stays heeds standard input only until it is ready.
"""

import base64
import contextlib
import hashlib
import importlib
import json
import os
import secrets
import shutil
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout

from negograph.database.embedded.engine import AFRESH, BUILDS, READER, Use, engine_version, full_disk
from negograph.database.embedded.folder import (
    DATA,
    HOST,
    VERSION,
    finish_rebuild,
    held_by_stranger,
    holder_of,
    is_written_down,
    lock_of,
    mark_as_made_here,
    refuse_data_of_others,
    take_back,
    this_process,
    write_down,
)
from negograph.database.target import DATABASE, Build
from negograph.errors import EngineError, NegographError, NotMadeHere
from negograph.files import write_own

_ATTEMPTS = 5
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 5.0
"""How long the engine may take to stop by itself."""

_STRANGER_SECONDS = 5
"""How long somebody may hold the lock who is no process of negograph: to be sure, for one has it before it writes itself down."""

_RECORDS = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_ADMIN = ["updateSchema", "updateDatabaseSettings"]
"""What root may do: not `updateSecurity`, with which the engine reads files for whoever asks (LOAD CSV, IMPORT DATABASE)."""

_SETTINGS = {"bucketReuseSpaceMode": "low"}
"""Settings of the database. What is deleted leaves a gap that a rebuild closes: the engine loses the end of a record that it
continues in the first place of a file once that is free."""

_HASH, _ROUNDS, _HASH_BYTES = "PBKDF2WithHmacSHA256", 65536, 32
"""How the engine keeps passwords."""


def main(folder: Path, build: Build, use: Use) -> None:
    """Run the engine in `folder` until it is to stop."""
    os.umask(0o077)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")

    def tell(state: str, words: str = "") -> None:
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps({"state": state, "words": words}), file=out, flush=True)

    say = partial(tell, "says")
    ready, asked = threading.Event(), threading.Event()
    threading.Thread(target=_stop_at_end_of_input, args=(ready, asked, use), daemon=True).start()
    lock = lock_of(folder)
    try:
        if not _take(lock, folder, say):
            tell("shared")
            os._exit(0)
        holder = this_process()
        write_down(folder, holder)
        finish_rebuild(folder, say)
        _refuse_unusable(folder, build)
        mark_as_made_here(folder / DATA)
        _redirect_output(folder / "engine.log")
        passwords = {"root": secrets.token_urlsafe(24), READER: secrets.token_urlsafe(24)}
        server, port = _start(folder / DATA, build, passwords)
        write_own(folder / DATA / VERSION, json.dumps({"version": engine_version(build)}))
        ready.set()
        write_down(folder, replace(holder, shared=use != "alone", port=port, root=passwords["root"], reader=passwords[READER]))
    except NegographError as error:
        tell("failed", str(error))
        os._exit(1)
    except Exception as error:
        tell("failed", f"the embedded engine does not start: {full_disk(folder) or _failure(folder, error)}")
        os._exit(1)
    tell("ready")
    with contextlib.suppress(BrokenPipeError):
        out.close()
    _wait_until_told(folder, asked, server)


def _failure(folder: Path, error: Exception) -> str:
    reason = str(error).partition("\n")[0]
    return f"{reason} (its logs are {folder / 'engine.log'} and {folder / DATA / 'log'}); {AFRESH}"


def _take(lock: FileLock, folder: Path, say: Callable[[str], None]) -> bool:
    """Hold the folder; while another process of negograph does, say so and wait. False where that one's engine can be shared."""
    try:
        lock.acquire(blocking=False)
        return True
    except Timeout:
        say(f"waiting for another negograph process that uses {folder}")
    end = time.monotonic() + _STRANGER_SECONDS
    while time.monotonic() < end:
        if (holder := holder_of(folder)) is not None:
            end = time.monotonic() + _STRANGER_SECONDS
            if holder.shared:
                return False
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=_LOOK_SECONDS)
            return True
    raise held_by_stranger(folder)


def _refuse_unusable(folder: Path, build: Build) -> None:
    """Refuse data that is not the user's own, or that another version of the engine wrote."""
    try:
        refuse_data_of_others(folder / DATA)
    except NotMadeHere as error:
        raise EngineError(f"{error}; {AFRESH}") from error
    try:
        wrote = str(json.loads((folder / DATA / VERSION).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return  # nothing says so; the engine itself will tell whether it can read the data
    if wrote != engine_version(build):
        raise EngineError(f"the data in {folder} was written by {wrote}, and this is {engine_version(build)}; {AFRESH}")


def _wait_until_told(folder: Path, asked: threading.Event, server: Any) -> None:
    """Stop when the end of input or the system asks for it, or when what was written down goes."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    while is_written_down(folder) and not asked.wait(_LOOK_SECONDS):
        pass
    take_back(folder)  # before the port is given up: until then, nobody else can listen there
    stopping = threading.Thread(target=server.stop, daemon=True)
    stopping.start()
    stopping.join(_STOP_SECONDS)  # a query that does not end keeps it waiting; what was committed is in the engine's journal
    os._exit(0)


def _stop_at_end_of_input(ready: threading.Event, asked: threading.Event, use: Use) -> None:
    sys.stdin.read()
    if not ready.is_set():
        os._exit(0)
    if use != "stays":
        asked.set()


def _redirect_output(log: Path) -> None:
    """Everything that the engine prints, from native code too, goes to its log."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def _start(folder: Path, build: Build, passwords: Mapping[str, str]) -> tuple[Any, int]:
    """The started server with its Bolt port, a free one on loopback."""
    _configure(folder / "config", passwords)
    _set_in_advance(folder / "databases" / DATABASE)
    os.chdir(folder)
    os.environ["ARCADEDB_LOG_DIR"] = str(folder / "log")
    os.environ["ARCADEDB_LOG_CONSOLE"] = "0"
    arcadedb = importlib.import_module(BUILDS[build])
    for attempts_left in reversed(range(_ATTEMPTS)):
        http_port, bolt_port = _free_ports()
        config = {
            "host": HOST,
            "http_port": http_port,
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": bolt_port,
        }
        server = arcadedb.create_server(str(folder), config=config)
        try:
            server.start()
            database = server.create_database(DATABASE)
            for name, value in _SETTINGS.items():
                database.command("sql", f"ALTER DATABASE `arcadedb.{name}` '{value}'")
            _close(http_port)
            return server, bolt_port
        except Exception:  # another process may have taken a port meanwhile: try others
            if not attempts_left:
                raise
    raise AssertionError("unreachable")


def _set_in_advance(database: Path) -> None:
    """Write the settings into a database that an earlier version made: it heeds them only from when it is opened."""
    if database.is_dir():
        (database / "configuration.json").write_text(json.dumps({"configuration": _SETTINGS}), encoding="utf-8")


def _configure(folder: Path, passwords: Mapping[str, str]) -> None:
    """Write anew who may use the engine, and for what; whatever else the folder holds goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    users = {"root": {"*": ["admin"]}, READER: {DATABASE: [READER]}}
    described = [
        {"name": name, "databases": databases, "password": _hashed(passwords[name])} for name, databases in users.items()
    ]
    (folder / "server-users.jsonl").write_text("".join(f"{json.dumps(user)}\n" for user in described), encoding="utf-8")
    (folder / "server-groups.json").write_text(json.dumps(_groups()), encoding="utf-8")


def _hashed(password: str) -> str:
    """A password as the engine keeps it: how, a salt, and the hash."""
    salt = base64.b64encode(secrets.token_bytes(_HASH_BYTES)).decode()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ROUNDS, _HASH_BYTES)
    return f"{_HASH}${_ROUNDS}${salt}${base64.b64encode(digest).decode()}"


def _groups() -> dict[str, Any]:
    """The engine's own group of administrators, and one whose members can read and nothing else."""
    groups = {"admin": (_ADMIN, _RECORDS), READER: ([], ["readRecord"])}
    described = {
        name: {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": records}}}
        for name, (access, records) in groups.items()
    }
    return {"databases": {"*": {"groups": described}}, "version": 1}


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind((HOST, 0))
        second.bind((HOST, 0))
        return first.getsockname()[1], second.getsockname()[1]


def _close(port: int) -> None:
    """Stop listening at a port of this process: the engine serves HTTP there, which nobody asks for, and cannot be told not to.

    The engine's descriptor gets a socket that does not listen, which it closes when it stops. Windows knows no such exchange:
    there the port stays open for whoever knows a password.
    """
    for descriptor in [int(path.name) for path in Path("/dev/fd").iterdir()] if os.name == "posix" else ():
        with contextlib.suppress(OSError):  # such as the one that listed them
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as found, socket.socket(found.family) as silent:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and found.getsockname()[1] == port:
                    os.dup2(silent.fileno(), descriptor, inheritable=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), cast("Build", sys.argv[2]), cast("Use", sys.argv[3]))
