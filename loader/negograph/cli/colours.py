"""Problems on the terminal: fitted to its width, and in colours where it is one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from negograph.cli.common import tell_styled
from negograph.problems.problem import Problem
from negograph.render.problems import WIDTH, Role, pieces

_STYLES: dict[Role, dict[str, Any]] = {
    "": {},
    "place": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
}


def show_problems(problems: Iterable[Problem], folder: Path, strict: bool = False, *, err: bool = False) -> None:
    """Print problems of a project in `folder`, with the lines that they are about.

    They fit into the width of a terminal, and are in colours there.
    """
    fitted = (sys.stderr if err else sys.stdout).isatty() or "COLUMNS" in os.environ
    width = shutil.get_terminal_size((WIDTH, 24)).columns if fitted else WIDTH
    tell_styled(((text, _STYLES[role]) for text, role in pieces(problems, folder, strict, width)), err=err)
