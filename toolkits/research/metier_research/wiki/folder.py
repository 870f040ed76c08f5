"""Where the wikis of a toolkit's data folder lie: one file each, `wikis/NAME.sqlite`."""

from pathlib import Path
from typing import Final

from metier.errors import StorageError
from metier_research.wiki.address import check_name
from metier_research.wiki.schema import SUFFIX

FOLDER: Final = "wikis"


def wiki_path(data: Path, name: str) -> Path:
    """Returns the file of the wiki `name`; raises InputError for a name that could lead elsewhere."""
    return data / FOLDER / f"{check_name(name)}{SUFFIX}"


def wiki_paths(data: Path) -> tuple[Path, ...]:
    """Returns the files of the wikis below a data folder, by their names; raises StorageError for an unreadable one."""
    folder = data / FOLDER
    try:
        found = [path for path in folder.iterdir() if path.name.endswith(SUFFIX) and not path.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise StorageError(f"{folder} cannot be read: {error.strerror}.", hint="Check its permissions.") from error
    return tuple(sorted(found, key=lambda path: path.name))
