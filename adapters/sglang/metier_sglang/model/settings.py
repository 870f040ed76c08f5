"""What a caller may set, and SGLang's sampling parameters for it. Pure."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai.settings import ModelSettings

from metier.canonical import JSON
from metier.errors import InputError

DEADLINE_S = 600.0
_PREFIX = "sglang_"


class SglangModelSettings(ModelSettings, total=False):
    """pydantic-ai's settings, and SGLang's own. At most one of the three grammars, and none beside native output.

    The model is told its grammar at the end of the system message.
    """

    sglang_min_p: float
    """Tokens less likely than this share of the likeliest are not sampled."""
    sglang_regex: str
    """The answer matches this regular expression."""
    sglang_ebnf: str
    """The answer matches this grammar."""
    sglang_json_schema: dict[str, JSON]
    """The answer is JSON of this schema."""
    sglang_force_calls: bool
    """Whether a grammar makes the model call a tool where the request allows no other outcome."""
    sglang_priority: int
    """Higher goes first, on a server with `--enable-priority-scheduling`."""
    sglang_lora: str
    """The name of a LoRA adapter that is loaded on the server."""
    sglang_key: str
    """Requests of equal keys go to one server of several; by default the conversation's id is the key."""
    sglang_cross_check: bool
    """Whether each response that comes whole is read by the server's own parsers too; what differs is recorded."""
    sglang_tokens: bool
    """Whether an OpenAI-compatible server is asked for token ids. The native route always has them."""


KNOWN = frozenset(SglangModelSettings.__annotations__)


@dataclass(frozen=True, slots=True)
class Options:
    """Settings, checked. `sampling` are SGLang's sampling parameters, `grammar` the one that a caller set, if any."""

    sampling: Mapping[str, JSON]
    grammar: Mapping[str, JSON] = field(default_factory=dict)
    force_calls: bool | None = None
    priority: int | None = None
    lora: str = ""
    key: str = ""
    cross_check: bool = False
    tokens: bool | None = None
    one_call: bool = False
    stops: tuple[str, ...] = ()
    deadline_s: float = DEADLINE_S


def read_settings(settings: ModelSettings | Mapping[str, Any] | None) -> Options:
    """Returns `settings`, checked; raises InputError for one that is unknown, out of range or in another's way."""
    given: dict[str, Any] = {name: value for name, value in (settings or {}).items() if value is not None}
    unknown = sorted(name for name in given if name.startswith(_PREFIX) and name not in KNOWN)
    if unknown:
        known = ", ".join(sorted(name for name in KNOWN if name.startswith(_PREFIX)))
        raise InputError(f"There is no setting {unknown[0]!r}.", hint=f"There are: {known}.")
    return Options(
        sampling=_read_sampling(given),
        grammar=_read_grammar(given),
        force_calls=_read(given, "sglang_force_calls", bool),
        priority=_read(given, "sglang_priority", int),
        lora=_read(given, "sglang_lora", str) or "",
        key=_read(given, "sglang_key", str) or "",
        cross_check=_read(given, "sglang_cross_check", bool) or False,
        tokens=_read(given, "sglang_tokens", bool),
        one_call=given.get("parallel_tool_calls") is False,
        stops=tuple(given.get("stop_sequences", ())),
        deadline_s=_read_deadline(given),
    )


def constrain(sampling: Mapping[str, JSON], grammar: Mapping[str, JSON]) -> dict[str, JSON]:
    """Returns sampling parameters that hold the answer to `grammar`, as SGLang takes them: grammars are texts."""
    texts = {name: rule if isinstance(rule, str) else json.dumps(rule) for name, rule in grammar.items()}
    return {**sampling, **texts}


def _read_sampling(given: Mapping[str, Any]) -> dict[str, JSON]:
    # Without a limit of its own SGLang stops after 128 tokens; null means the rest of the context.
    sampling: dict[str, JSON] = {"max_new_tokens": None, "skip_special_tokens": False, "no_stop_trim": True}
    for name, (theirs, low, high) in _NUMBERS.items():
        if name in given:
            sampling[theirs] = _number(name, given[name], low, high)
    for name, (theirs, least) in _COUNTS.items():
        if name in given:
            sampling[theirs] = _count(name, given[name], least)
    if "stop_sequences" in given:
        sampling["stop"] = _texts("stop_sequences", given["stop_sequences"])
    if "logit_bias" in given:
        sampling["logit_bias"] = _biases(given["logit_bias"])
    return sampling


_NUMBERS: Mapping[str, tuple[str, float, float]] = {
    "temperature": ("temperature", 0.0, math.inf),
    "top_p": ("top_p", 1e-6, 1.0),
    "sglang_min_p": ("min_p", 0.0, 1.0),
    "presence_penalty": ("presence_penalty", -2.0, 2.0),
    "frequency_penalty": ("frequency_penalty", -2.0, 2.0),
}
_COUNTS: Mapping[str, tuple[str, int]] = {
    "max_tokens": ("max_new_tokens", 1),
    "top_k": ("top_k", -1),
    "seed": ("sampling_seed", 0),
}


def _read_grammar(given: Mapping[str, Any]) -> dict[str, JSON]:
    grammar: dict[str, JSON] = {}
    for name, kind in (("sglang_regex", str), ("sglang_ebnf", str), ("sglang_json_schema", dict)):
        rule = _read(given, name, kind)
        if rule is not None:
            grammar[name.removeprefix(_PREFIX)] = rule
    if len(grammar) > 1:
        raise InputError(f"An answer can follow one grammar, not {len(grammar)}.", hint="Set one of them.")
    return grammar


def _read_deadline(given: Mapping[str, Any]) -> float:
    seconds = given.get("request_timeout", given.get("timeout", DEADLINE_S))
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not seconds > 0:
        raise InputError(f"A timeout of {seconds!r} means nothing.", hint="Give it in seconds.")
    return float(seconds)


def _read(given: Mapping[str, Any], name: str, kind: Callable[..., Any]) -> Any:
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not kind:
        raise InputError(f"{name} is {value!r}.", hint=f"It takes a {getattr(kind, '__name__', 'value')}.")
    return value


def _number(name: str, value: object, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high or math.isinf(value):
        raise InputError(f"{name} is {value!r}.", hint=f"It takes a number from {low:g} to {high:g}.")
    return float(value)


def _count(name: str, value: object, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError(f"{name} is {value!r}.", hint=f"It takes a whole number from {least}.")
    return value


def _texts(name: str, value: object) -> list[JSON]:
    if (
        isinstance(value, str)
        or not isinstance(value, list | tuple)
        or not all(isinstance(v, str) and v for v in value)
    ):
        raise InputError(f"{name} is {value!r}.", hint="It takes a list of texts.")
    return [str(text) for text in value]


def _biases(value: object) -> dict[str, JSON]:
    if not isinstance(value, Mapping):
        raise InputError(f"logit_bias is {value!r}.", hint="It takes token ids and numbers.")
    biases: dict[str, JSON] = {}
    for token, bias in value.items():
        if not str(token).isdecimal():
            raise InputError(f"logit_bias names the token {token!r}.", hint="Name tokens by their ids.")
        biases[str(token)] = _number("logit_bias", bias, -100.0, 100.0)
    return biases
