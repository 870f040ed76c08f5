"""What `metier sglang serve` will start: decided before anything is started."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from metier.home import make_folder, toolkit_folder, write_atomically
from metier_sglang.serving.launch.flags import (
    ServeOptions,
    check_options,
    router_command,
    server_command,
    with_family,
    worker_port,
)
from metier_sglang.serving.launch.launching import Launch
from metier_sglang.serving.launch.program import find_program, server_env
from metier_sglang.serving.weights.families import Family, find_family
from metier_sglang.serving.weights.folder import Weights, read_weights

FLOAT32 = "float32"  # on CPUs without AMX it is the fastest


@dataclass(frozen=True, slots=True)
class Plan:
    """The programs to start and what is known of the weights."""

    weights: Weights
    family: Family | None
    options: ServeOptions
    workers: tuple[Launch, ...]
    router: Launch | None

    @property
    def launches(self) -> tuple[Launch, ...]:
        """Returns all programs, in the order in which they are started."""
        return (*self.workers, *([self.router] if self.router else []))


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that a server shall ask for. Nothing shows them."""

    api: str = field(default="", repr=False)
    admin: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.api or self.admin)

    def text(self) -> bytes:
        """Returns the configuration file, YAML, that gives the keys to SGLang."""
        named = {"api-key": self.api, "admin-api-key": self.admin}
        return "".join(f"{name}: {json.dumps(key)}\n" for name, key in named.items() if key).encode()


def make_plan(options: ServeOptions, python: Path | None, *, home: Path, env: Mapping[str, str], keys: Keys) -> Plan:
    """Returns what is to be started for `options`; starts and writes nothing.

    Raises InputError and MissingError for options that do not fit, and for what is not on this machine.
    """
    weights = read_weights(options.model)
    family = find_family(options.model, config=weights.config, template=weights.template)
    logs = logs_folder(home)
    tool, reasoning = with_family(options, family)
    options = replace(
        options,
        model=weights.model,
        served_name=options.served_name or _served_name(weights.model),
        tool_parser=tool,
        reasoning_parser=reasoning,
        dtype=options.dtype or (FLOAT32 if options.device == "cpu" else ""),
        keys=str(logs.parent / f"keys-{options.port}.yaml") if keys else "",
    )
    check_options(options)
    return Plan(weights, family, options, *_launches(options, python, logs, server_env(env, device=options.device)))


@contextmanager
def keep_keys(plan: Plan, keys: Keys) -> Iterator[None]:
    """Keeps the file that gives the keys to SGLang while it starts, see `drop_keys`; only its owner can read it."""
    if not plan.options.keys:
        yield
        return
    path = Path(plan.options.keys)
    make_folder(path.parent)
    write_atomically(path, keys.text(), mode=0o600)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def drop_keys(plan: Plan) -> None:
    """Removes the file of the keys once all that was started answers and so has read it: a kill can not leave it."""
    if plan.options.keys and all(launch.answers for launch in plan.launches):
        Path(plan.options.keys).unlink(missing_ok=True)


def logs_folder(home: Path) -> Path:
    """Returns the folder of servers' logs below `home`. Does not make it."""
    return toolkit_folder(home, "sglang") / "logs"


def _launches(
    options: ServeOptions, python: Path | None, logs: Path, env: Mapping[str, str]
) -> tuple[tuple[Launch, ...], Launch | None]:
    program = find_program(python)

    def launch(name: str, command: list[str], host: str, port: int, *, answers: bool = True) -> Launch:
        return Launch(name, command, host, port, logs / f"{options.served_name}-{port}.log", env, answers)

    if options.workers == 1:
        head = options.node_rank == 0
        command = server_command(program, options)
        return (launch("server", command, options.host, options.port, answers=head),), None
    workers = tuple(
        launch(f"worker {n}", server_command(program, options, worker=n), "127.0.0.1", worker_port(options, n))
        for n in range(options.workers)
    )
    routing = router_command(find_program(python, module="sglang_router"), options)
    return workers, launch("router", routing, options.host, options.port)


def _served_name(model: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", Path(model).name).strip("-.") or "model"
