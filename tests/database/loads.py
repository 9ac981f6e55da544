"""Loads in processes of their own, which tests kill.

They are forked from one process that has imported everything and read the seeds: else each begins with half a second of work.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from negograph.database import statements, transactions
from negograph.database.store import open_store
from negograph.database.target import Target
from negograph.errors import StoreError

if TYPE_CHECKING:
    from negograph.graph.plan import Graph
    from negograph.model.model import Model

How = Literal["whole", "in batches"]


@dataclass(frozen=True)
class Loading:
    """A process that plans a load, and carries it out when it gets a line."""

    id: int
    input: TextIO
    output: TextIO

    def go(self) -> None:
        self.input.write("go\n")
        self.input.flush()

    def line(self) -> str:
        """What it says next; nothing once it has ended."""
        return self.output.readline().rstrip("\n")

    def send(self, number: int) -> None:
        """A signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.id, number)

    def rest(self) -> list[str]:
        """The rest of what it says, once it has ended."""
        lines = self.output.read().splitlines()
        with contextlib.suppress(ProcessLookupError):
            while True:
                os.kill(self.id, 0)
                time.sleep(0.005)
        self.output.close()
        with contextlib.suppress(BrokenPipeError):
            self.input.close()
        return lines


Start = Callable[[Path, Target, How], Loading]


@contextlib.contextmanager
def ready_to_load(checkout: Path) -> Iterator[Start]:
    """Gives what starts a load of the model and the graph that are pickled in a file."""
    near, far = socket.socketpair()
    command = [sys.executable, "-c", f"from tests.database.loads import fork_loads; fork_loads({far.fileno()})"]
    nothing = subprocess.DEVNULL
    with (
        near,
        subprocess.Popen(
            command, pass_fds=[far.fileno()], cwd=checkout, stdin=nothing, stdout=nothing, stderr=nothing
        ) as process,
    ):
        far.close()

        def start(pickled: Path, target: Target, how: How) -> Loading:
            (its_input, our_output), (our_input, its_output) = os.pipe(), os.pipe()
            socket.send_fds(near, [pickle.dumps((pickled, target, how))], [its_input, its_output])
            os.close(its_input)
            os.close(its_output)
            return Loading(int(near.recv(100)), os.fdopen(our_output, "w"), os.fdopen(our_input))

        yield start
        near.close()
        process.wait()


def fork_loads(number: int) -> None:
    """Fork a process for each message at a socket, and answer with its id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended is gone at once
    line = socket.socket(fileno=number)
    while True:
        message, files, _, _ = socket.recv_fds(line, 65536, 2)
        if not message:
            return
        pickled, target, how = pickle.loads(message)
        model, graph = _read(pickled)
        gc.freeze()
        if child := os.fork():
            for file in files:
                os.close(file)
            line.sendall(str(child).encode())
        else:
            line.close()
            _begin(*files)
            _load(model, graph, target, how)
            return


@functools.cache
def _read(pickled: Path) -> tuple[Model, Graph]:
    model, graph = pickle.loads(pickled.read_bytes())
    return model, graph


def _begin(its_input: int, its_output: int) -> None:
    """As a process begins that was started otherwise."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
    for file, number in ((its_input, 0), (its_output, 1)):
        os.dup2(file, number)
        os.close(file)


def _load(model: Model, graph: Graph, target: Target, how: How) -> None:
    began = False

    def tell(done: int, total: int) -> None:
        nonlocal began
        if not began:
            began = True
            _say("writing")

    if how == "in batches":
        statements._BATCH, transactions._STEPS_AT_ONCE = 200, 1
    try:
        with open_store(target, lambda message: None) as store:
            plan = store.plan(graph)
            _say("planned")
            sys.stdin.readline()
            store.apply(plan, model, tell, in_batches=how == "in batches")
            _say("committed")
    except StoreError as error:
        _say(f"refused: {error}")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
