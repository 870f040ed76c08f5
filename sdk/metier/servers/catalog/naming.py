"""Names of registered servers. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from metier.errors import InputError, MissingError

RESERVED = frozenset({"local", "results"})  # a toolkit's own server, and the one that pages through long results
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def check_name(name: str) -> str:
    """Returns `name`; raises InputError when no server may have it."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name[:80]!r} is no name of a server.",
            hint="Names are letters, digits, '.', '_' and '-', at most 60, and begin with a letter or a digit.",
        )
    if name.lower() in RESERVED:
        raise InputError(f"No server may be called {name!r}.", hint="metier uses that name itself; choose another.")
    return name


def name_like(text: str) -> str:
    """Returns the name of a server that is most like `text`; raises InputError when there is none."""
    if _NAME.fullmatch(text):
        return check_name(text)
    return check_name(re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:60])


def near(name: str, names: Iterable[str]) -> str:
    """Returns the hint that says which of `names` are like `name`, or which there are."""
    known = sorted(names)
    alike = get_close_matches(name, known, n=3)
    if alike:
        return f"Did you mean {' or '.join(alike)}?"
    return f"There are: {', '.join(known[:20])}." if known else ""


def missing(name: str, names: Iterable[str]) -> MissingError:
    """Returns the error that says that no server `name` is registered."""
    hint = near(name, names) or "None is registered: metier mcp add NAME -- COMMAND"
    return MissingError(f"No server {name[:80]!r} is registered.", hint=hint)
