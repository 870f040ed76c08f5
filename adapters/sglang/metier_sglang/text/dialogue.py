"""A conversation as chat templates know it. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from metier.canonical import JSON

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call that a model made: `arguments` is the text of a JSON object."""

    name: str
    arguments: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `thinking` and `calls` are an assistant's; `name` and `call_id` say which call a tool's answers.

    `images` are data URIs or URLs, shown before the text.
    """

    role: Role
    content: str = ""
    thinking: str = ""
    calls: tuple[Call, ...] = ()
    name: str = ""
    call_id: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a model is shown. `thinking` turns thinking on or off where the template has a switch; None leaves it."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    thinking: bool | None = None
