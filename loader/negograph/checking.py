"""Entries against the model: every mistake at its place, and the typed records that the graph is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from negograph import quotes
from negograph.fields import FieldReader
from negograph.model import ABOUT, BY, DATASET, FACT, TO, Action, Model
from negograph.problems import Position, Problem, did_you_mean
from negograph.reading import Entry, Reading, Scalar
from negograph.records import Dataset, Link, Record, SourceFile

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
        self.unread = unread
        self.fields = FieldReader(model, folder)
        self.problems = self.fields.problems
        self.misplaced = set(_ID_IN_TEXT.findall(unread))
        self.kinds: dict[str, tuple[str, Position]] = {}
        self.aliases: dict[str, str] = {}

    def _problem(self, position: Position, code: str, message: str) -> None:
        self.problems.append(Problem(position, code, message))

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
        fields = self.fields.known_fields(entries[0].fields, ["id", "title"], DATASET)
        texts = {key: self.fields.required_text(fields, key, entries[0].fields) for key in ("id", "title")}
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
                continue
            record = self.fields.record(entry, node)
            if record.id and self._registered(record, entry):
                records.append(record)
        return records

    def _registered(self, record: Record, entry: Entry) -> bool:
        """Whether the record's id can be used and is not taken; then it and the record's names are known from now on."""
        position = next(value.position for key, value in entry.fields.items if key.text == "id")
        if not _ID.fullmatch(record.id):
            self._problem(position, "bad-id", f"{record.id!r} is no id; use letters, digits, - and _, such as nato-offer")
            return False
        if record.id in self.kinds:
            label, first = self.kinds[record.id]
            message = f"the id {record.id!r} is used already, by the {label} in {first}; ids are unique in the whole dataset"
            self._problem(position, "duplicate-id", message)
            return False
        self.kinds[record.id] = (record.type.label, position)
        if isinstance(aliases := record.properties.get("aliases"), tuple):
            self.aliases |= dict.fromkeys(map(str.casefold, aliases), record.id)
        self.aliases.setdefault(str(record.properties.get("name", "")).casefold(), record.id)
        return True

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
            if not links and role in action.required and (record.position, role) not in self.fields.mistyped:
                self._problem(record.position, "missing-field", f"{action.name!r} needs {role!r}: {action.definition}")
            for link in links:
                label = self.kinds.get(link.target, (None,))[0]
                if label is not None and label in link.edge.to and label not in allowed:
                    message = (
                        f"{link.target!r} is of the kind {label}; {role!r} of {action.name!r} can name {' or '.join(allowed)}"
                    )
                    self._problem(link.position, "wrong-kind", message)

    def quotes(self, records: list[Record]) -> tuple[int, int]:
        """Look every quote up in its text; how many quotes there are, and how many could not be looked up."""
        sources = [(record.id, value) for record in records for value in record.properties.values()]
        files = {identity: source.file for identity, source in sources if isinstance(source, SourceFile)}
        count = unverified = 0
        for link in (link for record in records for link in record.links if "quote" in link.properties):
            count += 1
            text = self.fields.texts.get(files.get(link.target, ""))
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
