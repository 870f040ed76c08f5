"""The markup in which the texts of the fictional country are written: lines in English, each followed by Chinese.

A line of English is followed by its Chinese on a line that begins with ": ". Comments begin with "//".
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from metier.errors import InputError
from metier_legal.world.language import Both


def read_lines(folder: str, name: str) -> Iterator[str]:
    """Yields the lines of a text of this package, without comments, blank lines and white space at the end."""
    text = files("metier_legal.world").joinpath("text", folder, name).read_text(encoding="utf-8")
    for line in text.splitlines():
        kept = line.rstrip()
        if kept and not kept.startswith("//"):
            yield kept


def list_texts(folder: str) -> tuple[str, ...]:
    """Returns the names of the texts in a folder, sorted."""
    return tuple(sorted(one.name for one in files("metier_legal.world").joinpath("text", folder).iterdir()))


def split_both(text: str) -> Both:
    """Returns what stands before and after " | "; raises InputError where there is no Chinese."""
    en, bar, zh = text.partition(" | ")
    if not bar:
        raise InputError(f"No Chinese in {text!r}.", hint="Write the Chinese after a bar.")
    return Both(en.strip(), zh.strip())


def pair_lines(lines: Iterable[str]) -> tuple[Both, ...]:
    """Returns the pairs of lines; raises InputError for a line without its partner."""
    pairs: list[Both] = []
    waiting = ""
    for line in lines:
        if line.startswith(": "):
            if not waiting:
                raise InputError(f"No English before {line!r}.", hint="Write the English line above it.")
            pairs.append(Both(waiting, line[2:]))
            waiting = ""
        elif waiting:
            raise InputError(f"No Chinese after {waiting!r}.", hint="Write it below, after a colon.")
        else:
            waiting = line
    if waiting:
        raise InputError(f"No Chinese after {waiting!r}.", hint="Write it below, after a colon.")
    return tuple(pairs)
