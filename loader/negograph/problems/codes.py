"""Every problem that a check can report, by its code: what it means, an example, and the fix.

Codes are stable: scripts and annotations name them. The page docs/problems.md is made from this list.
"""

from typing import Literal, NamedTuple

from negograph.text.characters import in_line

OTHER_FILE = "seeds/example.yaml"
"""The file that an example stands in if it names none; it is added to the project that `negograph init` makes."""


class ProblemCode(NamedTuple):
    """A kind of mistake. The example is the content of `file`, which breaks a clean project in just this one way."""

    meaning: str
    fix: str
    example: str | bytes | None = None
    file: str = OTHER_FILE
    severity: Literal["error", "warning"] = "error"


def _warning(meaning: str, fix: str, example: str) -> ProblemCode:
    return ProblemCode(meaning, fix, example, severity="warning")


def _fact(fields: str, evidence: str = "{document: courier, quote: we would run a ferry at night}") -> str:
    """A fact of the examples, complete but for what `fields` says."""
    return f"facts:\n  - id: an-example\n    {fields}\n    evidence:\n      - {evidence}\n"


_OFFERED = "action: offered\n    by: north\n    what: night-ferry\n    date: 2021-05-02"

GROUPS: dict[str, dict[str, ProblemCode]] = {
    "The form of a file": {
        "unreadable": ProblemCode(
            "A file cannot be opened: a link that leads nowhere, a device, or a file that you may not read.",
            "Restore the file or its permissions, or take it out of the folder.",
        ),
        "outward-link": ProblemCode(
            "A link in the project leads out of it. Such a file is not read, for a project may come from somebody else.",
            "Put the file itself there. Texts may be in any folder that NEGOGRAPH_TEXTS names.",
        ),
        "not-utf-8": ProblemCode(
            "The file is in another encoding than UTF-8; the place is its first byte that does not fit.",
            "Open it in the encoding that it has and save it as UTF-8.",
            b"parties:\n  - {id: cafe, name: Caf\xe9, kind: group}\n",
        ),
        "too-large": ProblemCode(
            "The file is larger than 64 MiB, or its aliases (`*name`) repeat more than 100,000 values.",
            "Split the file; write out what the aliases repeat.",
        ),
        "too-deep": ProblemCode(
            "Lists and mappings stand in each other more than 100 levels deep.",
            "Look for brackets that were opened by mistake.",
            "[" * 101 + "]" * 101,
        ),
        "yaml-syntax": ProblemCode(
            "The file is no valid YAML. The place is where the mistake is likely to be: the bracket or quotation mark that is "
            "not closed, the second colon, the character that means something in YAML.",
            "Close what is open; put a value in double quotes if it has `: ` or begins with one of ``@ ` % & * ! | > [ { \" '``.",
            "issues:\n  - id: fares\n    name: Fares: who pays\n",
        ),
        "tab": ProblemCode(
            "A line is indented by a tab; YAML allows blanks only.",
            "Replace the tab by blanks, and let the editor insert blanks for the tab key.",
            "issues:\n\t- id: fares\n",
        ),
        "yaml-tag": ProblemCode(
            "A tag such as `!!int` or `!name` stands before a value. The schema says what a value means, so tags have no place.",
            "Take the tag out; if the value itself begins with `!`, put it in quotes.",
            'issues:\n  - {id: fares, name: !!str "Fares"}\n',
        ),
        "invisible-character": ProblemCode(
            "A key or value holds a character that nobody sees, such as a zero-width space, a soft hyphen, a mark of writing "
            "direction, a control character, or an end of line that no editor shows (U+2028). It usually comes along with copied "
            "text, and makes words unequal that look the same.",
            "Delete the character; in an editor, retype the word around the place.",
            "issues:\n  - {id: fares, name: Fa\u200bres}\n",
        ),
        "not-nfc": ProblemCode(
            "A key or value is written with combining characters (`e` and an accent as two) where Unicode has one character for "
            "both (normalisation form C), so that it does not equal the same word typed elsewhere.",
            "Retype the word, or convert the file to NFC.",
            "issues:\n  - {id: fares, name: Cafe\u0301}\n",
        ),
        "swallowed-comment": _warning(
            "After a blank, `#` begins a comment: the rest of the value is not read.",
            "Put the value in quotes; if it is a comment, write a blank after the `#`.",
            _fact(f"{_OFFERED}\n    note: As in letter #2"),
        ),
        "duplicate-key": ProblemCode(
            "A key stands twice in the same mapping, or a section twice in the same file.",
            "Keep one of the two; several values of one key are a list. At a second `id`, write the `- ` that begins an entry.",
            "issues:\n  - {id: fares, name: Fares, name: Prices}\n",
        ),
        "not-a-mapping": ProblemCode(
            "The top level of the file is a list or a word, where sections such as `parties:` or `facts:` belong.",
            "Put the section's name above the list.",
            "- {id: fares, name: Fares}\n",
        ),
    },
    "The fields of an entry": {
        "missing-dataset": ProblemCode(
            "No file says which dataset the facts belong to.",
            "Add `dataset: {id: my-dataset, title: My dataset}` to a file in seeds/.",
            "# the dataset is not described any more\n",
            "seeds/dataset.yaml",
        ),
        "unknown-key": ProblemCode(
            "A section, or a key of an entry, that the model does not know; often a slip of the pen.",
            "Write the key that is meant; a key of your own is declared in the project's schema/ folder.",
            "issues:\n  - {id: fares, name: Fares, partof: ferry}\n",
        ),
        "missing-field": ProblemCode(
            "An entry lacks a key that it must have, or a fact lacks a part that its action needs: every fact needs evidence, an "
            "offer needs `what`, coordination needs `to`.",
            "Add the key.",
            "issues:\n  - {id: fares}\n",
        ),
        "wrong-type": ProblemCode(
            "A text, a list or a mapping stands where another of these is meant, or a word where a number or true or false is "
            "meant. YAML's `yes`, `on` and `1e3` are words here: nothing is guessed.",
            "Write the value in the form that the message shows.",
            _fact(f"{_OFFERED}\n    implied: yes"),
        ),
        "empty-value": ProblemCode(
            "A key has no value. (`~` and `null` are no values either; in quotes they are words.)",
            "Write a value, or leave the key out.",
            "issues:\n  - {id: fares, name: }\n",
        ),
        "bad-value": ProblemCode(
            "A word that is none of those that the model allows here.",
            "Take one of the words that the message lists.",
            "parties:\n  - {id: east, name: Eastbank, kind: country}\n",
        ),
        "too-long": ProblemCode(
            "A text that is longer than what can be shown in one line, such as the gist of what was said.",
            "Say it in fewer words; there is room for more in `note`.",
            "parties:\n  - {id: east, name: The Eastbank Council, kind: group, short: Eastbank's Council}\n",
        ),
        "unknown-action": ProblemCode(
            "An action that is not in the codebook.",
            "Take the action whose definition fits (`negograph schema` lists them); one of your own is declared in schema/.",
            _fact(_OFFERED.replace("offered", "promised")),
        ),
        "bad-date": ProblemCode(
            "A date that is impossible, or of a form that could be read in two ways.",
            "Write 2022-01-26, 2022-01, 2022, or an interval such as 2022-01-26/2022-01-28.",
            _fact(_OFFERED.replace("2021-05-02", "02.05.2021")),
        ),
        "backwards-interval": ProblemCode(
            "An interval that ends before it begins.",
            "Exchange its ends, or fix the one that is wrong.",
            _fact(_OFFERED.replace("2021-05-02", "2021-05-02/2021-04-30")),
        ),
        "long-quote": ProblemCode(
            "A quote of more than 12 words or 150 characters. A quote pins a place in the source; it does not stand for it.",
            "Keep the words that matter, or join the first and the last ones by an ellipsis (`…`).",
            _fact(
                _OFFERED,
                "{document: courier, quote: If Southbank pays half of the crew's wages we would run a ferry at night}",
            ),
        ),
        "duplicate-reference": ProblemCode(
            "The same reference stands in a list twice.",
            "Take one out.",
            _fact(_OFFERED.replace("by: north", "by: [north, north]")),
        ),
    },
    "Ids and references": {
        "bad-id": ProblemCode(
            "An id with a character that has no place there. Ids are letters, digits, `-`, `_` and `.`.",
            "Write it like `nato-offer`.",
            "issues:\n  - {id: ferry fares, name: Fares}\n",
        ),
        "mixed-script-id": ProblemCode(
            "An id with letters of several scripts, such as a Cyrillic `а` among Latin letters: nobody can type it as it looks.",
            "Retype the id in one script.",
            "issues:\n  - {id: f\u0430res, name: Fares}\n",
        ),
        "look-alike-id": ProblemCode(
            "Two ids that differ only in case, in `-`, `_` and `.`, or in letters that look alike.",
            "If one thing is meant, keep one entry; if two, give one of them an id that tells it apart.",
            "proposals:\n  - {id: night_ferry, name: Another ferry at night}\n",
        ),
        "duplicate-id": ProblemCode(
            "Two entries of one kind with the same id.",
            "If both are the same, keep one; if not, give one another id.",
            "issues:\n  - {id: ferry, name: Ferries}\n",
        ),
        "two-kinds": ProblemCode(
            "Two entries of different kinds with the same id. Ids are unique in the whole dataset.",
            "Give one of them another id.",
            "demands:\n  - {id: north, name: The north}\n",
        ),
        "renamed-id": ProblemCode(
            "A reference to an id that stands in an entry's `formerly`: the entry was renamed.",
            "Write the new id, which the message names.",
            "issues:\n  - {id: fares, name: Fares, formerly: [prices]}\n  - {id: tickets, name: Tickets, part_of: prices}\n",
        ),
        "former-id-in-use": ProblemCode(
            "An id in `formerly` that another entry has today and had always, or that two entries say they had.",
            "Take it out where it does not belong. If two entries change places, each has the other's id in `formerly`.",
            "issues:\n  - {id: fares, name: Fares, formerly: [ferry]}\n",
        ),
        "unknown-id": ProblemCode(
            "A reference to an id that no entry has: a slip of the pen, a name instead of the id, or an entry to be written.",
            "Write the id that is meant, or add the entry.",
            _fact(_OFFERED.replace("by: north", "by: norht")),
        ),
        "wrong-kind": ProblemCode(
            "A reference to an entry of a kind that does not fit here, such as a person as the actor of a fact, or a proposal "
            "that is demanded.",
            "Refer to an entry of a kind that the message lists, or choose the action that fits.",
            _fact(_OFFERED.replace("by: north", "by: north-mayor")),
        ),
        "ambiguous-name": _warning(
            "Two entries of one kind have the same name or alias, so that a question by that name cannot tell which is meant.",
            "Make the names differ, or drop the alias from one of them.",
            "parties:\n  - {id: north-council, name: The council, kind: group, aliases: [Northbank], member_of: north}\n"
            "people:\n  - {id: clerk, name: The clerk, speaks_for: north-council}\n"
            + _fact(_OFFERED.replace("2021-05-02", "2021-05-03\n    according_to: clerk\n    confidence: low")),
        ),
    },
    "What cannot be so": {
        "self-reference": ProblemCode(
            "An entry that is a member, a part or an answer of itself, or a party that acts towards itself.",
            "Write the other entry that is meant.",
            _fact("action: coordinated_with\n    by: north\n    to: [south, north]\n    date: 2021-05-02"),
        ),
        "cycle": ProblemCode(
            "Memberships, parts, answers or counters that lead back to where they began.",
            "Take out the reference that is wrong; the message shows the round.",
            "issues:\n  - {id: fares, name: Fares, part_of: tickets}\n  - {id: tickets, name: Tickets, part_of: fares}\n",
        ),
        "before-answered": ProblemCode(
            "An answer that is dated before what it answers was put forward.",
            "Mend the date that is wrong; where the item was put forward earlier too, add that fact.",
            _fact("action: rejected\n    by: south\n    what: night-ferry\n    date: 2021-04-01"),
        ),
        "after-reported": ProblemCode(
            "A fact that is dated after the document that reports it. (A planned or conditional act may be.)",
            "Mend the date of the fact or of the document.",
            _fact(_OFFERED.replace("2021-05-02", "2021-06-01")),
        ),
        "never-put-forward": _warning(
            "A proposal or demand that nobody puts on the table: no fact proposes, offers or demands it or a whole that it is "
            "part of, and no document sets it out. Judged once there is no error.",
            "Add the fact that puts it forward, if a source reports it.",
            "demands:\n  - {id: cheap-fares, name: Cheap fares}\n"
            + _fact("action: supported\n    by: south\n    what: cheap-fares\n    date: 2021-05-02"),
        ),
        "unused": _warning(
            "An entry that no other refers to: forgotten, or meant by a reference elsewhere. Judged once there is no error.",
            "Refer to it, or take it out.",
            "issues:\n  - {id: fares, name: Fares}\n",
        ),
        "signed-twice": ProblemCode(
            "An issue that an item is said to further and to hinder, or one of these and only to be about.",
            "Keep one of `furthers`, `hinders` and `concerns` for it.",
            "issues:\n  - {id: fares, name: Fares}\n"
            "demands:\n  - {id: cheap-fares, name: Cheap fares, part_of: night-ferry, furthers: fares, hinders: fares}\n",
        ),
        "not-a-body": ProblemCode(
            "A party with `participants` that is no body: nobody puts things to it for others to answer.",
            "Write `kind: body`; the members of a group say so themselves, by `member_of`.",
            "parties:\n  - {id: council, name: The Council, kind: group, participants: [north, south]}\n"
            + _fact("action: offered\n    by: north\n    to: council\n    what: night-ferry\n    date: 2021-05-02"),
        ),
        "no-gist": _warning(
            "A statement, a warning or a criticism that does not tell what was said.",
            "Write it in your words, at most 160 characters: `says: ...`.",
            _fact("action: warned\n    by: north\n    to: south\n    what: night-ferry\n    date: 2021-05-02"),
        ),
        "said-before": ProblemCode(
            "An act that took place after somebody said that it did.",
            "Mend one of the two dates, or write `modality: planned`.",
            _fact(_OFFERED + "\n    said: 2021-04-30"),
        ),
        "duplicate-fact": _warning(
            "Two facts that say the same: action, actors, addressees, subject, dates, turn, speaker, modality, stance and gist "
            "are equal.",
            "Keep one, with the evidence of both. Where each statement counts, write `unit: statements` into the dataset.",
            _fact(
                "action: rejected\n    by: south\n    to: north\n    what: night-ferry\n    according_to: south-mayor\n"
                "    date: 2021-05-03"
            ),
        ),
        "contradiction": _warning(
            "A party that accepts and rejects the same thing on the same day, by its own or the source's word.",
            "Look the evidence up: often one of the two is conditional, or somebody else's claim (`according_to`).",
            _fact("action: accepted\n    by: south\n    what: night-ferry\n    date: 2021-05-03"),
        ),
    },
    "Quotes and texts": {
        "quote-not-found": ProblemCode(
            "The words of a quote do not stand in the text of its document. White space, quotation marks, apostrophes and dashes "
            "may differ; nothing else may.",
            "Correct the quote: the message shows the nearest passage, and `negograph quote DOCUMENT WORDS` writes the entry.",
            _fact(_OFFERED, "{document: courier, quote: we would run the ferry at night}"),
        ),
        "quote-not-unique": ProblemCode(
            "The words of a quote stand in the text more than once, so that they pin no place.",
            "Add `prefix` or `suffix`, the words just before or after; `negograph quote DOCUMENT WORDS` writes them.",
            _fact(_OFFERED, "{document: courier, quote: the mayor said}"),
        ),
        "text-changed": ProblemCode(
            "The text in the texts folder is not the one that was curated: its SHA-256 or its length differs.",
            "Restore the text; or check the quotes against the new one, and write its SHA-256 and length.",
            "documents:\n  - {id: copy, kind: article, name: A copy, text: {file: courier.txt, sha256: " + "0" * 64 + "}}\n",
        ),
        "misnamed-text": _warning(
            "The text of a document is not in the texts folder, but a file of nearly that name is; its quotes are not looked up.",
            "Write the name of the file as it is, capitals included.",
            "documents:\n  - {id: copy, kind: article, name: A copy, text: {file: Courier.txt}}\n"
            + _fact(_OFFERED, "{document: copy, quote: we would run a ferry at night}"),
        ),
        "missing-text": ProblemCode(
            "The text of a document is not in the texts folder. It is a problem only where `--require-texts` asks for all texts.",
            "Put the text there, or name the folder where it is in NEGOGRAPH_TEXTS.",
        ),
        "unreadable-text": ProblemCode(
            "The text of a document is there, but cannot be read as UTF-8, or is behind a link that leads nowhere.",
            "Save it as UTF-8, as plain text; fix the link.",
            "documents:\n  - {id: folder, kind: article, name: A folder, text: {file: .}}\n",
        ),
    },
    "The project's own schema and recipes": {
        "schema": ProblemCode(
            "A file in schema/ that does not define the model as it should.",
            "See the comments at the top of the shipped schema files for the keys and what they mean.",
            "nodes:\n  Party:\n    properties:\n      founded: {type: year, definition: The year of its foundation.}\n",
            "schema/own.yaml",
        ),
        "recipe": ProblemCode(
            "A recipe in queries/ whose header cannot be read.",
            "Take the header of a shipped recipe as a model.",
        ),
        "recipe-parameter": ProblemCode(
            "A recipe uses a parameter that its header does not declare, declares one that it does not use, or requires one that "
            "is optional in another recipe, or the other way round: Neo4j Browser keeps one value a name.",
            "Declare what is used: `// Parameter: NAME (TYPE, required): HELP`. Give what is required its own name.",
        ),
        "recipe-cypher": ProblemCode(
            "A recipe is not one statement that returns something, or the database does not understand it.",
            "Run the statement in Neo4j Browser until it answers.",
        ),
        "recipe-name": ProblemCode(
            "A recipe names a label or a relationship type that neither the model nor the graph has.",
            "Correct the name; `negograph schema` lists those of the model.",
        ),
        "recipe-writes": ProblemCode(
            "A recipe does more than read: it writes, changes the schema, reads files or calls a procedure that may.",
            "Take that out; what belongs into the graph is written into the seeds.",
        ),
    },
}
CODES: dict[str, ProblemCode] = {code: kind for group in GROUPS.values() for code, kind in group.items()}

