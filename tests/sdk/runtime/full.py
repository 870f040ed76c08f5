"""A run on a disk that gets full: `python -m tests.sdk.runtime.full HOME begin|resume [BYTES A FILE MAY HAVE]`."""

import os
import resource
import signal
import sys
from pathlib import Path

import anyio

from metier.errors import StorageError
from metier.runtime.copilot import Copilot
from metier.testing import Line, ScriptedModel, Seen, call, serve_tools
from metier.toolkit import Finish
from tests.sdk.runtime.toy import TOY, memo_of

PAGES = 6


def page(number: int) -> str:
    """A page of forty thousand characters that do not compress to nothing."""
    return os.urandom(20_000).hex()


def step(seen: Seen) -> Line:
    """Returns the next page, then the town, then the answer."""
    turn = sum(message.kind == "response" for message in seen.messages)
    if turn < PAGES:
        return call("page", number=turn)
    return call("town", name="Arvel") if turn == PAGES else Finish(memo_of("Arvel"))


async def main(home: Path, action: str) -> None:
    """Prints what came of the run in one line."""
    model = ScriptedModel([step] * (PAGES + 2))
    copilot = Copilot([TOY], model=model, home=home, servers=[("web", serve_tools("web", page))])
    try:
        result = await (copilot.run("x", run_id="r") if action == "begin" else copilot.resume("r"))
    except StorageError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(2)
    sys.stdout.write(f"{result.stop.value} {result.trace.usage.per_tool}\n")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
    anyio.run(main, Path(sys.argv[1]), sys.argv[2])
