"""The bytes of a YAML file as text."""

from __future__ import annotations

import codecs

from negograph.problems.problem import Position, Problem
from negograph.text.characters import lines_of

_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_LOOKED_AT_FOR_NULS = 400


def decode(name: str, content: bytes) -> str | Problem:
    """The text of a file in UTF-8; the problem of one that is in another encoding."""
    if (encoding := _other_encoding(content)) is not None:
        return Problem(Position(name, 1, 1), "not-utf-8", f"the file is encoded as {encoding[:6]}; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = lines_of(error.object[: error.start].decode("utf-8-sig", "replace"))
        place = Position(name, len(before), len(before[-1]) + 1)
        return Problem(place, "not-utf-8", f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8")


def decode_anyhow(content: bytes) -> str:
    """A text for a file in any encoding, in which ids can be seen."""
    return content.decode(_other_encoding(content) or "utf-8", "replace")


def _other_encoding(content: bytes) -> str | None:
    """What a file is in that is not in UTF-8, by its byte order mark or a NUL in every second byte of its beginning."""
    marked = next((encoding for mark, encoding in _OTHER_ENCODINGS.items() if content.startswith(mark)), None)
    if marked or 0 not in content[:_LOOKED_AT_FOR_NULS]:
        return marked
    even, odd = content[:_LOOKED_AT_FOR_NULS:2], content[1:_LOOKED_AT_FOR_NULS:2]
    for nuls, letters, encoding in ((odd, even, "UTF-16-LE"), (even, odd, "UTF-16-BE")):
        if len(nuls) > 1 and 0 not in letters and nuls.count(0) > 3 / 4 * len(nuls):
            return encoding
    return None