_INTRODUCTION = """\
# Problems and how to fix them

What `negograph check` reports of seeds, and `negograph queries --check` of recipes, by the code in brackets. Errors keep the
facts from being loaded; warnings are worth a look (`--strict` takes them for errors). Each example is tested: it stands in
a file of its own beside the project that `negograph init` makes, and is reported by its code alone. `negograph explain CODE`
prints what stands here.
"""


def page() -> str:
    """All codes by group."""
    parts = [_INTRODUCTION]
    for title, codes in GROUPS.items():
        parts += [f"## {title}\n", *(explanation(code) for code in codes)]
    return "\n".join(parts)


def explanation(code: str) -> str:
    """What one code means, how to fix it, and an example.

    Raises:
        KeyError: if there is no such code.
    """
    kind = CODES[code]
    text = f"### {code}\n\n*{kind.severity.capitalize()}.* {kind.meaning}\n\n**Fix:** {kind.fix}\n"
    if kind.example is None:
        return text
    example = kind.example.decode("latin-1") if isinstance(kind.example, bytes) else kind.example
    seen = "\n".join(map(in_line, example.split("\n")))  # a character that could not be seen has a name in its place
    where = "" if kind.file == OTHER_FILE else f"# {kind.file}\n"
    return f"{text}\n```yaml\n{where}{seen}```\n"
