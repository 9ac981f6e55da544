"""The dataset: one is described, once."""

from __future__ import annotations

from collections.abc import Iterator

from negograph.checks.ids import form_of_id
from negograph.checks.subject import Subject
from negograph.problems.problem import Position, Problem


def one_dataset(subject: Subject) -> Iterator[Problem]:
    """One dataset is described, once, and its id is well formed."""
    datasets = [dataset for file in subject.files for dataset in file.datasets]
    if not datasets and not any(file.names_dataset for file in subject.files):
        message = "no file says which dataset this is; add `dataset: {id: my-dataset, title: ...}` to seeds/dataset.yaml"
        yield Problem(Position("seeds", 1, 1), "missing-dataset", message)
    for second in datasets[1:]:
        first = datasets[0].position
        message = f"the dataset is described already, in {first}; keep one of the two"
        yield Problem(second.position, "duplicate-id", message, first)
    for dataset in datasets:
        if dataset.id and (problem := form_of_id(dataset.id, dataset.id_position)) is not None:
            yield problem
