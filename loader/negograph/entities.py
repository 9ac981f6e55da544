"""The entries of the graph by what users call them: an id, a name or an alias, in any case."""

from __future__ import annotations

from collections import defaultdict

from negograph.parameters import ENTITY_LABELS, ParameterError
from negograph.problems import did_you_mean
from negograph.store import Store
from negograph.store_load import quoted


def find_entity(store: Store, kind: str, text: str) -> str:
    """The id of the entry of a kind (a key of `ENTITY_LABELS`) that a text means. An id as it is written goes first.

    Raises:
        ParameterError: if it means none, or several.
    """
    label = ENTITY_LABELS[kind]
    if store.read(f"MATCH (n:{quoted(label)} {{id: $id}}) RETURN n.id", {"id": text}).rows:
        return text
    names = _names(store, label)
    matches = {identity for name, identities in names.items() if name.casefold() == text.casefold() for identity in identities}
    if len(matches) > 1:
        raise ParameterError(f"{text!r} is a name of several: {', '.join(sorted(matches))}; give the id of one")
    if not matches:
        raise ParameterError(f"the graph has no {kind} {text!r}{did_you_mean(text, names)}")
    return matches.pop()


def _names(store: Store, label: str) -> dict[str, set[str]]:
    """Every id, name and alias of the nodes with a label, with the ids that it stands for."""
    rows = store.read(f"MATCH (n:{quoted(label)}) RETURN n.id, n.name, n.aliases ORDER BY n.id", {}).rows
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, aliases in rows:
        for word in [name, *(aliases if isinstance(aliases, list) else []), identity]:
            names[str(word)].add(str(identity))
    return names
