"""What the recipes say of the shipped dataset: worked out by hand from the article and its coding in seeds/."""

from __future__ import annotations

import pytest

from negograph.database.results import ResultNode, ResultPath, ResultRelationship, graph_parts
from negograph.database.store import Store
from negograph.recipes.check import run_recipe
from tests.conftest import CHECKOUT, holding
from tests.recipes.test_questions import RECIPES, asked

EXPANSION, WEAPONS = (
    "Prevention of NATO expansion",
    "Prevention of the deployment of offensive weapons that could threaten Russia",
)
WHOLE, DISCUSSION = "Agreements on security guarantees", "Discussion where common ground can be found"
OFFERS_OF_NATO = {
    "Resuming the dialogue between NATO and Russia",
    "Reopening the offices in Moscow and Brussels",
    "Reactivating the existing military communication channels",
    "Serious consultations on arms control",
}
PARTNERS = ("Ukraine", "Finland", "Sweden", "Georgia", "European Union")
POSITIONS = {
    ("Russia", "NATO expansion", -1, 0),
    ("Russia", "Deployment of offensive weapons that could threaten Russia", -1, 0),
    ("Russia", "Attacks on Russia's security interests", -1, 0),
    ("Russia", "Avoiding war", 1, 0),
    ("Russia", "Talks between Russia and the West on security issues", 0, 0),
    ("United States", "Talks between Russia and the West on security issues", 1, 0),
    ("United States", "Military aid to Ukraine", 1, 0),
    ("United States", "Russia's actions", -1, 0),
    ("United States", "Russia's concerns", 0, 0),
    ("NATO", "Dialogue between NATO and Russia", 1, 0),
    ("NATO", "Offices in Moscow and Brussels", 1, 0),
    ("NATO", "Military communication channels", 1, 0),
    ("NATO", "Arms control", 1, 0),
    ("NATO", "Nuclear weapons", 0, 1),
    ("NATO", "Ground-based intermediate- and short-range missiles", 0, 1),
    ("NATO", "The right of each country to choose its own security arrangements", 1, 0),
}
"""Each party's net stand on each issue, and how many of its acts give none because the item only concerns the issue."""
REJECTED = "by implication: said to have rejected (Sergei Lavrov)"


@pytest.fixture
def article(session_store: Store) -> Store:
    return holding(session_store, CHECKOUT, "security-guarantees-2022")


def test_who_speaks_for_whom_and_how_often_of_the_own_side_and_of_others(article: Store) -> None:
    assert set(asked(article, "speakers", "speaker speaks_for how own alleged")) == {
        ("Dmitry Peskov", "Russia", "usually", 1, 2),
        ("Sergei Lavrov", "Russia", "usually", 7, 4),
        ("Russia", "Russia", "usually", 1, 0),
        ("Antony Blinken", "United States", "usually", 5, 2),
        ("Jens Stoltenberg", "NATO", "usually", 6, 0),
    }


def test_who_is_only_spoken_of(article: Store) -> None:
    assert {party for (party,) in asked(article, "silent-parties", "party")} == set(PARTNERS)


def test_both_responses_answer_the_drafts_after_forty_days(article: Store) -> None:
    answers = {row for row in asked(article, "lineage", "text relation other days") if row[1] == "responds to"}
    assert answers == {
        (f"Written response of {party}", "responds to", "Russian draft agreements on security guarantees", 40)
        for party in ("NATO", "the United States")
    }


def test_where_each_party_stands(article: Store) -> None:
    demands = {
        row
        for demand in (EXPANSION, WEAPONS)
        for row in (
            (demand, "Russia", "put forward", None),
            (demand, "NATO", "answered", None),
            (demand, "United States", "said to reject", "Sergei Lavrov"),
        )
    }
    of_west = {(DISCUSSION, "United States"), *((offer, "NATO") for offer in OFFERS_OF_NATO)}
    assert set(asked(article, "standing", "item party standing said_by")) == demands | {
        (WHOLE, "Russia", "put forward", None),
        (WHOLE, "NATO", "answered", None),
        (WHOLE, "United States", "answered", None),
        *((item, party, "put forward", None) for item, party in of_west),
        *((item, "Russia", "has not answered", None) for item, _ in of_west),
    }


def test_before_the_responses_nobody_had_answered(article: Store) -> None:
    assert set(asked(article, "standing", "item party standing", until="2022-01-25")) == {
        (item, party, standing)
        for item in (WHOLE, EXPANSION, WEAPONS)
        for party, standing in (("Russia", "put forward"), ("NATO", "has not answered"), ("United States", "has not answered"))
    }


