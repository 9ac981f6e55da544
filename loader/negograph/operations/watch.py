"""Watching: load at each save."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from negograph.database.store import Store, open_store
from negograph.database.target import Target
from negograph.errors import NegographError, ProblemsFound, Unreachable, said_by_system
from negograph.operations.load import Say, carry_out, graph_of, removal, removes_much
from negograph.problems.problem import Problem
from negograph.project import Project
from negograph.render.plan import summary
from negograph.seeds.watching import changes


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
    saves = changes(project)
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
