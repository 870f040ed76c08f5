"""Where SGLang is on this machine: in an environment of its own, never in metier's."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from metier.errors import InputError, MissingError

ASKED_S = 30.0
_HINT = "Install sglang in an environment of its own and give its Python with --python."


def find_program(python: Path | None, *, module: str = "sglang") -> list[str]:
    """Returns how SGLang is started, up to its options: with `python`, or the `sglang` on PATH when None.

    `module` is "sglang", or "sglang_router" for the router. Raises MissingError where it is not installed.
    """
    if python is None:
        program = {"sglang": ["sglang", "serve"], "sglang_router": ["sglang-router", "launch"]}[module]
        if shutil.which(program[0]) is None:
            raise MissingError(f"There is no {program[0]} on PATH.", hint=_HINT)
        return program
    found = shutil.which(str(python))
    if found is None:
        raise MissingError(f"{python} is no program.", hint=_HINT)
    path = os.path.abspath(found)  # not resolved: a link is what makes it the Python of its environment
    if not _has(path, module):
        raise MissingError(f"{python} has no {module}.", hint=_HINT)
    return [path, "-m", {"sglang": "sglang.launch_server", "sglang_router": "sglang_router.launch_router"}[module]]


def check_port(host: str, port: int) -> None:
    """Raises InputError when `port` cannot be listened on: SGLang would find out after a minute."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InputError(
                f"Cannot listen on {host}:{port}: {error.strerror or error}.", hint="Choose another with --port."
            ) from error


def server_env(environment: Mapping[str, str], *, device: str) -> dict[str, str]:
    """Returns the environment of a server: `environment`, and what SGLang needs to run on a CPU."""
    env = {**environment, "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1"}
    if device == "cpu":
        env["SGLANG_USE_CPU_ENGINE"] = "1"
        env.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) - 1)))
    return env


def _has(python: str, module: str) -> bool:
    program = "import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)"
    command: Sequence[str] = [python, "-I", "-c", program, module]
    try:
        return subprocess.run(command, capture_output=True, timeout=ASKED_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
