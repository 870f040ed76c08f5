"""What the log of a server tells. Pure.

The phrases are those of SGLang 0.5.23 and of PyTorch; a line that says nothing known is no error.
"""

import re
from typing import NamedTuple

_PHASES = (
    (re.compile(r"server_args="), "starting the workers"),
    (re.compile(r"Init (parallel|torch distributed) begin"), "joining the workers"),
    (re.compile(r"Load weight begin"), "loading weights"),
    (re.compile(r"Load weight end"), "reserving memory for the cache"),
    (re.compile(r"Capture .*graph.* begin"), "capturing graphs"),
    (re.compile(r"Application startup complete|Uvicorn running on"), "answering a first request"),
    (re.compile(r"ready to roll"), "ready"),
)


class Cause(NamedTuple):
    """A usual cause of death: what it looks like, what happened, what to do."""

    pattern: re.Pattern[str]
    message: str
    hint: str


_CAUSES = (
    Cause(
        re.compile(r"No module named '?sglang\b"),
        "That Python has no sglang.",
        "Install sglang in an environment of its own and give its Python with --python.",
    ),
    Cause(
        re.compile(
            r"address already in use|port .* is (already in use|not available)|Port \d+ is in use", re.IGNORECASE
        ),
        "The port is taken.",
        "Choose another with --port.",
    ),
    Cause(
        re.compile(r"out of memory|OutOfMemoryError|Not enough memory", re.IGNORECASE),
        "There is not enough memory for the weights and the cache.",
        "Give a smaller --context or --memory-fraction, more GPUs with --tensor-parallel, or a quantised checkpoint.",
    ),
    Cause(
        re.compile(
            r"not supported for now|architectures? .* (is|are) not supported|does not recognize this architecture",
            re.IGNORECASE,
        ),
        "This release of SGLang does not know the model's architecture.",
        "Use a newer SGLang, or another model.",
    ),
    Cause(
        re.compile(
            r"No CUDA GPUs are available|CUDA driver|libcuda|Torch not compiled with CUDA|No accelerator|NVIDIA driver",
            re.IGNORECASE,
        ),
        "There is no usable CUDA GPU.",
        "Check nvidia-smi and that the driver fits the installed PyTorch; for a trial on a CPU give --device cpu.",
    ),
    Cause(
        re.compile(
            r"No such file or directory: '[^']*config\.json'|is not a valid model identifier"
            r"|Can't load the configuration|OfflineMode"
        ),
        "The model was not found.",
        "Give a folder that holds config.json, or the name of a repository that this machine can reach.",
    ),
    Cause(
        re.compile(r"unrecognized arguments?: (.*)"),
        "This release of SGLang does not know an option.",
        "Use --dry-run to see the command, and the SGLang release that the documentation names.",
    ),
)
_CRASH = re.compile(r"Subprocess (\S+) \(pid=\d+\) crashed with exit code (-?\d+)")
_KILLED_HINT = "Often the machine's memory ran out: see the kernel's log."
_ERROR = re.compile(r"^(?:\[[^\]]*\] )?((?:\w+\.)*\w*(?:Error|Exception): .+)$", re.MULTILINE)


def phase_of(line: str) -> str:
    """Returns the phase of a start that a line of the log begins, "" when it begins none."""
    return next((name for pattern, name in _PHASES if pattern.search(line)), "")


def tells_crash(line: str) -> bool:
    """Returns whether a line of the log says that a process of the server crashed: SGLang ends a minute later."""
    return _CRASH.search(line) is not None


def explain_death(code: int | None, log: str) -> tuple[str, str]:
    """Returns what happened to a server that ended with exit code `code`, None when only a part of it did.

    `log` is the end of what it wrote. The second text says what to do next.
    """
    ended = "A process of the server ended." if code is None else f"The server ended (exit {code})."
    for cause in _CAUSES:
        if cause.pattern.search(log):
            return f"{ended} {cause.message}", cause.hint
    crash = _CRASH.search(log)
    if crash and crash[2] == "-9":
        return f"{ended} Its {crash[1]} was killed from outside.", _KILLED_HINT
    if errors := _ERROR.findall(log):
        return f"{ended} {errors[-1].strip()}", "Its last lines tell more."
    if code in (-9, 137):
        return f"{ended} It was killed from outside.", _KILLED_HINT
    return f"{ended} It did not say why.", "Its last lines may tell more."
