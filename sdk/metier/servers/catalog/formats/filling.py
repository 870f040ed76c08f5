"""Putting the user's values into a `server.json`: choices, formats, `{variables}`, and what is still missing. Pure.

Everything in the file is data. A text of it that would read as a reference of metier's, and so would take a value out
of the user's environment or keyring, is refused; only secrets that the file asks for become references.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from metier.errors import InputError
from metier.servers.catalog.formats.manifest import Argument, Entry, Input
from metier.servers.catalog.formats.variables import spelled
from metier.servers.catalog.secrecy.references import references_in

Values: TypeAlias = Mapping[str, str | Sequence[str]]

_CURLY = re.compile(r"\{([^{}]{1,200})\}")
_SWITCH = frozenset({"type", "name", "is_repeated"})  # nothing says that it takes a value
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(slots=True)
class Filling:
    """The values that the user gave for one server, and what became of them.

    `missing` are names of what is required and not given. `found` are the secrets that were given as they are, by name
    of the reference in their place; `awaited` names references to secrets that were not given.
    """

    values: Values
    missing: list[str] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    awaited: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def entries(self, wanted: Sequence[Entry]) -> dict[str, str]:
        """Returns the environment or the headers, without what is neither given nor needed."""
        read = ((entry.name, self.texts(entry, entry.name)) for entry in wanted)
        return {name: texts[0] for name, texts in read if texts}

    def arguments(self, wanted: Sequence[Argument]) -> list[str]:
        """Returns the arguments for a command line, one text for each."""
        line: list[str] = []
        for argument in wanted:
            if argument.type == "positional":
                line.extend(self.texts(argument, argument.value_hint))
            else:
                line.extend(self._flag(argument))
        return line

    def texts(self, wanted: Entry | Argument, name: str) -> tuple[str, ...]:
        """Returns the values of an entry or an argument: none, one, or as many as were given for a repeated one."""
        if wanted.value is not None:
            return (self.filled(wanted.value, wanted.variables),)
        given = self.given(wanted, name)
        if len(given) > 1 and not getattr(wanted, "is_repeated", False):
            raise InputError(f"{name!r} was given {len(given)} times, and is taken once.")
        return given

    def given(self, wanted: Input, name: str) -> tuple[str, ...]:
        """Returns the user's values for `name`, or the default; notes what is required and not there."""
        values = self.values.get(name)
        if values is not None:
            self.used.add(name)
            return tuple(
                self._hidden(name, checked(name, wanted, value)) if wanted.is_secret else checked(name, wanted, value)
                for value in ([values] if isinstance(values, str) else values)
            )
        if wanted.is_secret and wanted.is_required:
            self.awaited.append(spelled(name))
            return (f"${{{spelled(name)}}}",)
        if wanted.default is not None and not wanted.is_secret:
            return (data(checked(name, wanted, wanted.default)),)
        if wanted.is_required:
            self.missing.append(name)
        return ()

    def filled(self, template: str, variables: Mapping[str, Input]) -> str:
        """Returns `template` with the `{names}` of `variables` filled in; any other stays as it is."""
        names = dict.fromkeys(name for name in _CURLY.findall(template) if name in variables)
        texts = {name: self._variable(name, variables[name]) for name in names}
        users = {name for name in names if name in self.values or variables[name].is_secret}
        shown = {name: "X" if name in users else text for name, text in texts.items()}
        data(_CURLY.sub(lambda match: shown.get(match[1], match[0]), template))
        return _CURLY.sub(lambda match: texts.get(match[1], match[0]), template)

    def _variable(self, name: str, variable: Input) -> str:
        if variable.value is not None:
            return variable.value
        return next(iter(self.given(variable, name)), "")

    def _flag(self, argument: Argument) -> list[str]:
        flag = data(argument.name)
        if argument.model_fields_set <= _SWITCH and flag not in self.values:
            return [flag]
        return [part for text in self.texts(argument, flag) for part in _with_flag(flag, text)]

    def _hidden(self, name: str, value: str) -> str:
        """Returns a reference in place of a secret; one that is a reference already stays."""
        if references_in(value):
            return value
        self.found[spelled(name)] = value
        return f"${{{spelled(name)}}}"


def checked(name: str, wanted: Input, value: str) -> str:
    """Returns `value`; raises InputError for one that is none of the choices, or of another format."""
    if references_in(value):
        return value
    if wanted.choices and value not in wanted.choices:
        raise InputError(f"{name!r} cannot be {value[:80]!r}.", hint=f"It is one of: {', '.join(wanted.choices[:20])}.")
    fits = {"number": _NUMBER.fullmatch(value), "boolean": value in ("true", "false"), "filepath": value.strip()}
    if not fits.get(wanted.format, True):
        raise InputError(f"{name!r} must be a {wanted.format}, and is {value[:80]!r}.")
    return value


def data(text: str) -> str:
    """Returns a text of the file; raises InputError for one that would read as a reference."""
    for reference in references_in(text):
        raise InputError(
            f"The server.json refers to {reference.name!r} of your environment or keyring, and may not.",
            hint="Do not use it: it would be sent a value that you did not give it.",
        )
    return text


def _with_flag(flag: str, value: str) -> tuple[str, ...]:
    if not value:
        return (flag,)
    if not value.startswith("-"):
        return flag, value
    if not flag.startswith("--"):
        raise InputError(f"{flag!r} cannot have the value {value[:80]!r}: it would be read as another flag.")
    return (f"{flag}={value}",)
