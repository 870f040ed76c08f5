"""The modes by name."""

from metier.errors import MissingError
from metier.modes.mode import Mode
from metier.modes.react import react

_MODES: dict[str, Mode] = {"react": react}


def find_mode(name: str) -> Mode:
    """Returns the mode called `name`; raises MissingError that names the modes there are."""
    found = _MODES.get(name)
    if found is None:
        raise MissingError(f"There is no mode {name!r}.", hint=f"Modes: {', '.join(sorted(_MODES))}.")
    return found
