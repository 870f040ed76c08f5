"""Limits and surroundings of a run, read from the command line and the environment."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeAlias, cast, get_args

import typer

from metier.errors import InputError
from metier.gateway.gateway import CacheMode
from metier.limits import Limits
from metier.log import names_secret

MODEL = "METIER_MODEL"
_READERS: Mapping[str, Callable[[str], Any]] = {
    "model_calls": int,
    "tool_calls": int,
    "input_tokens": int,
    "output_tokens": int,
    "wall_s": float,
    "money_usd": float,
    "repairs": int,
}


Limited: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="A limit, such as wall_s=60, model_calls=20, tool:route=5. Repeatable.")
]
Options: TypeAlias = Annotated[
    list[str] | None, typer.Option("--set", help="An option of the toolkit, NAME=VALUE. Repeatable.")
]
Servers: TypeAlias = Annotated[
    list[str] | None, typer.Option("--server", help="A registered tool server to use besides. Repeatable.")
]
Approved: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="A tool that may change things without asking: SERVER/TOOL, with * and ?. Repeatable."),
]
Cache: TypeAlias = Annotated[
    str, typer.Option(help="Kept answers of tools: read-write, off, or replay (nothing else).")
]


def read_limits(settings: Sequence[str], limits: Limits | None = None) -> Limits:
    """Returns `limits` changed by settings such as `wall_s=60` or `tool:search_places=5`; raises InputError."""
    read = limits or Limits()
    for setting in settings:
        name, sign, value = (part.strip() for part in setting.partition("="))
        if name.startswith("tool:") and name != "tool:" and sign:
            calls = _number(setting, value, int)
            read = replace(read, per_tool={**read.per_tool, name.removeprefix("tool:"): calls})
        elif name in _READERS and sign:
            read = replace(read, **{name: _number(setting, value, _READERS[name])})
        else:
            raise InputError(
                f"{setting!r} is no limit.", hint=f"Give NAME=NUMBER with {', '.join(_READERS)} or tool:NAME."
            )
    return read


def read_cache_mode(text: str) -> CacheMode:
    """Returns what becomes of tools' answers that may be kept; raises InputError for a word that means nothing."""
    for mode in get_args(CacheMode):
        if text == mode:
            return cast("CacheMode", mode)
    raise InputError(f"{text!r} says nothing of kept answers.", hint=f"One of: {', '.join(get_args(CacheMode))}.")


def environment_secrets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Returns the values of the environment variables that are named like secrets, to be masked in what runs write."""
    found = os.environ if environment is None else environment
    return tuple(sorted({value for name, value in found.items() if value and names_secret(name)}))


def split_names(toolkits: str) -> tuple[str, ...]:
    """Returns the toolkits named with commas between, each once; raises InputError when there is none."""
    names = tuple(dict.fromkeys(name.strip() for name in toolkits.split(",") if name.strip()))
    if not names:
        raise InputError("No toolkit is named.", hint="`metier toolkits` lists those installed.")
    return names


def _number(setting: str, value: str, read: Callable[[str], Any]) -> Any:
    try:
        number = read(value)
    except ValueError as error:
        raise InputError(f"{setting!r} is no limit: {value!r} is no number.", hint="For example wall_s=60.") from error
    if not 0 <= number < float("inf"):
        raise InputError(f"{setting!r} is no limit: it must be 0 or more.", hint="For example wall_s=60.")
    return number