def test_what_changed_in_the_days_of_the_responses(article: Store) -> None:
    changed = asked(article, "changes", "item party before after", from_day="2022-01-26", to_day="2022-01-28")
    assert set(changed) == {
        *((item, "NATO", "has not answered", "answered") for item in (WHOLE, EXPANSION, WEAPONS)),
        (WHOLE, "United States", "has not answered", "answered"),
        *((item, "United States", "has not answered", "said to reject") for item in (EXPANSION, WEAPONS)),
        (DISCUSSION, "United States", None, "put forward"),
        *((offer, "NATO", None, "put forward") for offer in OFFERS_OF_NATO),
    }


def test_a_demand_stands_in_a_row_for_each_addressee_with_whose_word_it_is(article: Store) -> None:
    assert set(asked(article, "demands", "by demand to standing how said_by confidence implied")) == {
        row
        for demand in (EXPANSION, WEAPONS)
        for row in (
            ("Russia", demand, "NATO", "answered", "responded to", None, "high", False),
            ("Russia", demand, "United States", "said to reject", REJECTED, "Sergei Lavrov", "low", True),
        )
    }


def test_what_was_proposed_and_what_was_offered_in_answer(article: Store) -> None:
    assert set(asked(article, "proposals", "by put_as proposal to standing")) == {
        ("Russia", "proposed", WHOLE, "NATO, United States", "answered"),
        ("United States", "offered", DISCUSSION, "Russia", "has not answered"),
        *(("NATO", "offered", offer, "Russia", "has not answered") for offer in OFFERS_OF_NATO),
    }


def test_eight_claims_rest_on_the_word_of_the_other_side(article: Store) -> None:
    assert set(asked(article, "allegations", "by according_to fact")) == {
        ("NATO", "Sergei Lavrov", "lavrov-says-nato-studied-proposals"),
        ("United States", "Sergei Lavrov", "lavrov-says-usa-studied-proposals"),
        ("United States", "Sergei Lavrov", "lavrov-says-usa-rejected-prevention-of-expansion"),
        ("United States", "Sergei Lavrov", "lavrov-says-usa-rejected-prevention-of-weapons"),
        ("The West", "Dmitry Peskov", "peskov-says-west-disregarded-considerations"),
        ("The West", "Dmitry Peskov", "peskov-says-west-unwilling-to-consider-concerns"),
        ("Russia", "Antony Blinken", "blinken-says-russia-undermines-security"),
        ("Russia", "Antony Blinken", "blinken-says-russia-raised-concerns"),
    }
    assert asked(article, "allegations", "fact", until="2021-12-31") == []


def test_what_is_said_of_nato_reaches_it_through_the_west_too(article: Store) -> None:
    assert set(asked(article, "said-and-done", "party as fact own_fact", only_party="NATO")) == {
        ("NATO", "", "lavrov-says-nato-studied-proposals", "nato-responds-to-proposals"),
        ("NATO", "The West", "peskov-says-west-disregarded-considerations", None),
        ("NATO", "The West", "peskov-says-west-unwilling-to-consider-concerns", None),
    }


def test_the_positions_of_each_party_on_the_issues(article: Store) -> None:
    assert set(asked(article, "position-matrix", "party concept net left_out")) == POSITIONS


def test_the_affiliations_are_the_same_stands(article: Store) -> None:
    stands = asked(article, "affiliation", "actor concept weight", qualifier="subtract")
    assert {row for row in stands if row[2]} == {row[:3] for row in POSITIONS if row[2]}


def test_nobody_agrees_or_disagrees_by_an_own_word(article: Store) -> None:
    """They speak of different things. By the words of others, the United States and Russia stand against each other."""
    for qualifier in ("congruence", "conflict"):
        assert asked(article, "network", "actor other", qualifier=qualifier) == []
    assert asked(article, "common-ground", "about") == []
    assert asked(article, "contradictions", "party") == []
    others = ["own", "reported", "alleged"]
    assert set(asked(article, "network", "actor other weight", qualifier="conflict", attribution=others)) == {
        ("Russia", "United States", 2),
        ("Russia", "The West", 1),
    }


def test_who_coordinates_with_whom(article: Store) -> None:
    assert set(asked(article, "coordination", "by with action confidence")) == {
        ("United States", "Ukraine", "coordinated with", "medium"),
        *(("NATO", partner, "planned: coordinated with", "high") for partner in PARTNERS),
    }


def test_nato_stands_between_russia_and_its_partners(article: Store) -> None:
    """Four of these are of one bloc with each other; Ukraine, of which the article leaves that open, is of none."""
    assert asked(article, "brokers", "party pairs as_liaison") == [("NATO", 9, 1), ("United States", 1, 1)]


def test_acts_answer_each_other(article: Store) -> None:
    assert asked(article, "sequence", "date by act what first answers", issue="NATO expansion") == [
        ("2021-12-17", "Russia", "demanded", EXPANSION, True, ""),
        ("2022-01-26", "United States", REJECTED, EXPANSION, False, "Russia demanded"),
    ]
    assert asked(article, "sequence", "by what fact", action="pledged") == [
        ("United States", "Military aid to Ukraine", "usa-pledges-military-aid"),
    ]


