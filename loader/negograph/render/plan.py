"""A plan as people and programs read it: text for a terminal, JSON, Markdown for a pull request."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from operator import attrgetter

from negograph.graph.plan import Change, Edge, GraphValue, Node, NodeKey, Plan, Removal, StoredEdge, kind_of, totals
from negograph.model.model import OF_STANDING, STANDING
from negograph.text.characters import in_json, in_line, in_markdown, in_markdown_code

SIGNS = {"added": "+", "changed": "~", "renamed": "~", "retracted": "~", "merged": "-", "removed": "-"}

_SHOWN_VALUE = 60
"""How many characters of a value are shown."""


@dataclass(frozen=True)
class EdgeItem:
    """What happens to an edge of an entry: added, changed (with the old and the new value of its properties) or removed.

    One that tells a standing has its properties also where it is added or removed, for these are why a status changes.
    `now` is the id that the node at the other end of an edge which goes has after the load, where that is another.
    """

    change: str
    type: str
    start: str
    end: str
    properties: Mapping[str, tuple[GraphValue, GraphValue]] = field(default_factory=dict)
    now: str | None = None


@dataclass(frozen=True)
class Item:
    """What happens to an entry. `place` is where it is written, or for one that goes, where it was; nothing if unknown.

    `former` is the id that it has in the store, `former_label` the label, where these are others; `into` the id of the entry
    that it is merged into, `properties` the old and the new value of each that changes, `hinders` what others added to a node
    that goes.
    """

    change: str
    label: str
    id: str
    name: str
    place: str | None
    former: str | None = None
    former_label: str | None = None
    into: str | None = None
    properties: Mapping[str, tuple[GraphValue, GraphValue]] = field(default_factory=dict)
    edges: tuple[EdgeItem, ...] = ()
    hinders: tuple[str, ...] = ()


def items_of(plan: Plan, last_places: Mapping[str, str]) -> list[Item]:
    """What a plan does, by label and id. `last_places` tells where the ids of entries that go were written last."""
    added = (Item("added", *entry.node.key, _name(entry.node), str(entry.position)) for entry in plan.added)
    now = {change.before: change.entry.node.key.id for change in plan.changed if change.before.id != change.entry.node.key.id}
    now |= {removal.stored.node.key: removal.into.id for removal in plan.removed if removal.into}
    changed = (_changed(change, now) for change in plan.changed if kind_of(change) != "follows")
    removed = (_removed(removal, last_places) for removal in plan.removed)
    return sorted([*added, *changed, *removed], key=lambda item: (item.label, item.id))


def _changed(change: Change, now: Mapping[NodeKey, str]) -> Item:
    key, before = change.entry.node.key, change.before
    edges = [EdgeItem("added", *_ends(edge), _told(edge, added=True)) for edge in change.edges_added]
    for changed in change.edges_changed:
        old = changed.stored.edge.properties
        properties = {name: (old.get(name), new) for name, new in changed.values.items()}
        edges.append(EdgeItem("changed", *_ends(changed.after), properties))
    for edge in (stored.edge for stored in change.edges_removed):
        end = now.get(edge.end if edge.start == before else edge.start)
        edges.append(EdgeItem("removed", *_ends(edge), _told(edge, added=False), end))
    return Item(
        kind_of(change),
        *key,
        _name(change.entry.node),
        str(change.entry.position),
        former=before.id if before.id != key.id else None,
        former_label=before.label if before.label != key.label else None,
        properties={name: values for name, values in change.properties.items() if name != "id"},
        edges=tuple(sorted(edges, key=lambda edge: (edge.type, edge.start, edge.end))),
    )


def _told(edge: Edge, *, added: bool) -> dict[str, tuple[GraphValue, GraphValue]]:
    """What an edge tells of a standing, as the old or the new values of its properties."""
    told = {name: edge.properties.get(name) for name in OF_STANDING} if edge.type == STANDING else {}
    return {name: (None, value) if added else (value, None) for name, value in told.items() if value is not None}


def _ends(edge: Edge) -> tuple[str, str, str]:
    return edge.type, edge.start.id, edge.end.id


def _name(node: Node) -> str:
    return str(node.properties.get("name") or "")


def _removed(removal: Removal, last_places: Mapping[str, str]) -> Item:
    node = removal.stored.node
    change, into = ("merged", removal.into.id) if removal.into else ("removed", None)
    return Item(change, *node.key, _name(node), last_places.get(node.key.id), into=into, hinders=tuple(additions_to(removal)))


def additions_to(removal: Removal) -> Iterator[str]:
    """What others put on a node that goes, in words: relationships, properties and labels."""
    own = removal.stored.node.key
    for stored in removal.stored.foreign:
        edge = stored.edge
        yield f"-{edge.type}-> {_end(edge.end)}" if edge.start == own else f"<-{edge.type}- {_end(edge.start)}"
    yield from removal.additions


def _end(key: NodeKey) -> str:
    """A node of others by its id, or by its label where it has none."""
    return key.id or f"(:{key.label})"


def losses(plan: Plan) -> list[str]:
    """What a plan takes away that others put on edges that go, or under names that are the model's from now on, in words."""
    taken = [f"{taken.key.id}.{taken.name} = {_value(taken.value)} was added by hand" for taken in plan.taken_over]
    for lost in plan.lost_on_edges:
        edge = lost.stored.edge
        place = f"{edge.start.id} -{edge.type}-> {edge.end.id}"
        taken += [f"{place} .{name} = {_value(edge.properties.get(name))} was added by hand" for name in lost.names]
    return taken


