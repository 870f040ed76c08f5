"""The real SGLang server on this machine's CPU, for the tests.

METIER_SGLANG_PYTHON names the Python of another environment with sglang, and METIER_SGLANG_DEVICE=cuda a server for
its GPU.
"""

import os
import shlex
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from metier_sglang.serving.launch.process import ServerProcess
from metier_sglang.serving.launch.readiness import is_ready, wait_until_ready
from tests.adapters.sglang.cpu.installing import HOW, PYTHON, is_installed

Verdict: TypeAlias = Literal["run", "skip", "fail"]

HOST = "127.0.0.1"
SKIP = "METIER_SKIP_SGLANG"
READY_S = 300.0
_AGENTS = shlex.split("""
    --context-length 4096 --max-total-tokens 16384 --max-running-requests 8 --tool-call-parser qwen
    --reasoning-parser qwen3 --grammar-backend xgrammar --constrained-json-disable-any-whitespace
    --enable-metrics --enable-cache-report --enable-priority-scheduling --skip-server-warmup --sleep-on-idle
    --incremental-streaming-output
""")
_CPU = shlex.split("--device cpu --attention-backend torch_native --sampling-backend pytorch --dtype float32")
_CPU_ENV = {"SGLANG_USE_CPU_ENGINE": "1", "OMP_NUM_THREADS": "1"}
_ENV = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that is up. `kill` ends it as a crash of the machine would."""

    url: str
    process: ServerProcess = field(repr=False)

    @property
    def log(self) -> Path:
        return self.process.log

    def kill(self) -> None:
        self.process.kill()


def require_server() -> None:
    """Fails the test where there is no server; skips it when METIER_SKIP_SGLANG=1 says that this is known."""
    missing = f"the SGLang server for CPUs is not installed; run: {HOW}"
    match decide(os.environ, installed=is_installed()):
        case "fail":
            pytest.fail(f"{missing} (or set {SKIP}=1)")
        case "skip":
            pytest.skip(missing)


def decide(env: Mapping[str, str], *, installed: bool) -> Verdict:
    """Returns what becomes of a test that needs the server, in the environment `env`."""
    if env.get("METIER_SGLANG_PYTHON") or installed:
        return "run"
    return "skip" if env.get(SKIP) == "1" else "fail"


@contextmanager
def serve(
    model: Path, folder: Path, *extra: str, name: str = "tiny", env: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """Gives a server of the weights in the folder `model`, ready; its log is kept in `folder`.

    `extra` are more of SGLang's options. It and all that it started are killed at the end. Raises ServerError with the
    end of its log when it does not come up. LoRA needs a GPU: SGLang 0.5.23 pins its adapters' memory.
    """
    port = free_port()
    command = [*_command(model, port), "--served-model-name", name, *extra]
    log = folder / f"sglang-{port}.log"
    with ServerProcess(command, env=_environment(env or {}), log=log, folder=folder) as process:
        wait_until_ready(process, partial(is_ready, HOST, port), deadline_s=READY_S)
        yield RunningServer(f"http://{HOST}:{port}", process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _on_cpu() -> bool:
    return os.environ.get("METIER_SGLANG_DEVICE", "cpu") == "cpu"


def _command(model: Path, port: int) -> Sequence[str]:
    python = os.environ.get("METIER_SGLANG_PYTHON") or str(PYTHON)
    place = ["--model-path", str(model), "--host", HOST, "--port", str(port)]
    return [python, "-W", "ignore", "-m", "sglang.launch_server", *place, *_AGENTS, *(_CPU if _on_cpu() else ())]


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **_ENV, **(_CPU_ENV if _on_cpu() else {}), **extra}
