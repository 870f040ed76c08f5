"""The strengths of isolation, the strongest first, and which of them this machine has.

bubblewrap   by `bwrap`: file system, network, processes and user of its own, and a filter of system calls
namespaces   the same by the kernel directly, where it lets an ordinary user
seccomp      the filter, and Landlock for files: no network, no files of others, no other process; for systems that
             allow no namespaces. Names and sizes of files whose path is known can still be asked for
limits       time, memory and files are limited; the network and files of this user are within reach
none         a plain process with an end

The first three are real: each stops network access and access to files outside, and leaves one process with threads.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import Final

from metier.errors import InputError, MissingError
from metier_research.sandbox.command import has_own_files, make_command, make_order
from metier_research.sandbox.folder import work_folder
from metier_research.sandbox.launcher.order import BUBBLEWRAP, INSIDE, LIMITS, NAMESPACES, NONE, SECCOMP

AUTO: Final = "auto"
REAL: Final = (BUBBLEWRAP, NAMESPACES, SECCOMP)
WEAK: Final = (LIMITS, NONE)

INSTALL: Final = "Install bubblewrap (apt install bubblewrap), or allow user namespaces, or use Linux 6.2 or later."
_PROBE: Final = "print('ready')"
_PROBE_S: Final = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """A strength, and why this machine has it not; `missing` is empty when it has it."""

    strength: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Available:
    """What isolation there is: the strongest real one (empty when there is none) and how each real one stands."""

    strongest: str
    standings: tuple[Standing, ...]


def available() -> Available:
    """Returns which real strengths this machine has: each is tried by running a program. Slow once per process."""
    standings = tuple(probe(strength) for strength in REAL)
    return Available(next((one.strength for one in standings if not one.missing), ""), standings)


def choose_isolation(wanted: str) -> str:
    """Returns the strength to use: the one named, or for `auto` the strongest real one.

    Raises InputError for an unknown name, and MissingError when this machine has not the named one or no real one.
    """
    if wanted in WEAK:
        return wanted
    if wanted not in (AUTO, *REAL):
        raise InputError(f"There is no isolation {wanted!r}.", hint=f"Name one of {', '.join((AUTO, *REAL, *WEAK))}.")
    reasons = []
    for strength in REAL if wanted == AUTO else (wanted,):
        standing = probe(strength)
        if not standing.missing:
            return strength
        reasons.append(f"{strength}: {standing.missing}")
    raise MissingError(
        f"A program cannot be isolated here ({'; '.join(reasons)}).",
        hint=f"{INSTALL} Running it without isolation must be asked for by name: limits or none.",
    )


@cache
def probe(strength: str) -> Standing:
    """Returns how a real strength stands on this machine, by running a program under it."""
    if sys.platform != "linux":
        return Standing(strength, "it needs Linux")
    if strength == BUBBLEWRAP and shutil.which("bwrap") is None:
        return Standing(strength, "there is no program bwrap")
    try:
        return Standing(strength, _try(strength))
    except (OSError, subprocess.TimeoutExpired) as error:
        return Standing(strength, str(error))


def _try(strength: str) -> str:
    order = make_order(_PROBE, strength, memory_mb=256, cpu_s=_PROBE_S, packages=())
    reading, status = os.pipe()
    with os.fdopen(reading, "rb") as told, work_folder() as work, tempfile.TemporaryFile() as orders:
        folder = INSIDE if strength == BUBBLEWRAP or has_own_files(strength) else str(work)
        orders.write(order._replace(status=status, folder=folder).dump())
        orders.seek(0)
        try:
            ended = subprocess.run(
                make_command(order, str(work)),
                stdin=orders,
                capture_output=True,
                env={},
                cwd="/",
                pass_fds=(status,),
                timeout=_PROBE_S,
                start_new_session=True,
                check=False,
            )
        finally:
            os.close(status)
        reason = told.read().decode("utf-8", "replace")
    if ended.stdout == b"ready\n":
        return ""
    return reason or ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2] or f"exit {ended.returncode}"
