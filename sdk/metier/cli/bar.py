"""The progress bar of commands that take long. Public: toolkits' own commands use it too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from metier.cli.context import one_line, open_console

__all__ = ["show_bar"]


@contextmanager
def show_bar() -> Iterator[Callable[[str, float], None]]:
    """Gives what tells of progress, a step and the share from 0 to 1 that is done.

    It is drawn on standard error while that is a terminal, and nothing is left of it afterwards; elsewhere nothing is
    drawn.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = open_console(error=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=1.0)

        def tell(step: str, share: float) -> None:
            progress.update(task, description=one_line(step), completed=share)

        yield tell
