"""What the exit code of a command means."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Every exit code, each with one meaning for all commands; `meaning` is its line in the docs."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    CHANGES = 3

    @property
    def meaning(self) -> str:
        """What it says to a script."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "failed, or problems found, or differences found by `verify`",
    ExitCode.WRONG_USAGE: "wrong usage",
    ExitCode.CHANGES: "there are changes to load, of `plan --exit-code`",
}
