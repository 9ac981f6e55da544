"""The fields of a mapping, each taken by its key; what is wrong with them is collected, each mistake once."""

import re
from collections.abc import Collection

from negograph.parsing.yaml_tree import Mapping, Scalar, Value, stands_alone
from negograph.problems.problem import Position, Problem, did_you_mean


class Fields:
    """The fields of one mapping that have a known key and a value.

    An unknown key and an empty value are problems. `places` tells where the parts of values stand, by key: those of a list as
    `aliases.0`, those of a mapping as `text.sha256`.
    """

    __slots__ = ("_said", "mapping", "places", "problems", "values")

    def __init__(self, mapping: Mapping, keys: Collection[str], owner: str, problems: list[Problem]) -> None:
        self.mapping = mapping
        self.problems = problems
        self.places: dict[str, Position] = {}
        self.values = values = dict[str, Value]()
        self._said: tuple[str, ...] = ()
        for key, value in mapping.items:
            name = key.text
            if name not in keys:
                self._unknown(key, value, keys, owner)
            elif isinstance(value, Scalar) and value.empty:
                self.problem(key.position, "empty-value", f"{name!r} has no value; write one, or leave the key out")
                self._said += (name,)
            else:
                values[name] = value

    def problem(self, position: Position, code: str, message: str, also: Position | None = None) -> None:
        """Report a mistake."""
        self.problems.append(Problem(position, code, message, also))

    def missing(self, key: str, definition: str = "") -> None:
        """Report a key that is not there, unless it stands there without a value or mistyped: that was said already."""
        if key not in self._said:
            message = f"the key {key!r} is missing" + (f": {definition}" if definition else "; add it")
            self.problem(self.mapping.position, "missing-field", message)

    def required_text(self, key: str) -> str:
        """The text under a key that must be there; nothing where it is missing or no text, which is a problem."""
        if key not in self.values:
            self.missing(key)
            return ""
        return self.text(self.values[key], key)

    def matching_text(self, key: str, pattern: str, code: str, message: str) -> str:
        """The text under a key that may be missing; nothing, and a problem, where it is not of the pattern."""
        value = self.values.get(key)
        text = "" if value is None else self.text(value, key)
        if value is None or not text or re.fullmatch(pattern, text):
            return text
        self.problem(value.position, code, message)
        return ""

    def text(self, value: Value, key: str) -> str:
        """The text of a value; nothing, and a problem, where it is a list or a mapping."""
        if isinstance(value, Scalar):
            return value.text
        self.problem(value.position, "wrong-type", f"{key!r} is a text, not a list or a mapping; write `{key}: word`")
        return ""

    def item_text(self, item: Value, key: str) -> str:
        """The text of an element of a list, which must not be empty."""
        if isinstance(item, Scalar) and item.empty:
            self.problem(item.position, "empty-value", f"an element of {key!r} has no value; write one, or take it out")
            return ""
        return self.text(item, key)

    def _unknown(self, key: Scalar, value: Value, keys: Collection[str], owner: str) -> None:
        """Report an unknown key; only one that is not written yet can be meant."""
        written = {name.text for name, _ in self.mapping.items}
        free = [known for known in keys if known not in written]
        before_colon = key.text.partition(":")[0]
        if before_colon != key.text and before_colon in free:
            self._said += (before_colon,)
            hint = "; write a blank after the colon"
        elif stands_alone(key, value):
            hint = "; a comma in `{ }` ends a value: if this belongs to it, put the whole value in double quotes"
        else:
            self._said += tuple(known for known in free if did_you_mean(key.text, [known]))
            hint = did_you_mean(key.text, free)
        message = f"unknown key {key.text!r} of {owner}{hint} (keys: {', '.join(keys)})"
        self.problem(key.position, "unknown-key", message)


def nested(value: Value, key: str, keys: Collection[str], problems: list[Problem]) -> Fields | None:
    """The fields of a value that is a mapping; None, and a problem, where it is none."""
    if isinstance(value, Mapping):
        return Fields(value, keys, key, problems)
    form = ", ".join(f"{name}: ..." for name in keys)
    problems.append(Problem(value.position, "wrong-type", f"{key!r} is a mapping; write {{{form}}}"))
    return None
