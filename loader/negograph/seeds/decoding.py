"""The entries of one file as records: each value in the type that the model asks for, each mistake among them at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PureWindowsPath

from negograph.model.dates import BackwardsInterval, parse_date
from negograph.model.model import DATASET, DATASET_SECTION, FACT, EdgeType, Model, NodeType, PropertyType
from negograph.model.schema_files import typed
from negograph.parsing.yaml_tree import Mapping as YamlMapping
from negograph.parsing.yaml_tree import Scalar, Sequence, Value, stands_alone
from negograph.problems.hints import did_you_mean
from negograph.problems.problem import Position, Problem
from negograph.project import TEXTS
from negograph.seeds.records import Dataset, FileRecords, Link, PropertyValue, Record, Retraction, SourceFile
from negograph.seeds.sections import Entry, Reading
from negograph.text import quotes

_ID_IN_TEXT = re.compile(r"""\bid["']?\s*:\s*["']?(\w[\w.-]*)""")
_DATASET_IN_TEXT = re.compile(r"^[\"']?dataset[\"']?\s*:", re.MULTILINE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/|(mailto|urn|doi|data):|www\.", re.IGNORECASE)
_PLACED = ("id", "name", "date")
_PLACED_LISTS = ("aliases", "formerly")


def records_of(reading: Reading, model: Model) -> FileRecords:
    """What a file's entries say, and its mistakes that can be seen without the other files."""
    reader = _FieldReader(model)
    sections = {node.section: node for node in model.nodes.values()}
    datasets: list[Dataset] = []
    records: list[Record] = []
    hidden = [*_ID_IN_TEXT.findall(reading.unread), *reading.unlisted]
    without_id: list[str] = []
    names_dataset = DATASET_SECTION in reading.sections or bool(_DATASET_IN_TEXT.search(reading.unread))
    for entry in reading.entries:
        if entry.section.text == DATASET_SECTION:
            datasets.append(reader.dataset(entry))
        elif (node := sections.get(entry.section.text)) is None:
            reader.unknown_section(entry.section, [DATASET_SECTION, *sections])
            identity = entry.fields.get("id")
            hidden += [identity.text] if isinstance(identity, Scalar) else []
        else:
            record = reader.record(entry, node)
            if record.id:
                records.append(record)
            else:
                without_id.append(record.label)
    problems = (*reading.problems, *reader.problems)
    return FileRecords(tuple(datasets), tuple(records), problems, tuple(hidden), tuple(without_id), names_dataset)


def _no_file_of_the_texts(file: str) -> str | None:
    """Why a word can name no file of the texts folder, on no system; None if it can."""
    path = PureWindowsPath(file)
    if _ADDRESS.match(file):
        return "this is an address; save the text as a file"
    if "\\" in file:
        return "folders are parted by /, not by a backslash"
    if path.anchor or ".." in path.parts:
        return "this leads out of the texts folder"
    if path.parts and path.parts[0].casefold() == TEXTS:
        return f"the path begins inside of {TEXTS}/; leave that out"
    return None


class _FieldReader:
    """Reads entries by the model and collects their problems."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.problems: list[Problem] = []
        self.said: set[tuple[Position, str]] = set()
        self.readers: dict[str, Callable[[PropertyType, Value, dict[str, Position]], PropertyValue | None]] = {
            "texts": self._texts,
            "source": self._source,
            "retraction": self._retraction,
            "quote": self._quote,
        }

    def dataset(self, entry: Entry) -> Dataset:
        """The dataset that an entry describes; its id or title is empty where it is missing."""
        fields = self._known_fields(entry.fields, ("id", "title"), DATASET)
        identity, title = (self._required_text(fields, key, entry.fields) for key in ("id", "title"))
        place = fields["id"].position if "id" in fields else entry.section.position
        return Dataset(identity, title, entry.section.position, place)

    def unknown_section(self, section: Scalar, known: list[str]) -> None:
        message = f"unknown section {section.text!r}{did_you_mean(section.text, known)} (sections: {', '.join(known)})"
        self._problem(section.position, "unknown-key", message)

    def record(self, entry: Entry, node: NodeType) -> Record:
        """The entry as a record. Its id is empty where the entry has none."""
        edges = self.model.edges_of(node.label)
        fields = self._known_fields(entry.fields, self.model.keys_of(node.label), node.label)
        places = {key: fields[key].position for key in _PLACED if key in fields}
        identity = self._required_text(fields, "id", entry.fields)
        properties: dict[str, PropertyValue] = {}
        if not node.names_itself and (name := self._required_text(fields, "name", entry.fields)):
            properties["name"] = name
        properties |= self._properties(node.properties, fields, entry.fields, places)
        links = [link for edge in edges for link in self._links(edge, fields, entry.fields)]
        if node.label == FACT:
            self._parts_of_action(str(properties.get("action")), fields, entry.fields)
        return Record(
            node.label, identity, properties, tuple(links), self._formerly(fields, places), entry.fields.position, places
        )

    def _parts_of_action(self, name: str, fields: Mapping[str, Value], parent: YamlMapping) -> None:
        """A fact has the parts that its action needs."""
        action = self.model.actions.get(name)
        for role in action.required if action else ():
            value = fields.get(role)
            if value is None:
                self._missing(parent, role, f"{name!r} needs it: {action.definition}" if action else "")
            elif isinstance(value, Sequence) and not value.items and not self.model.edges_by_key(FACT)[role].required:
                self._problem(value.position, "missing-field", f"{role!r} is an empty list, and {name!r} needs it")

    def _formerly(self, fields: Mapping[str, Value], places: dict[str, Position]) -> tuple[str, ...]:
        value = fields.get("formerly")
        if value is None:
            return ()
        former = self._texts(PropertyType("formerly", "texts", ""), value, places)
        return former if isinstance(former, tuple) else ()

    def _known_fields(self, mapping: YamlMapping, keys: Iterable[str], label: str) -> dict[str, Value]:
        """The fields that have a known key and a value; an unknown key and an empty value are problems."""
        fields = {}
        for key, value in mapping.items:
            name = key.text
            if name not in keys:
                self._unknown_key(key, value, mapping, list(keys), label)
            elif isinstance(value, Scalar) and value.empty:
                self._problem(key.position, "empty-value", f"{name!r} has no value; write one, or leave the key out")
                self.said.add((mapping.position, name))
            else:
                fields[name] = value
        return fields

    def _unknown_key(self, key: Scalar, value: Value, mapping: YamlMapping, keys: list[str], label: str) -> None:
        before_colon = key.text.partition(":")[0]
        if before_colon != key.text and before_colon in keys:
            meant, hint = [before_colon], "; write a blank after the colon"
        elif stands_alone(key, value):
            meant, hint = [], "; a comma in `{ }` ends a value: if this belongs to it, put the whole value in double quotes"
        else:
            meant, hint = [known for known in keys if did_you_mean(key.text, [known])], did_you_mean(key.text, keys)
        self.said |= {(mapping.position, known) for known in meant}
        message = f"unknown key {key.text!r} of {label}{hint} (keys: {', '.join(keys)})"
        self._problem(key.position, "unknown-key", message)

    def _required_text(self, fields: Mapping[str, Value], key: str, parent: YamlMapping) -> str:
        """The text under a key that must be there; nothing where it is missing or no text, which is a problem."""
        if key not in fields:
            self._missing(parent, key)
            return ""
        return self._text(fields[key], key)

    def _missing(self, parent: YamlMapping, key: str, definition: str = "") -> None:
        """A key that is not there; where it has no value, or one that looks like it was mistyped, that was said already."""
        if (parent.position, key) not in self.said:
            message = f"the key {key!r} is missing" + (f": {definition}" if definition else "; add it")
            self._problem(parent.position, "missing-field", message)

    def _text(self, value: Value, key: str) -> str:
        """The text of a value; nothing, and a problem, where it is a list or a mapping."""
        if isinstance(value, Scalar):
            return value.text
        self._problem(value.position, "wrong-type", f"{key!r} is a text, not a list or a mapping; write `{key}: word`")
        return ""

    def _item_text(self, item: Value, key: str) -> str:
        """The text of an element of a list, which must not be empty."""
        if isinstance(item, Scalar) and item.empty:
            self._problem(item.position, "empty-value", f"an element of {key!r} has no value; write one, or take it out")
            return ""
        return self._text(item, key)

    def _properties(
        self, types: Mapping[str, PropertyType], fields: Mapping[str, Value], parent: YamlMapping, places: dict[str, Position]
    ) -> dict[str, PropertyValue]:
        properties: dict[str, PropertyValue] = {}
        for name, kind in types.items():
            value = fields.get(name)
            if value is not None:
                typed_value = self.readers.get(kind.kind, self._scalar)(kind, value, places)
                if typed_value is not None:
                    properties[name] = typed_value
            elif kind.required:
                self._missing(parent, name, kind.definition)
            elif kind.default is not None:
                properties[name] = kind.default
        return properties

    def _scalar(self, kind: PropertyType, value: Value, places: dict[str, Position]) -> PropertyValue | None:
        text = self._text(value, kind.name)
        if not text:
            return None
        try:
            found = parse_date(text) if kind.kind == "date" else typed(kind.kind, text)
            choices = self.model.actions if kind.kind == "action" else kind.values
            if not choices or text in choices:
                return found
            code = "unknown-action" if kind.kind == "action" else "bad-value"
            message = f"{text!r} is no {kind.name}{did_you_mean(text, choices)} ({kind.name}: {', '.join(choices)})"
            self._problem(value.position, code, message)
        except BackwardsInterval as error:
            self._problem(value.position, "backwards-interval", str(error))
        except ValueError as error:
            if kind.kind == "date":
                self._problem(value.position, "bad-date", str(error))
            else:
                self._problem(value.position, "wrong-type", f"{kind.name!r} is {text!r}: {error}")
        return None

    def _texts(self, kind: PropertyType, value: Value, places: dict[str, Position]) -> PropertyValue | None:
        if not isinstance(value, Sequence):
            self._problem(value.position, "wrong-type", f"{kind.name!r} is a list; write [one, another]")
            return None
        texts = [(item, text) for item in value.items if (text := self._item_text(item, kind.name))]
        for item, text in texts:
            if kind.values and text not in kind.values:
                self._problem(item.position, "bad-value", f"{text!r} is no {kind.name} ({kind.name}: {', '.join(kind.values)})")
        if kind.name in _PLACED_LISTS:
            places |= {f"{kind.name}.{number}": item.position for number, (item, _) in enumerate(texts)}
        return tuple(text for _, text in texts)

    def _source(self, kind: PropertyType, value: Value, places: dict[str, Position]) -> PropertyValue | None:
        found = self._submapping(kind.name, value, ("file", "sha256", "characters"))
        if found is None or not (file := self._required_text(found[1], "file", found[0])):
            return None
        fields = found[1]
        places |= {f"{kind.name}.{key}": field.position for key, field in fields.items()}
        sha256, characters = (self._text(fields[key], key) if key in fields else "" for key in ("sha256", "characters"))
        if (wrong := _no_file_of_the_texts(file)) is not None:
            message = f"{wrong}; a text's file is named by its path inside the texts folder, such as courier.txt"
            self._problem(fields["file"].position, "bad-value", message)
            return None
        if sha256 and not re.fullmatch("[0-9a-f]{64}", sha256):
            self._problem(fields["sha256"].position, "bad-value", "a SHA-256 is 64 of the digits 0-9 and a-f; write it in full")
            sha256 = ""
        if characters and not re.fullmatch("[0-9]{1,12}", characters):
            self._problem(fields["characters"].position, "wrong-type", "'characters' is a whole number, such as 2922")
            characters = ""
        return SourceFile(file, sha256 or None, int(characters) if characters else None)

    def _retraction(self, kind: PropertyType, value: Value, places: dict[str, Position]) -> PropertyValue | None:
        fields = self._submapping(kind.name, value, ("on", "reason"))
        if fields is None:
            return None
        on, reason = (self._required_text(fields[1], key, fields[0]) for key in ("on", "reason"))
        if not on or not reason:
            return None
        try:
            return Retraction(parse_date(on).last, reason)
        except ValueError as error:
            code = "backwards-interval" if isinstance(error, BackwardsInterval) else "bad-date"
            self._problem(fields[1]["on"].position, code, str(error))
            return None

    def _submapping(self, name: str, value: Value, keys: tuple[str, ...]) -> tuple[YamlMapping, dict[str, Value]] | None:
        if isinstance(value, YamlMapping):
            return value, self._known_fields(value, keys, name)
        form = ", ".join(f"{key}: ..." for key in keys)
        self._problem(value.position, "wrong-type", f"{name!r} is a mapping; write {{{form}}}")
        return None

    def _quote(self, kind: PropertyType, value: Value, places: dict[str, Position]) -> PropertyValue | None:
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
                if name in fields and not edge.required:
                    self._problem(fields[name].position, "missing-field", f"{name!r} needs {edge.key!r} beside it")
            return []
        if isinstance(value, Scalar) and not edge.item and not edge.properties:
            return [Link(edge.key, value.text, value.position)]
        if isinstance(value, Sequence):
            if not edge.many:
                self._problem(value.position, "wrong-type", f"{edge.key!r} names one entry; write its id without brackets")
                return []
            if not value.items and edge.required:
                self._problem(value.position, "missing-field", f"{edge.key!r} is an empty list: {edge.definition}")
        items = value.items if isinstance(value, Sequence) else (value,)
        links = [self._item_link(edge, item) if edge.item else self._plain_link(edge, item, fields, parent) for item in items]
        found = [link for link in links if link is not None]
        return self._without_repeats(found) if len(found) > 1 else found

    def _plain_link(self, edge: EdgeType, value: Value, fields: Mapping[str, Value], parent: YamlMapping) -> Link | None:
        target = self._item_text(value, edge.key)
        if not target:
            return None
        properties = self._properties(edge.properties, fields, parent, {}) if edge.properties else None
        return Link(edge.key, target, value.position, properties)

    def _item_link(self, edge: EdgeType, value: Value) -> Link | None:
        assert edge.item is not None
        found = self._submapping(edge.key, value, (edge.item, *edge.properties))
        if found is None:
            return None
        mapping, fields = found
        target = self._required_text(fields, edge.item, mapping)
        properties = self._properties(edge.properties, fields, mapping, {})
        if not target:
            return None
        quote = next(
            (fields[name].position for name, kind in edge.properties.items() if kind.kind == "quote" and name in fields), None
        )
        return Link(edge.key, target, fields[edge.item].position, properties, quote)

    def _without_repeats(self, links: list[Link]) -> list[Link]:
        kept: list[Link] = []
        for link in links:
            first = next((other for other in kept if link.target == other.target and link.properties == other.properties), None)
            if first is None:
                kept.append(link)
                continue
            message = f"{link.target!r} stands in {link.key!r} twice; take one out"
            self._problem(link.position, "duplicate-reference", message, first.position)
        return kept

    def _problem(self, position: Position, code: str, message: str, also: Position | None = None) -> None:
        self.problems.append(Problem(position, code, message, also))
