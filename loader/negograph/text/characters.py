"""Characters that nobody sees, and words that look alike but are not."""

import re
import unicodedata

_INVISIBLE = (
    "\u0000-\u0008", "\u000e-\u001f", "\u007f-\u0084", "\u0086-\u009f",  # controls other than white space
    "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u180b-\u180e", "\u200b", "\u200e", "\u200f",
    "\u202a-\u202e", "\u2060-\u206f", "\u3164", "\ufeff", "\uffa0", "\ufff9-\ufffb", "\U0001d173-\U0001d17a",
    "\U000e0000-\U000e0fff",
)  # fmt: skip
INVISIBLE = re.compile(f"[{''.join(_INVISIBLE)}\u000b-\u000d\u0085\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
"""What no value may hold: characters without a shape (controls, zero-width blanks, marks of direction, soft hyphens, fillers,
tags), ends of lines that no editor shows, and what Unicode says is no character.

The joiners U+200C and U+200D are none of them: Persian and several Indian scripts need them.
"""

LINE_SEPARATORS = re.compile("[\u0085\u2028\u2029]")
"""What YAML takes for the end of a line and no editor does, so that all after it would stand in another line."""

WITHOUT_INVISIBLE = {code: "" for part in _INVISIBLE for code in range(ord(part[0]), ord(part[-1]) + 1)}
"""A table for `str.translate` that drops them: over a long text, much faster than the pattern."""

JOINERS = re.compile("[\u200c\u200d]")

_NOT_IN_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")

_SCRIPT = re.compile("LATIN|CYRILLIC|GREEK|ARMENIAN|CHEROKEE|HEBREW|ARABIC|GEORGIAN|COPTIC")
_LOOKING_LIKE = str.maketrans({
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
    "і": "i", "ї": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "һ": "h", "ԛ": "q", "ԝ": "w", "ѵ": "v", "ӏ": "l",
    "α": "a", "β": "b", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "τ": "t",
    "υ": "u", "χ": "x", "γ": "y", "ω": "w",
    "օ": "o", "ո": "n", "ս": "u", "հ": "h", "յ": "j", "ı": "i", "ɡ": "g", "ſ": "s",
})  # fmt: skip
"""Letters that are read as a Latin one, small letters only: the visually confusable ones of Unicode's UTS 39 for the scripts
that ids are mixed from by accident."""

_LINE_END = re.compile("\r\n|\r|\n")
_HYPHEN_IN_WORD = re.compile(r"-(?<=[^\W\d]-)(?=[^\W\d])")  # the literal first: it is what is searched for


def scripts(word: str) -> list[str]:
    """The scripts that the letters of a word are of, in their order: ["Latin", "Cyrillic"]."""
    names = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    found = (match[0].capitalize() for name in names if (match := _SCRIPT.match(name)))
    return list(dict.fromkeys(found))


def skeleton(word: str) -> str:
    """What a word looks like at a glance: equal for two words that are easily taken for each other.

    A hyphen beside a digit counts: `round-1-11` is not `round-11-1`.
    """
    folded = word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold().translate(_LOOKING_LIKE)
    return _HYPHEN_IN_WORD.sub("", folded.replace("_", "-").replace(".", "-"))


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them, without their ends: a form feed or U+2028 ends none."""
    return _LINE_END.split(text)


def in_xml(text: str) -> str:
    """The text without what XML, and so a spreadsheet and GraphML, cannot hold: most controls, halves of characters."""
    return _NOT_IN_XML.sub("", text)


def cleaned(text: str) -> str:
    """The text without characters that nobody sees, in normalisation form C."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def named(character: str) -> str:
    """How to speak of a character that cannot be shown: U+200B ZERO WIDTH SPACE."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
