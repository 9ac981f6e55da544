"""Strings alone: their characters, how they are escaped, and how a quote is found in a text."""
