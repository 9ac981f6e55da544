"""The command line: the only place that prints and exits."""

from negograph.cli.group import main

__all__ = ["main"]
