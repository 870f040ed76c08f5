"""A registered tool server, as plain values: how it is reached, who may call what, and how calls are treated. Pure.

Values may hold references, `${NAME}`, `${NAME:-default}` and `${keyring:NAME}`, which are read when it is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from metier.canonical import JSON

Scope: TypeAlias = Literal["user", "project"]
Era: TypeAlias = Literal["auto", "legacy", "2026-07-28"]


@dataclass(frozen=True, slots=True)
class Program:
    """A server that is started as a child process; no shell reads the command or its arguments."""

    command: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in by OAuth 2.1: as a person through a browser (authorization code with PKCE), or as a program."""

    grant: Literal["authorization_code", "client_credentials"] = "authorization_code"
    client_id: str = ""
    client_secret: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that is reached over streamable HTTP.

    `insecure` allows `http` to another machine; even then nothing secret is sent there.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    login: Login | None = None
    insecure: bool = False


Reach: TypeAlias = Program | Endpoint


@dataclass(frozen=True, slots=True)
class Definition:
    """A registered server. `secrets` names the environment entries and headers whose values are secret.

    `allow` and `deny` are names of tools, with `*` and `?` (shell patterns): an empty `allow` allows all, `deny` wins.
    On a `cautious` server every tool that does not say it is read-only needs a person's approval for each call; on any
    other only one that says it is not. `policy` and `tools` (by name of tool) are settings of `servers.policy.Policy`.
    """

    name: str
    reach: Reach
    title: str = ""
    description: str = ""
    secrets: tuple[str, ...] = ()
    enabled: bool = True
    cautious: bool = False
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    era: Era = "auto"
    policy: Mapping[str, JSON] = field(default_factory=dict)
    tools: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """Which providers answer a toolkit's tools, the first that can; "local" is the toolkit's own server.

    `providers` holds for every tool that `tools` does not name. `servers` says which registered server stands behind a
    provider; without an entry it is the one of the provider's own name.
    """

    providers: tuple[str, ...] = ("local",)
    tools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
