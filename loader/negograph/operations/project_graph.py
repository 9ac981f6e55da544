"""The graph that a project stands for. Where no file and no text is another than before, what it came to is known."""

import functools
import hashlib
import os
from collections.abc import Iterable

import msgspec

from negograph.checks.evidence import state_of_text
from negograph.checks.project import CheckReport, check_project, without_collecting
from negograph.errors import NegographError, ProblemsFound
from negograph.graph.known_digests import map_graph
from negograph.graph.plan import Graph, NodeKey, Subgraph
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.operations import Say
from negograph.project import Project
from negograph.seeds.cache import Cache, cache_folder
from negograph.seeds.entries import Dataset
from negograph.seeds.project_files import digests_of_files, read_project


class _Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What a project without errors came to: what is said of it, and its graph, not mapped.

    `files` is the state of its files, `texts` that of each text.
    """

    files: bytes
    dataset: Dataset
    warnings: int
    quotes: int
    unverified: int
    texts: dict[str, str]
    digests: list[tuple[NodeKey, str]]
    formerly: list[tuple[NodeKey, tuple[str, ...]]]


def graph_of_project(project: Project, say: Say) -> tuple[Model, Graph]:
    """The model of a project, and the graph that its seeds stand for; what is weak in them is said.

    Raises:
        ProblemsFound: if the seeds have errors.
    """
    model = load_model(project.schema_folders())
    cache = Cache(cache_folder(), repr(model))
    place = b"outcome" + os.fsencode(project.folder.absolute())
    with without_collecting():
        outcome = cache.get(place, _Outcome)
        if outcome is not None and _is_of_today(outcome, project):
            graph = _not_mapped(outcome, project, model, cache)
        else:
            checked, graph = _checked_and_mapped(project, model, cache)
            outcome = _outcome(checked, graph)
            cache.put(place, outcome)
    _say_what_is_weak(outcome, project, say)
    return model, graph


def _is_of_today(outcome: _Outcome, project: Project) -> bool:
    same_texts = (state_of_text(file, project.texts) == state for file, state in outcome.texts.items())
    return outcome.files == _state(digests_of_files(project)) and all(same_texts)


def _state(digests: Iterable[bytes]) -> bytes:
    return hashlib.sha256(b"".join(digests)).digest()


def _checked_and_mapped(project: Project, model: Model, cache: Cache) -> tuple[CheckReport, Graph]:
    checked = check_project(project, model)
    if checked.errors:
        raise ProblemsFound(checked.errors)
    assert checked.dataset is not None
    return checked, map_graph(checked.dataset, checked.files, model, cache)


def _outcome(checked: CheckReport, graph: Graph) -> _Outcome:
    assert checked.dataset is not None
    formerly = [(key, tuple(former)) for key, former in graph.formerly.items()]
    return _Outcome(
        _state(file.digest for file in checked.files),
        checked.dataset,
        len(checked.problems),
        checked.quotes,
        checked.unverified,
        dict(checked.texts),
        list(graph.digests.items()),
        formerly,
    )


def _not_mapped(outcome: _Outcome, project: Project, model: Model, cache: Cache) -> Graph:
    """The graph as it is known; where more than its digests is asked for, the project is read after all."""

    @functools.cache
    def graph() -> Graph:
        with without_collecting():
            return _mapped(outcome, project, model, cache)

    def subgraphs(keys: Iterable[NodeKey]) -> Iterable[Subgraph]:
        wanted = tuple(keys)
        return graph().subgraphs(wanted) if wanted else ()

    return Graph(
        outcome.dataset.id, outcome.dataset.title, dict(outcome.digests), dict(outcome.formerly), subgraphs, model.vocabulary
    )


def _mapped(outcome: _Outcome, project: Project, model: Model, cache: Cache) -> Graph:
    files = tuple(read_project(project, model, cache).values())
    if _state(file.digest for file in files) != outcome.files:
        raise NegographError("the seeds were changed at this moment; nothing was written. Run it again")
    return map_graph(outcome.dataset, files, model, cache)


def _say_what_is_weak(outcome: _Outcome, project: Project, say: Say) -> None:
    if count := outcome.warnings:
        say(f"note: {count} {'warning' if count == 1 else 'warnings'}; `negograph check` shows {'it' if count == 1 else 'them'}")
    if outcome.unverified:
        texts = project.texts.folder
        say(f"note: {outcome.unverified} of {outcome.quotes} quotes not verified: their texts are not in {texts}")
