"""Whatever stands in a seed file, a check ends with problems or with a graph, never with an exception.

NEGOGRAPH_MUTATIONS says how many random mutations of the shipped seeds are tried (`make soak`: 100,000).
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negograph.checks.project import check_files
from negograph.graph.known_digests import map_graph
from negograph.model.model import Model
from negograph.problems.codes import CODES
from negograph.project import Texts
from negograph.seeds.cache import Cache
from negograph.seeds.decoding import read_content
from negograph.seeds.entries import FileEntries
from tests.conftest import CHECKOUT, FERRY

MUTATIONS = int(os.environ.get("NEGOGRAPH_MUTATIONS", "500"))
SEEDS = {
    folder: {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted((folder / "seeds").rglob("*.yaml"))}
    for folder in (CHECKOUT, FERRY)
}
NOTHING_KEPT = Cache(None, "")
TRAPS = (
    b"no", b"~", b"{}", b"[]", b"&a ", b"*a", b"<<: *a", b"!!int ", b"- ", b": ", b"#", b"\t", b"\r", b"\x00", b"\xff",
    b"\xe2\x80\x8b", b"e\xcc\x81", b"\xd0\xb0", b"'", b'"', b"|\n", b">\n", b"---\n", b"...\n", b"%YAML 1.2\n", b"? ",
    b"2022-02-30", b"2022/2021", b"0x1F", b"1" * 400,
    b"formerly: [russia]\n", b"retracted: {on: 2022, reason: x}\n", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"\xc2\x85",
    b"\xe2\x80\xa8", b'"\\u200b"', b'"\\ud800"', b'"\\x00"',
)  # fmt: skip


def all_of(folder: Path, model: Model) -> dict[str, FileEntries]:
    return {name: read_content(name, content, model) for name, content in SEEDS[folder].items()}


def problems_or_graph(files: dict[str, FileEntries], model: Model, texts: Texts) -> None:
    """Checks and, where there is no error, maps; what comes out is well formed."""
    checked = check_files(files.values(), model, texts, NOTHING_KEPT)
    for problem in checked.problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.position.line >= 1
        assert problem.position.column >= 1
    if not checked.errors:
        assert checked.dataset is not None
        assert len(map_graph(checked.dataset, checked.files, model, Cache(None, "")).entries) == len(checked.entries)


@given(content=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_as_a_seed_file(model: Model, content: bytes) -> None:
    files = {**all_of(FERRY, model), "seeds/any.yaml": read_content("seeds/any.yaml", content, model)}
    problems_or_graph(files, model, Texts(FERRY / "texts", FERRY))


values = st.recursive(
    st.sampled_from(["a", "f", "no", "2021", "offered", "{by}", "d", "''", "~", "&x a", "*x", "é"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["id", "document", "quote", "file", "on", "<<"]), inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        )
    ),
    max_leaves=6,
)


@given(data=st.data())
def test_any_values_under_the_keys_of_the_model(model: Model, data: st.DataObject) -> None:
    """Entries of every kind, with keys that they have and values of any shape."""
    node = data.draw(st.sampled_from(list(model.nodes.values())))
    keys = st.sampled_from([*model.keys[node.label], "by"])
    entries = data.draw(st.lists(st.dictionaries(keys, values, max_size=6), min_size=1, max_size=3))
    lines = [f"- {{{', '.join(f'{key}: {value}' for key, value in entry.items())}}}" for entry in entries]
    content = "\n".join(["dataset: {id: any, title: Any}", f"{node.section}:", *lines]).encode()
    problems_or_graph({"seeds/any.yaml": read_content("seeds/any.yaml", content, model)}, model, Texts(FERRY / "texts", FERRY))


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content after a few changes such as hands, editors and merges make, and such as nobody makes."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        lines = content.split(b"\n")
        here, there = chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)
        line, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        change = chance.randrange(9)
        if change == 0:
            content = content[:here] + bytes([chance.randrange(256)]) + content[here + 1 :]
        elif change == 1:
            content = content[:here] + content[here + chance.randrange(1, 20) :]
        elif change == 2:
            content = content[:here] + chance.choice(TRAPS) + content[here:]
        elif change == 3:
            content = content[:here] + content[there : there + 40] + content[here:]
        elif change == 4:
            content = b"\n".join([*lines[:line], *lines[line + 1 :]])
        elif change == 5:
            content = b"\n".join([*lines[:line], lines[other], *lines[line:]])
        elif change == 6:
            content = b"\n".join([*lines[:line], b" " * chance.randrange(4) + lines[line].lstrip(), *lines[line + 1 :]])
        elif change == 7:
            words = content.split(b" ")
            words[chance.randrange(len(words))] = chance.choice((chance.choice(words), chance.choice(TRAPS)))
            content = b" ".join(words)
        else:
            key, colon, value = lines[line].partition(b":")
            content = b"\n".join([*lines[:line], key + colon + b" " + chance.choice(TRAPS) + value, *lines[line + 1 :]])
    return content


def portions() -> list[range]:
    """The mutations in portions, so that a failure names a small one and the progress can be seen."""
    portion = max(1, MUTATIONS // 20)
    return [range(first, min(first + portion, MUTATIONS)) for first in range(0, MUTATIONS, portion)]


@pytest.mark.parametrize("portion", portions(), ids=lambda portion: f"from-{portion.start}")
def test_mutations_of_the_shipped_seeds(model: Model, portion: range) -> None:
    whole = {folder: all_of(folder, model) for folder in SEEDS}
    for number in portion:
        chance = random.Random(number)
        folder = chance.choice(list(SEEDS))
        name = chance.choice(list(SEEDS[folder]))
        content = mutated(SEEDS[folder][name], chance)
        try:
            files = {**whole[folder], name: read_content(name, content, model)}
            problems_or_graph(files, model, Texts(folder / "texts", folder))
        except Exception as error:
            raise AssertionError(f"mutation {number} of {folder.name}/{name} ends with {error!r}") from error
