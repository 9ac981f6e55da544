"""Checks: entries to problems."""
