"""`metier demo`."""

import sys
from pathlib import Path
from shutil import which
from typing import Annotated

import typer
from rich.text import Text

from metier.cli.context import open_console, toolkit_settings
from metier.cli.running.session import Wishes, drive
from metier.discovery import Found, check_toolkits, load_toolkit
from metier.errors import MissingError
from metier.home import home_folder
from metier.runtime.copilot import Copilot
from metier.toolkit import Toolkit

SEED = 1
FOLDER = Path("metier-demo")

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    toolkit: Annotated[str, typer.Argument(help="Only this toolkit.")] = "",
    out: Annotated[Path, typer.Option(help="The folder for what it writes, one folder per toolkit.")] = FOLDER,
) -> None:
    """See each toolkit work on the embedded fictional country: no data, no key and no network needed.

    What it installs and runs is kept apart from your own data.
    """
    chosen = _choose(toolkit)
    home = home_folder() / "demo"
    codes = [_show(kit, home, out) for kit in chosen]
    if which("metier") is None:
        script = Path(sys.argv[0]).parent / "activate"
        open_console().print(Text(f"`metier` is not on your path yet: . {script}"))
    raise typer.Exit(max(codes))


def _choose(name: str) -> list[Toolkit]:
    if name:
        toolkit = load_toolkit(name)
        if not toolkit.sample:
            raise MissingError(
                f"The toolkit {name!r} has no sample request.", hint="`metier demo` shows those that do."
            )
        return [toolkit]
    checked = check_toolkits()
    chosen = [toolkit for _, toolkit in checked if toolkit is not None and toolkit.sample]
    if not chosen:
        raise MissingError("No installed toolkit has a sample request.", hint=_broken([found for found, _ in checked]))
    return chosen


def _broken(found: list[Found]) -> str:
    faults = [f"{one.name} cannot be used: {one.error}" for one in found if one.error]
    return "; ".join(faults) or "Install one: pip install metier-maps"


def _show(toolkit: Toolkit, home: Path, out: Path) -> int:
    console = open_console()
    if toolkit.world is not None:
        with open_console(error=True).status(f"{toolkit.name}: making the fictional country"):
            toolkit.world(toolkit_settings(toolkit.name, home=home), SEED)
    wishes = Wishes(out / toolkit.name, yes=True, home=home)
    command = f'run {toolkit.name} "{toolkit.sample}"'
    console.print(Text(f"{toolkit.name}: {toolkit.summary}\n$ metier {command}\n"), soft_wrap=True)
    copilot = Copilot([toolkit.name], home=home)
    code = drive(lambda listen: copilot.run(toolkit.sample, on_event=listen), [toolkit.name], wishes)
    again = f"\nTry next: change the request, on the same fictional country:\n$ {wishes.program} {command}"
    console.print(Text(again), soft_wrap=True)
    if toolkit.commands is not None:
        console.print(Text(f"Or use your own data: metier {toolkit.name} --help"))
    return code
