"""Another process at a store: `python -m tests.sdk.gateway.parts.filling cache|quota|full|fork|leave PATH ...`."""

import asyncio
import os
import resource
import signal
import sys
from pathlib import Path

from metier.errors import StorageError
from metier.gateway.limits.quotas import Quotas
from metier.gateway.stores.backlog import Backlog
from metier.gateway.stores.cache import Cache, Entry


def fill_cache(path: Path, name: str, number: int) -> None:
    """Keeps `number` answers under keys that begin with `name`."""
    cache = Cache(path)
    for at in range(number):
        cache.keep(
            [Entry(f"{name}-{at}", f"answer {at}".encode() * 100, identity=name, tool="t", made_s=1.0, expires_s=2.0)]
        )
    cache.close()


def take_calls(path: Path, limit: int, number: int) -> None:
    """Prints how many of `number` calls it was given."""
    quotas = Quotas(path)
    given = [quotas.take("k", "2026-11-26", limit) for _ in range(number)]
    sys.stdout.write(f"{sum(left is not None for left in given)}\n")
    quotas.close()


def fill_disk(path: Path, most: int) -> None:
    """Keeps answers until a file may not grow, then prints what was said, and that the cache still finds and keeps."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    cache = Cache(path)
    cache.keep([Entry("first", b"kept", identity="i", tool="t", made_s=1.0, expires_s=2.0)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        for at in range(10_000):
            cache.keep([Entry(f"{at}", os.urandom(20_000), identity="i", tool="t", made_s=1.0, expires_s=2.0)])
    except StorageError as error:
        sys.stdout.write(f"{error}\n")
    found = cache.find("first")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    cache.keep([Entry("last", b"kept", identity="i", tool="t", made_s=1.0, expires_s=2.0)])
    again = cache.find("last")
    sys.stdout.write(f"{found and found.payload!r} {again and again.payload!r}\n")


def fork_once(path: Path) -> None:
    """Prints what parent and child find of each other after a fork, with the cache open."""
    cache = Cache(path)
    cache.keep([Entry("parent", b"p", identity="i", tool="t", made_s=1.0, expires_s=2.0)])
    child = os.fork()
    if not child:
        cache.keep([Entry("child", b"c", identity="i", tool="t", made_s=1.0, expires_s=2.0)])
        os._exit(0 if cache.find("parent") else 1)
    status = os.waitpid(child, 0)[1]
    sys.stdout.write(f"{status} {cache.find('child') is not None}\n")
    cache.close()


async def leave(path: Path, how: str) -> None:
    """Keeps an answer that is written and one that waits, and ends without closing anything."""
    backlog = Backlog(Cache(path))
    backlog.keep(Entry("written", b"kept", identity="i", tool="t", made_s=1.0, expires_s=2.0))
    backlog.flush()
    backlog.keep(Entry("waiting", b"kept", identity="i", tool="t", made_s=1.0, expires_s=2.0))
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    _LEFT.append(backlog)


_LEFT: list[Backlog] = []  # what is still held when the process ends

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["cache", path, name, number]:
            fill_cache(Path(path), name, int(number))
        case ["quota", path, limit, number]:
            take_calls(Path(path), int(limit), int(number))
        case ["full", path, most]:
            fill_disk(Path(path), int(most))
        case ["fork", path]:
            fork_once(Path(path))
        case ["leave", path, how]:
            asyncio.run(leave(Path(path), how))
