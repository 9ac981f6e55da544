"""A project folder: where its facts, its texts, its own schema and recipes are, and when they change."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from negograph.errors import NegographError
from negograph.files import leads_outside, yaml_files

OWN_FOLDER = ".negograph"
"""What negograph keeps in a project: nothing that the seeds do not hold."""

TEXTS = "texts"
"""The folder of a project that source texts are looked for in, unless NEGOGRAPH_TEXTS names another."""

JSON_SCHEMA = "schema/seeds.schema.json"
"""Where a project has the JSON Schema that its seeds name for editors."""

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Texts:
    """The folder that source texts are looked for in, and the one that links in it may lead to: the project's, or itself."""

    folder: Path
    root: Path


@dataclass(frozen=True)
class Project:
    """A folder with seeds/ in it, and where source texts are looked for."""

    folder: Path
    texts: Texts

    def seeds(self) -> list[tuple[str, Path]]:
        """Every YAML file below seeds/, as the name to show and its path."""
        return [(path.relative_to(self.folder).as_posix(), path) for path in yaml_files(self.folder / "seeds")]

    def schema_folders(self) -> list[Path]:
        """The shipped schema, then the project's own if it has one."""
        return _with_own(shipped("schema"), self.folder / "schema")

    def recipe_folders(self) -> list[Path]:
        """The shipped recipes, then the project's own if it has any."""
        return _with_own(shipped("queries"), self.folder / "queries")


def open_project(folder: Path, environment: Mapping[str, str]) -> Project:
    """The project in `folder`; its texts are in the folder that NEGOGRAPH_TEXTS names, else in its own texts/.

    Raises:
        NegographError: if there is no seeds/ in the folder.
    """
    if not (folder / "seeds").is_dir():
        raise NegographError(f"{folder} is no project: it has no seeds/ folder. Run in a project folder or add --project DIR")
    named = environment.get("NEGOGRAPH_TEXTS")
    return Project(folder, Texts(Path(named), Path(named)) if named else Texts(folder / TEXTS, folder))


def enclosing_project(path: Path) -> Path | None:
    """The folder of the project that a file or folder is in, or is."""
    return next((folder for folder in (path, *path.parents, *Path.cwd().parents) if _is_project_of(folder, path)), None)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder, or to it, as both are written: links are not followed."""
    return Path(os.path.abspath(path)).is_relative_to(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links


def _is_project_of(folder: Path, path: Path) -> bool:
    """A folder `seeds` with another one in it is a project's seeds/, unless the path leads into the inner one."""
    if not (folder / "seeds").is_dir() or not is_inside(path, folder):
        return False
    return folder.absolute().name != "seeds" or is_inside(path, folder / "seeds")


def shipped(name: str) -> Path:
    """The folder `schema` or `queries` that negograph ships: inside the installed package, or at the top of a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


def _with_own(ours: Path, own: Path) -> list[Path]:
    return [ours, own] if own.is_dir() and own.resolve() != ours.resolve() else [ours]


_PAUSE_SECONDS = 0.4
"""How long after one look at the files the next is taken."""

_QUIET_SECONDS = 0.06
"""How long nothing more may change before a change is told; editors make several of a save."""

State = dict[str, tuple[int, int, int]]


def changes(project: Project) -> Iterator[None]:
    """Once at the beginning, then each time that the seeds, the schema or the texts of a project are not as they were; for ever.

    The files are looked at again and again. So nothing is missed while somebody else works with the last change, nor where a
    whole folder is put in the place of another, nor on a disk of the network, whose changes the system does not tell.
    """
    told = seen = _state(project)
    yield
    while True:
        time.sleep(_PAUSE_SECONDS if seen == told else _QUIET_SECONDS)
        before, seen = seen, _state(project)
        if before == seen != told:
            told = seen
            yield


def _state(project: Project) -> State:
    """What tells whether a file is as it was: when it was written, its size, and which file it is. Hidden ones do not count.

    Folders that links lead out of the project are not looked into; they are not read either.
    """
    own = [(project.folder / name, project.folder) for name in ("seeds", "schema")]
    found: State = {}
    for top, root in (*own, (project.texts.folder, project.texts.root)):
        for folder, folders, files in () if leads_outside(top, root) else os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(folder, name) for name in files if not name.startswith(".")):
                with contextlib.suppress(OSError):  # it may be gone already
                    status = path.stat()
                    found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
