"""What negograph keeps in a project is the user's own: nobody else can read or write it, and no link leads out of it.

It holds passwords, and files that are written and deleted by name. Where a project lies in a folder that others can write to,
somebody else may have made it; it may also have come with the project.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from negograph.errors import NotOwnError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_POSIX = os.name == "posix"  # on Windows, a folder of the user's profile is the user's own by what it inherits


def own_folder(folder: Path) -> None:
    """Make a folder that only the user can open, or make sure that it is one: permissions that are too wide are narrowed.

    Raises:
        NotOwnError: if it cannot be made, or it or something in it is a link or belongs to another user.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=stat.S_IRWXU)
        _refuse_strange(folder, folder.lstat())
        if _POSIX and stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
            folder.chmod(stat.S_IRWXU)
        refuse_strange_entries(folder)
    except OSError as error:
        raise NotOwnError(f"cannot use {folder} for the embedded engine: {error.strerror}") from error


def refuse_strange_entries(folder: Path) -> None:
    """Nothing that lies directly in a folder is a link or another user's.

    Raises:
        NotOwnError: naming the first that is, or that is neither a file nor a folder.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # a draft that has its name by now
                _refuse_strange(Path(entry.path), entry.stat(follow_symlinks=False))


def _refuse_strange(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise NotOwnError(f"{path} is a symbolic link, and what negograph keeps must lie where it seems to; delete the link")
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise NotOwnError(f"{path} is neither a file nor a folder, and what negograph keeps is; delete it")
    if _POSIX and status.st_uid != os.geteuid():
        raise NotOwnError(
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
