"""The style for Neo4j Browser: colours by the model, captions whole and with the hedge first."""

from __future__ import annotations

import re

from negograph.model.model import Model
from negograph.render.browser_style import as_grass, style_of


def test_a_kind_of_node_has_its_colour_and_is_called_by_its_caption(model: Model) -> None:
    style = style_of(model)
    assert {label: style[f"node.{label}"]["color"] for label in ("Party", "Demand", "Document")} == {
        "Party": "#8db7f0",
        "Demand": "#d678b8",
        "Document": "#8f8571",
    }
    assert {style[f"node.{label}"]["caption"] for label in model.nodes if label != "Fact"} == {"{caption}"}
    assert (style["node.Fact"]["caption"], style["node.RetractedFact"]["caption"]) == ("{label}", "{label}")


def test_an_act_is_called_by_its_label_and_any_other_relationship_by_its_type(model: Model) -> None:
    style = style_of(model)
    assert {action.edge for action in model.actions.values()} == {
        selector.removeprefix("relationship.")
        for selector, rule in style.items()
        if rule["caption"] == "{label}" and "relationship" in selector
    }
    assert style["relationship.MEMBER_OF"]["caption"] == "<type>"
    assert style["relationship.REJECTED"]["color"] != style["relationship.ACCEPTED"]["color"]


def test_every_kind_of_node_and_relationship_has_a_rule(model: Model) -> None:
    selectors = style_of(model).keys()
    assert {f"node.{label}" for label in model.nodes} <= selectors
    assert {f"relationship.{edge.type}" for edge in model.edges} <= selectors
    assert all(re.fullmatch(r"(node|relationship)(\.\w+)?", selector) for selector in selectors)


def test_a_style_sheet_is_written_rule_by_rule() -> None:
    assert as_grass({"node": {"color": "#ffffff", "caption": "{caption}"}, "node.Party": {"diameter": "80px"}}) == (
        'node {\n  color: #ffffff;\n  caption: "{caption}";\n}\n\nnode.Party {\n  diameter: 80px;\n}\n'
    )
