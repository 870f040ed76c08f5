"""What a command needs of its surroundings. Public: toolkits' own commands use it too.

A command raises an error of `metier.errors` and metier prints it: one line, exit 2 for what the caller must put right.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from metier.cli.wording import count, one_line, plain, seconds, shorten, size
from metier.home import home_folder, toolkit_folder
from metier.toolkit import Settings

__all__ = [
    "Harmless",
    "count",
    "is_terminal",
    "one_line",
    "open_console",
    "plain",
    "seconds",
    "shorten",
    "size",
    "toolkit_settings",
]


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
    """Returns the settings of the toolkit `name`: its data folder below `home` (METIER_HOME), not made yet."""
    return Settings(toolkit_folder(home or home_folder(), name), dict(options or {}))
