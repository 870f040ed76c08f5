"""Arguments on the command line become what the tool's schema wants, or one clear error."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.canonical import JSON
from metier.cli.servers.arguments import read_arguments
from metier.errors import InputError

SCHEMA = {
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "exact": {"type": ["boolean", "null"]},
        "places": {"type": "array"},
        "when": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "either": {"type": ["string", "integer"]},
        "odd": True,
    }
}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("city=7", "7"),
        ("city=", ""),
        ("city=a=b", "a=b"),
        ("days=7", 7),
        ("exact=true", True),
        ("exact=null", None),
        ('places=["a"]', ["a"]),
        ("when=null", "null"),
        ("either=7", 7),
        ("either=seven", "seven"),
        ("odd=7", 7),
        ("unknown=x", "x"),
    ],
)
def test_a_value_is_read_as_the_schema_has_it(word: str, value: JSON) -> None:
    assert read_arguments([word], SCHEMA) == {word.partition("=")[0]: value}


def test_one_json_object_is_all_of_the_arguments() -> None:
    assert read_arguments(['{"city": "Pau", "days": 2}'], SCHEMA) == {"city": "Pau", "days": 2}
    assert read_arguments([], SCHEMA) == {}


@pytest.mark.parametrize("words", [["{"], ["city"], ["=x"], ["days=two"], ["places=a"], ['{"a": 1}', "b"], ["{1}"]])
def test_what_is_no_argument_is_one_clear_error(words: list[str]) -> None:
    with pytest.raises(InputError):
        read_arguments(words, SCHEMA)


@given(
    st.lists(st.text(max_size=20), max_size=3), st.dictionaries(st.text(max_size=3), st.none() | st.text(), max_size=2)
)
def test_nothing_that_is_typed_raises_anything_else(words: list[str], schema: dict[str, object]) -> None:
    with suppress(InputError):
        read_arguments(words, {"properties": schema})
