"""Runs the official conformance suite: both revisions, the server side and the client side. Prints what came of it.

Exits with 1 when a scenario fails that a revision requires.
"""

import asyncio
import os
import shlex
import sys
import tempfile
import time
from pathlib import Path

from tests.conformance.report import Outcome, as_table, as_total, is_good, read_outcomes, read_required
from tests.third_party.installing import HOW, PACKAGES, ROOT, is_installed, node

REVISIONS = ("2025-11-25", "2026-07-28")
SUITE = PACKAGES / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
SCENARIO_MS = 240_000  # a scenario's time begins before it has a slot
SLOTS = max(2, os.cpu_count() or 2)
Outcomes = tuple[Outcome, ...]


async def suite(*arguments: str) -> str:
    """Returns what the suite prints for `arguments`."""
    child = await asyncio.create_subprocess_exec(
        node(),
        str(SUITE),
        *arguments,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "NODE_NO_WARNINGS": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    return said.decode(errors="replace")


async def try_server(revision: str, folder: Path) -> Outcomes:
    """Returns what the suite finds of the fixture server."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.conformance.server", cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=None
    )
    assert child.stdout is not None
    try:
        address = (await child.stdout.readline()).decode().strip()
        place = str(folder / f"server-{revision}")
        said = await suite("server", "--url", address, "--requirements", revision, "--output-dir", place)
    finally:
        child.terminate()
        await child.wait()
    return read_outcomes(said, read_required(await suite("list", "--requirements", revision), "server"))


async def try_client(revision: str, folder: Path) -> Outcomes:
    """Returns what the suite finds of metier's connection."""
    command = shlex.join([sys.executable, "-m", "tests.conformance.slot", str(folder), str(SLOTS)])
    place = str(folder / f"client-{revision}")
    options = ("--requirements", revision, "--timeout", str(SCENARIO_MS), "--output-dir", place)
    said = await suite("client", "--command", command, *options)
    return read_outcomes(said, read_required(await suite("list", "--requirements", revision), "client"))


async def run_sets(folder: Path) -> dict[str, Outcomes]:
    """Returns the outcomes of the four sets. The servers' go first and alone: their scenarios watch the time."""
    found = {}
    for revision in REVISIONS:
        found[f"server, {revision}"] = await try_server(revision, folder)
    clients = await asyncio.gather(*(try_client(revision, folder) for revision in REVISIONS))
    found.update({f"client, {revision}": outcomes for revision, outcomes in zip(REVISIONS, clients, strict=True)})
    return found


def main() -> None:
    """Runs the sets and prints them."""
    if not is_installed():
        sys.exit(f"The conformance suite is not installed. Run: {HOW}")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(run_sets(Path(folder)))
    tables = [as_table(title, outcomes) for title, outcomes in found.items()]
    totals = [f"{title}: {as_total(outcomes)}" for title, outcomes in found.items()]
    seconds = time.monotonic() - begun
    sys.stdout.write("\n\n".join([*tables, "\n".join(totals)]) + f"\nin {seconds:.0f} s\n")
    sys.exit(0 if all(is_good(outcomes) for outcomes in found.values()) else 1)


if __name__ == "__main__":
    main()
