"""An answer to a server's question is held against the form that the server gave."""

import pytest

from metier.canonical import JSON
from metier.servers.sessions.asking import find_fault

FORM: dict[str, JSON] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^(a+)+$"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "height": {"type": "number"},
        "sure": {"type": "boolean"},
        "size": {"type": "string", "enum": ["S", "M"]},
        "colour": {"type": "string", "oneOf": [{"const": "#f00", "title": "Red"}]},
        "days": {"type": "array", "items": {"type": "string", "enum": ["Mon", "Tue"]}, "maxItems": 1},
        "odd": {"type": "object"},
        "broken": 7,
    },
    "required": ["name"],
}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ({"name": "Ada", "age": 36, "height": 1.7, "sure": False, "size": "S", "colour": "#f00", "days": ["Mon"]}, ""),
        ({"name": "a" * 5}, ""),
        ({}, "'name' is missing"),
        ({"name": "A"}, "less than minLength, 2"),
        ({"name": "Augusta"}, "more than maxLength, 5"),
        ({"name": "Ada", "age": 36.5}, "'age' is not of type integer"),
        ({"name": "Ada", "age": True}, "'age' is not of type integer"),
        ({"name": "Ada", "age": 200}, "more than maximum, 150"),
        ({"name": "Ada", "sure": 1}, "'sure' is not of type boolean"),
        ({"name": "Ada", "size": "L"}, "'size' is none of the choices"),
        ({"name": "Ada", "colour": "Red"}, "'colour' is none of the choices"),
        ({"name": "Ada", "days": ["Sun"]}, "'days' holds what is no choice"),
        ({"name": "Ada", "days": ["Mon", "Tue"]}, "'days' is more than maxItems, 1"),
        ({"name": "Ada", "odd": {}}, "'odd' is not of type object"),
        ({"name": "Ada", "broken": "x"}, "there is no field 'broken'"),
        ({"name": "Ada", "other": "x"}, "there is no field 'other'"),
    ],
)
def test_what_does_not_fit_is_named(content: dict[str, JSON], fault: str) -> None:
    found = find_fault(content, FORM)
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize("schema", [{}, {"properties": []}, {"properties": {"a": {}}, "required": "a"}])
def test_a_form_that_is_none_breaks_nothing(schema: dict[str, JSON]) -> None:
    assert find_fault({}, schema) == ""