def summary(plan: Plan) -> str:
    """The totals of a plan in one line."""
    always = ("added", "changed", "removed")
    line = ", ".join(f"{count} {kind}" for kind, count in totals(plan).items() if count or kind in always)
    follows = sum(kind_of(change) == "follows" for change in plan.changed)
    return line + (f"; {follows} that refer to these follow" if follows else "")


def as_text(plan: Plan, last_places: Mapping[str, str]) -> str:
    """A plan for a terminal: a line an entry with its sign, below it what changes, grouped by kind; the totals last."""
    lines = [f"{sign} {line}" for sign, line in _remarks(plan)]
    lines += [""] if lines else []
    for label, group in groupby(items_of(plan, last_places), key=attrgetter("label")):
        items = list(group)
        lines.append(f"{label} ({len(items)})")
        for item in items:
            name = f" ({_short(item.name)})" if item.name else ""
            lines.append(f"  {SIGNS[item.change]} {item.id}{name}{_what(item)}  {_place(item)}")
            lines += [f"      {line}" for line in _details(item)]
        lines.append("")
    lines.append(_head(plan))
    return "\n".join(map(in_line, lines)) + "\n"


def _remarks(plan: Plan) -> Iterator[tuple[str, str]]:
    """What a plan does besides what it does to entries, each with its sign."""
    if plan.old_title is not None and plan.title != plan.old_title:
        yield "~", f"title: {_value(plan.old_title)} -> {_value(plan.title)}"
    yield from (("!", loss) for loss in losses(plan))


def _head(plan: Plan) -> str:
    return f"{plan.title}: {'nothing to do' if plan.empty else summary(plan)}"


def _what(item: Item) -> str:
    if item.change == "merged":
        return f", merged into {item.into}"
    before = f", was {item.former}" if item.former else ""
    if item.change == "retracted":
        return f"{before}, retracted"
    return f"{before}, was of the kind {item.former_label}" if item.former_label else before


def _place(item: Item) -> str:
    if item.change not in ("removed", "merged"):
        return str(item.place)
    return f"was in {item.place}" if item.place else "no longer in the seeds"


def _details(item: Item) -> Iterator[str]:
    for name, (old, new) in item.properties.items():
        yield f"{name}: {_value(old)} -> {_value(new)}"
    for edge in item.edges:
        now = f" (now {edge.now})" if edge.now else ""
        yield f"{SIGNS[edge.change]} {_edge(item, edge)}{now}{''.join(_values(edge))}"
    for addition in item.hinders:
        yield f"! added by hand: {addition}"


