"""Variables in the files of other hosts, turned into references of metier's. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from metier.servers.catalog.files.documents import is_mapping

_VARIABLE = re.compile(r"\$\{(?P<kind>env|input|command|config|keyring):(?P<name>[^{}]{0,200})\}")
_PLACE = re.compile(
    r"\$\{(?P<name>workspaceFolder|workspaceRoot|userHome|pathSeparator|/|workspaceFolderBasename|cwd)\}"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a file lets its host ask the user for, by id: the reference in its place, and whether it is secret."""

    references: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()


def read_inputs(inputs: object) -> Inputs:
    """Returns the inputs that VS Code would ask for; what is no input is passed over."""
    references: dict[str, str] = {}
    secrets: set[str] = set()
    for item in inputs if isinstance(inputs, list) else ():
        if is_mapping(item) and isinstance(item.get("id"), str):
            name = spelled(item["id"])
            default = item.get("default")
            is_secret = item.get("password") is True
            has_default = isinstance(default, str) and not is_secret and "}" not in default
            references[item["id"]] = f"${{{name}:-{default}}}" if has_default else f"${{{name}}}"
            secrets.update({name} if is_secret else ())
    return Inputs(references, frozenset(secrets))


def translate(text: str, *, inputs: Inputs, folder: str) -> str:
    """Returns `text` with the variables of hosts as references; raises ValueError for one that has no counterpart."""

    def variable(match: re.Match[str]) -> str:
        kind, name = match["kind"], match["name"]
        if kind == "env" and _NAME.fullmatch(name):
            return f"${{{name}}}"
        if kind == "input":
            return inputs.references.get(name, f"${{{spelled(name)}}}")
        raise ValueError(f"{match[0]} has no counterpart here. Write an environment variable in its place.")

    def place(match: re.Match[str]) -> str:
        places = {
            "userHome": "${HOME}",
            "pathSeparator": "/",
            "/": "/",
            "workspaceFolderBasename": folder.rpartition("/")[2],
        }
        return places.get(match["name"], folder)

    return _PLACE.sub(place, _VARIABLE.sub(variable, text))


def spelled(name: str) -> str:
    """Returns the name of the environment variable for an input's id."""
    plain = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "INPUT"
    return f"_{plain}" if plain[0].isdigit() else plain
