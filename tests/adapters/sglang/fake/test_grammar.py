import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from metier_sglang.fake.sampling.grammar import GrammarError, constrain, least_value

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}


def test_a_reply_that_fits_its_schema_is_kept() -> None:
    assert constrain('{"n": 7}', {"json_schema": json.dumps(SCHEMA)}) == '{"n": 7}'


@pytest.mark.parametrize("reply", ["Seven.", '{"m": 7}', '{"n": 7'])
def test_a_reply_that_does_not_fit_gives_way_to_the_least_value(reply: str) -> None:
    assert json.loads(constrain(reply, {"json_schema": json.dumps(SCHEMA)})) == {"n": 0}


@pytest.mark.parametrize(
    "schema",
    [
        SCHEMA,
        {"enum": ["red", "blue"]},
        {"const": 4},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {"type": ["number", "null"], "minimum": 2},
        {"type": "array", "items": {"type": "string", "minLength": 3}, "minItems": 2},
        {"type": "boolean"},
        {"type": "integer", "exclusiveMinimum": 4},
        {"type": "number", "maximum": -3},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "required": ["x"], "properties": {"x": {}}}}},
    ],
    ids=lambda schema: next(iter(schema)),
)
def test_the_least_value_fits_its_schema(schema: dict[str, Any]) -> None:
    assert Draft202012Validator(schema).is_valid(least_value(schema))


@pytest.mark.parametrize("sampling", [{"json_schema": "{"}, {"json_schema": '{"type": 3}'}, {"regex": "("}])
def test_a_broken_grammar_is_refused(sampling: dict[str, Any]) -> None:
    with pytest.raises(GrammarError, match="Failed to compile"):
        constrain("x", sampling)


def test_a_regex_that_the_script_does_not_fit_is_refused_by_name() -> None:
    assert constrain("abc", {"regex": "[a-c]+"}) == "abc"
    with pytest.raises(GrammarError, match="fake server"):
        constrain("xyz", {"regex": "[a-c]+"})
