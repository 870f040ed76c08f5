"""Structured output: a scripted text that fits its grammar is kept, another gives way to the least value. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import SchemaError  # type: ignore[import-untyped]

_DEPTH = 16
_SCALARS: Mapping[str, Any] = {"boolean": False, "null": None}


class GrammarError(ValueError):
    """A grammar that cannot be used, or that the script does not fit; the server answers 400."""


def constrain(text: str, sampling: Mapping[str, Any]) -> str:
    """Returns `text`, or what stands in its place under the grammar that `sampling` asks for.

    An EBNF grammar is taken on trust: the scripted text has to fit it.
    """
    if schema := sampling.get("json_schema"):
        return _fit_schema(text.strip(), schema)
    if pattern := sampling.get("regex"):
        return _fit_pattern(text.strip(), pattern)
    return text


def is_constrained(sampling: Mapping[str, Any]) -> bool:
    """Returns whether the sample is held to a grammar."""
    return any(sampling.get(name) for name in ("json_schema", "regex", "ebnf"))


def _fit_schema(text: str, schema: object) -> str:
    try:
        wanted = json.loads(schema) if isinstance(schema, str) else schema
        Draft202012Validator.check_schema(wanted)
    except (ValueError, SchemaError) as error:
        raise GrammarError(f"Failed to compile json grammar: {error}") from error
    try:
        value = json.loads(text)
    except ValueError:
        return json.dumps(least_value(wanted))
    return text if Draft202012Validator(wanted).is_valid(value) else json.dumps(least_value(wanted))


def _fit_pattern(text: str, pattern: str) -> str:
    try:
        fits = re.fullmatch(pattern, text)
    except re.error as error:
        raise GrammarError(f"Failed to compile regex grammar: {error}") from error
    if fits is None:
        raise GrammarError("This fake server has no reply that fits the regex.")
    return text


def least_value(schema: Any, *, root: Any = None, depth: int = 0) -> Any:
    """Returns a small JSON value that fits an ordinary schema: required properties, first choices, least sizes."""
    root = schema if root is None else root
    if not isinstance(schema, Mapping) or depth > _DEPTH:
        return None
    if "$ref" in schema:
        return least_value(_look_up(schema["$ref"], root), root=root, depth=depth + 1)
    if "const" in schema:
        return schema["const"]
    choices = schema.get("enum") or [
        least_value(choice, root=root, depth=depth + 1)
        for choice in (schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or [])[:1]
    ]
    return choices[0] if choices else _least_of_type(schema, root, depth)


def _least_of_type(schema: Mapping[str, Any], root: Any, depth: int) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        return {
            name: least_value(properties.get(name, {"type": "string"}), root=root, depth=depth + 1)
            for name in schema.get("required", [])
        }
    if kind == "array":
        return [least_value(schema.get("items"), root=root, depth=depth + 1)] * schema.get("minItems", 0)
    if kind == "string":
        return "a" * schema.get("minLength", 0)
    if kind in {"integer", "number"}:
        least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
        return min(least, schema["maximum"]) if "maximum" in schema else least
    return _SCALARS.get(kind)


def _look_up(pointer: str, root: Any) -> Any:
    found = root
    for part in pointer.removeprefix("#").split("/")[1:]:
        found = found.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
    return found
