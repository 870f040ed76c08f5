"""The package of a new toolkit: its files, from templates."""

import keyword
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from metier.discovery import fault_of_name, find_toolkits
from metier.errors import InputError
from metier.home import storage_error

FILES: Mapping[str, str] = {
    "README.md": "readme.txt",
    "pyproject.toml": "pyproject.txt",
    "$package/__init__.py": "toolkit.txt",
    "$package/answer.py": "answer.txt",
    "$package/checks.py": "checks.txt",
    "$package/playbook.py": "playbook.txt",
    "$package/server.py": "server.txt",
    "$package/py.typed": "empty.txt",
    "tests/test_$package.py": "tests.txt",
}


def fill_templates(name: str) -> dict[str, str]:
    """Returns the text of every file of a toolkit called `name`, by its path in the package. Pure but for reading."""
    words = {"name": name, "package": f"metier_{name.replace('-', '_')}", "distribution": f"metier-{name}"}
    folder = files("metier.cli.scaffold") / "templates"
    return {
        Template(path).substitute(words): Template((folder / source).read_text("utf-8")).substitute(words)
        for path, source in FILES.items()
    }


def check_name(name: str) -> None:
    """Raises InputError for a name that a new toolkit may not have."""
    fault = fault_of_name(name)
    if fault:
        raise InputError(fault, hint="For example: beekeeping.")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise InputError(f"{name!r} is a word of Python itself.", hint="For example: beekeeping.")
    if any(found.name == name for found in find_toolkits()):
        raise InputError(
            f"A toolkit {name!r} is installed already.", hint="Choose another name, or uninstall it first."
        )


def write_package(name: str, parent: Path) -> Path:
    """Returns the folder `parent`/metier-`name` after writing the whole package there, or nothing at all.

    Raises InputError for a name that may not be or a folder that exists, StorageError when it cannot be written.
    """
    check_name(name)
    target = parent / f"metier-{name}"
    if target.exists() or target.is_symlink():
        raise InputError(f"{target} exists already.", hint="Choose another name, or another folder with --path.")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".metier-{name}-", dir=parent))
    except OSError as error:
        raise storage_error(parent, error) from error
    try:
        for path, text in fill_templates(name).items():
            (half / path).parent.mkdir(parents=True, exist_ok=True)
            (half / path).write_text(text, "utf-8")
        half.chmod(0o755)
        return half.rename(target)
    except OSError as error:
        raise storage_error(target, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
