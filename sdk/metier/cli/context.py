"""What a command needs of its surroundings. Public: toolkits' own commands use it too.

A command raises an error of `metier.errors` and metier prints it: one line, exit 2 for what the caller must put right.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from metier.cli.wording import count, one_line, plain, seconds, shorten, size
from metier.errors import InputError
from metier.home import home_folder, toolkit_folder
from metier.toolkit import Settings

__all__ = [
    "Harmless",
    "count",
    "is_terminal",
    "one_line",
    "open_console",
    "plain",
    "read_options",
    "seconds",
    "shorten",
    "size",
    "toolkit_settings",
]

OPTIONS = "METIER_OPTIONS"


class Harmless:
    """A renderable whose text steers no terminal, whoever made it; its own colours and layout stay."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._renderable, options):
            yield segment if segment.control else Segment(plain(segment.text), segment.style)


def open_console(*, error: bool = False) -> Console:
    """Returns a console on standard output, or on standard error. Text is printed as it is: no markup, no emoji."""
    return Console(stderr=error, markup=False, emoji=False, highlight=False)


def is_terminal() -> bool:
    """Returns whether a person sits at both ends: questions can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def toolkit_settings(name: str, *, home: Path | None = None, options: Mapping[str, str] | None = None) -> Settings:
    """Returns the settings of the toolkit `name`: its options, METIER_OPTIONS when None, and its data folder.

    The folder is below `home` (METIER_HOME when None) and may not be made yet.
    """
    return Settings(toolkit_folder(home or home_folder(), name), read_options() if options is None else dict(options))


def read_options(settings: Sequence[str] = ()) -> dict[str, str]:
    """Returns the options of toolkits: those in METIER_OPTIONS (`name=value,...`), then `settings` (`name=value`).

    Raises InputError for one without a name or a sign.
    """
    kept = [part for part in os.environ.get(OPTIONS, "").split(",") if part.strip()]
    read: dict[str, str] = {}
    for setting in [*kept, *settings]:
        name, sign, value = (part.strip() for part in setting.partition("="))
        if not name or not sign:
            raise InputError(f"{setting!r} is no option of a toolkit.", hint="Give NAME=VALUE.")
        read[name] = value
    return read
