"""Values that a format writes without their type: read by the tool's JSON schema. Pure.

A text is a string where the schema says string and nothing else. Where the schema names other types the text must be
JSON of one of them (with Python's True, False and None for JSON's, as Qwen3-Coder's own template writes them); where it
names string as well, a text that is no such JSON stays a string. A parameter that no schema speaks of is JSON when it
reads as a number, an object, a list, true, false or null, and else a string.
"""

import json
from collections.abc import Iterator, Mapping

from metier.canonical import JSON
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.output import read_json
from metier_sglang.parsing.reading.source import BrokenCall

_PYTHON = {"True": "true", "False": "false", "None": "null"}
_KINDS: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
    list: "array",
    dict: "object",
}
_ANY = frozenset(_KINDS.values())
_MAX_DEPTH = 16  # of schemas inside schemas


def spell_value(text: str, key: str, types: frozenset[str]) -> str:
    """Returns the JSON text of what `text`, the value of `key`, says; raises BrokenCall when it is none of `types`."""
    others = types - {"string"}
    if others:
        bare = _PYTHON.get(text.strip(), text.strip())
        try:
            kind = _kind(read_json(bare, f"The value of {key!r}"))
        except BrokenCall:
            kind = ""
        if kind in others or (kind == "integer" and "number" in others):
            return bare
    if "string" not in types:
        raise BrokenCall(f"The value of {key!r} must be of type {' or '.join(sorted(types))}.")
    return json.dumps(text, ensure_ascii=False)


def find_types(start: Start, tool: str, key: str) -> frozenset[str]:
    """Returns the JSON types that the tool's schema allows for `key`; all of them when it does not say."""
    schema = start.schemas.get(tool, {})
    properties = schema.get("properties")
    wanted = properties.get(key) if isinstance(properties, Mapping) else None
    return frozenset(_types(wanted, schema, 0)) or _ANY


def _types(schema: object, root: Mapping[str, JSON], depth: int) -> Iterator[str]:
    if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
        return
    named = schema.get("type")
    if named:
        yield from _ANY.intersection([named] if isinstance(named, str) else named)
        return
    values = schema["enum"] if isinstance(schema.get("enum"), list) else []
    yield from (_kind(value) for value in [*values, *([schema["const"]] if "const" in schema else [])])
    for word in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(word) or ():
            yield from _types(part, root, depth + 1)
    yield from _types(_target(schema.get("$ref"), root), root, depth + 1)


def _target(reference: object, root: Mapping[str, JSON]) -> object:
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    found: object = root
    for step in reference[2:].split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _kind(value: JSON) -> str:
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _KINDS[type(value)]
