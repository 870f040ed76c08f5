"""Where the lists of servers lie: the user's, and those of the project that a folder belongs to."""

from pathlib import Path

TOML = "metier.toml"
HOST = ".mcp.json"  # an `mcpServers` file that other hosts read as well


def user_file(home: Path) -> Path:
    """Returns the user's file, which need not be there."""
    return home / TOML


def project_folder(folder: Path, home: Path) -> Path:
    """Returns the nearest folder, from `folder` up to the root of its repository, that holds a project's file.

    It is `folder` itself when there is none, and outside of a repository, where nothing says how far up a project goes.
    """
    start = folder.resolve()
    inside: list[Path] = []
    for place in (start, *start.parents):
        inside.append(place)
        if (place / ".git").exists():
            break
    else:
        inside = [start]
    return next((place for place in inside if project_files(place, home)), start)


def project_files(folder: Path, home: Path) -> tuple[Path, ...]:
    """Returns the files of the project that are there, the first over the second; the user's own is not one."""
    files = (folder / TOML, folder / HOST)
    return tuple(path for path in files if path.is_file() and path.resolve() != user_file(home).resolve())
