"""From words to an evidence entry: where they stand in a text, and the shortest quote that pins the place."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TypeAlias

import yaml

from negograph.text.quotes import MAX_CHARACTERS, MAX_PASSAGE, MAX_WORDS, WORD, Span, Text, fits, fold, parts_of, within_word

_AROUND = 60
"""How many characters are shown before and after a place."""

_ENDS = ((5, 5), (4, 4), (3, 3), (2, 2), (1, 1), (2, 10), (1, 11))
"""How many words of a long passage stay at its ends; the uneven ones for passages that repeat their last words."""

_ENDS_IN_CHARACTERS = ((24, 24), (73, 73), (107, 40), (40, 107), (127, 20), (20, 127))
"""The same in characters, for passages with few blanks: Chinese, addresses of web pages."""

_REACH = 1000
"""How many characters a prefix or suffix has at most."""

PlacesOf: TypeAlias = Callable[[str], list[Span]]


@dataclass(frozen=True)
class Place:
    """A place where words stand in a text, with its line and surroundings, and the evidence entry that pins it.

    Where no entry can pin it, `evidence` is empty, and `obstacle` says why.
    """

    line: int
    before: str
    passage: str
    after: str
    evidence: str
    obstacle: str = ""


class _Unpinned(Exception):
    """No entry can pin a place; its text says why."""


def find_words(document: str, text: Text, words: str, spans: Sequence[Span] | None = None) -> list[Place]:
    """Every place of `words` in the text of the document with that id, in the order of the text.

    `spans` are the places that are wanted, where they are known already.
    """
    words = " … ".join(parts_of(fold(words)))
    places_of = cache(text.places)  # many places share a quote
    return [_place(document, text, words, span, places_of) for span in (places_of(words) if spans is None else spans)]


def _place(document: str, text: Text, words: str, span: Span, places_of: PlacesOf) -> Place:
    start, end = span
    evidence = obstacle = ""
    try:
        evidence = _evidence(document, text, words, span, places_of)
    except _Unpinned as error:
        obstacle = str(error)
    before, after = text.folded[max(0, start - _AROUND) : start], text.folded[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + before[before.find(" ") + 1 :]
    if end + _AROUND < len(text.folded):
        after = (after[: after.rfind(" ") + 1] or after).rstrip() + " …"
    return Place(text.line_of(start), before, text.folded[start:end], after, evidence, obstacle)


def _evidence(document: str, text: Text, words: str, span: Span, places_of: PlacesOf) -> str:
    quote = _short(text.folded[slice(*span)], words, span, places_of)
    prefix, suffix = _distinction(text, span, [other for other in places_of(quote) if other != span])
    fields = {"document": document, "quote": quote, "prefix": prefix, "suffix": suffix}
    given = {name: value for name, value in fields.items() if value}
    return "- " + yaml.safe_dump(given, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False).strip()


def _short(passage: str, words: str, span: Span, places_of: PlacesOf) -> str:
    """A quote within the limits for a passage: the words themselves, or else its ends."""
    if fits(words):
        return words
    if len(passage) > MAX_PASSAGE:
        message = f"the passage has {len(passage)} characters, and a quote spans {MAX_PASSAGE} at most; give fewer words"
        raise _Unpinned(message)
    fitting = [quote for quote in _ends(passage) if fits(quote)]
    if not fitting:
        raise _Unpinned(f"its words are too long for a quote of {MAX_CHARACTERS} characters, which repeats whole words only")
    for quote in fitting:
        if span in places_of(quote):
            return quote
    raise _Unpinned("its last words stand in it more than once, so that a quote of its ends would stop short; give fewer words")


def _ends(passage: str) -> Iterator[str]:
    """Quotes of the first and the last words of a passage, the best first."""
    words = passage.split(" ")
    for first, last in _ENDS:
        if first + last <= len(words):
            yield f"{' '.join(words[:first])} … {' '.join(words[-last:])}"
    for first, last in _ENDS_IN_CHARACTERS:
        if first + last < len(passage):
            begin = next((cut for cut in range(first, 0, -1) if _may_cut(passage, cut)), 0)
            end = next((cut for cut in range(len(passage) - last, len(passage)) if _may_cut(passage, cut)), len(passage))
            head, tail = passage[:begin].split()[: MAX_WORDS // 2], passage[end:].split()[-MAX_WORDS // 2 :]
            if head and tail:
                yield f"{' '.join(head)} … {' '.join(tail)}"


def _may_cut(passage: str, index: int) -> bool:
    """Whether a quote may end before the character at `index`: not within a word, nor before the accent of a letter."""
    return not within_word(passage, index) and not unicodedata.category(passage[index]).startswith("M")


def _distinction(text: Text, span: Span, rivals: list[Span]) -> tuple[str, str]:
    """The prefix and suffix, together of the fewest words, that tell a place from its rivals; empty where it has none."""
    if not rivals:
        return "", ""
    before, after = _contexts(text.folded, span)
    longest = max(len(before), len(after))
    both = [(before[min(count, len(before) - 1)], after[min(count, len(after) - 1)]) for count in range(longest)]
    ways = ((1, [("", suffix) for suffix in after]), (1, [(prefix, "") for prefix in before]), (2, both))
    found = [(sides * count, way[count]) for sides, way in ways if (count := _needed(text, way, rivals))]
    if not found:
        raise _Unpinned(f"its words stand at another place too, and {_REACH} characters before and after do not tell them apart")
    return min(found, key=itemgetter(0))[1]


def _contexts(folded: str, span: Span) -> tuple[list[str], list[str]]:
    """What comes before a place and what follows on it: no word, one word, and so on as far as a prefix or suffix reaches."""
    start, end = span
    first, last = max(0, start - _REACH), min(len(folded), end + _REACH)
    begins = [*([] if first else [0]), *(match.start() for match in WORD.finditer(folded, first, start))]
    ends = [*(match.end() for match in WORD.finditer(folded, end, last)), *([last] if last == len(folded) else [])]
    before = [folded[cut:start].strip() for cut in reversed(begins) if not within_word(folded, cut)]
    after = [folded[end:cut].strip() for cut in ends if not within_word(folded, cut)]
    return ["", *filter(None, before)], ["", *filter(None, after)]


def _needed(text: Text, contexts: list[tuple[str, str]], rivals: list[Span]) -> int:
    """How many words of growing contexts no rival has; 0 if a rival has the longest."""
    if text.between(rivals, *contexts[-1]):
        return 0
    count = 0
    while rivals:
        count += 1
        rivals = text.between(rivals, *contexts[count])
    return count
