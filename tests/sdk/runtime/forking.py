"""A process that has imported metier, and forks: what each program would spend on imports is spent once.

`python -m tests.sdk.runtime.forking MODULE...` imports the modules. Each line of its input is a program to run as
`python -m` would, in a process of its own: the module, its arguments, and what is set in its environment. The answer is
a line with the exit code, negative for a signal, and what the program printed.
"""

import json
import os
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

ROOT = Path(__file__).parents[3]


class Forks:
    """Runs modules as programs, forked from a process that has imported `modules`. Close it to end that process."""

    def __init__(self, *modules: str) -> None:
        command = [sys.executable, "-m", "tests.sdk.runtime.forking", *modules]
        self._parent = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.communicate()

    def run(self, module: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Returns the exit code of the program and what it printed."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{json.dumps([module, arguments, environment])}\n")
        self._parent.stdin.flush()
        code, printed = json.loads(self._parent.stdout.readline())
        return code, printed


def enter(module: str, arguments: list[str], environment: dict[str, str], output: int) -> None:
    """Becomes the program: with its arguments and environment, nothing to read, and `output` as where it prints."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(output, sys.stdout.fileno())
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    """Imports, then forks until the input ends. Only a child leaves otherwise: as its program does."""
    for name in sys.argv[1:]:
        import_module(name)
    while line := sys.stdin.readline():
        with TemporaryFile() as output:
            child = os.fork()
            if child == 0:
                return enter(*json.loads(line), output.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output.seek(0)
            sys.stdout.write(f"{json.dumps([code, output.read().decode()])}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
