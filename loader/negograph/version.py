"""The version of negograph."""

__version__ = "0.1.0"
