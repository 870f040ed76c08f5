"""What the model needs to know of its weights: tokenizer, template and format; found once, read in a thread."""

import asyncio
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError

from metier.canonical import JSON
from metier.errors import InputError, MissingError
from metier_sglang.parsing.format import Format
from metier_sglang.parsing.registry import find_format
from metier_sglang.protocol.generation import ServerInfo
from metier_sglang.text.folder import read_object
from metier_sglang.text.rendering import Renderer

_NEEDED = ("tokenizer.json", "tokenizer_config.json")
_WELCOME = ("generation_config.json", "chat_template.jinja")
_PROPOSED = ("temperature", "top_p", "top_k", "min_p", "repetition_penalty")
_KEEPS_IDS = ("qwen3_vl", "qwen3_vl_moe", "kimi_k25", "kimi_k3")  # SGLang 0.5.23, by model_type
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_HINT = "Pass its folder or hub name (?tokenizer=...), or let the server render the messages: compatible:URL."


@dataclass(frozen=True, slots=True)
class Weights:
    """The text side of some weights. `identity` is a digest: equal ones turn equal messages into equal tokens.

    `sampling` is what their generation_config.json proposes, as SGLang's sampling parameters.
    """

    renderer: Renderer
    format: Format
    identity: str
    sampling: Mapping[str, JSON] = field(default_factory=dict)


async def open_weights(info: ServerInfo, *, tokenizer: str = "", format: str = "", style: str = "") -> Weights:
    """Returns what reads and writes for the weights that `info` describes.

    The tokenizer is the folder or hub name that is given, else the server's own, where its folder is on this machine
    or it is a hub name. Raises MissingError where none is found, and InputError for an unknown format.
    """
    folder = await asyncio.to_thread(_locate, tokenizer, info.tokenizer)
    renderer, identity = await asyncio.to_thread(_read, folder, style, (folder / _NEEDED[0]).stat().st_mtime_ns)
    found = find_format(
        name=format,
        tool_parser=info.tool_parser,
        reasoning_parser=info.reasoning_parser,
        template=renderer.template,
    )
    return Weights(renderer, found, identity, await asyncio.to_thread(read_sampling, folder))


def _locate(given: str, told: str) -> Path:
    for name in (given, told):
        if not name:
            continue
        folder = _find_folder(name)
        if folder is not None:
            return folder
        if _HUB_NAME.fullmatch(name):
            return _download(name)
        if name == given:
            raise MissingError(f"There is no tokenizer in {given[:300]!r}: it has no {_NEEDED[0]}.", hint=_HINT)
    raise MissingError("The tokenizer of the server's model is not on this machine.", hint=_HINT)


def _find_folder(name: str) -> Path | None:
    """Returns the folder called `name`, which a server may have chosen, if it has a tokenizer."""
    try:
        folder = Path(name).expanduser()
        folder = folder.parent if folder.is_file() else folder
        return folder if (folder / _NEEDED[0]).is_file() else None
    except (OSError, RuntimeError, ValueError):  # too long, below the home of nobody, or no path at all
        return None


def _download(name: str) -> Path:
    try:
        paths = [Path(hf_hub_download(name, file)) for file in _NEEDED]
        for file in _WELCOME:
            _download_if_there(name, file)
    except (EntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
        raise MissingError(f"The tokenizer {name!r} can not be had from the hub.", hint=_HINT) from error
    return paths[0].parent


def _download_if_there(name: str, file: str) -> None:
    try:
        hf_hub_download(name, file)
    except LocalEntryNotFoundError:
        raise  # offline it is not known whether the repository has it, and without it a turn may end otherwise
    except EntryNotFoundError:
        return  # not every repository has it


@lru_cache(maxsize=8)
def _read(folder: Path, style: str, changed_ns: int) -> tuple[Renderer, str]:
    """Returns the renderer and its identity; `changed_ns` makes a tokenizer that was written anew be read anew."""
    renderer = Renderer.read(folder, style=style)
    written = sha256((folder / _NEEDED[0]).read_bytes())
    written.update(f"\0{style}\0{renderer.template}".encode())
    return renderer, written.hexdigest()


def read_sampling(folder: Path) -> dict[str, JSON]:
    """Returns the sampling that generation_config.json proposes; none where there is no file or it does not sample.

    SGLang applies it on its chat route and not on `/generate`.
    """
    proposed = read_object(folder / _WELCOME[0]) or {}
    if proposed.get("do_sample") is False:
        return {}
    return {name: value for name in _PROPOSED if _is_above_zero(value := proposed.get(name))}


def _is_above_zero(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def check_images(images: Sequence[str], info: ServerInfo) -> None:
    """Raises InputError where there are images and the weights take none, or the server would undo the masking.

    SGLang decodes the prompt's ids to text and tokenises it again before it puts most weights' images in.
    """
    if not images:
        return
    if not info.has_images:
        raise InputError(
            f"The model {info.served_name or info.model} takes no images, and {len(images)} were given.",
            hint="Leave them out, or serve weights that see.",
        )
    if info.model_type not in _KEEPS_IDS:
        raise InputError(
            f"With an image SGLang tokenises the prompt of {info.served_name or info.model} anew, so its tokens would "
            "be neither those that were sampled nor safe from markers in the text.",
            hint="Let the server render the messages: compatible:URL.",
        )
