"""The process of the embedded engine: `python -m negograph.engine_process FOLDER BUILD alone|shared|stays`.

Takes the passwords as a line of JSON on standard input, says on standard output, a line of JSON each, that it is waiting,
ready (with the Bolt port) or failed, that another version wrote the data, or that there is an engine to share now. Stops when
standard input ends; one that others share also when the file goes in which it writes down where it is, and one that stays only
then, once it is ready.
"""

from __future__ import annotations

import base64
import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from filelock import FileLock, Timeout

from negograph.local_engine import BUILDS, DATA, LOCK, READER, RUNNING, VERSION, Build, Use, engine_version
from negograph.target import DATABASE

_ATTEMPTS = 5
_LOOK_SECONDS = 0.2
_STOP_SECONDS = 5.0
_HOST = "127.0.0.1"
_RECORDS = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_ADMIN = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]


def main(folder: Path, build: Build, use: Use) -> None:
    """Run the engine in `folder` until it is to stop."""
    passwords = json.loads(sys.stdin.readline())
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")

    def tell(**message: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(message), file=out, flush=True)

    running = _Running()
    threading.Thread(target=_stop_at_end_of_input, args=(running, use), daemon=True).start()
    lock = FileLock(folder / LOCK)
    try:
        if not _take(lock, folder, tell):
            tell(state="shared")
            os._exit(0)
        (folder / RUNNING).unlink(missing_ok=True)  # left by one that was killed
        if (wrote := _other_version(folder, build)) is not None:
            tell(state="other version", wrote=wrote, reads=engine_version(build))
            os._exit(1)
        _redirect_output(folder / "engine.log")
        running.server, http_port, bolt_port = _start(folder / DATA, build, passwords["root"])
        _create_reader(http_port, passwords)
    except Exception as error:
        tell(state="failed", reason=str(error).partition("\n")[0])
        os._exit(1)
    (folder / VERSION).write_text(json.dumps({"version": engine_version(build)}), encoding="utf-8")
    running.ready = True
    if use != "alone":
        _write_down(folder, bolt_port)
    tell(state="ready", port=bolt_port)
    with contextlib.suppress(BrokenPipeError):
        out.close()
    _wait_until_told(folder, running, written_down=use != "alone")


def _take(lock: FileLock, folder: Path, tell: Callable[..., None]) -> bool:
    """Hold the folder; while another process does, say so and wait. False where that one's engine can be shared."""
    try:
        lock.acquire(blocking=False)
        return True
    except Timeout:
        tell(state="waiting")
    while not (folder / RUNNING).exists():
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=_LOOK_SECONDS)
            return True
    return False


def _other_version(folder: Path, build: Build) -> str | None:
    """The version of the engine that wrote the data, if it is not this one."""
    if not (folder / DATA).exists():
        return None
    try:
        wrote = str(json.loads((folder / VERSION).read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # nothing says so; the engine itself will tell whether it can read the data
    return None if wrote == engine_version(build) else wrote


def _write_down(folder: Path, port: int) -> None:
    """Where this engine is, all at once."""
    content = {"process": os.getpid(), "port": port, "since": datetime.now(UTC).isoformat(timespec="seconds")}
    draft = folder / f"{RUNNING}.{os.getpid()}"
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(folder / RUNNING)


def _wait_until_told(folder: Path, running: _Running, *, written_down: bool) -> None:
    """Stop when the end of input or the system asks for it, or when the file goes in which this engine is written down."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: running.asked.set())
    if written_down:
        while (folder / RUNNING).exists() and not running.asked.wait(_LOOK_SECONDS):
            pass
        (folder / RUNNING).unlink(missing_ok=True)
    else:
        running.asked.wait()
    stopping = threading.Thread(target=running.server.stop, daemon=True)
    stopping.start()
    stopping.join(_STOP_SECONDS)  # a query that does not end keeps it waiting; what was committed is in the engine's journal
    os._exit(0)


class _Running:
    """The server, once it is there, whether it is ready, and whether it was asked to stop."""

    def __init__(self) -> None:
        self.server: Any = None
        self.ready = False
        self.asked = threading.Event()


def _stop_at_end_of_input(running: _Running, use: Use) -> None:
    sys.stdin.read()
    if not running.ready:
        os._exit(0)
    if use != "stays":
        running.asked.set()


def _redirect_output(log: Path) -> None:
    """Everything that the engine prints, from native code too, goes to its log."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def _start(folder: Path, build: Build, password: str) -> tuple[Any, int, int]:
    """The started server with its HTTP and its Bolt port, both free ones on loopback."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "server-groups.json").write_text(json.dumps(_groups()), encoding="utf-8")
    os.chdir(folder)
    os.environ["ARCADEDB_LOG_DIR"] = str(folder / "log")
    os.environ["ARCADEDB_LOG_CONSOLE"] = "0"
    arcadedb = importlib.import_module(BUILDS[build])
    for attempt in range(1, _ATTEMPTS + 1):
        http_port, bolt_port = _free_ports()
        config = {
            "host": _HOST,
            "http_port": http_port,
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": bolt_port,
        }
        server = arcadedb.create_server(str(folder), root_password=password, config=config)
        try:
            server.start()
            server.create_database(DATABASE)
            return server, http_port, bolt_port
        except Exception:  # another process may have taken a port meanwhile: try others
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


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
        first.bind((_HOST, 0))
        second.bind((_HOST, 0))
        return first.getsockname()[1], second.getsockname()[1]


def _create_reader(http_port: int, passwords: dict[str, str]) -> None:
    user = {"name": READER, "password": passwords[READER], "databases": {DATABASE: [READER]}}
    credentials = base64.b64encode(f"root:{passwords['root']}".encode()).decode()
    request = urllib.request.Request(
        f"http://{_HOST}:{http_port}/api/v1/server",
        data=json.dumps({"command": f"create user {json.dumps(user)}"}).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {credentials}"},
    )
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        without_proxy.open(request, timeout=30).close()
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 409:  # 409: made at an earlier start
            raise


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), cast("Build", sys.argv[2]), cast("Use", sys.argv[3]))
