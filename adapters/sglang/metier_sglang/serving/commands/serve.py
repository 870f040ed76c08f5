"""`metier sglang serve`."""

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from metier.cli.context import Harmless, one_line, open_console, seconds, size
from metier.errors import InputError, ServerError
from metier.home import home_folder
from metier.redaction import redaction_of
from metier_sglang.serving.commands.server import AdminKey, Key, read_key
from metier_sglang.serving.launch.flags import ServeOptions, shell_line
from metier_sglang.serving.launch.launching import Say, run_until_stopped
from metier_sglang.serving.launch.plan import Keys, Plan, drop_keys, keep_keys, make_plan
from metier_sglang.serving.launch.program import check_port
from metier_sglang.serving.weights.memory import cache_bytes, estimate, read_shape

RUNS = 8  # at a time, for which memory is told when --max-running does not say

app = typer.Typer(add_completion=False)

Python = Annotated[
    Path | None, typer.Option(help="The Python of the environment with sglang. Default: `sglang` on PATH.")
]
MemoryFraction = Annotated[
    float | None, typer.Option(help="The share of a GPU's memory for weights and cache, such as 0.85.")
]
ToolParser = Annotated[str, typer.Option(help="SGLang's parser of tool calls. Default: the family's; `none`.")]
Quantization = Annotated[str, typer.Option(help="How to quantise, such as fp8. Default: as the checkpoint is.")]


@app.command(context_settings={"allow_extra_args": True})
def serve(  # noqa: PLR0913 - a command has a parameter for each option
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A folder with config.json, or a repository as owner/name.")],
    python: Python = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; workers behind a router take the next ones.")] = 30000,
    name: Annotated[str, typer.Option(help="The model's name for clients. Default: the folder's.")] = "",
    length: Annotated[str, typer.Option("--context", help="Tokens of prompt and sample together, such as 128k.")] = "",
    memory_fraction: MemoryFraction = None,
    max_running: Annotated[int | None, typer.Option(help="Requests at a time.")] = None,
    max_queued: Annotated[int | None, typer.Option(help="Requests that may wait; more are sent away.")] = None,
    chunked_prefill: Annotated[int | None, typer.Option(help="Tokens of a prompt worked on at a time.")] = None,
    tensor_parallel: Annotated[int, typer.Option("--tensor-parallel", "--tp", help="GPUs that share a copy.")] = 1,
    data_parallel: Annotated[int, typer.Option("--data-parallel", "--dp", help="Copies in one server.")] = 1,
    workers: Annotated[int, typer.Option(help="Servers behind SGLang's cache-aware router.")] = 1,
    tool_parser: ToolParser = "",
    reasoning_parser: Annotated[str, typer.Option(help="Its parser of thinking. Default: the family's; `none`.")] = "",
    device: Annotated[str, typer.Option(help="cpu, for a trial with a small model. Default: the GPUs.")] = "",
    dtype: Annotated[str, typer.Option(help="The type of weights and activations. Default: the checkpoint's.")] = "",
    quantization: Quantization = "",
    lora: Annotated[bool, typer.Option("--lora", help="Let adapters be loaded.")] = False,
    deterministic: Annotated[bool, typer.Option("--deterministic", help="The same seed, the same sample.")] = False,
    remote_code: Annotated[bool, typer.Option("--trust-remote-code", help="Run Python that the model brings.")] = False,
    nodes: Annotated[int, typer.Option(help="Machines that share one copy.")] = 1,
    node_rank: Annotated[int, typer.Option(help="Which of them this is; 0 is the one that answers.")] = 0,
    head: Annotated[str, typer.Option(help="HOST:PORT of machine 0, for the others.")] = "",
    key: Key = "",
    admin_key: AdminKey = "",
    ready_within: Annotated[float, typer.Option(help="Seconds until it has to be ready.")] = 1800.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the exact commands and start nothing.")] = False,
) -> None:
    """Serve a model with SGLang, with flags that fit agents, until Ctrl-C.

    SGLang is started from its own environment. What follows `--` is passed on to it. The exact command and the memory
    that is needed are told first; logs are kept in metier's home.
    """
    keys = Keys(read_key(key), read_key(admin_key))
    options = ServeOptions(
        model=model,
        host=host,
        port=port,
        served_name=name,
        tool_parser=tool_parser,
        reasoning_parser=reasoning_parser,
        context=read_length(length),
        memory_fraction=memory_fraction,
        max_running=max_running,
        max_queued=max_queued,
        chunked_prefill=chunked_prefill,
        tensor_parallel=tensor_parallel,
        data_parallel=data_parallel,
        workers=workers,
        device=device,
        dtype=dtype,
        quantization=quantization,
        lora=lora,
        deterministic=deterministic,
        remote_code=remote_code,
        nodes=nodes,
        node_rank=node_rank,
        head_address=head,
        extra=tuple(context.args),
    )
    plan = make_plan(options, python, home=home_folder(), env=os.environ, keys=keys)
    _carry_out(plan, keys, None if dry_run else ready_within)


