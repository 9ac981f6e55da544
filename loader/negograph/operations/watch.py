"""Watching: load at each save."""

import contextlib
import os
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.errors import NegographError, ProblemsFound, Unreachable, said_by_system
from negograph.files.reading import leads_outside
from negograph.operations.load import Say, carry_out, graph_of, removal, removes_much
from negograph.problems.problem import Problem
from negograph.project import Project
from negograph.render.plan import summary

_PAUSE_SECONDS = 0.4
"""How long after one look at the files the next is taken."""

_QUIET_SECONDS = 0.06
"""How long nothing more may change before a change is told; editors make several of a save."""


@dataclass(frozen=True)
class Save:
    """What a save came to: the problems of the seeds, else what was loaded or why nothing was, and how many seconds it took."""

    problems: tuple[Problem, ...]
    outcome: str
    seconds: float


def load_at_each_save(project: Project, target: Target, say: Say) -> Generator[Save, None, None]:
    """Load now and at each save, for ever. A database that was lost is sought at once, and then at each save.

    Raises:
        NegographError: if the database cannot be used at the beginning.
    """
    say(f"target: {target}")
    saves = _changes(project)
    next(saves)
    began = False
    while True:
        worked = False
        try:
            with open_store(target, say, shared=True) as store:
                if not began:
                    say(f"watching {project.folder}; Ctrl-C ends it")
                while True:
                    yield _load(store, project, say)
                    began = worked = True
                    next(saves)
        except NegographError as error:
            if not began:
                raise
            yield Save((), f"nothing loaded: {error}", 0.0)
            if not worked:
                next(saves)


def _load(store: Store, project: Project, say: Say) -> Save:
    """One load; whatever is wrong is its outcome, and nothing is raised but that the database is gone.

    Raises:
        Unreachable: if the database is gone.
    """
    began = time.monotonic()
    problems: tuple[Problem, ...] = ()
    try:
        outcome = _outcome(store, project, say)
    except ProblemsFound as found:
        problems = found.problems
        outcome = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}, nothing loaded"
    except Unreachable:
        raise
    except NegographError as error:
        outcome = f"nothing loaded: {error}"
    except OSError as error:
        outcome = f"nothing loaded: {said_by_system(error)}"
    return Save(problems, outcome, time.monotonic() - began)


def _outcome(store: Store, project: Project, say: Say) -> str:
    seeds = graph_of(project, say)
    plan = store.plan(seeds.graph)
    if plan.empty:
        return "nothing to do"
    if removes_much(plan):
        raise NegographError(f"{removal(plan)}; `negograph load` does it, if that is meant")
    carry_out(store, plan, seeds, say)
    return summary(plan)


def _changes(project: Project) -> Iterator[None]:
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


def _state(project: Project) -> dict[str, tuple[int, int, int]]:
    """What tells whether a file is as it was: when it was written, its size, and which file it is. Hidden ones do not count.

    Folders that links lead out of the project are not looked into; they are not read either.
    """
    own = [(project.folder / name, project.folder) for name in ("seeds", "schema")]
    found: dict[str, tuple[int, int, int]] = {}
    for top, root in (*own, (project.texts.folder, project.texts.root)):
        for folder, folders, files in () if leads_outside(top, root) else os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for path in (Path(folder, name) for name in files if not name.startswith(".")):
                with contextlib.suppress(OSError):  # it may be gone already
                    status = path.stat()
                    found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
