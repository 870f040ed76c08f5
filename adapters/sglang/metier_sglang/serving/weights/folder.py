"""What a folder of weights says of them: its config.json, its chat template, the size of its files."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from metier.canonical import JSON
from metier.errors import InputError, MissingError, StorageError

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*")  # never an option of a command


@dataclass(frozen=True, slots=True)
class Weights:
    """A model as it is named, and what is known of it: nothing but the name, when it is not on this machine."""

    model: str
    config: Mapping[str, JSON] = field(default_factory=dict, repr=False)
    template: str = field(default="", repr=False)
    size: int | None = None

    @property
    def is_here(self) -> bool:
        """Returns whether the weights are a folder of this machine."""
        return bool(self.config)


def read_weights(model: str) -> Weights:
    """Returns what is known of `model`: the name of a repository, `owner/name`, or a folder with a config.json.

    `size` are the bytes of the weights' files. Raises MissingError for a path where nothing is, and InputError for a
    folder that is no model.
    """
    folder = _find_folder(model)
    if folder is None:
        if not _REPOSITORY.fullmatch(model):
            raise MissingError(
                f"There is no folder {model[:300]!r}.",
                hint="Give a folder with config.json, or a repository as owner/name.",
            )
        return Weights(model)
    path = folder / "config.json"
    if not path.is_file():
        raise InputError(f"{folder} is no model: it has no config.json.", hint="Give the folder of a checkpoint.")
    config = _read_object(path)
    files = [file.stat().st_size for file in folder.glob("*.safetensors")]
    return Weights(str(folder.resolve()), config, _read_template(folder), sum(files) or None)


def _find_folder(model: str) -> Path | None:
    try:
        folder = Path(model).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, RuntimeError):  # too long, or below the home of nobody
        return None


def text_config(config: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Returns the part of a config.json that describes the language model: all of it, or its `text_config`."""
    inner = config.get("text_config")
    return inner if isinstance(inner, dict) else config


def _read_template(folder: Path) -> str:
    jinja, settings = folder / "chat_template.jinja", folder / "tokenizer_config.json"
    if jinja.is_file():
        return _read(jinja)
    template = _read_object(settings).get("chat_template") if settings.is_file() else ""
    return template if isinstance(template, str) else ""


def _read_object(path: Path) -> dict[str, JSON]:
    try:
        value = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON: {error}.", hint="Fetch the checkpoint again.") from error
    if not isinstance(value, dict):
        raise InputError(f"{path} is no JSON object.", hint="Fetch the checkpoint again.")
    return value


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror or error}.", hint="Fix its permissions.") from error
