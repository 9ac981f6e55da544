"""How long it takes to look 10,000 quotes up in a text of 5 MB, found and not found, beside reading and folding the text.

python -m benchmarks.quotes
"""

from __future__ import annotations

import random
import time

from negograph.text.quotes import Text, fold

QUOTES = 10_000
CHARACTERS = 5_000_000
VOCABULARY = 20_000
"""Of so many words, the n-th most frequent is used 1/n as often as the first, as in natural language (Zipf)."""


def main() -> None:
    """Print each time and its ratio to folding the text."""
    for name, vowels in (("in ASCII", "aeiou"), ("with accents", "áéíóú")):
        chance = random.Random(1)
        known = ["".join(chance.choice("bcdfghklmnprst") + chance.choice(vowels) for _ in range(3)) for _ in range(VOCABULARY)]
        words = chance.choices(known, weights=[1 / rank for rank in range(1, VOCABULARY + 1)], k=CHARACTERS // 7)
        content = " ".join(words)
        starts = [chance.randrange(len(words) - 8) for _ in range(QUOTES)]
        quotes = [" ".join(words[start : start + 8]) for start in starts]
        missing = [f"{quote.rpartition(' ')[0]} zzz" for quote in quotes]
        folding = _seconds(lambda content=content: fold(content))
        text = Text(content)
        found = _seconds(lambda text=text, quotes=quotes: [text.places(quote) for quote in quotes])
        lost = _seconds(lambda text=text, missing=missing: [text.places(quote) or text.nearest(quote) for quote in missing])
        print(f"{len(content) / 1e6:.1f} million characters {name}: folding {folding:.2f} s")
        print(f"  {QUOTES:,} quotes found in        {found:6.2f} s, {found / folding:.1f} times the folding")
        print(f"  {QUOTES:,} not found, the nearest {lost:6.2f} s, {lost / folding:.1f} times the folding")


def _seconds(run: object) -> float:
    began = time.perf_counter()
    assert callable(run)
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
