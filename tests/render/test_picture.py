"""Pictures of networks: SVG that is well-formed, says whose word each line is, whatever things are called, always the same."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negograph.render.palette import OTHER, Palette
from negograph.render.picture import draw, fitting, roomy

SVG = "{http://www.w3.org/2000/svg}"
BLUE, RED, GREY, SAND, SKY = "#0000aa", "#aa0000", "#7a7a7a", "#eeddcc", "#99ccff"
PALETTE = Palette({"Party": SKY, "Proposal": SAND}, {"OFFERED": BLUE, "REJECTED": RED}, {1: BLUE, 0: GREY, -1: RED})


def drawn(network: networkx.Graph[str], **options: Any) -> ET.Element:
    return ET.fromstring(draw(network, PALETTE, **options))


def parts(picture: ET.Element, kind: str) -> list[ET.Element]:
    """The elements of a kind: node, edge, label, name."""
    return [element for element in picture.iter(f"{SVG}g") if kind in element.get("class", "").split()]


def title(element: ET.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def lines(element: ET.Element) -> list[str]:
    """The lines of the text in an element."""
    return [span.text or "" for span in element.iter(f"{SVG}tspan")]


def stroke(edge: ET.Element) -> tuple[str | None, str | None, str | None]:
    """Colour, dashes and width of a line."""
    (line,) = (path for path in edge.iter(f"{SVG}path") if path.get("class") == "line")
    return edge.get("stroke"), line.get("stroke-dasharray"), line.get("stroke-width")


def legend(picture: ET.Element) -> list[str]:
    return [text.text or "" for part in parts(picture, "legend") for text in part.iter(f"{SVG}text")]


def star(points: int) -> networkx.Graph[str]:
    """One node, and that many around it."""
    return networkx.Graph([("Member number 0", f"Member number {number}") for number in range(1, points + 1)])


def ferry() -> networkx.MultiDiGraph[str]:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("guild", kind="Party", name="Pilots' Guild")
    network.add_node("boat", kind="Proposal", name="Pilot boat", status="rejected")
    network.add_node("quay", kind="Place")
    network.add_edge("guild", "boat", type="OFFERED", label="offered", attribution="own", fact="f1", date="2021-03-01")
    network.add_edge("quay", "boat", type="REJECTED", label="said to have rejected (Guild)", attribution="alleged", fact="f2")
    network.add_edge("quay", "guild", type="CONSIDERED", label="considered", attribution="reported", fact="f3")
    network.add_edge("guild", "quay", type="MOORS_AT")
    return network


def test_nodes_are_boxes_with_their_names_in_the_colour_of_their_kind() -> None:
    nodes = parts(drawn(ferry()), "node")
    assert [title(node) for node in nodes] == ["Party: Pilots' Guild", "Proposal: Pilot boat (rejected)", "Place: quay"]
    assert [lines(node) for node in nodes] == [["Pilots' Guild"], ["Pilot boat"], ["quay"]]
    assert [node.get("class") for node in nodes] == ["node Party", "node Proposal", "node Place"]
    assert [node.get("data-key") for node in nodes] == ["guild", "boat", "quay"]
    assert [box.get("fill") for node in nodes for box in node.iter(f"{SVG}rect")] == [SKY, SAND, OTHER]


def test_whose_word_a_line_is_and_what_stand_it_tells_is_seen() -> None:
    edges = parts(drawn(ferry()), "edge")
    assert [title(edge) for edge in edges] == [
        "Pilots' Guild → offered, 2021-03-01 → Pilot boat",
        "Pilots' Guild → moors at → quay",
        "quay → said to have rejected (Guild) → Pilot boat",
        "quay → considered → Pilots' Guild",
    ]
    assert [edge.get("class") for edge in edges] == ["edge own", "edge structure", "edge alleged", "edge reported"]
    assert [stroke(edge) for edge in edges] == [
        (BLUE, None, "2"),
        (GREY, None, "1.1"),
        (RED, "7 5", "2"),
        (GREY, "0.1 4.5", "2.6"),
    ]
    assert [[edge.get(f"data-{name}") for name in ("start", "end", "type", "fact")] for edge in edges] == [
        ["guild", "boat", "OFFERED", "f1"],
        ["guild", "quay", "MOORS_AT", None],
        ["quay", "boat", "REJECTED", "f2"],
        ["quay", "guild", "CONSIDERED", "f3"],
    ]


def test_the_legend_tells_what_colours_and_lines_mean_that_are_there() -> None:
    kinds, dashes = ["Party", "Proposal", "Place"], ["own word", "as the source reports", "as another alleges"]
    assert legend(drawn(ferry())) == [*kinds, *dashes, "how things belong together", "for", "against"]
    structure: networkx.DiGraph[str] = networkx.DiGraph([("a", "b")])
    assert legend(drawn(structure)) == []
    structure.graph["note"] = "what has to be known"
    assert legend(drawn(structure)) == ["what has to be known"]


@pytest.mark.parametrize(
    ("data", "label"),
    [
        ({"label": "met", "type": "HAS_MET", "weight": 2}, "met"),
        ({"type": "STANDING", "standing": "refused"}, "refused"),
        ({"type": "HAS_MET", "weight": 2}, "has met"),
        ({"weight": 2}, "2"),
        ({"weight": 0.123456}, "0.1235"),
        ({"weight": 2, "label": ""}, "2"),
    ],
)
def test_an_edge_says_its_label_else_its_standing_its_type_its_weight(data: dict[str, object], label: str) -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_edge("a", "b", **data)
    picture = drawn(network)
    assert [lines(part) for part in parts(picture, "label")] == [[label]]
    assert [title(edge) for edge in parts(picture, "edge")] == [f"a – {label} – b"]


def test_edges_have_arrows_where_they_have_a_direction() -> None:
    pairs = [("a", "b"), ("b", "c")]
    for network, count in ((networkx.DiGraph(pairs), 2), (networkx.Graph(pairs), 0)):
        assert len(list(drawn(network).iter(f"{SVG}polygon"))) == count


def test_a_line_is_as_wide_as_its_weight_and_one_below_nothing_is_double() -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_weighted_edges_from([("a", "b", 8), ("b", "c", -4), ("a", "c", 0)])
    picture = drawn(network)
    edges = {edge.get("data-start", "") + edge.get("data-end", ""): edge for edge in parts(picture, "edge")}
    assert {ends: stroke(edge) for ends, edge in edges.items()} == {
        "ab": (BLUE, None, "8"),
        "ac": (GREY, None, "1"),
        "bc": (RED, None, "4.5"),
    }
    assert [len(list(edges[ends].iter(f"{SVG}path"))) for ends in ("ab", "ac", "bc")] == [1, 1, 2]
    assert legend(picture) == ["more than 0", "less than 0"]


@pytest.mark.parametrize(
    ("data", "colour"), [({}, BLUE), ({"stance": -1}, RED), ({"stance": 0}, GREY), ({"stance": 1, "modality": "denied"}, GREY)]
)
def test_an_acts_own_stand_comes_before_that_of_its_action_and_what_is_denied_tells_none(
    data: dict[str, object], colour: str
) -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_edge("a", "b", type="OFFERED", attribution="own", **data)
    assert [stroke(edge)[0] for edge in parts(drawn(network), "edge")] == [colour]


def test_weights_above_nothing_tell_no_stand() -> None:
    network: networkx.Graph[str] = networkx.Graph()
    network.add_weighted_edges_from([("a", "b", 8), ("b", "c", 4)])
    assert [stroke(edge)[0] for edge in parts(drawn(network), "edge")] == [GREY, GREY]


@pytest.mark.parametrize("weight", ["heavy", float("nan"), float("inf"), True])
def test_a_weight_that_is_none_does_not_keep_the_network_from_being_drawn(weight: object) -> None:
    network: networkx.DiGraph[str] = networkx.DiGraph()
    network.add_edge("a", "b", weight=weight)
    assert [stroke(edge)[2] for edge in parts(drawn(network), "edge")] == ["1.1"]


def test_parallel_lines_do_not_lie_on_each_other() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for start, end, label in (("a", "b", "one"), ("b", "a", "two"), ("a", "b", "three"), ("b", "b", "four")):
        network.add_edge(start, end, label=label)
    paths = [path.get("d") for path in drawn(network).iter(f"{SVG}path") if path.get("class") == "line"]
    assert len(paths) == len(set(paths)) == 4


def test_a_name_is_whole_in_lines_and_a_short_one_takes_its_place() -> None:
    network: networkx.Graph[str] = networkx.Graph()
    name = "No deployment of offensive weapons that could threaten Russia"
    network.add_node("a", kind="Demand", name=name)
    network.add_node("b", kind="Demand", name=name, short="Stop weapons")
    whole, short = parts(drawn(network), "node")
    assert " ".join(lines(whole)) == name
    assert len(lines(whole)) > 1
    assert lines(short) == ["Stop weapons"]
    assert title(whole) == title(short) == f"Demand: {name}"


def test_names_are_text_and_nothing_else() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("a", kind='<script>:x" onload="y', name="<b>\"Ay\" & 'Be'</b>")
    network.add_edge("a", "]]><script>alert(1)</script></style>", label="</text>&amp;", type="\"'><x")
    for interactive in (False, True):
        picture = drawn(network, interactive=interactive)
        assert [" ".join(lines(node)) for node in parts(picture, "node")] == [
            "<b>\"Ay\" & 'Be'</b>",
            "]]><script>alert(1)</script></style>",
        ]
        tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
        assert tags <= {"svg", "style", "rect", "g", "title", "path", "polygon", "text", "tspan"}
        assert not [name for element in picture.iter() for name in element.attrib if name.startswith("on")]
        assert parts(picture, "edge")[0].get("data-end") == "]]><script>alert(1)</script></style>"


def test_what_can_be_chosen_can_be_focused_and_says_what_it_is() -> None:
    picture = drawn(ferry(), interactive=True)
    for part in (*parts(picture, "node"), *parts(picture, "edge")):
        assert (part.get("tabindex"), part.get("role"), part.get("aria-label")) == ("0", "button", title(part))
    assert (picture.get("role"), picture.get("aria-label")) == ("group", "Network of 3 nodes and 4 relationships")
    assert len(parts(picture, "label")) == 4  # those without room wait until their line is pointed at


def test_in_a_crowd_nodes_are_dots_and_as_many_are_named_as_have_room() -> None:
    crowd = star(199)
    still, answering = drawn(crowd), drawn(crowd, interactive=True)
    named = parts(still, "name")
    assert 10 < len(named) < 199
    assert legend(still) == [f"(no room for {200 - len(named)} names)"]
    names = parts(answering, "name")
    assert len(names) == 200
    assert all("off" in name.get("class", "").split() for name in names)


def test_the_most_connected_nodes_are_kept_whose_names_fit() -> None:
    crowd = star(300)
    kept, left_out = fitting(crowd, (900, 600))
    assert "Member number 0" in kept
    assert (len(kept) + len(left_out), len(left_out) > 100, parts(drawn(kept), "name")) == (301, True, [])
    whole, none_left_out = fitting(ferry())
    assert (list(whole), none_left_out) == (["guild", "boat", "quay"], [])
    nothing, nobody = fitting(networkx.MultiDiGraph())
    assert (list(nothing), nobody) == ([], [])


def test_a_node_whose_neighbours_are_all_left_out_is_left_out_too() -> None:
    network: networkx.Graph[str] = networkx.Graph([("hub", "far" * 300), ("hub", "near")])
    kept, left_out = fitting(network, (400, 200))
    assert len(left_out) == len(network) - len(kept) > 0
    assert all(degree for _, degree in kept.degree())


def test_what_acts_are_about_is_kept_before_what_only_belongs_to_something() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for key, kind in (("guild", "Party"), ("boat", "Proposal"), ("letter", "Document"), ("union", "Party")):
        network.add_node(key, kind=kind, name=f"{key} {'of the pilots ' * 3}")
    network.add_edge("guild", "boat", type="OFFERED", attribution="own")
    network.add_edge("guild", "letter", type="CRITICISED", attribution="own")
    for number in range(4):  # much is tied to the union, and nothing is said of it
        network.add_node(f"pilot {number}", kind="Party")
        network.add_edge(f"pilot {number}", "union", type="MEMBER_OF")
    network.add_edge("guild", "union", type="MEMBER_OF")
    sizes = [(width, width * 2 // 3) for width in range(150, 700, 10)]
    kept = [set(fitting(network, size)[0]) for size in sizes]
    assert {"guild", "boat"} in kept
    assert all("boat" in those for those in kept if "letter" in those)
    assert all("letter" in those for those in kept if those - {"guild", "boat", "letter"})
    assert len(kept[-1]) == 8
    _, (first, *_) = fitting(network, sizes[kept.index({"guild", "boat", "letter"})])
    assert first == "union of the pilots of the pilots of the pilots"


def test_a_picture_is_as_large_as_its_names_need_and_no_wider_than_it_may_be() -> None:
    assert roomy(ferry(), 2400) == (900, 600)
    crowd = star(99)
    wide, narrow = roomy(crowd, 2400), roomy(crowd, 900)
    assert wide[0] > 900
    assert narrow == (900, 1350)
    assert parts(drawn(crowd, size=wide), "name") == []


def test_the_same_network_always_looks_the_same() -> None:
    assert draw(ferry(), PALETTE) == draw(ferry(), PALETTE)
    program = (
        "import networkx\nfrom negograph.render.picture import draw\nfrom negograph.render.palette import Palette\n"
        "edges = [('guild', 'boat'), ('guild', 'quay'), ('quay', 'boat')]\n"
        "print(draw(networkx.MultiDiGraph(edges), Palette()), end='')"
    )
    command, environment = [sys.executable, "-P", "-c", program], {**os.environ}
    pictures = {
        subprocess.run(command, env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    }
    assert len(pictures) == 1


def test_an_empty_network_is_an_empty_picture() -> None:
    picture = drawn(networkx.MultiDiGraph())
    assert (parts(picture, "node"), parts(picture, "edge"), legend(picture)) == ([], [], [])
    assert picture.get("viewBox") == "0 0 900 600"


def test_one_node_stands_in_the_middle() -> None:
    (node,) = parts(drawn(networkx.relabel_nodes(networkx.empty_graph(1), str)), "node")
    assert node.get("transform") == "translate(450.0 300.0)"


names = st.text(st.characters(), max_size=50)
ENDS = ["a", "b", "\x00", "<&\"'>", "\ud800", "c\nd"]


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(ENDS), st.fixed_dictionaries({}, optional={"kind": names, "name": names, "short": names, "status": names})
    ),
    st.lists(
        st.tuples(
            st.sampled_from(ENDS),
            st.sampled_from(ENDS),
            st.fixed_dictionaries(
                {},
                optional={
                    "label": names,
                    "type": names,
                    "weight": st.floats(-10, 10),
                    "fact": names,
                    "attribution": st.sampled_from(["own", "alleged", "<"]),
                },
            ),
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_whatever_things_are_called_each_node_and_edge_is_drawn_once_in_the_frame(
    nodes: dict[str, dict[str, str]], edges: list[tuple[str, str, dict[str, str | float]]], interactive: bool
) -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_nodes_from(nodes.items())
    for start, end, data in edges:
        network.add_edge(start, end, **data)
    picture = drawn(network, interactive=interactive)
    assert len(parts(picture, "node")) == len(network)
    assert len(parts(picture, "edge")) == network.number_of_edges()
    for node in parts(picture, "node"):
        across, down = map(float, node.get("transform", "").removeprefix("translate(").rstrip(")").split())
        assert 0 <= across <= 900
        assert 0 <= down <= 600
