"""Standing: what has become of an item, party by party, by whose word, and on which acts that rests from which day until which.

The tables are worked out by hand. An act such as "opposed by south on 2021-02-01" is about the ferry; the acts of a case are
the facts f1, f2, and so on. A standing reads "south opposes: f2".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from negograph.graph.plan import Subgraph
from tests.conftest import graph_of

BASE = """\
dataset: {id: small, title: A small dataset}
parties:
  - {id: north, name: Northbank, kind: state}
  - {id: south, name: Southbank, kind: state, member_of: league}
  - {id: east, name: Eastbank, kind: state, member_of: league}
  - {id: west, name: Westbank, kind: state}
  - {id: league, name: The league, kind: group, member_of: union}
  - {id: union, name: The union, kind: alliance}
  - {id: plenary, name: The plenary, kind: body, participants: [north, committee]}
  - {id: committee, name: The committee, kind: body, participants: [south, west]}
  - {id: chair, name: The chair, kind: body}
people:
  - {id: mayor, name: The mayor of Northbank, speaks_for: north}
  - {id: envoy, name: The envoy of Southbank, speaks_for: south}
documents:
  - {id: d, kind: article, name: D}
  - {id: dated, kind: article, name: Dated, date: 2021-06-01}
proposals:
  - {id: ferry, name: The ferry}
  - {id: fare, name: The fare, part_of: ferry}
  - {id: ticket, name: The ticket, part_of: fare}
  - {id: pier, name: The pier, part_of: ferry}
