"""The JSON Schema for editors: current, true to the model, and in agreement with what a check allows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from negograph.model.json_schema import json_schema
from negograph.model.model import Model
from negograph.model.schema_files import load_model
from negograph.project import JSON_SCHEMA, shipped
from tests.conftest import CHECKOUT, FERRY

TEMPLATE = CHECKOUT / "loader" / "negograph" / "template"


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, by which editors read: no dates, `no` is a word, 012 a number."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (typed so in the base)


for tag, pattern, first in (
    ("null", r"^(~|null|)$", "~n\0"),
    ("bool", r"^(true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+[.][0-9]*$", "-+0123456789"),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


@pytest.fixture(scope="module")
def validator(model: Model) -> jsonschema.Draft7Validator:
    schema = json.loads(json_schema(model))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def as_editors_read(text: str) -> Any:
    return yaml.load(text, Loader=CoreLoader)


def test_the_committed_schema_is_current(model: Model) -> None:
    assert (CHECKOUT / JSON_SCHEMA).read_text(encoding="utf-8") == json_schema(model), "run `make docs`"


@pytest.mark.parametrize("folder", [CHECKOUT, TEMPLATE])
def test_every_seed_file_names_the_schema_for_editors(folder: Path) -> None:
    for path in (folder / "seeds").rglob("*.yaml"):
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text(encoding="utf-8"))
        assert named is not None
        assert (path.parent / named[1]).resolve() == (folder / JSON_SCHEMA).resolve()


@pytest.mark.parametrize(
    "path",
    [path for folder in (CHECKOUT, TEMPLATE, FERRY) for path in sorted((folder / "seeds").rglob("*.yaml"))],
    ids=lambda path: f"{path.parents[1].name}-{path.stem}",
)
def test_files_that_check_clean_are_valid(validator: jsonschema.Draft7Validator, path: Path) -> None:
    found = validator.iter_errors(as_editors_read(path.read_text(encoding="utf-8")))
    assert [error.message for error in found] == []


FACT = "id: f, action: offered, by: a, what: plan, date: 2021, evidence: [{document: d, quote: the plan}]"


def test_a_fact_is_valid(validator: jsonschema.Draft7Validator) -> None:
    for fact in (
        FACT,
        FACT.replace("date: 2021", "date: 2021-05/2021-06, stance: -1, implied: true"),
        FACT.replace("by: a", "by: [a, b]"),
    ):
        assert validator.is_valid(as_editors_read(f"facts: [{{{fact}}}]"))


@pytest.mark.parametrize(
    "wrong",
    [
        FACT.replace("offered", "ofered"),
        FACT.replace("by: a, ", ""),
        FACT.replace("what: plan, ", ""),  # an offer needs it
        FACT.replace("offered", "coordinated_with"),  # and coordination needs `to`
        FACT.replace("date: 2021", "date: 3 May 2021"),
        FACT.replace("by: a", "bye: a"),
        FACT.replace("quote: the plan", "quot: the plan"),
        FACT.replace(", quote: the plan", ""),
        FACT.replace("[{document: d, quote: the plan}]", "[]"),
        FACT.replace("date:", "implied: yes, date:"),
        FACT.replace("date:", "stance: 2, date:"),
        FACT.replace("date:", "confidence: certain, date:"),
    ],
)
def test_what_an_editor_can_see_to_be_wrong_is_invalid(validator: jsonschema.Draft7Validator, wrong: str) -> None:
    assert wrong != FACT
    assert not validator.is_valid(as_editors_read(f"facts: [{{{wrong}}}]"))


def test_the_values_of_a_number_are_numbers(tmp_path: Path) -> None:
    own = "nodes: {Party: {properties: {share: {type: number, definition: x, values: {0.5: Half., 1: All.}}}}}"
    (tmp_path / "own.yaml").write_text(own)
    schema = json.loads(json_schema(load_model([shipped("schema"), tmp_path])))
    assert schema["definitions"]["Party"]["properties"]["share"]["enum"] == [0.5, 1]


def test_every_key_and_word_has_its_definition_from_the_model(model: Model) -> None:
    schema = json.loads(json_schema(model))
    for label, node in model.nodes.items():
        entry = schema["definitions"][label]
        assert list(model.keys[label]) == list(entry["properties"])
        assert entry["description"] == node.definition
        for name, kind in node.properties.items():
            assert entry["properties"][name]["description"].startswith(kind.definition)
            words = entry["properties"][name]
            words = words.get("items", words) if kind.kind == "texts" else words
            assert words.get("enumDescriptions", []) == list(kind.values.values()) or kind.kind == "action"
            assert [str(word) for word in words.get("enum", [])] == list(kind.values) or kind.kind == "action"
    action = schema["definitions"]["Fact"]["properties"]["action"]
    actions = zip(action["enum"], action["enumDescriptions"], strict=True)
    assert [(name, said.startswith(model.actions[name].definition)) for name, said in actions] == [
        (name, True) for name in model.actions
    ]
