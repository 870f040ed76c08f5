"""The arguments of a tool call on the command line: one JSON object, or `name=value` by the tool's schema. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from metier.canonical import JSON
from metier.errors import InputError


def read_arguments(words: Sequence[str], schema: Mapping[str, Any]) -> dict[str, JSON]:
    """Returns the arguments; raises InputError for what is neither, or a value that the schema's type does not have.

    A value is a text where the schema says so, JSON where it says anything else, and whichever it can be where it says
    nothing.
    """
    if len(words) == 1 and words[0].lstrip().startswith("{"):
        return _object(words[0])
    read: dict[str, JSON] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not name or not sign:
            raise InputError(
                f"{word!r} is no argument.", hint="Give name=value for each, or all of them as one JSON object."
            )
        read[name] = _value(name, value, _types(schema, name))
    return read


def _object(text: str) -> dict[str, JSON]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The arguments are not JSON: {error}.", hint='Like this: {"city": "Pau"}') from error
    if not isinstance(value, dict):
        raise InputError("The arguments are no JSON object.", hint='Like this: {"city": "Pau"}')
    return value


def _types(schema: Mapping[str, Any], name: str) -> set[str]:
    """Returns the types that the schema allows for an argument; empty when it does not say."""
    properties = schema.get("properties")
    field = properties.get(name) if isinstance(properties, dict) else None
    if not isinstance(field, dict):
        return set()
    found: set[str] = set()
    for one in (field, *field.get("anyOf", ()), *field.get("oneOf", ())):
        said = one.get("type") if isinstance(one, dict) else None
        found |= {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    return found


def _value(name: str, text: str, types: set[str]) -> JSON:
    if types and types <= {"string", "null"}:
        return text
    try:
        value: JSON = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not types or "string" in types:
            return text
        raise InputError(
            f"{name} is {text[:40]!r}, and the tool wants {' or '.join(sorted(types))}.", hint="Give it as JSON."
        ) from error
    return value
