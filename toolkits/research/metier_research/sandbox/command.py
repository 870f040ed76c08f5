"""The command line that starts a program under a strength. Reads the file system, starts nothing."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from metier_research.sandbox.launcher.order import BUBBLEWRAP, INSIDE, NAMESPACES, NONE, Order, command_of

DISK_MB: Final = 64
_LAUNCHER: Final = Path(__file__).with_name("launcher")
_PLACE: Final = "/launcher"  # where bubblewrap shows it
_TREES: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")
_PACKAGES: Final = ("metier_research", "metier_research.sandbox", "metier_research.sandbox.launcher")
# The packages above the launcher are stood in for: importing them would load the whole toolkit.
_BOOT: Final = f"""
import sys, types
for name in {_PACKAGES!r}:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [sys.argv[1]] if name == {_PACKAGES[-1]!r} else []
from {_PACKAGES[-1]}.starting import main
main()
"""
_BUBBLEWRAP: Final = (
    *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
    *("--uid", "1000", "--gid", "1000", "--hostname", "sandbox"),
    *("--dev", "/dev"),
)


def has_own_files(strength: str) -> bool:
    """Returns whether the program's folder is in memory and gone with it, so that nobody has to give it one."""
    return strength == NAMESPACES


def make_order(code: str, strength: str, *, memory_mb: int, cpu_s: int, packages: Sequence[Path]) -> Order:
    """Returns the order to run `code`, but for its folder and its status descriptor."""
    imported = tuple(os.path.realpath(package) for package in packages)
    python, prefix = os.path.realpath(sys.executable), os.path.realpath(sys.base_prefix)
    return Order(
        strength=strength,
        code=code,
        python=python,
        folder=INSIDE,
        trees=_outermost((python, *_existing((*_TREES, f"{prefix}/lib", f"{prefix}/lib64")), *imported)),
        packages=imported,
        memory_mb=memory_mb,
        cpu_s=cpu_s,
        disk_mb=DISK_MB,
        status=-1,
    )


def make_command(order: Order, work: str) -> list[str]:
    """Returns the command line for the order. `work` is the folder on this machine that the program works in."""
    if order.strength == NONE:
        return command_of(order)
    start = [order.python, "-I", "-S", "-B", "-X", "utf8", "-c", _BOOT]
    if order.strength != BUBBLEWRAP:
        return [*start, str(_LAUNCHER)]
    command = [shutil.which("bwrap") or "bwrap", *_BUBBLEWRAP, "--bind", work, INSIDE]
    for tree, place in (*((tree, tree) for tree in order.trees), (str(_LAUNCHER), _PLACE)):
        command += ["--ro-bind", tree, place]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", INSIDE, "--", *start, _PLACE]


def _existing(paths: Iterable[str]) -> Iterable[str]:
    return (path for path in paths if os.path.exists(path))


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Returns the paths that lie in none of the others, in order and once."""
    unique = tuple(dict.fromkeys(paths))
    return tuple(path for path in unique if not any(path != other and _is_below(path, other) for other in unique))


def _is_below(path: str, other: str) -> bool:
    return Path(path).is_relative_to(other)
