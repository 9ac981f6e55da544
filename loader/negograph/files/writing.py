"""Writing a file all at once: it is there whole, or is as it was."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from negograph.errors import NegographError
from negograph.files.reading import leads_outside


def refuse_to_overwrite(path: Path, *, overwrite: bool) -> None:
    """A file can be written there.

    Raises:
        NegographError: if a file is there that must not be overwritten, or something that is no file; or if its folder is
            written as one below the current folder, and a link leads elsewhere.
    """
    if (link := _link_out(path.parent)) is not None:
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


def _link_out(folder: Path) -> Path | None:
    """The link that leads out of the current folder where a folder is written as one below it; a project may bring it along."""
    if folder.anchor or ".." in folder.parts:
        return None
    return next((part for part in (*reversed(folder.parents), folder) if leads_outside(part, Path())), None)


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file under another name beside its place, and then give it its name; where that fails, all is as it was.

    Raises:
        NegographError: if a file is there that must not be overwritten, or something that is no file.
        OSError: if it cannot be written.
    """
    refuse_to_overwrite(path, overwrite=overwrite)
    with _drafted(path, content, 0o666) as draft:
        _name(draft, path, overwrite=overwrite)


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
    draft = path.with_name(f".negograph-{secrets.token_hex(8)}")
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


def _name(draft: Path, path: Path, *, overwrite: bool) -> None:
    """Give a finished file its name; without `overwrite` not where somebody was faster."""
    if overwrite:
        with contextlib.suppress(FileNotFoundError):
            draft.chmod(stat.S_IMODE(path.lstat().st_mode))
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        refuse_to_overwrite(path, overwrite=False)
        raise
    except OSError:  # a file system without hard links
        draft.replace(path)
