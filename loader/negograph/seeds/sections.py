"""The sections of a seed file and the entries in them, as they stand there."""

from __future__ import annotations

from dataclasses import dataclass

from negograph.model.model import DATASET_SECTION
from negograph.parsing.encoding import decode_anyhow
from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping, Scalar, Sequence, Value
from negograph.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of a top-level list, or the mapping under a top-level key, as it stands in the file."""

    section: Scalar
    fields: Mapping


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: its entries in order, its sections as they stand there, and its mistakes of form.

    `unread` is the bare text of a file that is no valid YAML, from which a check can see what would have been there.
    """

    entries: tuple[Entry, ...]
    sections: tuple[tuple[Scalar, Value], ...]
    problems: tuple[Problem, ...]
    unread: str = ""


def read_entries(name: str, content: bytes) -> Reading:
    """Read the content of a YAML file into its entries. Never raises for what a file holds."""
    value, problems = read_yaml(name, content)
    if value is not None:
        return _entries_of(value, problems)
    return Reading((), (), tuple(problems), decode_anyhow(content) if problems else "")


def _entries_of(document: Value, problems: list[Problem]) -> Reading:
    if not isinstance(document, Mapping):
        message = "a file of facts is a mapping of sections; write `parties:`, `facts:` or another above its list"
        return Reading((), (), (*problems, Problem(document.position, "not-a-mapping", message)))
    entries: list[Entry] = []
    for section, content in document.items:
        if isinstance(content, Scalar) and content.empty:
            if section.text == DATASET_SECTION:
                problems.append(Problem(section.position, "empty-value", "`dataset` has no value; write its `id` and `title`"))
            continue
        found, problem = _dataset_of(section, content) if section.text == DATASET_SECTION else _elements_of(section, content)
        entries += found
        problems += problem
    return Reading(tuple(entries), document.items, tuple(problems))


def _dataset_of(section: Scalar, content: Value) -> tuple[list[Entry], list[Problem]]:
    if isinstance(content, Mapping):
        return [Entry(section, content)], []
    return [], [Problem(content.position, "wrong-type", f"{section.text!r} is a mapping; write `id: ...` and `title: ...`")]


def _elements_of(section: Scalar, content: Value) -> tuple[list[Entry], list[Problem]]:
    """The entries of a section; one that stands there without a list is read too, so that nobody misses it."""
    if not isinstance(content, Sequence):
        alone = isinstance(content, Mapping) and content.get("id") is not None
        return [Entry(section, entry) for entry in content.in_a_row()] if isinstance(content, Mapping) and alone else [], []
    message = f"an entry under {section.text!r} is a mapping; write `- id: ...`"
    wrong = [element for element in content.items if not isinstance(element, Mapping)]
    entries = [Entry(section, entry) for element in content.items if isinstance(element, Mapping) for entry in element.in_a_row()]
    return entries, [Problem(element.position, "wrong-type", message) for element in wrong]
