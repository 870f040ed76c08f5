"""Noticing that the client is gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

Result = TypeVar("Result")


class GoneError(RuntimeError):
    """The client closed its connection; nobody reads an answer."""


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Returns what `work` gives, and cancels it when the client goes; raises GoneError then."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_watch(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise GoneError
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _watch(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
