"""A process with two servers as children, one that ends when its input closes and one that does not; then it waits.

Usage: mortal_parent.py FOLDER. It prints a line once both servers have answered.
"""

import asyncio
import sys
from pathlib import Path

from metier.servers.connection import Connection
from tests.sdk.servers.faults.processes import raw_stdio


async def main() -> None:
    folder = Path(sys.argv[1])
    async with (
        Connection("polite", raw_stdio(folder)) as polite,
        Connection("stubborn", raw_stdio(folder, "stubborn")) as stubborn,
    ):
        await asyncio.gather(polite.tools(), stubborn.tools())
        print("ready", flush=True)  # noqa: T201 - how the test knows
        await asyncio.Event().wait()


asyncio.run(main())
