"""What a program may use of the machine: time, memory, files, threads."""

import os
import resource
from typing import Final

from metier_research.sandbox.launcher.order import BUBBLEWRAP, NAMESPACES, Order

THREADS: Final = 64
_FILES: Final = 64
_MIB: Final = 1024 * 1024


def set_limits(order: Order) -> None:
    """Sets the limits of this process and of all that it becomes. Raises OSError or ValueError when one is refused."""
    counted = 0 if order.strength in (NAMESPACES, BUBBLEWRAP) else _threads_of(os.getuid())
    limits = {
        resource.RLIMIT_CPU: order.cpu_s,
        resource.RLIMIT_AS: order.memory_mb * _MIB,
        resource.RLIMIT_FSIZE: order.disk_mb * _MIB,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_NPROC: counted + THREADS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for limit, wanted in limits.items():
        _, most = resource.getrlimit(limit)
        least = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(limit, (least, least))


def _threads_of(user: int) -> int:
    """Returns how many threads the user has now: outside a namespace of its own, the kernel counts those too."""
    count = 0
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{process}").st_uid == user:
                count += len(os.listdir(f"/proc/{process}/task"))
        except OSError:  # it ended meanwhile
            continue
    return count
