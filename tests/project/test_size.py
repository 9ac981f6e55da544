"""The budget of size: small functions, and modules that can be read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import CHECKOUT

MODULES = sorted((CHECKOUT / "loader").rglob("*.py"))
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_MODULE = 400


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a module, and how many lines it has without its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            docstring = node.body[0] if ast.get_docstring(node) is not None else None
            documented = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
            yield f"{path.name}: {node.name}", (node.end_lineno or 0) - node.lineno + 1 - documented


def test_no_function_is_longer_than_40_lines() -> None:
    assert MODULES
    lengths = [length for path in MODULES for length in functions(path)]
    assert [name for name, lines in lengths if lines > MOST_LINES_OF_A_FUNCTION] == []


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [name for name, lines in lengths.items() if lines > MOST_LINES_OF_A_MODULE] == []
