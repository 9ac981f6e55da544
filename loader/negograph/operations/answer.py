"""An answer as Python shows it, and what it becomes: a DataFrame, a network, any form that the command line writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from negograph.database.results import Result
from negograph.render.forms import render, render_file

if TYPE_CHECKING:
    import networkx
    import pandas

_WIDTH = 132
"""How wide a table is: as wide as a notebook."""


@dataclass(frozen=True)
class Answer(Result):
    """What a question is answered with. `notes` are what should be known of it, such as labels that the graph does not have."""

    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The answer as a table."""
        return render(self, "table", _WIDTH)

    def to(self, form: str) -> bytes:
        """The content of a file in one of the forms that `--format` names, such as csv or xlsx; text is in UTF-8.

        Raises:
            NegographError: if there is no such form, or the answer cannot be put into it.
        """
        return render_file(self, form, _WIDTH)

    def to_pandas(self) -> pandas.DataFrame:
        """A DataFrame with a row a row and a column a column; a missing value is None, and columns without any are of numbers."""
        from negograph.render.dataframe import to_dataframe

        return to_dataframe(self)

    def to_networkx(self) -> networkx.Graph[str]:
        """The network of a graph, or of a table whose rows are edges: see `negograph.render.network.to_networkx`.

        Raises:
            NegographError: if there is no network in the answer.
        """
        from negograph.render.network import to_networkx

        return to_networkx(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """How a notebook shows it: a graph as a picture, everything else as a table."""
        from negograph.render.notebook import shown

        return shown(self)
