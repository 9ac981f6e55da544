"""A YAML file as a tree, with what is wrong with its form."""

from __future__ import annotations

import re

import yaml

from negograph.parsing.builder import Builder, Unbuildable
from negograph.parsing.encoding import decode
from negograph.parsing.yaml_errors import explain
from negograph.parsing.yaml_tree import Scalar, Value
from negograph.problems.problem import Position, Problem
from negograph.text.characters import LINE_SEPARATORS, lines_of, named

_NOTHING_BUT_BLANKS = re.compile(r"^[ \t]++(?=#|\r?$)", re.MULTILINE)


def read_yaml(name: str, content: bytes) -> tuple[Value | None, list[Problem]]:
    """The one YAML document in a file's content, or None where it is empty or not valid, and the problems.

    Never raises for what the content is.
    """
    text = decode(name, content)
    if isinstance(text, Problem):
        return None, [text]
    separators = _line_separators(name, text)
    text = LINE_SEPARATORS.sub(" ", text)
    value, problems = _built(name, text)
    if any(problem.code == "tab" for problem in problems):  # the parser refuses it also where it indents nothing
        value, problems = _built(name, _NOTHING_BUT_BLANKS.sub(lambda tabs: " " * len(tabs[0]), text))
    return value, [*separators, *problems]


def _line_separators(name: str, text: str) -> list[Problem]:
    """The first character of each line that ends one for YAML; more of them would say the same."""
    if LINE_SEPARATORS.search(text) is None:
        return []
    found = ((number, LINE_SEPARATORS.search(line)) for number, line in enumerate(lines_of(text), 1))
    return [
        Problem(
            Position(name, number, match.start() + 1),
            "invisible-character",
            f"the character {named(match[0])} ends a line for YAML and for no editor; delete it",
        )
        for number, match in found
        if match is not None
    ]


def _built(name: str, text: str) -> tuple[Value | None, list[Problem]]:
    builder = Builder(name, text)
    try:
        value = builder.build()
    except Unbuildable as error:
        return None, [*builder.problems, error.problem]
    except yaml.YAMLError as error:
        return None, [*builder.problems, Problem(*explain(error, text, name))]
    return None if isinstance(value, Scalar) and value.empty else value, builder.problems
