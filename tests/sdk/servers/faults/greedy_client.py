"""Prints by how many MiB the most memory of a client grew while servers sent it more than it takes."""

import asyncio
import resource
import sys
from pathlib import Path

from metier.errors import ServerError
from metier.servers.connection import Connection
from tests.sdk.servers.faults.processes import raw_http, raw_stdio


def most_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def suffer(connection: Connection) -> None:
    async with connection:
        try:
            await connection.call("misbehave", {})
        except ServerError:
            return
    raise AssertionError("the answer was taken")


async def main() -> None:
    folder = Path(sys.argv[1])
    with raw_http(folder) as server:
        async with Connection("raw", server.url) as connection:
            await connection.call("read", {})
    before = most_mib()
    for manner in ("huge", "endless"):
        await suffer(Connection("raw", raw_stdio(folder, manner), timeout_s=3, delays_s=(0.0,)))
    for manner in ("huge", "huge-event"):
        with raw_http(folder, manner) as server:
            await suffer(Connection("raw", server.url, delays_s=(0.0,)))
    sys.stdout.write(str(most_mib() - before))


asyncio.run(main())
