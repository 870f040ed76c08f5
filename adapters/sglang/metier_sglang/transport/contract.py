"""What the models ask of a transport."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from metier_sglang.protocol.generation import Chunk, GenerateRequest, Generation, ServerInfo


class Transport(Protocol):
    """One or several servers of the same weights, as one.

    Every method raises ServerError (dead, silent, out of protocol, over its deadline), ModelError (the request cannot
    be answered by this model: too long, refused) or MissingError (a key is needed). A cancelled request is aborted on
    its server. A server that dies, or that is too busy, is left for another without losing the tokens that had arrived.
    """

    async def generate(self, request: GenerateRequest) -> Generation:
        """Returns the whole sample."""
        ...

    def stream(self, request: GenerateRequest) -> AbstractAsyncContextManager[AsyncIterator[Chunk]]:
        """Returns the sample in chunks; leaving the context before its end aborts the request on its server."""
        ...

    async def info(self) -> ServerInfo:
        """Returns what the first server that answers says of itself; asked once."""
        ...

    async def close(self) -> None:
        """Closes the connections."""
        ...
