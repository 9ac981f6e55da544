"""Starting and stopping the embedded engine, which runs as a process of its own for as long as a command needs it.

A process of its own keeps the engine's output out of the terminal and lets a killed command take its engine with it: the
engine stops when the pipe to its standard input closes. One that others may share writes down where it is, and stops when
that file goes, too; one that stays, only then.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from negograph.problems import NegographError

Build = Literal["native", "jvm"]
BUILDS: dict[Build, str] = {"native": "arcadedb", "jvm": "arcadedb_embedded"}
"""The builds of the engine, and the Python package each comes in; the first that is installed is used."""

Use = Literal["alone", "shared", "stays"]
"""For whom an engine runs: for one command, for that and whoever else comes meanwhile, or for all until it is ended."""

READER = "reader"
LOCK, RUNNING, VERSION, DATA, PASSWORDS = "lock", "running.json", "engine.json", "engine", "passwords.json"
"""Names in the engine's folder: what its process holds, where one is that is shared, which version wrote the data, the data, the
passwords of its users."""

_STOP_SECONDS = 20

_AFRESH = "`negograph load --rebuild` builds the graph anew from the seeds and keeps the old data beside it"


class EngineError(NegographError):
    """The embedded engine is not installed or does not start."""


@dataclass(frozen=True)
class Engine:
    """A running engine: its Bolt address, the password of root, and a user that can only read."""

    uri: str
    password: str
    reader: str
    reader_password: str


@dataclass(frozen=True)
class Running:
    """An engine that stays: its process, its Bolt port and since when it runs (ISO 8601)."""

    process: int
    port: int
    since: str


@contextlib.contextmanager
def start_engine(
    folder: Path, say: Callable[[str], None], build: Build | None = None, *, shared: bool = False
) -> Iterator[Engine]:
    """Run the engine on the data in `folder` (made if missing) until the context ends; one that others share is used as it is.

    One engine at a time owns the folder. Where it is not a shared one, the next waits for it, and `say` is told so.

    Raises:
        EngineError: if no build of the engine is installed, or it does not start.
    """
    while (running := running_engine(folder)) is None:
        passwords = _passwords(folder)
        process = _launch(folder, build or _installed_build(), passwords, "shared" if shared else "alone")
        try:
            if (port := _wait_until_ready(process, folder, say)) is not None:
                yield _engine(port, passwords)
                return
        finally:
            _stop(process)
    yield _engine(running.port, _passwords(folder))


def stay_up(folder: Path, say: Callable[[str], None], build: Build | None = None) -> Running:
    """Start an engine that stays, unless one does; where it is.

    Raises:
        EngineError: if no build of the engine is installed, or it does not start.
    """
    if (running := running_engine(folder)) is not None:
        return running
    process = _launch(folder, build or _installed_build(), _passwords(folder), "stays")
    try:
        _wait_until_ready(process, folder, say)
    except BaseException:
        process.terminate()  # it may be ready, and one that stays does not heed the end of its input then
        _stop(process)
        raise
    started = running_engine(folder)
    if started is None:
        raise EngineError(f"the embedded engine stopped again; its log: {folder / 'engine.log'}")
    return started


def take_down(folder: Path) -> bool:
    """Stop an engine that stays, and wait until it is gone; whether there was one.

    Raises:
        EngineError: if it does not stop.
    """
    if running_engine(folder) is None:
        return False
    (folder / RUNNING).unlink(missing_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=_STOP_SECONDS):
            return True
    except Timeout as error:
        raise EngineError(f"the embedded engine does not stop; its log: {folder / 'engine.log'}") from error


def give_up_engine(folder: Path) -> None:
    """Let an engine that does not end a query stop, whoever shares it: the next command starts another.

    One that runs for a single command stops with that.
    """
    (folder / RUNNING).unlink(missing_ok=True)


def running_engine(folder: Path) -> Running | None:
    """The engine that stays on the data in `folder`; None where none does, also if it was killed.

    Raises:
        EngineError: if one runs, and it cannot be told where.
    """
    if not (folder / RUNNING).exists():
        return None
    try:
        with FileLock(folder / LOCK, blocking=False):
            (folder / RUNNING).unlink(missing_ok=True)  # whoever holds no lock is not running any more
            return None
    except Timeout:
        return _written_down(folder)


def _written_down(folder: Path) -> Running | None:
    """Where the engine that holds the lock wrote that it is; None if it ended just now."""
    try:
        content = json.loads((folder / RUNNING).read_text(encoding="utf-8"))
        return Running(int(content["process"]), int(content["port"]), str(content["since"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(
            f"{folder / RUNNING} is damaged, so that the engine which runs there cannot be found; end its process and try again"
        ) from error


@contextlib.contextmanager
def rebuilding(folder: Path) -> Iterator[Path | None]:
    """Put the engine's data aside, so that the next start begins with none; where it is now, None if there was none.

    It is put back where the context fails.

    Raises:
        EngineError: if an engine uses it.
    """
    held = [name for name in (DATA, VERSION, PASSWORDS) if (folder / name).exists()]
    if not held:
        yield None
        return
    aside = folder / f"{DATA}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    try:
        with FileLock(folder / LOCK, blocking=False):
            aside.mkdir()
            _move(held, folder, aside)
    except Timeout as error:
        raise EngineError(f"the embedded engine in {folder} is in use; end it with `negograph down` first") from error
    try:
        yield aside
    except BaseException:
        with FileLock(folder / LOCK, timeout=_STOP_SECONDS):
            shutil.rmtree(folder / DATA, ignore_errors=True)
            _move(held, aside, folder)
            aside.rmdir()
        raise


def _move(names: Iterable[str], source: Path, goal: Path) -> None:
    for name in names:
        (source / name).replace(goal / name)


def engine_version(build: Build) -> str:
    """What identifies a build of the engine and its version, such as `arcadedb 26.11.1`."""
    distribution = BUILDS[build].replace("_", "-")
    return f"{distribution} {importlib.metadata.version(distribution)}"


def _engine(port: int, passwords: Mapping[str, str]) -> Engine:
    return Engine(f"bolt://127.0.0.1:{port}", passwords["root"], READER, passwords[READER])


def _launch(folder: Path, build: Build, passwords: Mapping[str, str], use: Use) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "negograph.engine_process", str(folder), build, use]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
    )
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it ended at once; what it said is read next
        process.stdin.write(json.dumps(passwords) + "\n")
        process.stdin.flush()
    return process


def _installed_build() -> Build:
    for build, package in BUILDS.items():
        if importlib.util.find_spec(package) is not None:
            return build
    message = "the embedded engine is not installed (there is none for this platform?); name a Neo4j server in .env instead"
    raise EngineError(f"{message}, or install the package arcadedb or arcadedb-embedded")


def _passwords(folder: Path) -> dict[str, str]:
    """The engine's passwords, made at the first start and readable by the owner alone."""
    path = folder / PASSWORDS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        if not path.exists():
            content = json.dumps({"root": secrets.token_urlsafe(24), READER: secrets.token_urlsafe(24)})
            draft = folder / f"passwords.{secrets.token_hex(8)}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            _publish(draft, path)
        passwords = json.loads(path.read_text(encoding="utf-8"))
        return {user: str(passwords[user]) for user in ("root", READER)}
    except OSError as error:
        raise EngineError(f"cannot use {folder} for the embedded engine: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{path} is damaged; {_AFRESH}") from error


def _publish(draft: Path, path: Path) -> None:
    """Give a finished file its name unless another process was faster, so that nobody reads half of it."""
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _wait_until_ready(process: subprocess.Popen[str], folder: Path, say: Callable[[str], None]) -> int | None:
    """The port of the engine once it is ready; None where there is one to share meanwhile."""
    assert process.stdout is not None
    for line in process.stdout:
        message = json.loads(line)
        if message["state"] == "ready":
            return int(message["port"])
        if message["state"] == "shared":
            return None
        if message["state"] == "other version":
            raise EngineError(
                f"the data in {folder} was written by {message['wrote']}, and this is {message['reads']}; {_AFRESH}"
            )
        if message["state"] == "failed":
            logs = f"its logs are {folder / 'engine.log'} and {folder / DATA / 'log'}"
            raise EngineError(f"the embedded engine does not start: {message['reason']} ({logs}); {_AFRESH}")
        say(f"waiting for another negograph process that uses {folder}")
    raise EngineError(f"the embedded engine stopped while starting; its log: {folder / 'engine.log'}")


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
