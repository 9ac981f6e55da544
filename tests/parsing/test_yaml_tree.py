"""The tree of a YAML file."""

from __future__ import annotations

import pytest

from negograph.parsing.reading import read_yaml
from negograph.parsing.yaml_tree import Mapping, stands_alone


@pytest.mark.parametrize(
    ("content", "alone"),
    [
        ("{quote: one, two}", ["two"]),  # the comma ends the value, and `two` is a key
        ("{name: Oil, gas and coal, kind: group}", ["gas and coal"]),
        ("{quote: one, two: }", []),  # a key without a value
        ("quote:\n", []),
        ("{quote: 'one, two'}", []),
    ],
)
def test_a_key_without_a_colon_stands_alone(content: str, alone: list[str]) -> None:
    mapping, problems = read_yaml("seeds.yaml", content.encode())
    assert isinstance(mapping, Mapping)
    assert problems == []
    assert [key.text for key, value in mapping.items if stands_alone(key, value)] == alone
