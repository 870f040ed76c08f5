"""Namespaces of its own: a file system with only some trees, no network, no other process, another user.

After Linux's user_namespaces(7), pid_namespaces(7) and pivot_root(2).
"""

import ctypes
import os
from collections.abc import Iterable
from typing import Final

from metier_research.sandbox.launcher.kernel import call, system_call
from metier_research.sandbox.launcher.order import INSIDE

_NEW: Final = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000 | 0x02000000
"""A user, mount, process, network, IPC, host name and cgroup namespace."""

_USER: Final = 1000
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_BIND, _RECURSIVE, _SLAVE, _DETACH = 0x1000, 0x4000, 0x80000, 2
_HERE, _ALL_BELOW = -100, 0x8000
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_ROOT: Final = "mode=0755,size=1m,nr_inodes=2048"
_INODES: Final = 1024


def enter_namespaces() -> None:
    """Moves this process into namespaces of its own, where it is an ordinary user; raises OSError."""
    user, group = os.geteuid(), os.getegid()
    call("unshare", _NEW)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{_USER} {user} 1")
    _write("/proc/self/gid_map", f"{_USER} {group} 1")


def build_root(trees: Iterable[str], disk_mb: int) -> None:
    """Leaves this process a file system made of the trees, to be read only, four devices, and a folder of its own.

    That folder is in memory and holds `disk_mb`. Raises OSError.
    """
    real = {tree: os.path.realpath(tree) for tree in (*trees, *_DEVICES)}
    _mount("", "/", "", _RECURSIVE | _SLAVE)
    _mount("tmpfs", INSIDE, "tmpfs", _NO_SETUID | _NO_DEVICES, _ROOT)
    os.mkdir(f"{INSIDE}/old")
    os.mkdir(f"{INSIDE}/new")
    system_call("pivot_root", _path(INSIDE), _path(f"{INSIDE}/old"))
    os.chdir("/")
    _mount("tmpfs", "/new", "tmpfs", _NO_SETUID | _NO_DEVICES, _ROOT)
    os.mkdir(f"/new{INSIDE}")
    own = f"mode=0700,size={disk_mb}m,nr_inodes={_INODES}"
    _mount("tmpfs", f"/new{INSIDE}", "tmpfs", _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS, own)
    for place, source in real.items():
        kept_out = _NO_PROGRAMS if place in _DEVICES else _NO_DEVICES
        _bind(source, place, _READ_ONLY | _NO_SETUID | kept_out)
    os.chdir("/new")
    system_call("pivot_root", _path("."), _path("."))
    call("umount2", _path("."), _DETACH)
    os.chdir("/")
    _set_attributes("/", _READ_ONLY, below=False)


def _bind(path: str, place: str, attributes: int) -> None:
    source, target = f"/old{path}", f"/new{place}"
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _write(target, "")
    _mount(source, target, "", _BIND | _RECURSIVE)
    _set_attributes(target, attributes, below=True)


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    call("mount", _path(source), _path(target), _path(kind), flags, _path(options) if options else None)


def _set_attributes(path: str, attributes: int, *, below: bool) -> None:
    fields = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    system_call("mount_setattr", _HERE, _path(path), _ALL_BELOW if below else 0, ctypes.byref(fields), 32)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _path(text: str) -> ctypes.c_char_p:
    return ctypes.c_char_p(os.fsencode(text))
