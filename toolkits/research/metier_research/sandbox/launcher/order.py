"""What the launcher is told: written by the one who starts it, read by the new process from its standard input."""

import json
from typing import Final, NamedTuple

BUBBLEWRAP: Final = "bubblewrap"
NAMESPACES: Final = "namespaces"
SECCOMP: Final = "seccomp"
LIMITS: Final = "limits"
NONE: Final = "none"

INSIDE: Final = "/tmp"
"""The program's own folder, where it has a file system of its own."""
PROGRAM: Final = "program.py"


class Order(NamedTuple):  # no dataclass: loading those takes a fifth of the launcher's time
    """One program to run. `folder` is where it works; `trees` are the folders and files that it may read.

    `python` is the interpreter, `packages` are folders to import from. `status` is the descriptor on which the
    launcher says why it could not start the program; it is closed, with nothing written, when it could.
    """

    strength: str
    code: str
    python: str
    folder: str
    trees: tuple[str, ...]
    packages: tuple[str, ...]
    memory_mb: int
    cpu_s: int
    disk_mb: int
    status: int

    def dump(self) -> bytes:
        """Returns the order as JSON."""
        return json.dumps(self._asdict()).encode()

    @classmethod
    def load(cls, data: bytes) -> "Order":
        """Returns the order in `data`, which `dump` wrote."""
        fields = json.loads(data)
        return cls(**{**fields, "trees": tuple(fields["trees"]), "packages": tuple(fields["packages"])})


def write_program(order: Order, folder: str) -> None:
    """Writes the program into a folder; raises OSError."""
    with open(f"{folder}/{PROGRAM}", "wb") as file:
        file.write(order.code.encode())


def command_of(order: Order) -> list[str]:
    """Returns the command line of the program: no site-packages, no user folder, nothing imported from where it is."""
    return [order.python, "-u", "-s", "-S", "-P", "-B", "-X", "utf8", PROGRAM]


def environment_of(order: Order) -> dict[str, str]:
    """Returns the whole environment of the program. The order of sets is the same in each run."""
    environment = {
        "HOME": order.folder,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin",
        "PYTHONHASHSEED": "0",
        "TMPDIR": order.folder,
        "TZ": "UTC",
    }
    return {**environment, "PYTHONPATH": ":".join(order.packages)} if order.packages else environment
