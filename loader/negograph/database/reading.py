"""Negograph's own statements that only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import neo4j

from negograph.database.driver import open_session
from negograph.database.in_time import in_time
from negograph.database.interface import Database
from negograph.database.messages import explain_errors
from negograph.database.results import Result
from negograph.database.statements import as_query, refuse_too_long
from negograph.database.values import plain_row

Read: TypeAlias = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""Runs a statement with its parameters, and gives the rows of the answer."""

_READ_SECONDS = 600.0
"""How long a statement of negograph's own may read."""


def read(database: Database, cypher: str, parameters: Mapping[str, Any]) -> Result:
    """What one of negograph's own statements answers. It can only read.

    Raises:
        StoreError: if the database does not understand the statement, or the statement tries to write.
        Unreachable: if the database is not there, or does not answer.
    """

    def work(transaction: neo4j.ManagedTransaction) -> Result:
        answer = transaction.run(as_query(cypher), dict(parameters))
        return Result(tuple(answer.keys()), tuple(map(plain_row, answer)))

    with explain_errors(database, reading=True, own=True):
        refuse_too_long(cypher, parameters, database.place, database.largest_message)
        session = database.reader.session(database=database.name, default_access_mode=neo4j.READ_ACCESS)
        with open_session(session) as opened:
            return in_time(lambda: opened.execute_read(work), _READ_SECONDS, database.left_alone)
