"""Files: read and found without leaving a project, written whole or not at all, and folders that are the user's own."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from negograph.errors import NegographError
from negograph.problems.problem import Position, Problem

MAX_BYTES = 64 * 2**20


class Unreadable(Exception):
    """A file that is not read: the code of the problem, and in words why and what to do."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def leads_outside(path: Path, root: Path) -> bool:
    """Whether a path, links followed, ends outside of a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def content_of(path: Path, root: Path | None, most: int = MAX_BYTES) -> bytes:
    """The content of a file of so many bytes at most.

    It is in the folder `root`, links followed; None for one that the user named.

    Raises:
        Unreadable: if it is elsewhere, no regular file, too large, or the system does not let it be read.
    """
    if root is not None and leads_outside(path, root):
        raise Unreadable("outward-link", f"a link leads out of {root}, to {os.path.realpath(path)}; put the file itself there")
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for ever
            raise Unreadable("unreadable", "it is no regular file; take it out of the folder")
        if path.stat().st_size > most:
            raise Unreadable("too-large", f"it has more than {most // 2**20} MiB, and negograph reads no more; split it")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("unreadable", str(error.strerror)) from error


def read_bytes(name: str, path: Path, root: Path | None) -> tuple[bytes, list[Problem]]:
    """The content of a file; nothing, and a problem, where it cannot be read or leads out of `root`."""
    try:
        return content_of(path, root), []
    except Unreadable as error:
        return b"", [Problem(Position(name, 1, 1), error.code, f"cannot read the file: {error}")]


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file in a folder and the folders below it, links followed, hidden files and folders left out; sorted.

    A folder behind a link that leads out of the one which holds `folder` is not looked into: its link is listed, for reading
    it tells why.
    """
    found: list[Path] = []
    seen: set[Path] = set()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        if leads_outside(current, folder.parent):
            found.append(current)
        elif current.resolve() not in seen:
            seen.add(current.resolve())
            there = [path for path in current.iterdir() if not path.name.startswith(".")]
            waiting += (path for path in there if path.is_dir())
            found += (path for path in there if path.suffix.lower() in (".yaml", ".yml") and not path.is_dir())
    return sorted(found)


_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_POSIX = os.name == "posix"  # on Windows, a folder of the user's profile is the user's own by what it inherits


def refuse_to_overwrite(path: Path, *, overwrite: bool) -> None:
    """A file can be written there.

    Raises:
        NegographError: if a file is there that must not be overwritten, or something that is no file; or if its folder is
            written as one below the current folder, and a link leads elsewhere.
    """
    folder = path.parent
    below = not folder.anchor and ".." not in folder.parts  # of the current folder; a project may bring a link along
    if link := next((part for part in (*reversed(folder.parents), folder) if below and leads_outside(part, Path())), None):
        said = f"{link} is a symbolic link that leads out of the current folder, to {os.path.realpath(link)}"
        raise NegographError(f"{said}, and nothing is written through one; name that folder itself")
    with contextlib.suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise NegographError(f"{path} is a symbolic link, and nothing is written through one; name the file itself")
        if not stat.S_ISREG(mode):
            raise NegographError(f"{path} is no regular file; name another")
        if not overwrite:
            raise NegographError(f"{path} is there already; name another file, or add --overwrite")


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file under another name beside its place, and then give it its name; where that fails, all is as it was.

    Raises:
        NegographError: if a file is there that must not be overwritten, or something that is no file.
        OSError: if it cannot be written.
    """
    refuse_to_overwrite(path, overwrite=overwrite)
    with _drafted(path, content, 0o666) as draft:
        if overwrite:
            with contextlib.suppress(FileNotFoundError):
                draft.chmod(stat.S_IMODE(path.lstat().st_mode))
            draft.replace(path)
            return
        try:
            os.link(draft, path)
        except FileExistsError:  # somebody was faster
            refuse_to_overwrite(path, overwrite=False)
            raise
        except OSError:  # a file system without hard links
            draft.replace(path)


def write_own(path: Path, text: str) -> None:
    """Write a file, all at once, that only the user can read; a link that has its name is replaced and not followed.

    Raises:
        OSError: if it cannot be written.
    """
    with _drafted(path, text.encode(), 0o600) as draft:
        draft.replace(path)


@contextlib.contextmanager
def _drafted(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A finished file beside its place, under another name until it gets its own; an error names the place."""
    draft = path.with_name(f".negograph-{os.urandom(8).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        draft.unlink(missing_ok=True)


def own_folder(folder: Path) -> None:
    """Make a folder that only the user can open, or make sure that it is one: permissions that are too wide are narrowed.

    Raises:
        NegographError: if it cannot be made, or it or something in it is a link or belongs to another user.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=stat.S_IRWXU)
        _refuse_strange(folder)
        if _POSIX and stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
            folder.chmod(stat.S_IRWXU)
        refuse_strange_entries(folder)
    except OSError as error:
        raise NegographError(f"cannot use {folder} for the embedded engine: {error.strerror}") from error


def refuse_strange_entries(folder: Path) -> None:
    """Nothing that lies directly in a folder is a link or another user's.

    Raises:
        NegographError: naming the first that is, or that is neither a file nor a folder.
    """
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # a draft that has its name by now
            _refuse_strange(path)


def _refuse_strange(path: Path) -> None:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise NegographError(f"{path} is a symbolic link, and what negograph keeps must lie where it seems to; delete the link")
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise NegographError(f"{path} is neither a file nor a folder, and what negograph keeps is; delete it")
    if _POSIX and status.st_uid != os.geteuid():
        raise NegographError(
            f"{path} belongs to {user_name(status.st_uid)}, and what negograph keeps must be your own; delete it, or work in a "
            "copy of the project without it: the seeds hold all that was curated"
        )


def user_name(number: int) -> str:
    """A user in words, by the number that the system gives it."""
    import pwd

    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"the user {number}"
