"""From words to an evidence entry: where they stand in a text, and the shortest quote that pins the place."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from negograph.quotes import MAX_CHARACTERS, MAX_WORDS, Span, Text, word_count

_AROUND = 60
"""How many characters are shown before and after a place."""

_ENDS = 5
"""How many words of a long passage stay at each of its ends."""

_MOST_WORDS = 20
"""How many words a prefix or suffix has at most."""


@dataclass(frozen=True)
class Place:
    """A place where words stand in a text, with its line and surroundings, and the evidence entry that pins it."""

    line: int
    before: str
    passage: str
    after: str
    evidence: str


def find_words(document: str, text: Text, words: str) -> list[Place]:
    """Every place of `words` in the text of the document with that id, in the order of the text."""
    spans = text.places(words)
    return [_place(document, text, words, span) for span in spans]


def _place(document: str, text: Text, words: str, span: Span) -> Place:
    start, end = span
    quote = _short(text.folded[start:end] if "…" not in words and "..." not in words else words)
    fields = {"document": document, "quote": quote, **_distinction(text, quote, span)}
    evidence = yaml.safe_dump(fields, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False).strip()
    before, after = text.folded[max(0, start - _AROUND) : start], text.folded[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + before[before.find(" ") + 1 :]
    if end + _AROUND < len(text.folded):
        after = after[: after.rfind(" ") + 1].rstrip() + " …"
    return Place(text.line_of(start), before, text.folded[start:end], after, f"- {evidence}")


def _short(quote: str) -> str:
    """The quote as short as the limit asks: of a long passage, its first and its last words."""
    if word_count(quote) <= MAX_WORDS and len(quote) <= MAX_CHARACTERS:
        return quote
    words = quote.split()
    count = next((n for n in range(_ENDS, 1, -1) if len(" ".join(words[:n] + words[-n:])) + 3 <= MAX_CHARACTERS), 1)
    return f"{' '.join(words[:count])} … {' '.join(words[-count:])}"


def _distinction(text: Text, quote: str, span: Span) -> dict[str, str]:
    """The fewest words after the place, or else before it, that tell it from others; none where it is the only one."""
    if len(text.places(quote)) == 1:
        return {}
    near = _MOST_WORDS * 20
    after = text.folded[span[1] : span[1] + near].split(" ")
    before = text.folded[max(0, span[0] - near) : span[0]].split(" ")
    for count in range(1, _MOST_WORDS):
        suffix, prefix = " ".join(after[: count + 1]).strip(), " ".join(before[-count - 1 :]).strip()
        for choice in ({"suffix": suffix}, {"prefix": prefix}, {"prefix": prefix, "suffix": suffix}):
            if text.places(quote, choice.get("prefix", ""), choice.get("suffix", "")) == [span]:
                return choice
    return {}
