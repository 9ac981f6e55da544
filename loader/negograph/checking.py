"""Entries against the model: every mistake at its place, and the typed records that the graph is made from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from negograph import quotes
from negograph.dates import parse_date
from negograph.model import ABOUT, BY, DATASET, FACT, TO, Action, EdgeType, Model, NodeType, PropertyType
from negograph.problems import Position, Problem, did_you_mean
from negograph.reading import Entry, Reading, Scalar, Sequence, Value
from negograph.reading import Mapping as YamlMapping
from negograph.records import Dataset, Link, PropertyValue, Record, Retraction, SourceFile
from negograph.schema import typed

_ID = re.compile(r"\w[\w.-]*")
_ID_IN_TEXT = re.compile(r"""\bid\s*:\s*['"]?(\w[\w.-]*)""")
_ROLE_OF_EDGE = {BY: "by", TO: "to", ABOUT: "what"}


@dataclass(frozen=True)
class Checked:
    """What checking found. The records are fit for mapping only where there are no problems."""

    dataset: Dataset | None
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    quotes: int
    unverified: int


def check(reading: Reading, model: Model, texts: Path) -> Checked:
    """Check all entries against the model and each other, and every quote against its text in the folder `texts`.

    Quotes from a text that is not in the folder are counted as unverified.
    """
    checker = _Checker(model, texts, reading.unread)
    dataset = checker.dataset([entry for entry in reading.entries if entry.section.text == "dataset"])
    records = checker.records([entry for entry in reading.entries if entry.section.text != "dataset"])
    checker.references(records)
    checker.actions(records)
    count, unverified = checker.quotes(records)
    problems = sorted({*reading.problems, *checker.problems})
    return Checked(dataset, tuple(records), tuple(problems), count, unverified)


class _Checker:
    """Collects the problems while the entries go through the steps above."""

    def __init__(self, model: Model, folder: Path, unread: str) -> None:
        self.model = model
        self.folder = folder
        self.unread = unread
        self.texts: dict[str, str] = {}
        self.misplaced = set(_ID_IN_TEXT.findall(unread))
        self.mistyped: set[tuple[Position, str]] = set()
        self.problems: list[Problem] = []
        self.kinds: dict[str, tuple[str, Position]] = {}
        self.aliases: dict[str, str] = {}

    def _problem(self, position: Position, code: str, message: str) -> None:
        self.problems.append(Problem(position, code, message))

    # entries to records

    def dataset(self, entries: list[Entry]) -> Dataset | None:
        """The one dataset that the entries describe."""
        if not entries and re.search(r"^dataset\s*:", self.unread, re.MULTILINE):
            return None  # it stands in a file that could not be read
        if not entries:
            message = "no file says which dataset this is; add `dataset: {id: my-dataset, title: ...}` to seeds/dataset.yaml"
            self._problem(Position("seeds", 1, 1), "missing-dataset", message)
            return None
        for second in entries[1:]:
            message = f"the dataset is described already, in {entries[0].section.position}; keep one of the two"
            self._problem(second.section.position, "duplicate-id", message)
        fields = dict(self._known_fields(entries[0].fields, ["id", "title"], DATASET))
        texts = {key: self._required_text(fields, key, entries[0].fields) for key in ("id", "title")}
        return Dataset(texts["id"], texts["title"]) if texts["id"] and texts["title"] else None

    def records(self, entries: Iterable[Entry]) -> list[Record]:
        """Each entry as a record; entries without a usable id are left out."""
        sections = {node.section: node for node in self.model.nodes.values()}
        records = []
        for entry in entries:
            node = sections.get(entry.section.text)
            if node is None:
                known = ["dataset", *sections]
                hint = did_you_mean(entry.section.text, known)
                message = f"unknown section {entry.section.text!r}{hint} (sections: {', '.join(known)})"
                self._problem(entry.section.position, "unknown-key", message)
                if isinstance(identity := entry.fields.get("id"), Scalar):
                    self.misplaced.add(identity.text)
            elif (record := self._record(entry, node)) is not None:
                records.append(record)
        return records

    def _record(self, entry: Entry, node: NodeType) -> Record | None:
        edges = self.model.edges_of(node.label)
        own_edge_properties = {key: (edge, kind) for edge in edges if not edge.item for key, kind in edge.properties.items()}
        keys = ["id", *([] if node.names_itself else ["name"]), *node.properties, *(e.key for e in edges), *own_edge_properties]
        fields = dict(self._known_fields(entry.fields, keys, node.label))
        identity = self._id(fields, entry, node)
        properties: dict[str, PropertyValue] = {}
        if not node.names_itself and (name := self._required_text(fields, "name", entry.fields)):
            properties["name"] = name
        properties |= self._properties(node.properties, fields, entry.fields)
        links = [link for edge in edges for link in self._links(edge, fields, entry.fields)]
        if identity is None:
            return None
        if isinstance(aliases := properties.get("aliases"), tuple):
            self.aliases |= dict.fromkeys(map(str.casefold, aliases), identity)
        self.aliases.setdefault(str(properties.get("name", "")).casefold(), identity)
        return Record(node, identity, properties, tuple(links), entry.fields.position)

    def _known_fields(self, mapping: YamlMapping, keys: list[str], label: str) -> Iterable[tuple[str, Value]]:
        for key, value in mapping.items:
            if key.text not in keys:
                self.mistyped |= {(mapping.position, meant) for meant in keys if did_you_mean(key.text, [meant])}
                message = f"unknown key {key.text!r} of a {label}{did_you_mean(key.text, keys)} (keys: {', '.join(keys)})"
                self._problem(key.position, "unknown-key", message)
            elif isinstance(value, Scalar) and value.empty:
                self._problem(key.position, "empty-value", f"{key.text!r} has no value; write one, or leave the key out")
                yield key.text, value
            else:
                yield key.text, value

    def _id(self, fields: Mapping[str, Value], entry: Entry, node: NodeType) -> str | None:
        identity = self._required_text(fields, "id", entry.fields)
        if not identity:
            return None
        position = fields["id"].position
        if not _ID.fullmatch(identity):
            self._problem(position, "bad-id", f"{identity!r} is no id; use letters, digits, - and _, such as nato-offer")
            return None
        if identity in self.kinds:
            label, first = self.kinds[identity]
            message = f"the id {identity!r} is used already, by the {label} in {first}; ids are unique in the whole dataset"
            self._problem(position, "duplicate-id", message)
            return None
        self.kinds[identity] = (node.label, position)
        return identity

    def _required_text(self, fields: Mapping[str, Value], key: str, parent: YamlMapping) -> str:
        if key not in fields:
            self._missing(parent, key)
            return ""
        return self._text(fields[key], key)

    def _missing(self, parent: YamlMapping, key: str, definition: str = "") -> None:
        """A key that is not there; where one was mistyped that looks like it, that was said already."""
        if (parent.position, key) not in self.mistyped:
            self._problem(
                parent.position, "missing-field", f"the key {key!r} is missing" + (f": {definition}" if definition else "")
            )

    def _text(self, value: Value, key: str) -> str:
        """The text of a value; nothing for an empty one, which `_known_fields` has reported."""
        if isinstance(value, Scalar):
            return "" if value.empty else value.text
        self._problem(value.position, "wrong-type", f"{key!r} is a text, not a list or a mapping")
        return ""

    def _item_text(self, item: Value, key: str) -> str:
        """The text of an element of a list, which must not be empty."""
        if isinstance(item, Scalar) and item.empty:
            self._problem(item.position, "empty-value", f"an element of {key!r} has no value; write one, or take it out")
        return self._text(item, key)

    # values

    def _properties(
        self, types: Mapping[str, PropertyType], fields: Mapping[str, Value], parent: YamlMapping
    ) -> dict[str, PropertyValue]:
        properties: dict[str, PropertyValue] = {}
        for name, kind in types.items():
            value = fields.get(name)
            if value is None:
                if kind.required:
                    self._missing(parent, name, kind.definition)
                elif kind.default is not None:
                    properties[name] = kind.default
            elif not (isinstance(value, Scalar) and value.empty) and (typed_value := self._value(kind, value)) is not None:
                properties[name] = typed_value
        return properties

    def _value(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        readers: dict[str, Callable[[PropertyType, Value], PropertyValue | None]] = {
            "texts": self._texts,
            "source": self._source,
            "retraction": self._retraction,
            "quote": self._quote,
        }
        return readers.get(kind.kind, self._scalar)(kind, value)

    def _scalar(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        text = self._text(value, kind.name)
        if not text:
            return None
        choices = self.model.actions if kind.kind == "action" else kind.values
        if choices and text not in choices:
            code = "unknown-action" if kind.kind == "action" else "bad-value"
            message = f"{text!r} is no {kind.name}{did_you_mean(text, choices)} ({kind.name}: {', '.join(choices)})"
            self._problem(value.position, code, message)
            return None
        try:
            return parse_date(text) if kind.kind == "date" else typed(kind.kind, text)
        except ValueError as error:
            code, said = (
                ("bad-date", str(error)) if kind.kind == "date" else ("wrong-type", f"{kind.name!r} is {text!r}: {error}")
            )
            self._problem(value.position, code, said)
            return None

    def _texts(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        if not isinstance(value, Sequence):
            self._problem(value.position, "wrong-type", f"{kind.name!r} is a list; write [one, another]")
            return None
        texts = [(item, text) for item in value.items if (text := self._item_text(item, kind.name))]
        for item, text in texts:
            if kind.values and text not in kind.values:
                self._problem(item.position, "bad-value", f"{text!r} is no {kind.name} ({kind.name}: {', '.join(kind.values)})")
        return tuple(text for _, text in texts)

    def _source(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        fields = self._submapping(kind.name, value, ["file", "sha256", "characters"])
        if fields is None or not (file := self._required_text(fields[1], "file", fields[0])):
            return None
        sha256 = self._text(fields[1]["sha256"], "sha256") if "sha256" in fields[1] else None
        if Path(file).is_absolute() or ".." in Path(file).parts or "\0" in file:
            self._problem(fields[1]["file"].position, "bad-value", "a text's file is named by its path inside the texts folder")
            return None
        if sha256 and not re.fullmatch("[0-9a-f]{64}", sha256):
            self._problem(fields[1]["sha256"].position, "bad-value", "a SHA-256 is 64 of the digits 0-9 and a-f")
        characters = self._text(fields[1]["characters"], "characters") if "characters" in fields[1] else None
        if characters and not re.fullmatch("[0-9]{1,12}", characters):
            self._problem(fields[1]["characters"].position, "wrong-type", "'characters' is a whole number")
            characters = None
        source = SourceFile(file, sha256 or None, int(characters) if characters else None)
        self._read_text(source, fields[1])
        return source

    def _read_text(self, source: SourceFile, fields: Mapping[str, Value]) -> None:
        """Read a document's text if it is in the texts folder, and see that it is the one that was curated."""
        path = self.folder / source.file
        if not path.exists():
            return
        try:
            content = path.read_bytes()
            self.texts[source.file] = quotes.fold(content.decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
            self._problem(fields["file"].position, "unreadable-text", f"cannot read the text {path}: {reason}")
            return
        found = hashlib.sha256(content).hexdigest()
        if source.sha256 not in (None, found):
            message = (
                f"the text {path} is not the one that was curated: its SHA-256 is {found}; check the quotes, then write this one"
            )
            self._problem(fields["sha256"].position, "text-changed", message)
        length = len(content.decode("utf-8-sig"))
        if source.characters not in (None, length):
            self._problem(fields["characters"].position, "text-changed", f"the text {path} has {length} characters")

    def _retraction(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        fields = self._submapping(kind.name, value, ["on", "reason"])
        if fields is None:
            return None
        on, reason = (self._required_text(fields[1], key, fields[0]) for key in ("on", "reason"))
        if not on or not reason:
            return None
        try:
            return Retraction(parse_date(on).last, reason)
        except ValueError as error:
            self._problem(fields[1]["on"].position, "bad-date", str(error))
            return None

    def _submapping(self, name: str, value: Value, keys: list[str]) -> tuple[YamlMapping, dict[str, Value]] | None:
        if isinstance(value, YamlMapping):
            return value, dict(self._known_fields(value, keys, name))
        self._problem(
            value.position, "wrong-type", f"{name!r} is a mapping; write {{{', '.join(f'{key}: ...' for key in keys)}}}"
        )
        return None

    def _quote(self, kind: PropertyType, value: Value) -> PropertyValue | None:
        text = self._text(value, kind.name)
        count = quotes.word_count(text)
        if text and not count:
            self._problem(value.position, "empty-value", "the quote has no words; write some that pin the place")
            return None
        if count > quotes.MAX_WORDS or len(text) > quotes.MAX_CHARACTERS:
            limit = f"{quotes.MAX_WORDS} words or {quotes.MAX_CHARACTERS} characters"
            message = f"the quote has {count} words and {len(text)} characters; quote {limit} at most, or join its ends by …"
            self._problem(value.position, "long-quote", message)
            return None
        return text or None

    # references

    def _links(self, edge: EdgeType, fields: Mapping[str, Value], parent: YamlMapping) -> list[Link]:
        value = fields.get(edge.key)
        if value is None:
            if edge.required:
                self._missing(parent, edge.key, edge.definition)
            for name in [] if edge.item else edge.properties:
                if name in fields:
                    self._problem(fields[name].position, "missing-field", f"{name!r} needs {edge.key!r} beside it")
            return []
        if isinstance(value, Sequence) and not edge.many:
            self._problem(value.position, "wrong-type", f"{edge.key!r} names one entry, not a list")
            return []
        if isinstance(value, Sequence) and not value.items and edge.required:
            self._problem(value.position, "missing-field", f"{edge.key!r} is an empty list: {edge.definition}")
        items = value.items if isinstance(value, Sequence) else (value,)
        links = [self._item_link(edge, item) if edge.item else self._plain_link(edge, item, fields, parent) for item in items]
        return self._without_repeats([link for link in links if link is not None])

    def _plain_link(self, edge: EdgeType, value: Value, fields: Mapping[str, Value], parent: YamlMapping) -> Link | None:
        target = self._text(value, edge.key) if value is fields.get(edge.key) else self._item_text(value, edge.key)
        return Link(edge, target, self._properties(edge.properties, fields, parent), value.position, {}) if target else None

    def _item_link(self, edge: EdgeType, value: Value) -> Link | None:
        assert edge.item is not None
        found = self._submapping(edge.key, value, [edge.item, *edge.properties])
        if found is None:
            return None
        mapping, fields = found
        target = self._required_text(fields, edge.item, mapping)
        properties = self._properties(edge.properties, fields, mapping)
        places = {name: field.position for name, field in fields.items()}
        return Link(edge, target, properties, places[edge.item], places) if target else None

    def _without_repeats(self, links: list[Link]) -> list[Link]:
        kept: list[Link] = []
        for link in links:
            if any(link.target == other.target and link.properties == other.properties for other in kept):
                self._problem(
                    link.position, "duplicate-reference", f"{link.target!r} stands in {link.edge.key!r} twice; take one out"
                )
            else:
                kept.append(link)
        return kept

    def references(self, records: Iterable[Record]) -> None:
        """Every reference names an entry that is there, of a kind that the model allows."""
        for record in records:
            for link in record.links:
                if link.target not in self.kinds and link.target in self.misplaced:
                    continue  # its entry is there, in a section or a file that could not be read
                if link.target not in self.kinds:
                    message = f"no entry has the id {link.target!r}{self._near_id(link.target)}"
                    self._problem(link.position, "unknown-id", message)
                elif self.kinds[link.target][0] not in link.edge.to:
                    label = self.kinds[link.target][0]
                    message = f"{link.target!r} is of the kind {label}; {link.edge.key!r} can name {' or '.join(link.edge.to)}"
                    self._problem(link.position, "wrong-kind", message)

    def _near_id(self, word: str) -> str:
        if (meant := self.aliases.get(word.casefold())) is not None:
            return f"; it is a name of {meant!r}: write the id"
        return did_you_mean(word, self.kinds)

    def actions(self, records: Iterable[Record]) -> None:
        """Each fact has the parts that its action needs, of the kinds that its action allows."""
        for record in records:
            action = self.model.actions.get(str(record.properties.get("action")))
            if record.type.label == FACT and action is not None:
                self._action(record, action)

    def _action(self, record: Record, action: Action) -> None:
        for edge_type, role in _ROLE_OF_EDGE.items():
            allowed: tuple[str, ...] = getattr(action, role)
            links = [link for link in record.links if link.edge.type == edge_type]
            if not links and role in action.required and (record.position, role) not in self.mistyped:
                self._problem(record.position, "missing-field", f"{action.name!r} needs {role!r}: {action.definition}")
            for link in links:
                label = self.kinds.get(link.target, (None,))[0]
                if label is not None and label in link.edge.to and label not in allowed:
                    message = (
                        f"{link.target!r} is of the kind {label}; {role!r} of {action.name!r} can name {' or '.join(allowed)}"
                    )
                    self._problem(link.position, "wrong-kind", message)

    # quotes

    def quotes(self, records: list[Record]) -> tuple[int, int]:
        """Look every quote up in its text; how many quotes there are, and how many could not be looked up."""
        files = {record.id: source.file for record in records if isinstance(source := record.properties.get("text"), SourceFile)}
        count = unverified = 0
        for link in (link for record in records for link in record.links if "quote" in link.properties):
            count += 1
            text = self.texts.get(files.get(link.target, ""))
            if text is None:
                unverified += 1
            else:
                self._look_up(link, text)
        return count, unverified

    def _look_up(self, link: Link, text: str) -> None:
        quote, prefix, suffix = (str(link.properties.get(key, "")) for key in ("quote", "prefix", "suffix"))
        found = quotes.places(text, quote, prefix, suffix)
        if found == 0:
            message = (
                f"the quote {quote!r} is not in the text of {link.target!r}; nearest passage: {quotes.nearest(text, quote)!r}"
            )
            self._problem(link.places["quote"], "quote-not-found", message)
        elif found > 1:
            message = f"the quote {quote!r} stands {found} times in the text of {link.target!r}; add `prefix` or `suffix` words"
            self._problem(link.places["quote"], "quote-not-unique", message)
