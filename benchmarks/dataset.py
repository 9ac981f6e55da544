"""A dataset of any size for the benchmarks: nothing in it means anything, but it is of the shape that curators write."""

from __future__ import annotations

import random
from pathlib import Path

PARTIES, DOCUMENTS, ISSUES, ITEMS = 40, 50, 60, 400
WAYS = ("furthers", "hinders", "concerns")
WORDS = [
    first + second for first in ("ba", "co", "di", "fu", "ge", "ha", "ki", "lo") for second in ("ran", "sel", "tip", "vom", "xen")
]
ACTIONS = ("offered", "proposed", "accepted", "rejected", "supported", "opposed")


def write_dataset(folder: Path, facts: int, files: int) -> int:
    """Write a clean project with so many facts, spread evenly over so many files; how many bytes of facts there are."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "texts").mkdir()
    quotes = [_write_text(folder / "texts" / f"d{number}.txt", number, facts // DOCUMENTS + 1) for number in range(DOCUMENTS)]
    (folder / "seeds" / "entries.yaml").write_text(_entries(), encoding="utf-8")
    size = 0
    for file in range(files):
        written = "facts:\n" + "".join(_fact(number, quotes) for number in range(file, facts, files))
        size += (folder / "seeds" / f"facts-{file:03}.yaml").write_text(written, encoding="utf-8")
    return size


def _write_text(path: Path, seed: int, quotes: int) -> list[str]:
    """A text with so many passages that each stand in it once, and these."""
    chance = random.Random(seed)
    passages = [f"{' '.join(chance.choices(WORDS, k=6))} number {seed}x{number}" for number in range(quotes)]
    path.write_text(".\n".join(f"{' '.join(chance.choices(WORDS, k=12))} {passage}" for passage in passages), encoding="utf-8")
    return passages


def _entries() -> str:
    return "\n".join(
        [
            "dataset: {id: benchmark, title: A generated dataset}",
            "parties:",
            *(
                f"  - {{id: party-{n}, name: Party {n}, kind: state, aliases: [The side {n}, Capital {n}]}}"
                for n in range(PARTIES)
            ),
            "people:",
            *(f"  - {{id: person-{n}, name: Person {n}, speaks_for: party-{n}, office: Speaker}}" for n in range(PARTIES)),
            "documents:",
            *(f"  - {{id: d{n}, kind: article, name: Article {n}, text: {{file: d{n}.txt}}}}" for n in range(DOCUMENTS)),
            "issues:",
            *(f"  - {{id: issue-{n}, name: Issue {n}}}" for n in range(ISSUES)),
            "proposals:",
            *(f"  - {{id: item-{n}, name: Proposal {n}, {WAYS[n // ISSUES % 3]}: issue-{n % ISSUES}}}" for n in range(ITEMS)),
            "",
        ]
    )


def _fact(number: int, quotes: list[list[str]]) -> str:
    """A fact. The first of each item puts it forward, and no two are alike."""
    by, to, item, document = number % PARTIES, (number + 1) % PARTIES, number % ITEMS, number % DOCUMENTS
    year, month, day = 2000 + number // ITEMS // 336 % 20, number // ITEMS // 28 % 12 + 1, number // ITEMS % 28 + 1
    return (
        f"  - id: fact-{number:06}\n"
        f"    action: {ACTIONS[number // ITEMS % len(ACTIONS)]}\n"
        f"    by: party-{by}\n"
        f"    to: [party-{to}, party-{(to + 1) % PARTIES}]\n"
        f"    what: item-{item}\n"
        f"    according_to: person-{by}\n"
        f"    date: {year}-{month:02}-{day:02}\n"
        f"    confidence: medium\n"
        f"    note: A remark of the curator on how this was read, number {number}.\n"
        f"    evidence:\n"
        f"      - {{document: d{document}, quote: {quotes[document][number // DOCUMENTS]}}}\n"
    )
