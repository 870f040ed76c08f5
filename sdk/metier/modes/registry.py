"""The modes by name."""

from typing import Any

from metier.errors import MissingError
from metier.modes.heavy import Heavy
from metier.modes.iterative import Iterative
from metier.modes.mode import Mode
from metier.modes.outline import Outline
from metier.modes.react import React
from metier.modes.resum import ReSum
from metier.modes.spelling import read_options, spell_options, split_spelling

MODES: dict[str, type[Any]] = {kind.name: kind for kind in (Heavy, Iterative, Outline, React, ReSum)}


def find_mode(spelling: str) -> Mode:
    """Returns the mode that is spelled so: `heavy`, or `heavy?researchers=8`.

    Raises MissingError that names the modes there are, and InputError for an option that does not fit.
    """
    name, options = split_spelling(spelling)
    kind = MODES.get(name)
    if kind is None:
        raise MissingError(f"There is no mode {name!r}.", hint=f"Modes: {', '.join(sorted(MODES))}.")
    mode: Mode = read_options(kind, options)
    return mode


def spell_mode(mode: "str | Mode") -> str:
    """Returns the mode as text, as a run's header keeps it; raises what `find_mode` raises."""
    found: Any = find_mode(mode) if isinstance(mode, str) else mode
    return spell_options(found.name, found)
