"""The driver's errors as messages of one line that say what to do."""

import contextlib
import os
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConstraintError,
    DriverError,
    Neo4jError,
    NotALeader,
    ServiceUnavailable,
    SessionExpired,
    WriteServiceUnavailable,
)

from negograph.database.driver import Database, NoAnswer
from negograph.errors import NegographError, StoreError, Unreachable

_PANIC = "PanicException"
"""What the compiled half of the driver raises where it gives up."""

_ENDS = "it ends the connection; is it a Neo4j server, and up? If it demands TLS, write bolt+s:// or neo4j+s://, else bolt:// or neo4j://"

_REASONS: dict[type[BaseException], str] = {
    WriteServiceUnavailable: "no server of its cluster takes writes at present; try again when the cluster has a leader",
    ssl.SSLError: "it does not speak TLS there; write bolt:// or neo4j:// without +s, or switch TLS on in the server",
    socket.gaierror: "no host has that name; check the address",
    ConnectionRefusedError: "nothing listens there; start the server, or check the address and the port (Bolt has 7687, "
    "not 7474)",
    ConnectionResetError: _ENDS,
    TimeoutError: "it does not answer; check the address, the port and the firewall",
}
"""Why a server is not reached, by the first of its causes that is one of these."""

_SAID = {
    "looks like HTTP": "there is a web server; write the Bolt port, mostly 7687",
    "incomplete handshake": _ENDS,
}
"""Why a server is not reached, by what the driver says of the first of the causes that has no kind of its own."""

_OTHER_NAME = "its certificate is for another name ({}); write the address with a name that stands in the certificate"
_OTHER_TIME = "its certificate does not hold at this time ({}); have the server get another, or set the clock of this machine"
_NOT_HELD = {9: _OTHER_TIME, 10: _OTHER_TIME, 62: _OTHER_NAME, 64: _OTHER_NAME}
"""Why a certificate does not hold whoever issued it, by the number of OpenSSL's reason, which the words take in."""

_LINE_1 = re.compile(r"(?<=line 1, column )\d+|(?<=line 1:)\d+")


@contextlib.contextmanager
def explain_errors(database: Database, *, reading: bool = False, own: bool = False) -> Iterator[None]:
    """Turns whatever talking to a database raises into a StoreError.

    `reading` tells that a write was refused because nothing else is allowed. Where the statement is negograph's `own`, it is not
    the statement that is wrong.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise StoreError(
            f"half a character ({error.object[error.start]!a}) stands in the query or in a value; write it in UTF-8"
        ) from error
    except NegographError:
        raise
    except (ServiceUnavailable, SessionExpired) as error:
        raise Unreachable(database.unreachable(error)) from error
    except (Neo4jError, DriverError) as error:
        raise StoreError(_explanation(error, database, reading=reading, own=own)) from error
    except NoAnswer as error:
        raise Unreachable(f"cannot reach {database.place}: it does not answer any more") from error
    except OSError as error:
        raise Unreachable(not_reached(database.place, error)) from error
    except BaseException as error:  # what else the driver says of an answer that makes no sense to it, or we do
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        said = f"{type(error).__name__}: {first_line(error)}"
        raise StoreError(
            f"what {database.place} answers makes no sense ({said}); is it a Neo4j server, 5.26 or newer?"
        ) from error


def not_reached(place: str, error: BaseException) -> str:
    """That a server is not reached, why, and what to do."""
    return f"cannot reach {place}: {_why_not_reached(error)}"


def _explanation(error: Neo4jError | DriverError, database: Database, *, reading: bool, own: bool) -> str:
    said, place = first_line(error), database.place
    if isinstance(error, AuthError):
        return f"{place} refuses the user name or password; check NEO4J_USERNAME and NEO4J_PASSWORD"
    if isinstance(error, ConfigurationError):
        return f"cannot use {place}: {said}"
    if not isinstance(error, Neo4jError):
        return f"no answer from {place}: {said}"
    if isinstance(error, NotALeader):
        return f"{place} does not lead its cluster, and nothing was written; write neo4j:// for bolt://, which finds who does"
    code = error.code or ""
    if (
        code.endswith(("DatabaseNotFound", "GraphNotFound"))
        or "Graph not found" in said
        or "database does not exist" in said.lower()
    ):
        return f"{place} has no such database; check NEO4J_DATABASE, mostly it is neo4j ({said})"
    if code.endswith("DatabaseUnavailable"):
        return f"the database is not available now ({said}); try again when it is up"
    if out_of_memory(error):
        if reading:
            return "the server has too little memory for this query; narrow it, or raise server.memory.heap.max_size"
        return (
            "the server has too little memory for the load in one transaction, and nothing was written; load with --in-batches, "
            "or give the server more memory"
        )
    if "heap budget exceeded" in said:
        return f"{place} has too little memory for this query; narrow it"
    if "read-only" in said or "ReadOnly" in code:
        return "the database is read-only; nothing was written. Load into another, or let the server write to this one"
    if code in ("Neo.ClientError.Statement.AccessMode", "Neo.ClientError.Security.Forbidden"):
        if reading:
            return "the query does more than read, and negograph asks only what reads"
        return f"the user may not write, and nothing was written; use another user, or let this one write ({said})"
    if "space left" in said.lower() or "error on commit" in said:
        return f"{place} could not finish the load, and nothing was written; is its disk full? ({said})"
    if own and database.own_errors_are_damage and not error.is_retryable() and not isinstance(error, ConstraintError):
        return database.damaged(f"it says {said!r}")
    return f"the database says: {said}"


def out_of_memory(error: Neo4jError | DriverError) -> bool:
    """Whether a server says that a transaction needs more memory than it has; to try again does not help."""
    return isinstance(error, Neo4jError) and "OutOfMemory" in (error.code or "")


def _why_not_reached(error: BaseException) -> str:
    cause = error
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _why_not_trusted(cause)
        for kind, words in _REASONS.items():
            if isinstance(cause, kind):
                return words
        for part, words in _SAID.items():
            if part in str(cause):
                return words
    return f"is it a Neo4j server, and is it up? ({first_line(cause)})"


def _why_not_trusted(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a certificate, and what to do; the driver trusts those that Python's own connections trust."""
    said = str(error.verify_message).rstrip(".")
    if error.verify_code in _NOT_HELD:
        return _NOT_HELD[error.verify_code].format(said)
    named = os.environ.get("SSL_CERT_FILE")
    if named and not Path(named).is_file():
        return f"its certificate is not trusted ({said}); SSL_CERT_FILE names {named}, and there is no such file"
    return (
        f"its certificate is not trusted ({said}); name the file with the certificate of who issued it in SSL_CERT_FILE, or "
        "write bolt+ssc:// or neo4j+ssc://, which trust any, also that of somebody in between"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that led to it."""
    yield error
    led = [*getattr(error, "exceptions", ()), error.__cause__ or error.__context__]
    yield from (cause for earlier in led if earlier is not None for cause in _causes(earlier))


def said_of_statement(error: Neo4jError, before: int) -> StoreError:
    """What a database says of a statement, with places as they are without so many characters before it."""
    said = _LINE_1.sub(lambda found: str(max(1, int(found[0]) - before)), first_line(error))
    return StoreError(f"the database says: {said}")


def first_line(error: BaseException) -> str:
    """The first line of what an error says, or what kind it is if it says nothing."""
    text = (error.message if isinstance(error, Neo4jError) else None) or str(error)
    return text.strip().partition("\n")[0] or type(error).__name__
