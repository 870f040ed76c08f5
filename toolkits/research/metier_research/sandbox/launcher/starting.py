"""The new process: it confines itself as it was told, and becomes the program."""

import os
import sys
from typing import Final

from metier_research.sandbox.launcher.filters import install_filter, make_filter
from metier_research.sandbox.launcher.kernel import die_with_parent, hide_memory, renounce_privileges
from metier_research.sandbox.launcher.landlock import restrict_files
from metier_research.sandbox.launcher.limits import set_limits
from metier_research.sandbox.launcher.namespaces import build_root, enter_namespaces
from metier_research.sandbox.launcher.order import (
    LIMITS,
    NAMESPACES,
    SECCOMP,
    Order,
    command_of,
    environment_of,
    write_program,
)

FAILED: Final = 125
_FIRST_OWN: Final = 3


def main() -> None:
    """Runs the order on standard input. Does not return: the process becomes the program, or ends."""
    order = Order.load(sys.stdin.buffer.read())
    os.set_inheritable(order.status, False)
    try:
        _become_program(order)
    except (OSError, ValueError) as error:
        os.write(order.status, _told(error).encode())
        os._exit(FAILED)


def _become_program(order: Order) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    linux = sys.platform == "linux"
    if linux:
        die_with_parent()
    if order.strength == NAMESPACES:
        enter_namespaces()
        _go_on_in_child(order.status)
        build_root(order.trees, order.disk_mb)
    os.chdir(order.folder)
    write_program(order, order.folder)
    if order.strength == NAMESPACES:
        renounce_privileges()
        hide_memory()
        _go_on_in_child(order.status)
    _close_others(order.status)
    if linux:
        renounce_privileges()
    set_limits(order)  # before Landlock: it counts threads in /proc
    if order.strength == SECCOMP:
        restrict_files(order.folder, order.trees)
    if linux:
        _filter_calls(order)
    os.execve(order.python, command_of(order), environment_of(order))


def _filter_calls(order: Order) -> None:
    try:
        install_filter(make_filter(os.uname().machine, os.getpid()))
    except OSError:
        if order.strength != LIMITS:
            raise


def _go_on_in_child(status: int) -> None:
    """Returns in a new process; this one waits for it and ends as it did (128 and the signal, as a shell says it)."""
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.close(status)
    _, ended = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(ended)
    os._exit(code if code >= 0 else 128 - code)


def _close_others(status: int) -> None:
    os.closerange(_FIRST_OWN, status)
    os.closerange(status + 1, os.sysconf("SC_OPEN_MAX"))


def _told(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
    return str(error)
