"""The address of a view: it says all that the page shows, and opens the same view again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from negograph.web.explore.address import View, to_address, view_at

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
NAMES = st.from_regex(r"\w+", fullmatch=True)
VIEWS = st.builds(
    View,
    recipe=WORDS,
    given=st.dictionaries(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4),
    hidden_words=st.frozensets(st.sampled_from(["own", "reported", "alleged"])),
    hidden_kinds=st.frozensets(WORDS, max_size=3),
    party=st.one_of(st.just(""), WORDS),
    picked=st.one_of(st.just(""), WORDS),
    whole=st.booleans(),
)


@given(VIEWS)
def test_an_address_opens_the_view_that_it_was_made_of(view: View) -> None:
    assert view_at(to_address(view)) == view


@given(VIEWS)
def test_an_address_is_one_path_of_this_server(view: View) -> None:
    address = to_address(view)
    assert address.startswith("/recipe/")
    assert address.isascii()
    assert not set(address) & set(" \"'<>\\#")


def test_addresses_can_be_read() -> None:
    assert to_address(View()) == "/"
    assert to_address(View("map")) == "/recipe/map"
    view = View("positions", {"party": "russia", "until": "2022-01-26"}, frozenset({"alleged"}), picked="facts:a")
    assert to_address(view) == "/recipe/positions?party=russia&until=2022-01-26&hide-word=alleged&look-at=facts%3Aa"


def test_what_an_address_does_not_say_is_as_at_the_start() -> None:
    assert view_at("/") == View()
    assert view_at("") == View()
    assert view_at("/elsewhere?party=x") == View(given={"party": "x"})
    assert view_at("/recipe/map?only-party=&hide-kind=") == View("map")
