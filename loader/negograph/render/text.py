"""Answers as text: values in words, and tables whose cells wrap at blanks, slashes and hyphens rather than within words."""

import re
from collections.abc import Callable
from datetime import date
from itertools import zip_longest

import wcwidth

from negograph.database.results import Evidence, ResultNode, ResultPath, ResultRelationship, ResultValue
from negograph.graph.standing import PASSIVE
from negograph.graph.words import UNANSWERED
from negograph.text.characters import visible

_GAP = "  "
_LONGEST_UNBROKEN = 21
"""A column is made wide enough for its longest word up to this; an interval of two days has 21 characters."""

_BREAK = re.compile(r"(?<=/)|(?<=-)(?=[^\W\d_])")


def words(value: ResultValue) -> str:
    """A value as a person reads it: names for nodes, labels for relationships, a list by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ("\n" if any(isinstance(item, Evidence) for item in value) else ", ").join(map(words, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {words(item)}" for key, item in value.items())
    if isinstance(value, Evidence):
        return f"{value.fact}: " + "; ".join(f"“{quote}” ({document})" for quote, document in value.quotes)
    if isinstance(value, ResultNode):
        return str(value.properties.get("name") or value.properties.get("id") or ":".join(value.labels))
    if isinstance(value, ResultRelationship):
        kind = value.properties.get("label") or value.type.replace("_", " ").lower()
        told = {key: value.properties.get(key) for key in ("date", "says", "condition")}
        when, says = f", {told['date']}" if told["date"] else "", f" ({told['says']})" if told["says"] else ""
        condition = f", if {told['condition']}" if told["condition"] else ""
        return f"{words(value.start)} → {kind}{condition}{says}{when} → {words(value.end)}"
    if isinstance(value, ResultPath):
        return "; ".join(map(words, value.relationships)) or words(value.nodes[0])
    return str(value)


def brief(value: ResultValue) -> str:
    """A value for reading: a fraction to four digits."""
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < 10_000 else words(value)


NO_ANSWER_TOLD = "no answer told"
"""How it is shown that a party has not answered: that a record tells no answer does not mean that there was none."""


def standing_in_words(text: str) -> str:
    """A standing or a status as people see it."""
    return NO_ANSWER_TOLD if text in (UNANSWERED, PASSIVE[UNANSWERED]) else text


def text_table(head: list[str], rows: list[list[str]], width: int) -> str:
    """A table of at most `width` terminal columns, a line under its head, ending in a newline."""
    head, *rows = [[visible(cell) for cell in line] for line in [head, *rows]]
    columns = [[line[index] for line in [head, *rows]] for index in range(len(head))]
    widths = _column_widths(columns, width - len(_GAP) * (len(head) - 1))
    lines = [*_row_lines(head, widths), _GAP.join("─" * size for size in widths)]
    lines += [line for row in rows for line in _row_lines(row, widths)]
    return "\n".join([*lines, ""])


def _row_lines(cells: list[str], widths: list[int]) -> list[str]:
    wrapped = [wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    return [_GAP.join(map(wcwidth.ljust, line, widths)).rstrip() for line in zip_longest(*wrapped, fillvalue="")]


def _column_widths(columns: list[list[str]], available: int) -> list[int]:
    """The natural widths if they fit; otherwise wide enough for the words, and the rest where the text is longest."""
    natural = _natural_widths(columns)
    if sum(natural) <= available:
        return natural
    longest = _longest_pieces(columns)
    capped = ([min(cap, piece) for piece in longest] for cap in range(_LONGEST_UNBROKEN, 0, -1))
    widths = next((widths for widths in capped if sum(widths) <= available), [1] * len(columns))
    for _ in range(available - sum(widths)):
        narrowest = max(range(len(widths)), key=lambda index: natural[index] / widths[index])
        widths[narrowest] += 1
    return widths


def _natural_widths(columns: list[list[str]]) -> list[int]:
    return [max([1, *(wcwidth.width(line) for cell in column for line in cell.splitlines())]) for column in columns]


def _longest_pieces(columns: list[list[str]]) -> list[int]:
    return [max([1, *(wcwidth.width(piece.lstrip()) for cell in column for piece in _pieces(cell))]) for column in columns]


def natural_width(lines: list[list[str]]) -> int:
    """How many terminal columns a table of a head and rows takes if no line is broken."""
    return sum(_natural_widths([list(column) for column in zip(*lines, strict=True)])) + len(_GAP) * (len(lines[0]) - 1)


def readable_width(lines: list[list[str]]) -> int:
    """How many terminal columns a table of a head and rows takes if no word of usual length is cut."""
    columns = [list(column) for column in zip(*lines, strict=True)]
    return sum(min(_LONGEST_UNBROKEN, piece) for piece in _longest_pieces(columns)) + len(_GAP) * (len(columns) - 1)


def _pieces(text: str) -> list[str]:
    """The text in pieces between which a line may break, each with the blank before it."""
    return [piece for word in text.split() for piece in _BREAK.split(f" {word}")]


def wrap(text: str, width: float, measure: Callable[[str], float] = wcwidth.width) -> list[str]:
    """The text in lines of at most `width`, by default terminal columns; its own lines stay lines."""
    lines: list[str] = []
    for own in text.strip().splitlines() or [""]:
        lines.append("")
        for piece in _pieces(own):
            if measure(joined := (lines[-1] + piece).lstrip()) <= width:
                lines[-1] = joined
                continue
            if lines[-1]:
                lines.append("")
            for character in piece.lstrip():
                if measure(lines[-1] + character) > width:
                    lines.append("")
                lines[-1] += character
    return lines


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in_words(written: str | None) -> str:
    """A date as it is written in an entry, for people: `26–28 Jan 2022`, `17 Dec 2021 – 26 Jan 2022`, `Apr 2024`."""
    ends = [one.split("-") for one in (written or "").split("/")]
    if not all(re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", "-".join(end)) for end in ends) or len(ends) > 2:
        return written or ""
    first, last = ends[0], ends[-1]
    if len(ends) == 1 or first == last:
        return _in_words(last)
    if first[0] != last[0] or min(len(first), len(last)) == 1:
        return f"{_in_words(first)} – {_in_words(last)}"
    if first[1] == last[1] and len(first) == len(last) == 3:
        return f"{int(first[2])}–{_in_words(last)}"
    return f"{_in_words(first).removesuffix(f' {first[0]}')} – {_in_words(last)}"


def _in_words(parts: list[str]) -> str:
    year, *rest = parts
    return " ".join([*(str(int(day)) for day in rest[1:]), *(_MONTHS[int(month) - 1] for month in rest[:1]), year])
