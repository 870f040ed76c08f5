"""Command lines for the packages of a `server.json`: which package manager starts one, and with what. Pure.

No shell reads them. A publisher chooses neither the program (each kind of package has its own) nor an argument by which
that program would run something else than the package.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from metier.errors import InputError
from metier.servers.catalog.formats.filling import Filling
from metier.servers.catalog.formats.manifest import Package
from metier.servers.definition import Program

_VERSION = r"[0-9A-Za-z][0-9A-Za-z.+_!-]*"
_FETCHED = {"mcpb": "it is an archive to be downloaded and unpacked", "cargo": "nothing runs it without installing it"}


@dataclass(frozen=True, slots=True)
class Runner:
    """The program that starts packages of one kind: what it is told, and which of its flags a publisher may set.

    `takes` are short flags with a value of their own; a long one gets its value after `=`. `ignored` are arguments that
    metier gives anyway.
    """

    command: str
    identifier: re.Pattern[str]
    spec: Callable[[str, str], str]
    flags: frozenset[str]
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()


def _at(name: str, version: str) -> str:
    return f"{name}@{version}" if version else name


def _equal(name: str, version: str) -> str:
    return f"{name}=={version}" if version else name


def _tagged(name: str, version: str) -> str:
    has_tag = ":" in name.rpartition("/")[2] or "@" in name
    return f"{name}:{version}" if version and not has_tag else name


_NPX = Runner(
    "npx",
    re.compile(r"(?:@[a-z0-9~][a-z0-9._~-]*/)?[A-Za-z0-9~_][A-Za-z0-9._~-]*"),
    _at,
    flags=frozenset({"--quiet", "--silent", "--offline", "--prefer-offline", "--prefer-online", "--ignore-scripts"}),
    first=("-y",),
    ignored=frozenset({"-y", "--yes"}),
)
_UVX = Runner(
    "uvx",
    re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]+\])?"),
    _equal,
    flags=frozenset(
        {"--with", "--python", "--prerelease", "--isolated", "--quiet", "--offline", "--refresh", "--no-cache"}
    ),
)
_DOCKER = Runner(
    "docker",
    re.compile(r"[a-z0-9][A-Za-z0-9._/:-]*(?:@sha256:[a-f0-9]{64})?"),
    _tagged,
    flags=frozenset(
        {
            *("--env", "--mount", "--volume", "--tmpfs", "--read-only", "--workdir", "--user", "--init", "--pull"),
            *("--network", "--publish", "--add-host", "--platform", "--name", "--hostname", "--label", "--cap-drop"),
            *("--memory", "--cpus", "--gpus", "--shm-size", "--pids-limit"),
        }
    ),
    first=("run", "-i", "--rm"),
    takes=frozenset({"-e", "-v", "-p", "-w", "-u", "-m", "-l", "-h"}),
    ignored=frozenset({"run", "-i", "--rm", "--interactive"}),
)
_DNX = Runner(
    "dnx",
    re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*"),
    _at,
    flags=frozenset({"--prerelease", "--allow-roll-forward", "--verbosity"}),
    last=("--yes", "--"),
    ignored=frozenset({"-y", "--yes"}),
)
_RUNNERS = {"npm": _NPX, "pypi": _UVX, "oci": _DOCKER, "nuget": _DNX}


def fault_of_package(package: Package) -> str:
    """Returns why metier cannot start the package, or an empty string."""
    runner = _RUNNERS.get(package.registry_type)
    if runner is None:
        reason = _FETCHED.get(package.registry_type, "metier knows no program that starts it")
        return f"a package of type {package.registry_type[:40]!r} cannot be started: {reason}."
    if package.transport.type != "stdio":
        return f"it speaks {package.transport.type}, and metier speaks to programs over stdio only."
    if package.runtime_hint not in ("", runner.command):
        return (
            f"it asks to be run by {package.runtime_hint[:40]!r}, and packages of its type are run by {runner.command}."
        )
    if not runner.identifier.fullmatch(package.identifier):
        return f"{package.identifier[:80]!r} is no name of a package of type {package.registry_type}."
    if package.version is not None and not re.fullmatch(_VERSION, package.version):
        return f"{package.version[:80]!r} is no version of a package."
    return ""


def program_of(package: Package, filling: Filling) -> Program:
    """Returns the program that starts the package; raises InputError for one that cannot be started."""
    fault = fault_of_package(package)
    if fault:
        raise InputError(f"The package {package.identifier[:80]!r} cannot be used: {fault}")
    runner = _RUNNERS[package.registry_type]
    env = filling.entries(package.environment_variables)
    args = [
        *runner.first,
        *(_passed_on(env) if package.registry_type == "oci" else ()),
        *_runtime_arguments(runner, filling.arguments(package.runtime_arguments)),
        runner.spec(package.identifier, package.version or ""),
        *runner.last,
        *filling.arguments(package.package_arguments),
    ]
    return Program(runner.command, tuple(args), env)


def _runtime_arguments(runner: Runner, given: Sequence[str]) -> list[str]:
    """Returns the arguments for the runner itself: flags of its list, so that nothing but the package is run."""
    kept: list[str] = []
    waiting = list(reversed([text for text in given if text not in runner.ignored]))
    while waiting:
        text = waiting.pop()
        flag, joined, _ = text.partition("=")
        if text in runner.takes and waiting:
            kept += [text, waiting.pop()]
        elif flag not in runner.flags:
            raise InputError(
                f"The server.json gives {runner.command} the argument {text[:80]!r}, which metier does not pass on.",
                hint=f"Register the command yourself if you trust it: metier mcp add NAME -- {runner.command} ...",
            )
        elif not joined and waiting and not waiting[-1].startswith("-"):
            kept.append(f"{text}={waiting.pop()}")
        else:
            kept.append(text)
    return kept


def _passed_on(env: Mapping[str, str]) -> list[str]:
    """Returns the arguments that pass variables into a container by name, so that no value is on the command line."""
    return [part for name in env for part in ("-e", name)]
