"""Models by string: `sglang:http://a:30000,http://b:30000?thinking=off` and `compatible:http://h:8000/v1?model=NAME`.

What follows `?` are options, as in a web address. Keys are never in the string: an option names the variable of the
environment that holds one.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

from metier.errors import InputError, MissingError
from metier_sglang.model.compatible.model import CompatibleModel
from metier_sglang.model.native import SglangModel
from metier_sglang.model.settings import SglangModelSettings

KEY = "SGLANG_API_KEY"
_VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,63}")
_LONGEST = 8192  # characters of a model string


def open_native(text: str) -> SglangModel:
    """Returns the model that `text` names: addresses of servers, a comma between them, and options.

    Raises InputError for what can not be read, MissingError for a key that is not in the environment.
    """
    parts = _split(text, _NATIVE)
    addresses = [address.strip() for address in parts.place.split(",") if address.strip()]
    return SglangModel(
        addresses,
        tokenizer=parts.texts.get("tokenizer"),
        format=parts.texts.get("format", ""),
        style=parts.texts.get("style", ""),
        settings=parts.settings,
        api_key=_find_key(parts.texts.get("key"), KEY),
    )


def open_compatible(text: str) -> CompatibleModel:
    """Returns the model that `text` names: the base address of an OpenAI-compatible server, and options.

    Raises InputError for what can not be read, MissingError for a key that is not in the environment.
    """
    parts = _split(text, _COMPATIBLE)
    name = parts.texts.get("model", "")
    if not name:
        raise InputError("The model string names no model.", hint="Add one: compatible:http://host:8000/v1?model=NAME.")
    return CompatibleModel(parts.place, name, api_key=_find_key(parts.texts.get("key"), ""), settings=parts.settings)


@dataclass(frozen=True, slots=True)
class _Parts:
    place: str
    texts: Mapping[str, str]
    settings: SglangModelSettings


def _split(text: str, texts: frozenset[str]) -> _Parts:
    if len(text) > _LONGEST or not text.isprintable():
        raise InputError("The model string is no address.", hint=_HINT)
    place, _, query = text.partition("?")
    if not place.strip():
        raise InputError("The model string names no server.", hint=_HINT)
    found = _read_query(query)
    unknown = next((name for name in found if name not in texts and name not in _SETTINGS), None)
    if unknown is not None:
        known = ", ".join(sorted({*texts, *_SETTINGS}))
        raise InputError(f"A model string has no option {unknown!r}.", hint=f"There are: {known}.")
    settings = dict(_read_setting(name, value) for name, value in found.items() if name in _SETTINGS)
    chosen = {name: value for name, value in found.items() if name in texts}
    return _Parts(place.strip(), chosen, cast(SglangModelSettings, settings))


def _read_query(query: str) -> dict[str, str]:
    if not query:
        return {}
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        raise InputError(
            "The options of the model string can not be read.", hint="Write them as name=value&name=value."
        ) from error
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InputError("An option of the model string is given twice.", hint="Give it once.")
    return found


def _read_setting(name: str, value: str) -> tuple[str, Any]:
    setting, read = _SETTINGS[name]
    try:
        return setting, read(value)
    except (ValueError, KeyError) as error:
        raise InputError(f"The option {name} is {value!r}.", hint=f"It takes {_TAKES[read]}.") from error


def _find_key(named: str | None, default: str) -> str:
    if named is None:
        return os.environ.get(default, "") if default else ""
    key = os.environ.get(named, "")
    if not key:
        said = repr(named) if _VARIABLE.fullmatch(named) else "that the model string names"  # it may be the key itself
        raise MissingError(f"The variable {said} holds no key.", hint="Set it, or name another one: ?key=VARIABLE.")
    return key


def _switch(value: str) -> bool:
    return {"on": True, "off": False}[value]


_HINT = "Write sglang:http://host:30000, or compatible:http://host:8000/v1?model=NAME."
_TAKES: Mapping[Callable[[str], Any], str] = {
    float: "a number",
    int: "a whole number",
    _switch: "on or off",
    str: "a text",
}
_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "temperature": ("temperature", float),
    "top_p": ("top_p", float),
    "top_k": ("top_k", int),
    "min_p": ("sglang_min_p", float),
    "seed": ("seed", int),
    "max_tokens": ("max_tokens", int),
    "presence_penalty": ("presence_penalty", float),
    "frequency_penalty": ("frequency_penalty", float),
    "timeout": ("request_timeout", float),
    "thinking": ("thinking", _switch),
    "priority": ("sglang_priority", int),
    "lora": ("sglang_lora", str),
    "force_calls": ("sglang_force_calls", _switch),
    "cross_check": ("sglang_cross_check", _switch),
    "tokens": ("sglang_tokens", _switch),
}
_NATIVE = frozenset({"tokenizer", "format", "style", "key"})
_COMPATIBLE = frozenset({"model", "key"})
