"""Secrets that stand in a definition as they are: found by the name they bear or by their shape. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from metier.log import names_secret
from metier.servers.catalog.secrecy.references import references_in
from metier.servers.catalog.secrecy.spots import Spot, change_texts, texts_of
from metier.servers.definition import Definition

Keep: TypeAlias = Literal["environment", "keyring"]

_SCHEME = re.compile(r"(?:Bearer|Basic|Token|Api-?Key)\s+(?=\S)", re.IGNORECASE)
_LOGIN = re.compile(r"\w://([^/?#\s@:]*)(?::([^/?#\s@]*))?@")
_QUERY = re.compile(r"[?&]([^=&#?\s]+)=([^&#\s]+)")
_ENTRY = re.compile(r"-*([\w-]+)\s*[=:](?!//)\s*(\S.*)", re.DOTALL)
_FILE = re.compile(r"(?:\.{0,2}|~)/\S*\.\w{1,5}")
_PLACEHOLDER = re.compile(r"<[^<>]*>|\[[^\]]*\]|(?:your|my)[-_ ].*|x{3,}|\*+|\.{3}|…", re.IGNORECASE)
_SHAPES = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:
        sk-[A-Za-z0-9_-]{16,} | (?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}
        | gh[pousr]_[A-Za-z0-9]{30,} | github_pat_[A-Za-z0-9_]{30,} | glpat-[A-Za-z0-9_-]{18,}
        | xox[abeprs]-[A-Za-z0-9-]{10,} | AKIA[0-9A-Z]{16} | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,}
        | hf_[A-Za-z0-9]{30,} | npm_[A-Za-z0-9]{30,} | tvly-[A-Za-z0-9-]{16,} | pplx-[A-Za-z0-9]{30,}
        | eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+
        )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A secret in a text, from `start` to `end`, and what it is called there."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A definition whose literal secrets were replaced by references. `found` are the values, by name of reference."""

    definition: Definition
    found: Mapping[str, str]
    notes: tuple[str, ...] = ()


def secrets_of(spot: Spot, text: str, secrets: tuple[str, ...] = ()) -> tuple[Part, ...]:
    """Returns the parts of `text` that are secret as they stand there; `secrets` are names that the definition gives.

    A part that holds a reference is not one: its secret is elsewhere.
    """
    chosen: list[Part] = []
    for part in sorted(_parts(spot, text, secrets), key=lambda part: (part.start, -part.end)):
        inside = chosen and part.start < chosen[-1].end
        if part.start < part.end and not inside and not references_in(text[part.start : part.end]):
            chosen.append(part)
    return tuple(chosen)


def bears_secret(spot: Spot, secrets: tuple[str, ...] = ()) -> bool:
    """Returns whether what stands at `spot` is secret whatever it is, by the name of its entry or of its flag."""
    return bool(spot.name) and (spot.name in secrets or names_secret(spot.name))


def literal_secrets(definition: Definition) -> tuple[tuple[Spot, str], ...]:
    """Returns each secret that stands in `definition` as it is, after its place."""
    return tuple(
        (spot, text[part.start : part.end])
        for spot, text in texts_of(definition.reach)
        for part in secrets_of(spot, text, definition.secrets)
    )


def take_secrets_out(
    definition: Definition, *, keep: Keep = "environment", taken: Mapping[str, str] | None = None
) -> Cleaned:
    """Returns `definition` with a reference in place of each literal secret.

    References are to the environment or, with `keep` "keyring", to the keyring. `taken` are names with their values
    that other servers have: a name that stands for another value gets the server's name before it. A value that only
    says that a key belongs there is replaced as well, but is not `found`.
    """
    known = dict(taken or {})
    found: dict[str, str] = {}
    notes: list[str] = []

    def clean(spot: Spot, text: str) -> str:
        for part in reversed(secrets_of(spot, text, definition.secrets)):
            value = text[part.start : part.end]
            name = _name_for(spot, part, value, server=definition.name, known=known)
            known[name] = value
            if _PLACEHOLDER.fullmatch(value):
                notes.append(f"{definition.name}: {name} has no value yet.")
            else:
                found[name] = value
            reference = f"${{keyring:{name}}}" if keep == "keyring" else f"${{{name}}}"
            text = text[: part.start] + reference + text[part.end :]
        return text

    reach = change_texts(definition.reach, clean)
    return Cleaned(replace(definition, reach=reach), found, tuple(notes))


def _parts(spot: Spot, text: str, secrets: tuple[str, ...]) -> Iterator[Part]:
    if spot.place != "args" and bears_secret(spot, secrets):
        yield _value(text, 0, spot.name)
    if spot.place == "args":
        yield from _in_argument(spot, text, secrets)
    if "://" in text:
        yield from _in_url(text, secrets, prefix=f"{spot.name}_" if spot.place == "env" else "")
    yield from (Part(*match.span(), spot.name or "secret") for match in _SHAPES.finditer(text))


def _in_argument(spot: Spot, text: str, secrets: tuple[str, ...]) -> Iterator[Part]:
    if bears_secret(spot, secrets) and not text.startswith("-") and not _FILE.fullmatch(text):
        yield _value(text, 0, spot.name)
    entry = _ENTRY.fullmatch(text)
    if entry and _is_secret(entry[1], secrets) and not _FILE.fullmatch(entry[2]):
        yield _value(text, entry.start(2), entry[1])


def _in_url(text: str, secrets: tuple[str, ...], *, prefix: str) -> Iterator[Part]:
    for login in _LOGIN.finditer(text):
        yield Part(*login.span(1 if login[2] is None else 2), f"{prefix}password")
    for item in _QUERY.finditer(text):
        if _is_secret(item[1], secrets):
            yield Part(*item.span(2), f"{prefix}{item[1]}")


def _is_secret(name: str, secrets: tuple[str, ...]) -> bool:
    return name in secrets or names_secret(name)


def _value(text: str, start: int, name: str) -> Part:
    """Returns the secret of a header or a variable: what follows the scheme, where there is one."""
    scheme = _SCHEME.match(text, start)
    return Part(scheme.end() if scheme else start, len(text), name)


def _name_for(spot: Spot, part: Part, value: str, *, server: str, known: Mapping[str, str]) -> str:
    name, prefix = _spelled(part.name), _spelled(server)
    choices = [f"{prefix}_{name}", *(f"{prefix}_{name}_{count}" for count in range(2, len(known) + 4))]
    if spot.place == "env":
        choices.insert(0, name)
    return next(choice for choice in choices if known.get(choice, value) == value)


def _spelled(name: str) -> str:
    spelled = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"
    return f"_{spelled}" if spelled[0].isdigit() else spelled
