"""The command lines of a server and of the router in front of several. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from metier.errors import InputError
from metier_sglang.serving.weights.families import Family

LORA_RANK = "64"  # the largest that adapters may have
WORKER_PORT = 1  # the first worker behind a router listens this far above it


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What a server is started with. None and "" leave it to SGLang.

    `context` is in tokens. `workers` above 1 are servers of their own behind SGLang's router, each on
    `tensor_parallel` times `data_parallel` GPUs. `keys` is the path of a file that holds the keys; they are never on a
    command line. `extra` is passed on as it is.
    """

    model: str
    host: str = "127.0.0.1"
    port: int = 30000
    served_name: str = ""
    tool_parser: str = ""
    reasoning_parser: str = ""
    context: int | None = None
    memory_fraction: float | None = None
    max_running: int | None = None
    max_queued: int | None = None
    chunked_prefill: int | None = None
    tensor_parallel: int = 1
    data_parallel: int = 1
    workers: int = 1
    device: str = ""
    dtype: str = ""
    quantization: str = ""
    lora: bool = False
    deterministic: bool = False
    remote_code: bool = False
    nodes: int = 1
    node_rank: int = 0
    head_address: str = ""
    keys: str = ""
    extra: tuple[str, ...] = field(default=())


def with_family(options: ServeOptions, family: Family | None) -> tuple[str, str]:
    """Returns the tool parser and the reasoning parser: those asked for, else the family's; "none" is none."""
    tool = options.tool_parser or (family.tool_parser if family else "")
    reasoning = options.reasoning_parser or (family.reasoning_parser if family else "")
    return ("" if tool == "none" else tool), ("" if reasoning == "none" else reasoning)


def check_options(options: ServeOptions) -> None:
    """Raises InputError for options that no server could be started with."""
    counts = (options.tensor_parallel, options.data_parallel, options.workers, options.nodes)
    if min(counts) < 1 or (options.context is not None and options.context < 1):
        raise InputError("Counts of GPUs, workers, nodes and tokens are 1 or more.", hint="Look at the numbers given.")
    if options.memory_fraction is not None and not 0 < options.memory_fraction < 1:
        raise InputError(f"{options.memory_fraction} is no share of a GPU's memory.", hint="Give one like 0.85.")
    if not 0 < options.port <= 65535 - options.workers:
        raise InputError(f"{options.port} is no port.", hint="Give one from 1024 to 65000.")
    _check_several(options)


def _check_several(options: ServeOptions) -> None:
    if options.nodes > 1 and (not options.head_address or not 0 <= options.node_rank < options.nodes):
        raise InputError(
            "A server over several nodes needs --head HOST:PORT and a --node-rank below --nodes.",
            hint="Run the same command on every node, with its own --node-rank.",
        )
    if options.workers > 1 and options.nodes > 1:
        raise InputError("--workers and --nodes do not go together.", hint="Start a router over the nodes' servers.")
    if options.workers > 1 and options.keys:
        raise InputError(
            "The router takes its key on the command line only, where every user of the machine could read it.",
            hint="Serve one worker with a key, or put a proxy that asks for a key in front of the router.",
        )


def server_command(program: Sequence[str], options: ServeOptions, *, worker: int = 0) -> list[str]:
    """Returns the command that starts a server, or the worker number `worker` of several.

    `program` starts SGLang: ["sglang", "serve"], or a Python with ["-m", "sglang.launch_server"].
    """
    behind = options.workers > 1
    host, port = ("127.0.0.1", worker_port(options, worker)) if behind else (options.host, options.port)
    command = [*program, "--model-path", options.model, "--host", host, "--port", str(port)]
    command += _valued(
        {
            "--config": options.keys,
            "--served-model-name": options.served_name,
            "--tool-call-parser": options.tool_parser,
            "--reasoning-parser": options.reasoning_parser,
            "--context-length": options.context,
            "--mem-fraction-static": options.memory_fraction,
            "--max-running-requests": options.max_running,
            "--max-queued-requests": options.max_queued,
            "--chunked-prefill-size": options.chunked_prefill,
            "--dtype": options.dtype,
            "--quantization": options.quantization,
        }
    )
    command += ["--enable-metrics", "--enable-cache-report", "--enable-priority-scheduling"]
    command += ["--sleep-on-idle", "--incremental-streaming-output", "--constrained-json-disable-any-whitespace"]
    return [*command, *_parallel(options, worker), *_device(options), *_switches(options), *options.extra]


def router_command(program: Sequence[str], options: ServeOptions) -> list[str]:
    """Returns the command of the router in front of `options.workers` workers: it sends like prompts to one worker."""
    urls = [f"http://127.0.0.1:{worker_port(options, worker)}" for worker in range(options.workers)]
    place = ["--host", options.host, "--port", str(options.port)]
    return [*program, "--worker-urls", *urls, "--policy", "cache_aware", *place]


def worker_port(options: ServeOptions, worker: int) -> int:
    """Returns the port of the worker number `worker` behind the router."""
    return options.port + WORKER_PORT + worker


def shell_line(command: Sequence[str], *, env: Sequence[tuple[str, str]] = ()) -> str:
    """Returns the command as a shell takes it, one option on a line."""
    words = [f"{name}={shlex.quote(value)}" for name, value in env]
    for word in map(shlex.quote, command):
        words.append(f"\\\n  {word}" if word.startswith("--") else word)
    return " ".join(words)


def _valued(values: dict[str, str | int | float | None]) -> list[str]:
    given = ((flag, value) for flag, value in values.items() if value is not None and value != "")
    return [word for flag, value in given for word in (flag, str(value))]


def _parallel(options: ServeOptions, worker: int) -> list[str]:
    gpus = options.tensor_parallel * options.data_parallel
    return _valued(
        {
            "--tp-size": options.tensor_parallel if options.tensor_parallel > 1 else None,
            "--dp-size": options.data_parallel if options.data_parallel > 1 else None,
            "--base-gpu-id": worker * gpus if worker and options.device != "cpu" else None,
            "--nnodes": options.nodes if options.nodes > 1 else None,
            "--node-rank": options.node_rank if options.nodes > 1 else None,
            "--dist-init-addr": options.head_address,
        }
    )


def _device(options: ServeOptions) -> list[str]:
    if options.device != "cpu":
        return _valued({"--device": options.device})
    chosen = {"--attention-backend": "torch_native", "--sampling-backend": "pytorch"}
    return ["--device", "cpu", *(word for pair in chosen.items() for word in pair)]


def _switches(options: ServeOptions) -> list[str]:
    words = ["--enable-lora", "--max-lora-rank", LORA_RANK, "--lora-target-modules", "all"] if options.lora else []
    words += ["--enable-deterministic-inference"] if options.deterministic else []
    return [*words, *(["--trust-remote-code"] if options.remote_code else [])]
