"""What the exit code of a command means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Every exit code, each with one meaning for all commands; `meaning` is its line in the docs."""

    DONE = 0, "done"
    FAILED = 1, "failed, or problems found, or differences found by `verify`"
    WRONG_USAGE = 2, "wrong usage"
    CHANGES = 3, "there are changes to load, of `plan --exit-code`"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "ExitCode":
        member = int.__new__(cls, code)
        member._value_, member.meaning = code, meaning
        return member