def _edge(item: Item, edge: EdgeItem) -> str:
    own = (item.id, item.former)
    if edge.start in own:
        return f"-{edge.type}-> {edge.end}"
    return f"<-{edge.type}- {edge.start}" if edge.end in own else f"{edge.start} -{edge.type}-> {edge.end}"


def _values(edge: EdgeItem) -> Iterator[str]:
    """The values of an edge: both where it changes, else those that come or go with it."""
    for name, (old, new) in edge.properties.items():
        before, after = _value(old), _value(new)
        yield f", {name}: {f'{before} -> {after}' if edge.change == 'changed' else after if edge.change == 'added' else before}"


def _value(value: GraphValue) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, str):
        return in_json(_short(value))
    if isinstance(value, list):
        return _short(in_json(value, default=str, indent=None))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_VALUE else line[: _SHOWN_VALUE - 1] + "…"


def as_json(plan: Plan, last_places: Mapping[str, str]) -> str:
    """A plan for programs: the totals and every item, with whole values."""
    content = {
        "dataset": plan.dataset,
        "title": plan.title,
        "old_title": plan.old_title,
        "totals": totals(plan),
        "follow": sum(kind_of(change) == "follows" for change in plan.changed),
        "losses": losses(plan),
        "entries": [asdict(item) for item in items_of(plan, last_places)],
    }
    return in_json(content, default=str) + "\n"


def as_markdown(plan: Plan, last_places: Mapping[str, str]) -> str:
    """A plan for a comment on a pull request: the totals, then a list for each kind."""
    remarks = [f"- **{sign}** {in_markdown_code(line)}" for sign, line in _remarks(plan)]
    lines = [f"### {in_markdown(_head(plan))}", "", *remarks, *([""] if remarks else [])]
    for label, group in groupby(items_of(plan, last_places), key=attrgetter("label")):
        items = list(group)
        lines += [f"**{in_markdown(label)}** ({len(items)})", ""]
        for item in items:
            name = f" {in_markdown(_short(item.name))}" if item.name else ""
            place = in_markdown_code(_place(item))
            lines.append(f"- **{SIGNS[item.change]}** {in_markdown_code(item.id)}{name}{in_markdown(_what(item))} — {place}")
            lines += [f"  - {in_markdown_code(line)}" for line in _details(item)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


FORMATS: Mapping[str, Callable[[Plan, Mapping[str, str]], str]] = {"text": as_text, "json": as_json, "md": as_markdown}
"""Another way to show a plan is a function and an entry here: `plan --format` takes its names from it."""


def losses_as_json(plan: Plan) -> str:
    """All that others put into the graph and that a plan takes away, so that it can be put back.

    Of nodes that go everything, and their relationships with the nodes at the ends; else the properties that are lost. A date
    is an object such as {"date": "2022-01-26"}; values of other types that JSON has not are texts.
    """
    content: list[dict[str, object]] = [
        {**taken.key._asdict(), "properties": {taken.name: taken.value}, "added": [f".{taken.name}"]} for taken in plan.taken_over
    ]
    content += [{**_edge_object(lost.stored), "added": [f".{name}" for name in lost.names]} for lost in plan.lost_on_edges]
    content += [
        {
            **removal.stored.node.key._asdict(),
            "labels": removal.stored.labels,
            "properties": removal.stored.node.properties,
            "added": removal.additions,
            "relationships": [_edge_object(stored) for stored in removal.stored.foreign],
        }
        for removal in plan.removed
        if removal.blocked
    ]
    return in_json(content, default=_typed) + "\n"


def _typed(value: object) -> dict[str, str]:
    return {type(value).__name__.lower(): str(value)}


def _edge_object(stored: StoredEdge) -> dict[str, object]:
    """A relationship with its ends; of nodes of others with all that they are, because they may have no id."""
    edge = stored.edge
    ends = [{"labels": labels, "properties": properties} for labels, properties in stored.ends]
    start, end = ends or (edge.start._asdict(), edge.end._asdict())
    return {"type": edge.type, "start": start, "end": end, "properties": edge.properties}
