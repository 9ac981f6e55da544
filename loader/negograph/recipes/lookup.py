"""The entries of the graph by what users call them: an id, a name, an alias or a former id, in any case."""

from __future__ import annotations

from collections import defaultdict

from negograph.database.statements import escape
from negograph.database.store import Store
from negograph.errors import ParameterError
from negograph.model.model import RETRACTED_FACT
from negograph.problems.hints import did_you_mean
from negograph.recipes.parameters import ENTITY_LABELS


def find_entity(store: Store, kind: str, text: str) -> str:
    """The id of the entry of a kind (a key of `ENTITY_LABELS`) that a text means. An id as it is written goes first.

    Raises:
        ParameterError: if it means none, or several.
    """
    label = ENTITY_LABELS[kind]
    if store.read(f"MATCH (n:{escape(label)} {{id: $id}}) RETURN n.id", {"id": text}).rows:
        return text
    names = _names(store, label)
    matches = {identity for name, identities in names.items() if name.casefold() == text.casefold() for identity in identities}
    if len(matches) > 1:
        raise ParameterError(f"{text!r} is a name of several: {', '.join(sorted(matches))}; give the id of one")
    if not matches:
        raise ParameterError(f"the graph has no {kind} {text!r}{_retracted(store, text) or did_you_mean(text, names)}")
    return matches.pop()


def _retracted(store: Store, text: str) -> str:
    """A hint that ends a message where a fact with this id was retracted."""
    statement = f"MATCH (n:{escape(RETRACTED_FACT)} {{id: $id}}) RETURN n.retracted_on, n.retracted_reason"
    rows = store.read(statement, {"id": text}).rows
    return "".join(f"; it was retracted on {day}: {reason}" for day, reason in rows)


def _names(store: Store, label: str) -> dict[str, set[str]]:
    """Every id, name, alias and former id of the nodes with a label, with the ids that it stands for."""
    rows = store.read(f"MATCH (n:{escape(label)}) RETURN n.id, n.name, n.aliases, n.formerly ORDER BY n.id", {}).rows
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, *others in rows:
        for word in [name, *(word for words in others if isinstance(words, list) for word in words), identity]:
            names[str(word)].add(str(identity))
    return names
