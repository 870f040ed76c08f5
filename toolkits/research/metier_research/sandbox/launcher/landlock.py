"""Landlock: the kernel refuses this process every file outside some trees (Linux's Documentation/userspace-api)."""

import ctypes
import os
import stat
from collections.abc import Iterable
from typing import Final

from metier_research.sandbox.launcher.kernel import call, system_call

LEAST: Final = 3  # from Linux 6.2 on, cutting a file short is refused too

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_REG, _MAKE_SYM, _REFER, _TRUNCATE = 1 << 7, 1 << 8, 1 << 12, 1 << 13, 1 << 14
_ALL_FILES: Final = {3: (1 << 15) - 1, 5: (1 << 16) - 1}  # ABI 5 adds ioctl on devices
_ALL_TCP: Final = 0b11  # ABI 4
_ALL_SCOPES: Final = 0b11  # ABI 6: abstract sockets and signals
_OWN: Final = (
    _READ_FILE | _READ_DIR | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM | _REFER
) | _TRUNCATE
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES: Final = _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE
_PATH_BENEATH: Final = 1
_VERSION: Final = 1

_DEVICES: Final = {
    "/dev/null": _READ_FILE | _WRITE_FILE,
    "/dev/zero": _READ_FILE,
    "/dev/random": _READ_FILE,
    "/dev/urandom": _READ_FILE,
}


def restrict_files(folder: str, trees: Iterable[str]) -> None:
    """Leaves this process its own folder, to read the trees, and four devices; raises OSError where that cannot be."""
    version = system_call("landlock_create_ruleset", None, 0, _VERSION)
    if version < LEAST:
        raise OSError(0, f"this kernel has version {version} of Landlock, {LEAST} is needed (Linux 6.2)", "landlock")
    fields = (
        _ALL_FILES[5 if version >= 5 else 3],
        _ALL_TCP if version >= 4 else 0,
        _ALL_SCOPES if version >= 6 else 0,
    )
    size = 3 if version >= 6 else 2 if version >= 4 else 1
    attributes = (ctypes.c_uint64 * 3)(*fields)
    rules = system_call("landlock_create_ruleset", ctypes.byref(attributes), size * 8, 0)
    try:
        _allow(rules, folder, _OWN)
        for tree in trees:
            _allow(rules, tree, _READ)
        for device, rights in _DEVICES.items():
            _allow(rules, device, rights)
        call("prctl", 38, 1, 0, 0, 0)
        system_call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _allow(rules: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _ON_FILES
        system_call("landlock_add_rule", rules, _PATH_BENEATH, ctypes.byref(_PathBeneath(rights, place)), 0)
    finally:
        os.close(place)
