"""Every text of a definition that says how a server is reached, with the place where it stands. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from metier.servers.definition import Endpoint, Login, Program, Reach

Place: TypeAlias = Literal["command", "args", "env", "cwd", "url", "headers", "login"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands. `name` is the key of an `env`, `headers` or `login` entry, or the flag before it."""

    place: Place
    name: str = ""


Change: TypeAlias = Callable[[Spot, str], str]


def change_texts(reach: Reach, change: Change) -> Reach:
    """Returns `reach` with every text replaced by what `change` says of it."""
    match reach:
        case Program():
            return replace(
                reach,
                command=change(Spot("command"), reach.command),
                args=tuple(change(spot, text) for spot, text in _arguments(reach.args)),
                env=_changed("env", reach.env, change),
                cwd=change(Spot("cwd"), reach.cwd),
            )
        case Endpoint():
            return replace(
                reach,
                url=change(Spot("url"), reach.url),
                headers=_changed("headers", reach.headers, change),
                login=reach.login and _changed_login(reach.login, change),
            )


def texts_of(reach: Reach) -> tuple[tuple[Spot, str], ...]:
    """Returns every text of `reach` that is not empty, with its place."""
    found: list[tuple[Spot, str]] = []

    def note(spot: Spot, text: str) -> str:
        if text:
            found.append((spot, text))
        return text

    change_texts(reach, note)
    return tuple(found)


def _arguments(args: tuple[str, ...]) -> Iterator[tuple[Spot, str]]:
    flag = ""
    for text in args:
        yield Spot("args", flag), text
        flag = text.lstrip("-") if text.startswith("-") and "=" not in text else ""


def _changed(place: Place, entries: Mapping[str, str], change: Change) -> dict[str, str]:
    return {name: change(Spot(place, name), text) for name, text in entries.items()}


def _changed_login(login: Login, change: Change) -> Login:
    return replace(
        login,
        client_id=change(Spot("login", "client_id"), login.client_id),
        client_secret=change(Spot("login", "client_secret"), login.client_secret),
    )
