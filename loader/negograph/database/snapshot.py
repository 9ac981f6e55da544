"""What is stored of a dataset: a digest an entry, and what loads left about themselves; what is in a load's way is refused."""

import contextlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from negograph.database.driver import Read
from negograph.database.statements import escape, for_each, ids_in_batches
from negograph.errors import StoreError
from negograph.graph.plan import NodeKey, Snapshot
from negograph.model.model import DATASET
from negograph.text.characters import some

FORMAT = 1
"""The form of what a load keeps about itself on the dataset's node; a higher one is of a newer negograph."""

_WORD = re.compile(r"-?\w+(\.\w+)?", re.ASCII)
"""A word of a vocabulary: a label, a type behind a -, or either with a property."""


def snapshot(read: Read, dataset: str, vocabulary: Iterable[str]) -> Snapshot:
    """What the database holds of a dataset: one digest an entry, also where its own node is gone. `vocabulary` is the model's.

    Raises:
        StoreError: if a newer negograph wrote it.
    """
    statement = (
        f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.name, d.revision, d.vocabulary, d.contents, d.format, d.version, "
        "d.history"
    )
    found = read(statement, {"dataset": dataset})
    if not found:
        return Snapshot(None, 0, dict(_digests(read, dataset, labels_of(vocabulary))))
    title, revision, words, contents, form, version, history = found[0]
    if not isinstance(revision, int):
        raise not_ours(dataset)
    if isinstance(form, int) and form > FORMAT:
        raise StoreError(
            f"the dataset {dataset!r} in the database was written by negograph {version}; install that or a newer one"
        )
    written = frozenset(map(str, words)) if isinstance(words, list) else frozenset()
    if not all(_WORD.fullmatch(word) for word in written):
        raise not_ours(dataset)
    digests = dict(_digests(read, dataset, labels_of({*vocabulary, *written})))
    commits = [load.get("commit") for load in _loads(history)[-1:]]
    commit = next((commit for commit in commits if isinstance(commit, str)), None)
    return Snapshot(str(title), revision, digests, written, None if contents is None else str(contents), commit)


