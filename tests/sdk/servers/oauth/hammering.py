"""Writes tokens into a store many times, taking turns: `hammering.py FOLDER MARK COUNT`. A child process of a test."""

import asyncio
import sys
from pathlib import Path

from mcp.shared.auth import OAuthToken

from metier.servers.oauth.store import TokenStore


async def hammer(folder: Path, mark: str, count: int) -> None:
    store = TokenStore("shared", "https://example.org/mcp", folder=folder)
    for _ in range(count):
        async with store.turn():
            before = await store.get_tokens()
            number = int(before.access_token.rpartition(" ")[2]) if before else 0
            await store.set_tokens(OAuthToken(access_token=f"{mark * 500} {number + 1}", refresh_token=mark * 500))


asyncio.run(hammer(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
