"""The fields of one entry: what stands in the YAML as typed values, each mistake among them at its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PureWindowsPath

from negograph import quotes
from negograph.dates import parse_date
from negograph.model import EdgeType, Model, NodeType, PropertyType
from negograph.problems import Position, Problem, did_you_mean
from negograph.reading import Entry, Scalar, Sequence, Value
from negograph.reading import Mapping as YamlMapping
from negograph.records import Link, PropertyValue, Record, Retraction, SourceFile
from negograph.schema import typed


class FieldReader:
    """Reads entries by the model and collects their problems, and the texts that documents name in the folder `texts`."""

    def __init__(self, model: Model, folder: Path) -> None:
        self.model = model
        self.folder = folder
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.mistyped: set[tuple[Position, str]] = set()

    def record(self, entry: Entry, node: NodeType) -> Record:
        """The entry as a record. Its id is empty where the entry has none."""
        edges = self.model.edges_of(node.label)
        beside_edges = [key for edge in edges if not edge.item for key in edge.properties]
        keys = ["id", *([] if node.names_itself else ["name"]), *node.properties, *(e.key for e in edges), *beside_edges]
        fields = self.known_fields(entry.fields, keys, node.label)
        identity = self.required_text(fields, "id", entry.fields)
        properties: dict[str, PropertyValue] = {}
        if not node.names_itself and (name := self.required_text(fields, "name", entry.fields)):
            properties["name"] = name
        properties |= self._properties(node.properties, fields, entry.fields)
        links = [link for edge in edges for link in self._links(edge, fields, entry.fields)]
        return Record(node, identity, properties, tuple(links), entry.fields.position)

    def known_fields(self, mapping: YamlMapping, keys: list[str], label: str) -> dict[str, Value]:
        """The fields whose keys are known; an unknown key and an empty value are problems."""
        fields = {}
        for key, value in mapping.items:
            if key.text not in keys:
                self.mistyped |= {(mapping.position, meant) for meant in keys if did_you_mean(key.text, [meant])}
                message = f"unknown key {key.text!r} of a {label}{did_you_mean(key.text, keys)} (keys: {', '.join(keys)})"
                self._problem(key.position, "unknown-key", message)
            elif isinstance(value, Scalar) and value.empty:
                self._problem(key.position, "empty-value", f"{key.text!r} has no value; write one, or leave the key out")
            if key.text in keys:
                fields[key.text] = value
        return fields

    def required_text(self, fields: Mapping[str, Value], key: str, parent: YamlMapping) -> str:
        """The text under a key that must be there; nothing where it is missing or no text, which is a problem."""
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
        """The text of a value; nothing for an empty one, which `known_fields` has reported."""
        if isinstance(value, Scalar):
            return "" if value.empty else value.text
        self._problem(value.position, "wrong-type", f"{key!r} is a text, not a list or a mapping")
        return ""

    def _item_text(self, item: Value, key: str) -> str:
        """The text of an element of a list, which must not be empty."""
        if isinstance(item, Scalar) and item.empty:
            self._problem(item.position, "empty-value", f"an element of {key!r} has no value; write one, or take it out")
        return self._text(item, key)

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
        if fields is None or not (file := self.required_text(fields[1], "file", fields[0])):
            return None
        sha256 = self._text(fields[1]["sha256"], "sha256") if "sha256" in fields[1] else None
        if PureWindowsPath(file).anchor or ".." in PureWindowsPath(file).parts or "\0" in file:
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
        try:
            if not path.exists():
                return
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
        on, reason = (self.required_text(fields[1], key, fields[0]) for key in ("on", "reason"))
        if not on or not reason:
            return None
        try:
            return Retraction(parse_date(on).last, reason)
        except ValueError as error:
            self._problem(fields[1]["on"].position, "bad-date", str(error))
            return None

    def _submapping(self, name: str, value: Value, keys: list[str]) -> tuple[YamlMapping, dict[str, Value]] | None:
        if isinstance(value, YamlMapping):
            return value, self.known_fields(value, keys, name)
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
        if not target:
            return None
        places = {name: fields[name].position for name in edge.properties if name in fields}
        return Link(edge, target, self._properties(edge.properties, fields, parent), value.position, places)

    def _item_link(self, edge: EdgeType, value: Value) -> Link | None:
        assert edge.item is not None
        found = self._submapping(edge.key, value, [edge.item, *edge.properties])
        if found is None:
            return None
        mapping, fields = found
        target = self.required_text(fields, edge.item, mapping)
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

    def _problem(self, position: Position, code: str, message: str) -> None:
        self.problems.append(Problem(position, code, message))
