"""The filter of system calls, as a program of the Berkeley Packet Filter (Linux's seccomp(2)). Pure but for the last.

The filter is inherited by all that the process becomes and can be made stricter, never looser.
"""

import ctypes
import errno
import struct
from collections.abc import Iterable, Iterator
from typing import Final

from metier_research.sandbox.launcher.calls import (
    ABSENT,
    ALLOWED_VALUES,
    CEILING,
    CLONE,
    PRLIMIT,
    REFUSED,
    SIGNALS,
    VALUES,
)
from metier_research.sandbox.launcher.kernel import call

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE_THREAD: Final = 0x10000
_FORBIDDEN: Final = _REFUSE | errno.EPERM
_UNKNOWN: Final = _REFUSE | errno.ENOSYS


def make_filter(machine: str, process: int) -> bytes:
    """Returns the filter for a process of that number on that processor (`x86_64` or `aarch64`), as `sock_filter`s.

    Raises OSError for another processor.
    """
    if machine not in _ARCHITECTURES:
        raise OSError(0, f"system calls of the processor {machine} are not known", "seccomp")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in _instructions(machine, process))


def install_filter(program: bytes) -> None:
    """Puts this process under the filter. Raises OSError. The process has given up new privileges before."""
    code = ctypes.create_string_buffer(program, len(program))
    head = _Program(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    call("prctl", 22, 2, ctypes.byref(head), 0, 0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


_Instruction = tuple[int, int, int, int]


def _instructions(machine: str, process: int) -> Iterator[_Instruction]:
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, _ARCHITECTURES[machine]
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    yield _AT_LEAST, 0, 1, CEILING
    yield _RETURN, 0, 0, _UNKNOWN
    for number in ABSENT[machine]:
        yield from _answer(number, _UNKNOWN)
    for numbers in REFUSED[machine].values():
        for number in numbers:
            yield from _answer(number, _FORBIDDEN)
    yield from _only_threads(CLONE[machine])
    for number in SIGNALS[machine]:
        yield from _only(number, 0, (process,))
    yield from _only(PRLIMIT[machine], 0, (0, process))
    for number, (argument, name) in ALLOWED_VALUES[machine].items():
        yield from _only(number, argument, VALUES[name])
    yield _RETURN, 0, 0, _ALLOW


def _answer(number: int, answer: int) -> Iterator[_Instruction]:
    yield _EQUAL, 0, 1, number
    yield _RETURN, 0, 0, answer


def _only(number: int, argument: int, values: Iterable[int]) -> Iterator[_Instruction]:
    """Allows the call where the lower half of an argument is one of the values: the kernel reads no more of it."""
    body = [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument)]
    for value in values:
        body += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    body.append((_RETURN, 0, 0, _FORBIDDEN))
    yield _EQUAL, 0, len(body), number
    yield from body


def _only_threads(number: int) -> Iterator[_Instruction]:
    yield _EQUAL, 0, 4, number
    yield _LOAD, 0, 0, _ARGUMENTS
    yield _ANY_BIT, 0, 1, _CLONE_THREAD
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _FORBIDDEN
