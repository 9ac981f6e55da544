"""The graph of files that passed the check. Where all that an entry depends on is as it was, its digest is known from before.

What becomes of an entry depends on what it says, and on what those say that it names. What becomes of an item depends on the
facts about it, too, on what it is part of and its parts, and on the parties.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache as remembered
from functools import partial
from typing import TypeAlias

import msgspec

from negograph.graph.mapping import Whole, subgraphs, whole_of
from negograph.graph.plan import Graph, NodeKey, Subgraph
from negograph.model.model import FACT, PARTY, WHAT, Model
from negograph.seeds.cache import Cache
from negograph.seeds.entries import Dataset, Entry, FileEntries

_Groups: TypeAlias = dict[str, Sequence[str]]
"""The ids of entries that are mapped together, by a digest of all that they depend on."""

_Said: TypeAlias = Callable[[str], bytes]
"""What the entry with an id says, as bytes."""

_encode = msgspec.msgpack.Encoder().encode


def map_graph(dataset: Dataset, files: Sequence[FileEntries], model: Model, cache: Cache) -> Graph:
    """The graph of files whose entries passed the check: every reference names another of them. What is known is not mapped."""
    whole = whole_of(dataset, (entry for file in files for entry in file.entries), model)
    place = b"digests" + dataset.id.encode()
    known = cache.get(place, dict[str, tuple[str, ...]]) or {}
    mapped: dict[str, Subgraph] = {}

    said = _what_is_said(whole.by_id)
    groups = _groups_of_files(files, whole, said)
    found = _digests(groups, whole, known, mapped)
    of_facts = {id_: digest for key, ids in groups.items() for id_, digest in zip(ids, found[key], strict=True)}
    items = _groups_of_items(of_facts, whole, said)
    found |= _digests(items, whole, known, mapped)

    if found.keys() != known.keys():
        cache.put(place, found)
    digests = {whole.keys[id_]: own for key, ids in (groups | items).items() for id_, own in zip(ids, found[key], strict=True)}
    formerly = {whole.keys[id_]: entry.formerly for id_, entry in whole.by_id.items() if entry.formerly}
    return Graph(dataset.id, dataset.title, digests, formerly, _subgraphs(mapped, whole), model.vocabulary)


def _what_is_said(by_id: Mapping[str, Entry]) -> _Said:
    @remembered
    def said(identity: str) -> bytes:
        entry = by_id[identity]
        references = [(reference.key, reference.target) for reference in entry.references]
        return _encode((entry.label, entry.id, entry.properties, references))

    return said


def _groups_of_files(files: Iterable[FileEntries], whole: Whole, said: _Said) -> _Groups:
    """The entries of each file that are no items: they depend on the file, and on what those say that they name."""
    groups: _Groups = {}
    for file in files:
        entries = [entry for entry in file.entries if entry.id not in whole.items.parts]
        groups[_digest([whole.dataset.encode(), file.digest, *_of_named(entries, said)])] = [entry.id for entry in entries]
    return groups


def _groups_of_items(digests: Mapping[str, str], whole: Whole, said: _Said) -> _Groups:
    """Each item alone: what it depends on is said in the digests of the facts about it, among others."""
    parties = _digest(said(id_) for id_, entry in sorted(whole.by_id.items()) if entry.label == PARTY)
    about: dict[str, list[str]] = defaultdict(list)
    for fact in (entry for entry in whole.by_id.values() if entry.label == FACT):
        for thing in fact.targets(WHAT):
            about[thing].append(digests[fact.id])

    def depends_on(item: str) -> Iterator[bytes]:
        entry = whole.by_id[item]
        yield _encode((whole.dataset, parties, entry.formerly, [reference.properties for reference in entry.references]))
        yield from _of_named([entry], said)
        for kin in ([item], *whole.items.around(item)):
            yield b"and"
            for other in sorted(kin):
                yield said(other)
                yield _encode(sorted(about[other]))

    return {_digest(depends_on(item)): [item] for item in whole.items.parts}


def _of_named(entries: Iterable[Entry], said: _Said) -> list[bytes]:
    named = {reference.target for entry in entries for reference in entry.references}
    return [said(id_) for id_ in sorted(named)]


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d " % len(part) + part)
    return digest.hexdigest()


def _digests(
    groups: _Groups, whole: Whole, known: Mapping[str, tuple[str, ...]], mapped: dict[str, Subgraph]
) -> dict[str, tuple[str, ...]]:
    """The digests of the entries of each group; those that are not known are mapped."""
    new = {key: ids for key, ids in groups.items() if key not in known or len(known[key]) != len(ids)}
    unknown = [id_ for ids in new.values() for id_ in ids]
    mapped |= zip(unknown, subgraphs(whole, unknown), strict=True)
    return {key: tuple(mapped[id_].digest for id_ in ids) if key in new else known[key] for key, ids in groups.items()}


def _subgraphs(mapped: dict[str, Subgraph], whole: Whole) -> Callable[[Iterable[NodeKey]], list[Subgraph]]:
    """What gives the entries with some keys, and maps those that are not yet. Where all are, the seeds are not kept in memory."""
    return partial(_given, mapped) if len(mapped) == len(whole.by_id) else partial(_given_or_mapped, mapped, whole)


def _given(mapped: Mapping[str, Subgraph], keys: Iterable[NodeKey]) -> list[Subgraph]:
    return [mapped[key.id] for key in keys]


def _given_or_mapped(mapped: dict[str, Subgraph], whole: Whole, keys: Iterable[NodeKey]) -> list[Subgraph]:
    keys = tuple(keys)
    missing = [key.id for key in keys if key.id not in mapped]
    mapped.update(zip(missing, subgraphs(whole, missing), strict=True))
    return _given(mapped, keys)
