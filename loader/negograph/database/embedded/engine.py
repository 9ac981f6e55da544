"""Starting and stopping the embedded engine, which runs as a process of its own for as long as a command needs it.

A process of its own keeps the engine's output out of the terminal and lets a killed command take its engine with it: the
engine stops when the pipe to its standard input closes. One that others may share writes down where it is, and stops when
that file goes, too; one that stays, only then.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from filelock import Timeout

from negograph.database.embedded.folder import DATA, STOP_SECONDS, Holder, holder_of, lock_of, take_back
from negograph.database.target import DATABASE, Build
from negograph.errors import EngineError
from negograph.files import own_folder, write_own

BUILDS: dict[Build, str] = {"native": "arcadedb", "jvm": "arcadedb_embedded"}
"""The builds of the engine, and the Python package each comes in; the first that is installed is used."""

Use = Literal["alone", "shared", "stays"]
"""For whom an engine runs: for one command, for that and whoever else comes meanwhile, or for all until it is ended.

A command has one alone: it ends its engine at once when it is done, and would cut off a load of another that shared it.
"""

READER = "reader"

_ROOM = 16 * 2**20
"""With how many bytes left a disk is full to the engine, which makes files of some size before it has anything to write."""

AFRESH = "`negograph load --rebuild` builds the graph anew from the seeds and keeps the old data beside it"


@contextlib.contextmanager
def start_engine(
    folder: Path, say: Callable[[str], None], build: Build | None = None, *, shared: bool = False
) -> Iterator[Holder]:
    """Run the engine on the data in `folder` (made if missing) until the context ends; one that others share is used as it is.

    One engine at a time owns the folder. Where it is not a shared one, the next waits for it, and `say` is told so.

    Raises:
        EngineError: if no build of the engine is installed, or it does not start.
        NegographError: if the folder is not the user's own.
    """
    while (running := running_engine(folder)) is None:
        process = _launch(folder, build or _installed_build(), "shared" if shared else "alone")
        try:
            if _wait_until_ready(process, folder, say):
                engine = holder_of(folder)
                if engine is None or not engine.port:
                    raise EngineError(f"the embedded engine stopped again; its log: {folder / 'engine.log'}")
                yield engine
                return
        finally:
            _stop(process)
    yield running


def stay_up(folder: Path, say: Callable[[str], None], build: Build | None = None) -> Holder:
    """Start an engine that stays, unless one does; where it is.

    Raises:
        EngineError: if no build of the engine is installed, or it does not start.
        NegographError: if the folder is not the user's own.
    """
    while (running := running_engine(folder)) is None:
        process = _launch(folder, build or _installed_build(), "stays")
        try:
            _wait_until_ready(process, folder, say)
        except BaseException:
            process.terminate()  # it may be ready, and one that stays does not heed the end of its input then
            _stop(process)
            raise
    return running


def take_down(folder: Path) -> bool:
    """Stop an engine that stays, and wait until it is gone; whether there was one.

    Raises:
        EngineError: if it does not stop.
        NegographError: if the folder is not the user's own.
    """
    if running_engine(folder) is None:
        return False
    take_back(folder)
    try:
        with lock_of(folder).acquire(timeout=STOP_SECONDS):
            return True
    except Timeout as error:
        raise EngineError(f"the embedded engine does not stop; its log: {folder / 'engine.log'}") from error


def running_engine(folder: Path) -> Holder | None:
    """The engine on the data in `folder` that others may use; None where none runs, also if it was killed.

    Raises:
        EngineError: if one runs, and it cannot be told where.
        NegographError: if the folder is not the user's own.
    """
    holder = holder_of(folder)
    return holder if holder is not None and holder.shared else None


def full_disk(folder: Path) -> str | None:
    """That the disk with a folder is full, and what to do; None where there is room for the engine to work."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return f"the disk of {folder} is full ({free // 1024:,} KiB left); make room and run it again" if free < _ROOM else None


@contextlib.contextmanager
def watch_data(folder: Path) -> Iterator[Callable[[], None]]:
    """Gives what refuses to go on once a running engine's data is not the one that is there.

    What is called raises:
        EngineError: if the data was deleted, moved or replaced.
    """
    data = folder / DATA / "databases" / DATABASE
    if sys.platform == "win32":  # there, nobody can do that while the engine has its files open
        yield lambda: None
        return
    lost = EngineError(
        f"{data} was deleted or replaced while the embedded engine ran on it, and so nothing that was loaded meanwhile is there; "
        "`negograph down` ends an engine that still runs, then run the load again"
    )
    try:
        held = os.open(data, os.O_RDONLY)  # while it is open, no other folder gets its number
    except OSError as error:
        raise lost from error

    def refuse_lost() -> None:
        if not (data.exists() and os.path.samestat(data.stat(), os.fstat(held))):
            raise lost

    try:
        yield refuse_lost
    finally:
        os.close(held)


def engine_version(build: Build) -> str:
    """What identifies a build of the engine and its version, such as `arcadedb 26.11.1`."""
    import importlib.metadata  # takes a while to load, and is of no use to who finds an engine running

    distribution = BUILDS[build].replace("_", "-")
    return f"{distribution} {importlib.metadata.version(distribution)}"


def _launch(folder: Path, build: Build, use: Use) -> subprocess.Popen[str]:
    own_folder(folder)
    if not (folder / ".gitignore").exists():
        try:
            write_own(folder / ".gitignore", "*\n")
        except OSError as error:
            raise EngineError(f"cannot use {folder}: {full_disk(folder) or error.strerror}") from error
    command = [sys.executable, "-P", "-m", "negograph.database.embedded.process", str(folder), build, use]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )


def _installed_build() -> Build:
    for build, package in BUILDS.items():
        if importlib.util.find_spec(package) is not None:
            return build
    message = "the embedded engine is not installed (there is none for this platform?); name a Neo4j server in .env instead"
    raise EngineError(f"{message}, or install the package arcadedb or arcadedb-embedded")


def _wait_until_ready(process: subprocess.Popen[str], folder: Path, say: Callable[[str], None]) -> bool:
    """Whether the engine is ready; False where there is one to share meanwhile."""
    for line in process.stdout or ():
        message = json.loads(line)
        if message["state"] == "failed":
            raise EngineError(message["words"])
        if message["state"] != "says":
            return bool(message["state"] == "ready")
        say(message["words"])
    because = full_disk(folder) or f"its log: {folder / 'engine.log'}"
    raise EngineError(f"the embedded engine stopped while starting; {because}")


def _stop(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