def _carry_out(plan: Plan, keys: Keys, ready_within: float | None) -> None:
    """Tells the plan, and starts what it plans unless `ready_within` is None."""
    console = open_console(error=True)
    for line in describe(plan):
        console.print(line, soft_wrap=True)
    output = open_console() if ready_within is None else console
    for launch in plan.launches:
        output.print(shell_line(launch.command, env=_shown_env(launch.env)), soft_wrap=True)
    if ready_within is None:
        console.print(use_of(plan), soft_wrap=True)
    else:
        _run(plan, keys, console, ready_within)


def read_length(text: str) -> int | None:
    """Returns a number of tokens: "32768", "32k" (times 1024), None for ""; raises InputError for anything else."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,9})([kK]?)", text.strip())
    if found is None:
        raise InputError(f"{text[:40]!r} is no number of tokens.", hint="Give one like 32768 or 128k.")
    return int(found[1]) * (1024 if found[2] else 1)


def describe(plan: Plan) -> list[str]:
    """Returns lines that say which family the weights are of, and which memory they need."""
    family, options = plan.family, plan.options
    lines = [f"Logs: {', '.join(str(launch.log) for launch in plan.launches)}"]
    if family is None:
        lines.append("metier does not know this family of weights: give --tool-parser and --reasoning-parser.")
    else:
        parsers = f"tools {options.tool_parser or 'none'}, thinking {options.reasoning_parser or 'none'}"
        lines.append(f"Family {family.name}: {parsers}.")
    if options.keys:
        lines.append(f"The keys are in {options.keys} while it starts, which only you can read.")
    return [*lines, *([_memory(plan)] if plan.weights.is_here else [])]


def use_of(plan: Plan) -> str:
    """Returns the line that says how to use what is served, with what its family needs beside the address."""
    options, family = plan.options, plan.family
    told = [f"format={family.format}&style={family.style}"] if family and family.style else []
    told += [family.sampling] if family and family.sampling else []
    address = f"sglang:http://{options.host}:{options.port}{'?' if told else ''}{'&'.join(told)}"
    return f'Use it: metier run TOOLKIT "..." --model {shlex.quote(address)}'


def _memory(plan: Plan) -> str:
    options = plan.options
    try:
        shape = read_shape(plan.weights.config)
    except InputError as error:
        return str(error)
    context, runs = options.context or shape.context, options.max_running or RUNS
    parallel = options.tensor_parallel
    need = estimate(shape, context=context, concurrency=runs, tensor_parallel=parallel, size=plan.weights.size)
    per_token = cache_bytes(shape, tensor_parallel=parallel)
    return (
        f"Memory of each GPU, estimated: weights {size(need.weights)}, cache {size(per_token)} per token; "
        f"{runs} runs of {context} tokens that share nothing: {size(need.cache)}, a GPU of {size(need.gpu)}."
    )


def _run(plan: Plan, keys: Keys, console: Console, ready_within: float) -> None:
    for launch in plan.launches:
        check_port(launch.host, launch.port)
    secrets = redaction_of(key for key in (keys.api, keys.admin) if key)

    def ready(took_s: float) -> None:
        drop_keys(plan)
        console.print(f"Ready after {seconds(took_s)}; stop with Ctrl-C.")
        console.print(use_of(plan), soft_wrap=True)

    with keep_keys(plan, keys), _show_phases(console) as say, _show_log(console):
        run_until_stopped(
            plan.workers, router=plan.router, secrets=secrets, deadline_s=ready_within, say=say, ready=ready
        )
    console.print("Stopped.")


@contextmanager
def _show_log(console: Console) -> Iterator[None]:
    """Prints the notes of an error, which are the end of a log, before it goes on."""
    try:
        yield
    except ServerError as error:
        for note in getattr(error, "__notes__", ()):
            console.print(Harmless(Text(note)), soft_wrap=True)
        raise


@contextmanager
def _show_phases(console: Console) -> Iterator[Say]:
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing SGLang", total=None)

        def say(name: str, phase: str) -> None:
            told = one_line(f"{name}: {phase}" if name else phase)
            progress.update(task, description=told)
            if not console.is_terminal:
                console.print(told)

        yield say


def _shown_env(env: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (name, env[name]) for name in ("SGLANG_USE_CPU_ENGINE", "OMP_NUM_THREADS") if "SGLANG_USE_CPU_ENGINE" in env
    ]
