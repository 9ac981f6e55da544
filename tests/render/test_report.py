"""The parts of a report that need no database: days, anchors, addresses, lines that lead somewhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import networkx
import pytest

from negograph.model.schema_files import load_model
from negograph.project import shipped
from negograph.render.palette import palette_of
from negograph.render.picture import draw
from negograph.render.report import anchor, many, web_address
from negograph.render.text import day_in_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-01-26", "26 Jan 2022"),
        ("2024-04", "Apr 2024"),
        ("2021", "2021"),
        ("2022-01-26/2022-01-28", "26–28 Jan 2022"),
        ("2024-03-12/2024-06-06", "12 Mar – 6 Jun 2024"),
        ("2021-12-17/2022-01-26", "17 Dec 2021 – 26 Jan 2022"),
        ("2021/2022-01-26", "2021 – 26 Jan 2022"),
        ("2022-01/2022-01-26", "Jan – 26 Jan 2022"),
        ("2022-01-26/2022-01-26", "26 Jan 2022"),
        ("some day", "some day"),
        ("2022-13-01", "2022-13-01"),
        (None, ""),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str | None, read: str) -> None:
    assert day_in_words(written) == read


@pytest.mark.parametrize("address", ["https://example.org/a?b=c", "http://example.org"])
def test_an_address_of_the_web_is_linked_to(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [None, "", "javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "//example.org", "https:", "ftp://a.b",
     "https://exam\nple.org", "https://example.org/\u202egnp", " https://example.org", "https://[", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_linked_to(address: str | None) -> None:
    assert web_address(address) is None


def test_ids_become_anchors_that_differ() -> None:
    assert anchor("night-ferry_2.0") == "night-ferry_2.0"
    assert len({anchor(id_) for id_ in ("a b", "a\tb", "a~20~b", "a%20b", 'a"b', "a<b")}) == 6
    assert anchor("é") == "é"


def test_numbers_are_counted_in_words() -> None:
    assert (many(1, "act"), many(0, "act"), many(4000, "act"), many(2, "party", "parties")) == (
        "1 act",
        "0 acts",
        "4,000 acts",
        "2 parties",
    )


def test_a_relationship_of_a_picture_leads_where_it_is_told_to() -> None:
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    network.add_node("guild", kind="Party")
    network.add_node("boat", kind="Proposal")
    network.add_edge("guild", "boat", type="OFFERED", fact='a"<b')
    network.add_edge("guild", "boat", type="OWNS")
    picture = ET.fromstring(draw(network, palette_of(load_model([shipped("schema")])), link=lambda fact: f"#{fact}"))
    assert [link.get("href") for link in picture.iter("{http://www.w3.org/2000/svg}a")] == ['#a"<b']
