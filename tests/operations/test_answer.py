"""An answer from Python: how it shows itself, and what it becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negograph.database.results import EdgeColumns, ResultNode, ResultRelationship
from negograph.errors import NegographError
from negograph.operations.ask import Answer
from negograph.project import open_project
from negograph.render.forms import FORMATS
from negograph.render.notebook import shown

GUILD = ResultNode(("Party",), {"id": "guild", "name": "Pilots' Guild"}, "1")
BOAT = ResultNode(("Proposal",), {"id": "boat", "name": "Pilot boat"}, "2")
GRAPH = Answer(("edge",), ((ResultRelationship("OFFERED", GUILD, BOAT, {}),),))
TABLE = Answer(("by", "what"), (("Guild", "boat"), ("Isle", "tolls")), edges=EdgeColumns("by", "what", directed=True))


def test_it_is_as_long_as_it_has_rows() -> None:
    assert (len(TABLE), len(Answer(("by",), ()))) == (2, 0)


def test_as_text_it_is_a_table() -> None:
    assert str(TABLE) == "by     what\n─────  ─────\nGuild  boat\nIsle   tolls\n(2 rows)\n"


def test_it_becomes_a_frame_and_a_network() -> None:
    assert TABLE.to_pandas().to_dict("list") == {"by": ["Guild", "Isle"], "what": ["boat", "tolls"]}
    assert sorted(TABLE.to_networkx().edges) == [("Guild", "boat"), ("Isle", "tolls")]
    assert sorted(GRAPH.to_networkx().nodes) == ["boat", "guild"]


def test_a_notebook_shows_a_graph_as_a_picture() -> None:
    assert GRAPH._repr_mimebundle_(include=None, exclude=None) == shown(GRAPH)


def test_a_picture_has_the_colours_of_the_model_of_its_project(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "schema").mkdir()
    vessel = "nodes:\n  Vessel: {section: vessels, definition: A boat., colour: '#12ab34'}\n"
    (tmp_path / "schema" / "own.yaml").write_text(vessel, encoding="utf-8")
    tug = ResultNode(("Vessel",), {"id": "tug", "name": "Tug"}, "3")
    answer = Answer(("edge",), ((ResultRelationship("MOVED", tug, GUILD, {}),),), project=open_project(tmp_path, {}))
    for picture in (answer.to("svg").decode(), answer._repr_mimebundle_()["image/svg+xml"]):
        assert 'fill="#12ab34"' in picture


def test_it_becomes_every_form_of_the_command_line() -> None:
    assert TABLE.to("csv") == b"by,what\nGuild,boat\nIsle,tolls\n"
    assert json.loads(TABLE.to("json"))[1] == {"by": "Isle", "what": "tolls"}
    assert all(TABLE.to(form) for form in FORMATS)
    with pytest.raises(NegographError, match="there is no format 'xslx'; did you mean 'xlsx'"):
        TABLE.to("xslx")