"""

PUT = "proposed by north to south on 2021-01-01"
PUT_TO_TWO = "proposed by north to south, west on 2021-01-01"
PUT_TO_PLENARY = "proposed by north to plenary on 2021-01-01"
PLANNED, CONDITIONAL = "ferry, modality: planned", "ferry, modality: conditional, condition: it is cheap"
SAID = "according_to: mayor"
"""What makes an act alleged that is not of Northbank alone."""


def item(make: Callable[..., Path], *acts: str, identity: str = "ferry") -> Subgraph:
    """An item after acts such as "rejected by south on 2021-02-01: fare, modality: planned"; without a thing about the ferry."""
    facts = []
    for number, act in enumerate(acts, start=1):
        words, _, more = act.partition(": ")
        action, _, rest = words.partition(" by ")
        parties, _, day = rest.partition(" on ")
        by, _, to = parties.partition(" to ")
        what, _, properties = more.partition(", ")
        fields = [f"id: f{number}, action: {action}, by: [{by}], what: [{what or 'ferry'}], date: {day}", properties]
        fields += [f"to: [{to}]"] if to else []
        fields += [] if "evidence" in properties else [f"evidence: [{{document: d, quote: q{number}}}]"]
        facts.append(f"- {{{', '.join(filter(None, fields))}}}")
    _, graph = graph_of(make(dataset=BASE, facts="facts:\n" + "\n".join(facts) + "\n" if facts else ""))
    return next(entry for entry in graph.entries if entry.node.key.id == identity)


def status(entry: Subgraph) -> tuple[object, object]:
    return entry.node.properties["status"], entry.node.properties.get("status_by")


def history(entry: Subgraph) -> list[str]:
    """Every standing, as "2021-01-01 2021-01-31 south has not answered: f1"; one of the item itself names no party."""
    lines = []
    for edge in entry.edges:
        if edge.type == "STANDING":
            told = edge.properties
            words = (told["since"], told.get("until", "now"), told.get("party"), told["standing"], told.get("condition"))
            says = f" (says {told['said_by']})" if "said_by" in told else ""
            lines.append(" ".join(str(word) for word in words if word is not None) + f"{says}: {edge.end.id}")
    return sorted(lines)


def standings(entry: Subgraph) -> list[str]:
    """What holds now of the parties and, where it is not just put forward, of the item."""
    now = [line.partition(" now ")[2] for line in history(entry) if " now " in line]
    return sorted(line for line in now if not line.startswith("put forward"))


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        pytest.param([PUT], ["south has not answered: f1"], id="nothing"),
        pytest.param([PUT, "accepted by south on 2021-02-01"], ["south accepts: f2"], id="a yes"),
        pytest.param([PUT, "supported by south on 2021-02-01"], ["south supports: f2"], id="support"),
        pytest.param([PUT, "reserved by south on 2021-02-01"], ["south reserves: f2"], id="a reservation"),
        pytest.param([PUT, "opposed by south on 2021-02-01"], ["south opposes: f2"], id="opposition"),
        pytest.param([PUT, "rejected by south on 2021-02-01"], ["south rejects: f2"], id="a no"),
        pytest.param([PUT, "criticised by south on 2021-02-01"], ["south answered: f2"], id="an answer"),
        pytest.param([PUT, f"accepted by south on 2021-02-01: {PLANNED}"], ["south answered: f2"], id="a planned yes"),
        pytest.param([PUT, f"rejected by south on 2021-02-01: {PLANNED}"], ["south answered: f2"], id="a planned no"),
        pytest.param([PUT, f"supported by south on 2021-02-01: {PLANNED}"], ["south supports: f2"], id="planned support"),
        pytest.param(
            [PUT, f"accepted by south on 2021-02-01: {CONDITIONAL}"], ["south accepts if it is cheap: f2"], id="a yes, if"
        ),
        pytest.param([PUT, f"supported by south on 2021-02-01: {CONDITIONAL}"], ["south answered: f2"], id="support, if"),
        pytest.param([PUT, f"rejected by south on 2021-02-01: {CONDITIONAL}"], ["south answered: f2"], id="a no, if"),
        pytest.param(
            [PUT, "accepted by south on 2021-02-01: ferry, modality: denied"], ["south has not answered: f1"], id="denied"
        ),
        pytest.param(
            [PUT, "left_unanswered by south on 2021-02-01"], ["south leaves unanswered: f2"], id="silence that a source reports"
        ),
    ],
)
def test_what_one_word_of_an_addressee_makes_of_its_standing(
    project: Callable[..., Path], acts: list[str], expected: list[str]
) -> None:
    assert standings(item(project, *acts)) == expected


MAYOR = "(says The mayor of Northbank)"


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("accepted by south on 2021-02-01: ferry", f"south said to accept {MAYOR}: f2"),
        (f"accepted by south on 2021-02-01: {CONDITIONAL}", f"south said to accept if it is cheap {MAYOR}: f2"),
        ("supported by south on 2021-02-01: ferry", f"south said to support {MAYOR}: f2"),
        ("reserved by south on 2021-02-01: ferry", f"south said to reserve {MAYOR}: f2"),
        ("opposed by south on 2021-02-01: ferry", f"south said to oppose {MAYOR}: f2"),
        ("rejected by south on 2021-02-01: ferry", f"south said to reject {MAYOR}: f2"),
        ("left_unanswered by south on 2021-02-01: ferry", f"south said to leave unanswered {MAYOR}: f2"),
        ("criticised by south on 2021-02-01: ferry", "south has not answered: f1"),
        (f"accepted by south on 2021-02-01: {PLANNED}", "south has not answered: f1"),
    ],
)
def test_what_another_says_of_an_addressee_is_told_as_its_word(project: Callable[..., Path], act: str, expected: str) -> None:
    assert standings(item(project, PUT, f"{act}, {SAID}")) == [expected]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (["rejected by south on 2021-02-01", "accepted by south on 2021-03-01"], "south accepts: f3"),
        (["accepted by south on 2021-02-01", "reserved by south on 2021-03-01"], "south reserves: f3"),
        (["rejected by south on 2021-02-01", "criticised by south on 2021-03-01"], "south rejects: f2"),
        ([f"rejected by south on 2021-03-01: ferry, {SAID}", "accepted by south on 2021-02-01"], "south accepts: f3"),
        (
            [f"rejected by south on 2021-02-01: ferry, {SAID}", "criticised by south on 2021-03-01"],
            f"south said to reject {MAYOR}: f2",
        ),
        ([f"left_unanswered by south on 2021-03-01: ferry, {SAID}", "criticised by south on 2021-02-01"], "south answered: f3"),
        (
            [f"left_unanswered by south on 2021-03-01: ferry, {SAID}", "left_unanswered by south on 2021-02-01"],
            "south leaves unanswered: f3",
        ),
        (["rejected by south on 2021-02-01", "rejected by south on 2021-03-01"], "south rejects: f2"),
    ],
)
def test_the_latest_word_of_the_weightiest_kind_counts(project: Callable[..., Path], acts: list[str], expected: str) -> None:
    assert standings(item(project, PUT, *acts)) == [expected]


def test_within_a_day_the_turn_tells_which_word_is_the_latest(project: Callable[..., Path]) -> None:
    turned = item(
        project, PUT, "rejected by south on 2021-02-01: ferry, turn: 2", "accepted by south on 2021-02-01: ferry, turn: 1"
    )
    assert standings(turned) == ["south rejects: f2"]
    assert history(turned) == [
        "2021-01-01 2021-01-31 south has not answered: f1",
        "2021-01-01 now put forward: f1",
        "2021-02-01 now south rejects: f2",
    ]


@pytest.mark.parametrize(
    ("act", "since"),
    [
        ("rejected by south on 2021-02-01: ferry, according_to: envoy, said: 2021-03-01", "2021-02-01"),
        ("rejected by south on 2021-02-01: ferry, according_to: mayor, said: 2021-03-01", "2021-03-01"),
        ("rejected by south on 2021-02-01: ferry, according_to: mayor", "2021-02-01"),
        (
            "rejected by south on 2021-02-01: ferry, according_to: mayor, evidence: [{document: dated, quote: q}]",
            "2021-06-01",
        ),
    ],
)
def test_what_another_says_counts_from_the_day_on_which_it_was_said(project: Callable[..., Path], act: str, since: str) -> None:
    assert history(item(project, PUT, act))[-1].startswith(f"{since} now south")


def test_what_is_told_late_of_an_early_day_is_no_later_word(project: Callable[..., Path]) -> None:
    late = f"rejected by south on 2021-02-01: ferry, {SAID}, said: 2021-05-01"
    early = f"accepted by south on 2021-03-01: ferry, {SAID}, said: 2021-03-01"
    assert standings(item(project, PUT, early, late)) == [f"south said to accept {MAYOR}: f2"]


def test_nor_is_what_is_told_late_the_last_time_that_it_was_put_forward(project: Callable[..., Path]) -> None:
    early = "proposed by north to south on 2021-01-01: ferry, according_to: envoy, said: 2021-05-01"
    assert history(item(project, early, "proposed by north to south on 2021-03-01")) == [
        "2021-03-01 now put forward: f2",
        "2021-03-01 now south has not answered: f2",
    ]


class TestWhoIsConcerned:
    def test_each_addressee_has_a_standing_of_its_own(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT_TO_TWO, "accepted by south on 2021-02-01", "rejected by west on 2021-02-02")
        assert standings(found) == ["south accepts: f2", "west rejects: f3"]
        assert status(found) == ("for 1, against 1", ["Southbank", "Westbank"])

    def test_so_has_whoever_else_answers_but_no_owner(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "supported by west on 2021-02-01", "supported by north on 2021-02-02")
        assert standings(found) == ["south has not answered: f1", "west supports: f2"]
        assert status(found) == ("for 1, open 1", ["Westbank"])

    def test_who_puts_it_forward_too_is_not_asked_any_more(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT_TO_TWO, "proposed by west on 2021-02-01")
        assert history(found) == [
            "2021-01-01 2021-01-31 west has not answered: f1",
            "2021-01-01 now put forward: f1",
            "2021-01-01 now south has not answered: f1",
        ]

    def test_what_is_put_to_a_body_is_put_to_those_who_take_part_in_it(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT_TO_PLENARY, "opposed by west on 2021-02-01", "reserved by east on 2021-02-01")
        assert standings(found) == ["east reserves: f3", "south has not answered: f1", "west opposes: f2"]
        assert status(found) == ("reserved 1, against 1, open 1", ["Eastbank", "Westbank"])

    def test_who_belongs_to_an_owner_is_not_asked_through_a_body_but_can_answer(self, project: Callable[..., Path]) -> None:
        assert standings(item(project, "proposed by union to plenary on 2021-01-01")) == [
            "north has not answered: f1",
            "west has not answered: f1",
        ]
        found = item(project, "proposed by union to plenary on 2021-01-01", "reserved by south on 2021-02-01")
        assert "south reserves: f2" in standings(found)
        assert standings(item(project, "proposed by union to south on 2021-01-01")) == ["south has not answered: f1"]

    def test_a_body_is_no_side(self, project: Callable[..., Path]) -> None:
        assert standings(item(project, PUT, "reserved by chair on 2021-02-01")) == ["south has not answered: f1"]

    def test_nobody_is_asked_of_what_is_put_to_nobody(self, project: Callable[..., Path]) -> None:
        assert status(item(project, "proposed by north on 2021-01-01")) == ("unanswered", None)
        found = item(project, "proposed by north on 2021-01-01", "accepted by west on 2021-02-01")
        assert (standings(found), status(found)) == (["west accepts: f2"], ("accepted", ["Westbank"]))

    def test_who_speaks_before_it_is_put_forward_has_a_standing(self, project: Callable[..., Path]) -> None:
        found = item(project, "opposed by south on 2021-01-01")
        assert (standings(found), status(found)) == (["south opposes: f1"], ("not put forward", None))


class TestTheSameAgain:
    def test_a_standing_rests_on_the_first_act_of_a_day_that_says_so(self, project: Callable[..., Path]) -> None:
        put, accepted = "proposed by north to south on 2021-01-01", "accepted by south on 2021-02-01"
        assert history(item(project, put, put, accepted, accepted)) == [
            "2021-01-01 2021-01-31 south has not answered: f1",
            "2021-01-01 now put forward: f1",
            "2021-02-01 now south accepts: f3",
        ]

    def test_who_changed_its_mind_in_between_stands_by_its_last_act(self, project: Callable[..., Path]) -> None:
        turns = (
            f"{action} by south on 2021-02-01: ferry, turn: {turn}"
            for turn, action in enumerate(("opposed", "supported", "opposed"))
        )
        assert standings(item(project, PUT, *turns)) == ["south opposes: f4"]


class TestGroups:
    def test_a_word_of_a_group_is_that_of_each_addressee_that_belongs_to_it(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "rejected by union on 2021-02-01")
        assert standings(found) == ["south rejects (says The union): f2"]
        assert status(found) == ("rejected", ["The union"])

    def test_its_own_word_counts_where_it_is_as_late_or_later(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "rejected by league on 2021-02-01", "accepted by south on 2021-02-01")
        assert standings(found) == ["south accepts: f3"]
        found = item(project, PUT, "accepted by south on 2021-02-01", "rejected by league on 2021-02-01")
        assert standings(found) == ["south accepts: f2"]
        found = item(project, PUT, "accepted by south on 2021-02-01", "rejected by league on 2021-02-02")
        assert standings(found) == ["south rejects (says The league): f3"]

    def test_a_group_has_a_row_where_none_of_its_members_was_asked_but_itself(self, project: Callable[..., Path]) -> None:
        put = "proposed by north to west on 2021-01-01"
        found = item(project, put, "rejected by league on 2021-02-01")
        assert standings(found) == ["league rejects: f2", "west has not answered: f1"]
        found = item(project, put, "rejected by league on 2021-02-01", "proposed by north to east on 2021-03-01")
        assert standings(found) == ["east rejects (says The league): f2", "west has not answered: f1"]

    def test_what_is_said_of_a_group_is_the_speakers_word(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, f"rejected by league on 2021-02-01: ferry, {SAID}")
        assert standings(found) == [f"south said to reject {MAYOR}: f2"]

    def test_an_addressed_group_answers_for_itself_and_a_member_for_itself(self, project: Callable[..., Path]) -> None:
        put = "proposed by north to league on 2021-01-01"
        assert standings(item(project, put)) == ["league has not answered: f1"]
        found = item(project, put, "accepted by south on 2021-02-01")
        assert standings(found) == ["league has not answered: f1", "south accepts: f2"]
        found = item(project, put, "accepted by south on 2021-02-01", "rejected by league on 2021-03-01")
        assert standings(found) == ["league rejects: f3", "south accepts: f2"]

    def test_the_word_of_an_owner_is_no_answer_of_its_members(self, project: Callable[..., Path]) -> None:
        found = item(project, "proposed by league to south on 2021-01-01", "supported by league on 2021-02-01")
        assert standings(found) == ["south has not answered: f1"]


class TestPartsAndWholes:
    @pytest.mark.parametrize(
        ("act", "ticket"),
        [
            ("accepted by south on 2021-02-01", "south accepts: f2"),
            (f"accepted by south on 2021-02-01: {CONDITIONAL}", "south answered: f2"),
            ("rejected by south on 2021-02-01", "south answered: f2"),
            ("criticised by south on 2021-02-01", "south answered: f2"),
            (f"accepted by south on 2021-02-01: ferry, {SAID}", f"south said to accept {MAYOR}: f2"),
            (f"rejected by south on 2021-02-01: ferry, {SAID}", "south has not answered: f1"),
            (f"left_unanswered by south on 2021-02-01: ferry, {SAID}", f"south said to leave unanswered {MAYOR}: f2"),
        ],
    )
    def test_what_a_word_on_the_whole_says_of_a_part(self, project: Callable[..., Path], act: str, ticket: str) -> None:
        assert standings(item(project, PUT, act, identity="ticket")) == [ticket]

    def test_a_later_word_on_the_part_counts(self, project: Callable[..., Path]) -> None:
        yes, no = "accepted by south on 2021-02-0{}", "rejected by south on 2021-02-0{}: ticket"
        assert standings(item(project, PUT, yes.format(1), no.format(2), identity="ticket")) == ["south rejects: f3"]
        assert standings(item(project, PUT, yes.format(2), no.format(1), identity="ticket")) == ["south accepts: f2"]

    @pytest.mark.parametrize(
        ("acts", "expected"),
        [
            (["accepted by south on 2021-02-01: pier"], ["south accepts in part: f2"]),
            (["accepted by south on 2021-02-01: ticket"], ["south accepts: f2"]),
            (
                ["accepted by south on 2021-02-01: pier", "accepted by south on 2021-02-02: ticket"],
                ["south accepts: f2", "south accepts: f3"],
            ),
            (
                ["accepted by south on 2021-02-01: pier", "rejected by south on 2021-02-02: fare"],
                ["south accepts in part: f2"],
            ),
            (["accepted by south on 2021-02-01: pier", "rejected by south on 2021-02-02: pier"], ["south has not answered: f1"]),
            (["accepted by south on 2021-02-01: pier", "rejected by south on 2021-01-02"], ["south rejects: f3"]),
            (["accepted by south on 2021-02-01: pier", "criticised by south on 2021-03-02"], ["south accepts in part: f2"]),
            (
                ["accepted by south on 2021-02-01: pier", f"rejected by south on 2021-03-02: ferry, {SAID}"],
                ["south accepts in part: f2"],
            ),
            ([f"accepted by south on 2021-02-01: pier, {SAID}"], ["south has not answered: f1"]),
            (
                ["accepted by league on 2021-02-01: pier"],
                ["south accepts in part (says The league): f2"],
            ),
        ],
    )
    def test_what_words_on_parts_say_of_the_whole(
        self, project: Callable[..., Path], acts: list[str], expected: list[str]
    ) -> None:
        whole = "fare" if acts == ["accepted by south on 2021-02-01: ticket"] else "ferry"
        assert standings(item(project, PUT, *acts, identity=whole)) == expected

    def test_a_part_is_put_forward_and_withdrawn_with_its_whole(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "withdrew by north on 2021-03-01", identity="ticket")
        assert history(found) == [
            "2021-01-01 2021-02-28 put forward: f1",
            "2021-01-01 now south has not answered: f1",
            "2021-03-01 now withdrawn (says Northbank): f2",
        ]

    def test_a_part_can_be_put_to_others_too(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "proposed by north to west on 2021-02-01: fare", identity="fare")
        assert standings(found) == ["south has not answered: f1", "west has not answered: f2"]


class TestTheItemItself:
    @pytest.mark.parametrize(
        ("acts", "expected"),
        [
            ([], ("not put forward", None)),
            (["proposed by north to south on 2021-01-01: ferry, modality: denied"], ("not put forward", None)),
            ([PUT], ("unanswered", None)),
            ([PUT, "withdrew by north on 2021-03-01"], ("withdrawn", ["Northbank"])),
            ([PUT, "withdrew by east on 2021-03-01"], ("unanswered", None)),
            ([PUT, f"withdrew by north on 2021-03-01: {PLANNED}"], ("unanswered", None)),
            ([PUT, "withdrew by north on 2021-03-01: ferry, according_to: envoy"], ("unanswered", None)),
            ([PUT, "withdrew by north on 2021"], ("withdrawn", ["Northbank"])),
            ([PUT, "withdrew by north on 2021-01-01"], ("withdrawn", ["Northbank"])),
            ([f"{PUT}: ferry, turn: 2", "withdrew by north on 2021-01-01: ferry, turn: 1"], ("unanswered", None)),
            ([PUT_TO_PLENARY, "adopted by plenary on 2021-03-01"], ("adopted", ["The plenary"])),
            ([PUT, "accepted by plenary on 2021-03-01"], ("adopted", ["The plenary"])),
            (["adopted by plenary on 2021-03-01"], ("adopted", ["The plenary"])),
            ([PUT_TO_PLENARY, "rejected by plenary on 2021-03-01"], ("refused", ["The plenary"])),
            ([PUT_TO_PLENARY, f"adopted by plenary on 2021-03-01: {PLANNED}"], ("unanswered", None)),
            ([PUT_TO_PLENARY, f"adopted by plenary on 2021-03-01: ferry, {SAID}"], ("unanswered", None)),
        ],
    )
    def test_it_is_put_forward_withdrawn_adopted_or_refused(
        self, project: Callable[..., Path], acts: list[str], expected: tuple[object, object]
    ) -> None:
        assert status(item(project, *acts)) == expected

    def test_what_is_put_forward_again_is_on_the_table_again(self, project: Callable[..., Path]) -> None:
        found = item(project, PUT, "withdrew by north on 2021-02-01", "proposed by north to south on 2021-03-01")
        assert history(found) == [
            "2021-01-01 2021-01-31 put forward: f1",
            "2021-01-01 now south has not answered: f1",
            "2021-02-01 2021-02-28 withdrawn (says Northbank): f2",
            "2021-03-01 now put forward: f3",
        ]
        assert status(found) == ("unanswered", None)

    def test_where_parties_stand_stays_when_a_body_decides(self, project: Callable[..., Path]) -> None:
        acts = [PUT_TO_PLENARY, "opposed by west on 2021-02-01", "adopted by plenary on 2021-03-01"]
        assert standings(item(project, *acts)) == [
            "adopted (says The plenary): f3",
            "south has not answered: f1",
            "west opposes: f2",
        ]
        assert status(item(project, *acts, identity="ticket")) == ("adopted", ["The plenary"])

    def test_what_a_body_refuses_leaves_its_parts_as_they_are(self, project: Callable[..., Path]) -> None:
        assert status(item(project, PUT, "rejected by plenary on 2021-03-01", identity="pier")) == ("unanswered", None)

    def test_a_retracted_fact_decides_nothing(self, project: Callable[..., Path]) -> None:
        wrong = "rejected by south on 2021-02-01: ferry, retracted: {on: 2022-01-01, reason: misread}"
        assert standings(item(project, PUT, wrong)) == ["south has not answered: f1"]

    def test_nothing_but_proposals_and_demands_has_a_status(self, project: Callable[..., Path]) -> None:
        assert "status" not in item(project, PUT, identity="north").node.properties


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (["accepted by south, west on 2021-02-01"], "accepted"),
        ([f"accepted by south, west on 2021-02-01: {CONDITIONAL}"], "accepted on a condition"),
        (["accepted by south, west on 2021-02-01: pier"], "accepted in part"),
        (["supported by south, west on 2021-02-01"], "supported"),
        (["reserved by south, west on 2021-02-01"], "reserved"),
        (["opposed by south, west on 2021-02-01"], "opposed"),
        (["rejected by south, west on 2021-02-01"], "rejected"),
        (["responded_to by south, west on 2021-02-01"], "answered, open"),
        ([f"accepted by south, west on 2021-02-01: ferry, {SAID}"], "said to be accepted"),
        ([f"accepted by south, west on 2021-02-01: {CONDITIONAL}, {SAID}"], "said to be accepted on a condition"),
        ([f"disregarded by south, west on 2021-02-01: ferry, {SAID}"], "said to be left unanswered"),
        (["accepted by south on 2021-02-01", f"accepted by west on 2021-02-01: {CONDITIONAL}"], "for 1, on a condition 1"),
        (["accepted by south on 2021-02-01", "supported by west on 2021-02-01"], "for 2"),
        (["accepted by south on 2021-02-01: pier", "opposed by west on 2021-02-01"], "on a condition 1, against 1"),
        (["reserved by south on 2021-02-01", f"rejected by west on 2021-02-01: ferry, {SAID}"], "reserved 1, open 1"),
        (["responded_to by south on 2021-02-01"], "open"),
    ],
)
def test_the_status_in_words(project: Callable[..., Path], acts: list[str], expected: str) -> None:
    assert status(item(project, PUT_TO_TWO, *acts))[0] == expected


def test_each_standing_is_kept_with_its_act_and_the_days_on_which_it_held(project: Callable[..., Path]) -> None:
    found = item(project, PUT, "criticised by south on 2021-02-01", "rejected by south on 2021-02-10/2021-02-20")
    assert history(found) == [
        "2021-01-01 2021-01-31 south has not answered: f1",
        "2021-01-01 now put forward: f1",
        "2021-02-01 2021-02-09 south answered: f2",
        "2021-02-10 now south rejects: f3",
    ]


def test_an_act_that_changes_nothing_leaves_no_trace(project: Callable[..., Path]) -> None:
    found = item(project, PUT, "rejected by south on 2021-02-01", "criticised by south on 2021-03-01")
    assert not [line for line in history(found) if line.endswith("f3")]


def test_a_relationship_tells_whose_word_it_is_and_what_it_belongs_to(project: Callable[..., Path]) -> None:
    found = item(project, PUT, f"accepted by south on 2021-02-01: {CONDITIONAL}, {SAID}")
    (edge,) = [edge for edge in found.edges if edge.end.id == "f2"]
    assert edge.properties == {
        "standing": "said to accept if",
        "party": "south",
        "said_by": "The mayor of Northbank",
        "condition": "it is cheap",
        "since": date(2021, 2, 1),
        "entry": "ferry",
        "dataset": "small",
    }
