"""Calls of the Linux kernel that Python has no function for, each raising OSError that names it."""

import ctypes
import os
from typing import Any, Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_NUMBERS: Final = {"x86_64": {"pivot_root": 155}, "aarch64": {"pivot_root": 41}}
_SAME: Final = {
    "mount_setattr": 442,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_CAPABILITY_VERSION: Final = 0x20080522
_SIGKILL: Final = 9


def call(name: str, *arguments: Any) -> int:
    """Returns what a function of the C library returned; raises OSError when that is below zero."""
    return _checked(name, getattr(_LIBC, name)(*(_wide(argument) for argument in arguments)))


def system_call(name: str, *arguments: Any) -> int:
    """Returns what a system call without a function in the C library returned; raises OSError as `call` does."""
    number = _SAME.get(name) or _NUMBERS[os.uname().machine][name]
    return _checked(name, _LIBC.syscall(ctypes.c_long(number), *(_wide(argument) for argument in arguments)))


def die_with_parent() -> None:
    """Ties this process to the one that started it."""
    call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def renounce_privileges() -> None:
    """Gives up every capability, for good: no program that is executed from now on gains any, setuid or not."""
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call("capset", ctypes.byref(header), ctypes.byref(nothing))


def hide_memory() -> None:
    """Makes the memory of this process closed to every process without privileges."""
    call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def _wide(argument: Any) -> Any:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result
