"""What `import metier` and `metier --help` cost, against a bare interpreter and against `import pydantic_ai`."""

import subprocess
import sys

from benchmarks.timing import print_table, time_in_turn

COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "import metier": ("-c", "import metier"),
    "metier --help": ("-m", "metier", "--help"),
    "import pydantic_ai": ("-c", "import pydantic_ai"),
}


def main() -> None:
    """Prints each command's median wall time, and its part over a bare interpreter against `import pydantic_ai`."""
    work = [lambda arguments=arguments: _run(*arguments) for arguments in COMMANDS.values()]
    bare, *others = time_in_turn(work, rounds=5)
    heaviest = others[-1] - bare
    rows = [["python -c pass", f"{bare * 1000:.0f} ms", "", ""]]
    for name, seconds in zip(list(COMMANDS)[1:], others, strict=True):
        own = seconds - bare
        rows.append([name, f"{seconds * 1000:.0f} ms", f"{own * 1000:.0f} ms", f"{own / heaviest:.2f}"])
    print_table("Start-up", ["command", "wall", "over a bare interpreter", "ratio to import pydantic_ai"], rows)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main()