def test_every_act_between_russia_and_nato(article: Store) -> None:
    assert {fact for (fact,) in asked(article, "between", "fact", party="Russia", other="NATO")} == {
        "russia-criticises-responses",
        "russia-will-analyse-responses",
        "russia-sees-no-reason-for-optimism",
        "russia-proposes-security-guarantees",
        "russia-demands-prevention-of-expansion",
        "russia-demands-prevention-of-weapons",
        "nato-responds-to-proposals",
        "nato-offers-dialogue",
        "nato-offers-to-reopen-offices",
        "nato-offers-to-reactivate-channels",
        "nato-offers-arms-consultations",
        "lavrov-says-nato-studied-proposals",
        "peskov-says-west-disregarded-considerations",
        "peskov-says-west-unwilling-to-consider-concerns",
    }


def test_the_positions_of_a_party_are_those_of_its_group_too(article: Store) -> None:
    positions = asked(article, "positions", "about stance as fact", party="NATO")
    assert len(positions) == 10
    assert {row for row in positions if row[2]} == {
        ("Russia's considerations", "against", "The West", "peskov-says-west-disregarded-considerations"),
        ("Russia's concerns", "against", "The West", "peskov-says-west-unwilling-to-consider-concerns"),
    }


def test_the_record_rests_on_one_article(article: Store) -> None:
    assert [row for row in asked(article, "coverage", "document fact_count quotes only_here") if row[1]] == [
        ("Russia is not satisfied with the US and NATO security responses", 32, 46, 32)
    ]
    assert len(asked(article, "single-source", "fact")) == len(asked(article, "timeline", "fact")) == 32
    kinds = {name: count for kind, name, count in asked(article, "overview", "kind name count") if kind == "nodes"}
    assert {name: kinds[name] for name in ("Fact", "Party", "Person", "Document", "Proposal", "Demand")} == {
        "Fact": 32,
        "Party": 9,
        "Person": 4,
        "Document": 4,
        "Proposal": 6,
        "Demand": 2,
    }


def test_what_the_rejection_rests_on(article: Store) -> None:
    evidence = asked(
        article,
        "evidence",
        "quote attribution according_to implied confidence said",
        fact="lavrov-says-usa-rejected-prevention-of-expansion",
    )
    assert {row[0] for row in evidence} == {
        "document presented by the United States did not contain a positive reaction",
        "did not contain a positive reaction … the need to prevent NATO expansion",
    }
    assert {row[1:] for row in evidence} == {("alleged", "Sergei Lavrov", True, "low", "2022-01-26/2022-01-28")}


def edges(store: Store, recipe: str, **parameters: str) -> set[tuple[str, str, str]]:
    """The relationships of a graph: type, start and end."""
    parts = graph_parts(run_recipe(store, RECIPES[recipe], parameters).rows)
    found = (part for part in parts if isinstance(part, ResultRelationship))
    return {(edge.type, edge.start.properties["id"], edge.end.properties["id"]) for edge in found}


def test_all_that_was_done_to_a_demand_and_to_its_whole(article: Store) -> None:
    demand, whole = "prevention-of-expansion", "security-guarantees"
    assert edges(article, "item", item=demand) == {
        ("DEMANDED", "russia", demand),
        ("REJECTED", "usa", demand),
        ("HINDERS", demand, "nato-expansion"),
        ("PART_OF", demand, whole),
        ("SETS_OUT", "russian-drafts", demand),
        ("PROPOSED", "russia", whole),
        *(("RESPONDED_TO", party, whole) for party in ("nato", "usa")),
        *(("CONSIDERED", party, whole) for party in ("nato", "usa")),
    }


def test_ukraine_is_known_by_those_who_coordinate_with_it(article: Store) -> None:
    around = {("COORDINATED_WITH", party, "ukraine") for party in ("nato", "usa")}
    assert edges(article, "neighbourhood", party="ukraine") == around
    chains = [row[0] for row in run_recipe(article, RECIPES["chain"], {"party": "ukraine", "other": "russia"}).rows]
    assert {len(chain.relationships) for chain in chains if isinstance(chain, ResultPath)} == {3}
    assert around & edges(article, "chain", party="ukraine", other="russia", chains="50") == around


def test_the_map_has_everything_but_the_facts_and_the_article(article: Store) -> None:
    nodes = [part for part in graph_parts(run_recipe(article, RECIPES["map"], {}).rows) if isinstance(part, ResultNode)]
    labels = {(*node.labels, node.properties["id"]) for node in nodes}
    assert not {label for label, _ in labels} & {"Fact", "RetractedFact"}
    assert {id_ for label, id_ in labels if label == "Party"} == {
        *("russia", "usa", "nato", "west", "ukraine", "finland", "sweden", "georgia", "eu"),
    }
    assert len([id_ for label, id_ in labels if label in ("Proposal", "Demand")]) == 8
    assert ("REJECTED", "usa", "prevention-of-expansion") in edges(article, "map")
