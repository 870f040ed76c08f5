"""Digests of a history, message by message, so that a turn costs its new messages only. Pure.

A digest covers what the model is shown and nothing else: not the times, not a tool call's id, not the run's. So a
history that was journaled and read back, or resumed in another process, has the digests it had.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import is_

from pydantic_ai.messages import ModelMessage, ModelResponse

from metier_sglang.model.history.mapping import map_request, map_response
from metier_sglang.text.dialogue import Message, Tool


@dataclass(frozen=True, slots=True)
class Link:
    """A message, what it stands for in a dialogue, and the digest of that."""

    message: ModelMessage
    shown: tuple[Message, ...]
    digest: bytes

    @property
    def is_response(self) -> bool:
        """Returns whether the model said this."""
        return isinstance(self.message, ModelResponse)


def make_link(message: ModelMessage, is_first: bool) -> Link:
    """Returns the link of a message; raises InputError for what can not be shown."""
    shown = show(message, is_first)
    return Link(message, shown, digest_message(shown))


class ToolDigests:
    """Digests of tool lists: the same list, or an equal one, is not written out again."""

    def __init__(self, kept: int = 8) -> None:
        self._kept = kept
        self._known: list[tuple[tuple[Tool, ...], bytes]] = []

    def __call__(self, tools: tuple[Tool, ...]) -> bytes:
        """Returns the digest of `tools`: names, descriptions and schemas, in their order."""
        for known, digest in self._known:
            if known == tools:
                return digest
        digest = _digest([[tool.name, tool.description, tool.parameters] for tool in tools])
        self._known = [(tools, digest), *self._known][: self._kept]
        return digest


def digest_message(shown: Sequence[Message]) -> bytes:
    """Returns the digest of what a message shows; call ids are left out, since a journal may give calls new ones."""
    return _digest(
        [[m.role, m.content, m.thinking, [[c.name, c.arguments] for c in m.calls], m.name, m.images] for m in shown]
    )


def digest_base(identity: str, system: str, tools: bytes) -> bytes:
    """Returns the digest that a history starts from: the weights' reading of text, the system message, the tools."""
    return _digest([identity, system, tools.hex()])


@dataclass(frozen=True, slots=True)
class Folded:
    """Digests of all that comes before each link, at the end that of the whole, and the images shown so far."""

    base: bytes
    links: list[Link]
    digests: list[bytes]
    images: tuple[str, ...]


class Fold:
    """Folds histories into digests; one that begins with the one folded before goes on from it."""

    def __init__(self, kept: int = 64) -> None:
        self._kept = kept
        self._known: dict[int, Folded] = {}

    def __call__(self, base: bytes, links: list[Link]) -> Folded:
        """Returns the digests of `links` after `base`."""
        if not links:
            return Folded(base, links, [base], ())
        known = self._known.pop(id(links[0]), None)
        if known is None or not _goes_on(known, base, links):
            known = Folded(base, [], [base], ())
        digests, new = known.digests[:], links[len(known.links) :]
        for link in new:
            digests.append(sha256(digests[-1] + link.digest).digest())
        images = tuple(url for link in new for message in link.shown for url in message.images)
        folded = Folded(base, links, digests, known.images + images)
        self._known[id(links[0])] = folded
        while len(self._known) > self._kept:
            self._known.pop(next(iter(self._known)))
        return folded


def show(message: ModelMessage, is_first: bool) -> tuple[Message, ...]:
    """Returns what a message stands for in a dialogue; raises InputError for what can not be shown."""
    if isinstance(message, ModelResponse):
        return (map_response(message),)
    return map_request(message, is_first=is_first)


def _goes_on(known: Folded, base: bytes, links: list[Link]) -> bool:
    return known.base == base and len(known.links) <= len(links) and all(map(is_, known.links, links))


def _digest(value: object) -> bytes:
    return sha256(json.dumps(value, separators=(",", ":")).encode()).digest()
