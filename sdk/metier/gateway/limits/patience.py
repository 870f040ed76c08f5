"""Deadlines that do not count the time in which a person is asked: no server is to blame for that."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
AskedFor = Callable[[], float]


async def in_time(work: Coroutine[Any, Any, T], limit_s: float, asked_s: AskedFor | None) -> T:
    """Returns what `work` gives; raises TimeoutError when it takes longer than `limit_s`, and ends it.

    `asked_s` says for how many seconds a person was asked so far; None where nobody can be.
    """
    if asked_s is None:
        async with asyncio.timeout(limit_s):
            return await work
    seconds = asyncio.get_running_loop().time
    began_s, asked_before_s, left_s = seconds(), asked_s(), limit_s
    task = asyncio.ensure_future(work)
    try:
        while left_s > 0:
            await asyncio.wait({task}, timeout=left_s)
            if task.done():
                return await task
            left_s = limit_s - (seconds() - began_s) + max(asked_s() - asked_before_s, 0.0)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    raise TimeoutError