def revision_of(read: Read, dataset: str) -> object:
    """How often a dataset was written; 0 where it was not."""
    found = read(f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.revision", {"dataset": dataset})
    return (found[0][0] or 0) if found else 0


@dataclass(frozen=True)
class LoadedDataset:
    """A dataset in the database: its id and title, how many loads changed it, and when the last one did (ISO 8601).

    `loading` is when a load in batches began that has not ended.
    """

    id: str
    title: str
    loads: int
    last: str | None
    loading: str | None = None

    @property
    def unfinished(self) -> str:
        """That a load of it in batches is under way, or was interrupted, in words; else nothing."""
        if self.loading is None:
            return ""
        return (
            f"a load of {self.id!r} in batches began at {self.loading} and has not ended, so the graph is partly old and partly "
            "new; where nobody loads any more, `negograph load --in-batches` ends it"
        )


def loaded_datasets(read: Read) -> list[LoadedDataset]:
    """The datasets that negograph loaded into the database, by id."""
    statement = (
        f"MATCH (d:{escape(DATASET)}) WHERE d.revision IS NOT NULL "
        "RETURN d.id, d.name, d.revision, d.history, d.loading ORDER BY d.id"
    )
    found = []
    for identity, title, revision, history, loading in read(statement, {}):
        if isinstance(revision, int):  # else it is of others
            loads = _loads(history)
            last = str(loads[-1]["at"]) if loads else None
            found.append(LoadedDataset(str(identity), str(title), len(loads), last, None if loading is None else str(loading)))
    return found


def load_history(read: Read, dataset: str) -> list[dict[str, Any]]:
    """What each load that changed something left about itself, the oldest first."""
    found = read(f"MATCH (d:{escape(DATASET)} {{id: $dataset}}) RETURN d.history", {"dataset": dataset})
    return [load for row in found for load in _loads(row[0])]


def _loads(history: object) -> list[dict[str, Any]]:
    """The loads that a dataset's node lists, without what was written there by hand."""
    found = []
    for load in history if isinstance(history, list) else ():
        with contextlib.suppress(ValueError):
            content = json.loads(str(load))
            if isinstance(content, dict) and {"at", "version"} <= content.keys():
                found.append(content)
    return found


def labels_of(vocabulary: Iterable[str]) -> list[str]:
    """The labels in a vocabulary."""
    return sorted(word for word in vocabulary if not word.startswith("-") and "." not in word)


def types_of(vocabulary: Iterable[str]) -> list[str]:
    """The relationship types in a vocabulary."""
    return sorted(word[1:] for word in vocabulary if word.startswith("-") and "." not in word)


def _digests(read: Read, dataset: str, labels: Iterable[str]) -> Iterator[tuple[NodeKey, str]]:
    """The digests of all entries, a row a label: a row an entry takes ten times as long."""
    statement = for_each(
        labels,
        lambda label: (
            f"MATCH (n:{escape(label)}) WHERE n.dataset = $dataset "
            f"RETURN '{label}' AS label, collect(coalesce(n.id, '')) AS ids, collect(coalesce(n.digest, '')) AS digests"
        ),
    )
    for label, ids, digests in read(statement, {"dataset": dataset}):
        assert isinstance(ids, list)
        assert isinstance(digests, list)
        yield from ((NodeKey(str(label), str(identity)), str(digest)) for identity, digest in zip(ids, digests, strict=True))


def refuse_taken_ids(read: Read, dataset: str, keys: Collection[NodeKey]) -> None:
    """Refuse a load that needs ids which nodes of others have.

    Raises:
        StoreError: naming these nodes, if there are any.
    """
    taken: list[str] = []
    labels = sorted({key.label for key in keys})
    any_node = for_each(labels, lambda label: f"MATCH (n:{escape(label)}) RETURN '{label}' AS label LIMIT 1")
    in_use = {row[0] for row in (read(any_node, {}) if labels else ())}
    for label, ids in ids_in_batches(key for key in keys if key.label in in_use):
        statement = (
            f"MATCH (n:{escape(label)}) WHERE n.id IN $ids AND (n.dataset IS NULL OR n.dataset <> $dataset) "
            "RETURN n.id, n.dataset, n.digest ORDER BY n.id"
        )
        taken += [_in_words(label, *row) for row in read(statement, {"ids": ids, "dataset": dataset})]
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


def refuse_changes_by_hand(read: Read, dataset: str, vocabulary: Collection[str], owners: Collection[str]) -> None:
    """Refuse what somebody changed by hand, and only somebody can put right; `owners` are the ids of all entries.

    Raises:
        StoreError: naming the nodes that do not have one label of the model and a text as id, or the edges of an entry that
            lost what marks them as the dataset's: a load would write them a second time.
    """
    if odd := _odd_nodes(read, dataset, [*labels_of(vocabulary), DATASET]):
        raise StoreError(
            f"nodes of the dataset {dataset!r} were changed by hand: {some(odd)}; put the label or the id back in the database "
            "with SET and REMOVE, or delete them there"
        )
    if unmarked := _unmarked_edges(read, types_of(vocabulary), owners):
        raise StoreError(
            f"relationships lost their property `dataset` by hand: {some(unmarked)}; put it back in the database: "
            f"SET r.dataset = '{dataset}', or delete them there"
        )


def _odd_nodes(read: Read, dataset: str, labels: list[str]) -> list[str]:
    statement = (
        "MATCH (n) WHERE n.dataset = $dataset WITH n, [label IN labels(n) WHERE label IN $labels] AS own "
        "RETURN n.id, n.name, own, labels(n) ORDER BY n.id, n.name"
    )
    odd: list[str] = []
    for identity, name, own, all_labels in read(statement, {"dataset": dataset, "labels": labels}):
        if len(own) == 1 and isinstance(identity, str) and identity:
            continue
        node = f"({''.join(f':{label}' for label in all_labels)} {{id: {identity!r}, name: {name!r}}})".replace("( ", "(")
        reason = (
            "has no label of the model" if not own else "has two labels of the model" if len(own) > 1 else "has no text as id"
        )
        odd.append(f"{node} {reason}")
    return odd


def _unmarked_edges(read: Read, types: Iterable[str], owners: Collection[str]) -> list[str]:
    statement = for_each(
        types,
        lambda kind: (
            f"MATCH (a)-[r:{escape(kind)}]->(b) WHERE r.dataset IS NULL AND coalesce(r.entry, r.fact) IS NOT NULL "
            "RETURN type(r) AS type, coalesce(r.entry, r.fact) AS owner, a.id AS start, b.id AS end"
        ),
    )
    rows = sorted(read(statement, {}), key=str)
    return [f"{start} -{kind}-> {end} of {owner}" for kind, owner, start, end in rows if owner in owners]
