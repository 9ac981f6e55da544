"""What a database has to do to be used: with all other tests that are marked `engine`, one suite against any candidate."""

SUITE = 2
"""The version of the suite; it goes up with each case that is added or changed, so that a result says what it is a result of."""
