"""A small project to begin from: the fictional negotiation in template/, with the JSON Schema for editors."""

from pathlib import Path

from negograph.errors import NegographError
from negograph.files import leads_outside
from negograph.model.json_schema import json_schema
from negograph.model.schema_files import load_model
from negograph.project import JSON_SCHEMA, shipped

_TEMPLATE = Path(__file__).parent / "template"
_RENAMED = {"gitignore": ".gitignore"}
"""Files that would mean something to the tools of this repository under their own name."""


def make_project(folder: Path) -> list[Path]:
    """Write the project into a folder, which is made if it is missing; the files that were written.

    Raises:
        NegographError: if one of the files is there already; then nothing is written.
    """
    contents = {
        folder / _RENAMED.get(path.name, path.relative_to(_TEMPLATE).as_posix()): path.read_bytes()
        for path in sorted(_TEMPLATE.rglob("*"))
        if path.is_file()
    }
    contents[folder / JSON_SCHEMA] = json_schema(load_model([shipped("schema")])).encode()
    taken = [path for path in contents if path.exists() or path.is_symlink()]
    taken += {path.parent for path in contents if leads_outside(path.parent, folder)}
    if not taken and any((folder / "seeds").glob("**/*.y*ml")):
        taken = [folder / "seeds"]
    if taken:
        raise NegographError(f"{', '.join(map(str, taken))} is there already, and nothing is overwritten; name another folder")
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(contents)
