"""Opening an address in the user's web browser, also one that nobody else may see."""

import contextlib
import html
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from negograph.files import own_folder, write_own


@contextlib.contextmanager
def opened(address: str, folder: Path) -> Iterator[bool]:
    """An address with a token, opened for as long as the context lasts; whether there is a web browser to open it.

    The arguments of a command can be seen by all users of a machine. So the web browser is given a file in `folder`, which only
    the user can read, and which leads to the address.

    Raises:
        NegographError: if the folder is not the user's own.
        OSError: if the file cannot be written.
    """
    own_folder(folder)
    if not (folder / ".gitignore").exists():
        write_own(folder / ".gitignore", "*\n")
    page = folder / "open.html"
    shown = html.escape(address)
    write_own(page, f'<!doctype html>\n<meta charset="utf-8">\n<meta http-equiv="refresh" content="0; url={shown}">\n')
    try:
        yield webbrowser.open(page.resolve().as_uri())
    finally:
        page.unlink(missing_ok=True)
