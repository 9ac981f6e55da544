"""Whether negograph made an engine's data here, for this user; a project may bring data along that says what its seeds do not.

Such data could even have the engine run something: it keeps triggers, views and plugins beside what is stored. So data has a
random name, which is also kept where only the user writes, and it holds nothing that negograph does not write.
"""

import json
import secrets
from pathlib import Path

import platformdirs

from negograph.database.target import DATABASE
from negograph.errors import NegographError, NotMadeHere
from negograph.files.writing import own_folder, refuse_strange_entries, write_own

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
    return sorted(key for key, value in schema.items() if value and key not in _SCHEMA) if isinstance(schema, dict) else []
