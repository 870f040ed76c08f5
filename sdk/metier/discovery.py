"""Which plug-ins are installed, toolkits first of all, and loading one. Listing imports none of them."""

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, entry_points
from urllib.parse import unquote, urlsplit

from metier.errors import MetierError, MissingError
from metier.toolkit import API_VERSION, Need, Settings, Toolkit

__all__ = [
    "COMMANDS",
    "GROUP",
    "MODELS",
    "RESERVED",
    "Found",
    "ask_needs",
    "check_plugins",
    "check_toolkits",
    "fault_of_name",
    "find_plugins",
    "find_toolkits",
    "load_plugin",
    "load_toolkit",
]

GROUP = "metier.toolkits"
MODELS = "metier.models"  # name, the prefix of a model string -> what opens the model that the rest of it names
COMMANDS = "metier.commands"  # name -> a typer app, whose commands are those of `metier NAME`
RESERVED = frozenset(
    {
        "demo",
        "doctor",
        "gateway",
        "eval",
        "help",
        "mcp",
        "new",
        "resume",
        "rl",
        "run",
        "runs",
        "synth",
        "toolkits",
        "trace",
    }
)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Found:
    """An installed plug-in. `location` is the folder it is installed in; `error` says why it cannot be used."""

    name: str
    distribution: str
    version: str
    location: str
    error: str = ""


def find_toolkits() -> tuple[Found, ...]:
    """Returns every installed toolkit by name, importing none.

    METIER_TOOLKITS, a list with commas, leaves only those it names. `error` is set here for names that cannot be used.
    """
    return find_plugins(GROUP)


def find_plugins(group: str) -> tuple[Found, ...]:
    """Returns every installed plug-in of an entry point group by name, importing none."""
    return tuple(found for found, _ in _scan(group))


def check_plugins(group: str) -> tuple[tuple[Found, object], ...]:
    """Returns every installed plug-in of the group with what it names, or with None and its `error` where that fails.

    Only the loading is tried: what a group demands of its plug-ins is for the caller to check.
    """
    return tuple(_load(found, entry) for found, entry in _scan(group))


def load_plugin(group: str, name: str) -> object:
    """Returns what the plug-in names; raises MissingError for one that is not installed or broken."""
    for found, entry in _scan(group):
        if found.name == name:
            checked, loaded = _load(found, entry)
            if loaded is None:
                raise _broken(f"plug-in {group}:{name}", checked)
            return loaded
    raise MissingError(f"There is no plug-in {name!r} of the group {group}.", hint="Install what gives it.")


def check_toolkits() -> tuple[tuple[Found, Toolkit | None], ...]:
    """Returns every installed toolkit with its plug-in loaded, or with None and its `error` where that fails."""
    return tuple(_try(found, entry) for found, entry in _scan(GROUP))


def load_toolkit(name: str) -> Toolkit:
    """Returns the toolkit; raises MissingError for one that is not installed, not allowed or broken."""
    installed = _scan(GROUP)
    for found, entry in installed:
        if found.name == name:
            checked, toolkit = _try(found, entry)
            if toolkit is None:
                raise _broken(f"toolkit {name!r}", checked)
            return toolkit
    raise _missing(name, [found.name for found, _ in installed])


def ask_needs(toolkit: Toolkit, settings: Settings) -> tuple[Need, ...]:
    """Returns what the toolkit says it needs; where it fails to say, that it has to be mended."""
    if toolkit.needs is None:
        return ()
    try:
        return tuple(toolkit.needs(settings))
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        said = f"It cannot say what it needs: {type(error).__name__}: {error}".splitlines()[0]
        return (Need(toolkit.name, "package", present=False, required=True, fix=said[:300]),)


def fault_of_name(name: str) -> str:
    """Returns why no toolkit, model adapter or group of commands may have this name, or an empty string."""
    if not _NAME.fullmatch(name):
        return f"{name!r} is no name of a plug-in: lower-case letters, digits, '_' and '-', at most 40."
    return f"{name!r} is a command of metier itself." if name in RESERVED else ""


def _scan(group: str) -> Sequence[tuple[Found, EntryPoint]]:
    stated = os.environ.get("METIER_TOOLKITS", "") if group == GROUP else ""
    allowed = {name.strip() for name in stated.split(",") if name.strip()}
    entries = [entry for entry in entry_points(group=group) if not allowed or entry.name in allowed]
    count = Counter(entry.name for entry in entries)
    found = [(_describe(entry, twice=count[entry.name] > 1), entry) for entry in entries]
    return sorted(found, key=lambda pair: (pair[0].name, pair[0].distribution))


def _describe(entry: EntryPoint, *, twice: bool) -> Found:
    error = fault_of_name(entry.name) or ("Two installed packages give one of this name." if twice else "")
    if entry.dist is None:
        return Found(entry.name, "", "", "", error)
    return Found(entry.name, entry.dist.name, entry.dist.version, _location(entry.dist), error)


def _location(distribution: Distribution) -> str:
    """Returns the source folder of an editable install, or the folder the distribution lies in."""
    origin = distribution.read_text("direct_url.json")
    if origin is not None:
        try:
            told = json.loads(origin)
            if told["dir_info"].get("editable"):
                return unquote(urlsplit(told["url"]).path)
        except (ValueError, LookupError, AttributeError, TypeError):
            pass  # a record of another shape says nothing about the place
    return str(distribution.locate_file(""))


def _load(found: Found, entry: EntryPoint) -> tuple[Found, object]:
    if found.error:
        return found, None
    try:
        return found, entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module may raise anything
        said = error.message if isinstance(error, MetierError) else str(error)
        return replace(found, error=f"{type(error).__name__}: {said or 'no message'}".splitlines()[0][:300]), None


def _try(found: Found, entry: EntryPoint) -> tuple[Found, Toolkit | None]:
    found, loaded = _load(found, entry)
    if found.error:
        return found, None
    if not isinstance(loaded, Toolkit):
        said = f"its entry point names a {type(loaded).__name__}, not a metier.toolkit.Toolkit."
        return replace(found, error=said), None
    fault = _fault(found.name, loaded)
    return (replace(found, error=fault), None) if fault else (found, loaded)


def _fault(name: str, loaded: Toolkit) -> str:
    if loaded.api_version != API_VERSION:
        return f"it speaks version {loaded.api_version} of the toolkit contract, this metier {API_VERSION}."
    if loaded.name != name:
        return f"it calls itself {loaded.name!r} but is installed as {name!r}."
    return ""


def _broken(what: str, found: Found) -> MissingError:
    return MissingError(
        f"The {what} ({found.distribution} {found.version}) cannot be used: {found.error}",
        hint=f"Mend it or remove it: pip uninstall {found.distribution}",
    )


def _missing(name: str, installed: Sequence[str]) -> MissingError:
    if not installed:
        limited = "METIER_TOOLKITS leaves none of them. " if os.environ.get("METIER_TOOLKITS", "").strip() else ""
        return MissingError(f"There is no toolkit {name!r}.", hint=f"{limited}Install one: pip install metier-maps")
    near = get_close_matches(name, installed, n=3) or installed
    return MissingError(f"There is no toolkit {name!r}.", hint=f"Installed: {', '.join(near)}. See: metier toolkits")
