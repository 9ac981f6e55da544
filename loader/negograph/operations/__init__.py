"""The use cases, without printing."""

from collections.abc import Callable

Say = Callable[[str], None]
"""Gets what the user should know besides the answer, a line at a time."""
