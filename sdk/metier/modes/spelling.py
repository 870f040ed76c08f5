"""Modes as text: `heavy`, or `heavy?researchers=8`. Only options that are not the default are spelled."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from pydantic import TypeAdapter, ValidationError

from metier.errors import InputError, MetierError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def spell_options(name: str, options: "DataclassInstance") -> str:
    """Returns the spelling of a mode with these options."""
    given = [
        (field.name, getattr(options, field.name))
        for field in fields(options)
        if getattr(options, field.name) != field.default
    ]
    return f"{name}?{urlencode(given)}" if given else name


def split_spelling(text: str) -> tuple[str, dict[str, str]]:
    """Returns the name and the options of a spelling; raises InputError for one that is none."""
    name, mark, rest = text.partition("?")
    try:
        given = parse_qsl(rest, strict_parsing=True, keep_blank_values=True) if mark else []
    except ValueError as error:
        raise InputError(f"The mode {text!r} cannot be read.", hint="Write NAME or NAME?option=value.") from error
    if len({key for key, _ in given}) < len(given):
        raise InputError(f"The mode {text!r} gives an option twice.", hint="Give each option once.")
    return name, dict(given)


def read_options(kind: type[Any], options: dict[str, str]) -> Any:
    """Returns the mode `kind` with these options; raises InputError that names the wrong one."""
    known = [field.name for field in fields(kind)]
    for key in options:
        if key not in known:
            told = f"Options of {kind.name}: {', '.join(known)}." if known else f"{kind.name} has no options."
            raise InputError(f"The mode {kind.name!r} has no option {key!r}.", hint=told)
    try:
        return TypeAdapter(kind).validate_python(options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = first.get("ctx", {}).get("error")
        if isinstance(said, MetierError):  # the mode's own words, which pydantic wraps for they are a ValueError
            raise said from error
        where = "/".join(map(str, first["loc"]))
        raise InputError(
            f"The option {where} of {kind.name} does not fit: {first['msg']}.",
            hint=f"Left out, it is {getattr(kind(), where, None)}.",
        ) from error
