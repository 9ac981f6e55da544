"""What is negograph's in a database, and what is of others: a load must not touch that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from negograph.database.interface import Read
from negograph.database.statements import escape, ids_in_batches, some
from negograph.errors import StoreError
from negograph.graph.graph import NodeKey
from negograph.model.model import DATASET

FORMAT = 1
"""The form of what a load keeps about itself on the dataset's node; a higher one is of a newer negograph."""

Claim: TypeAlias = tuple[str, str, object, object]
"""A node that has an id: its label, the id, its dataset and its digest."""


def claims(read: Read, keys: Collection[NodeKey]) -> Iterator[Claim]:
    """The nodes that have ids which a load needs."""
    for label, ids in ids_in_batches(keys):
        statement = f"MATCH (n:{escape(label)}) WHERE n.id IN $ids RETURN n.id, n.dataset, n.digest ORDER BY n.id"
        for identity, dataset, digest in read(statement, {"ids": ids}):
            yield label, str(identity), dataset, digest


def refuse_claims(found: Iterable[Claim], dataset: str) -> None:
    """Refuse to give a dataset's nodes ids that other nodes have.

    Raises:
        StoreError: naming these nodes, if there are any.
    """
    taken = [_in_words(*claim) for claim in found]
    if not taken:
        return
    fix = "if you renamed the dataset, load into an empty database, or give it its old id"
    if any("lost its property" in node for node in taken):
        fix = f"put the property back in the database: SET n.dataset = '{dataset}'"
    raise StoreError(f"ids of this dataset are taken in the database, nothing was written: {some(taken)}; {fix}")


def _in_words(label: str, identity: str, dataset: object, digest: object) -> str:
    node = f"(:{label} {{id: {identity!r}}})"
    if dataset is None and digest is not None:
        return f"{node} lost its property `dataset` by hand"
    return f"{node} belongs to {f'the dataset {dataset!r}' if dataset else 'no dataset'}"


def not_ours(dataset: str) -> StoreError:
    """The error that others made or changed a dataset's node."""
    return StoreError(
        f"(:{DATASET} {{id: {dataset!r}}}) in the database is not negograph's; nothing was written. Rename or delete it there, "
        "or load into another database"
    )
