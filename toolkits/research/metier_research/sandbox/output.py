"""What a program printed, as it may be shown: text without control characters, cut at a limit."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from metier_research.sandbox.launcher.order import INSIDE

MOST_BYTES: Final = 1_000_000
NOTHING: Final = "Finished execution."

_KEPT: Final = "\n\t"
_RETURN: Final = re.compile(r"\r+\n?")
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Output:
    """What came of a program.

    `exit` is its exit status, or 128 and the number of the signal that ended it. `isolation` is the strength that was
    in force. `truncated` says that it printed more than is kept; `stopped` says in words why it was ended early, and
    is empty when it ended by itself.
    """

    stdout: str
    stderr: str
    exit: int
    isolation: str
    truncated: bool = False
    stopped: str = ""

    @property
    def text(self) -> str:
        """Returns both streams under their names and why it was stopped; a sentence when there is nothing to show."""
        parts = [
            *([f"stdout:\n{self.stdout}"] if self.stdout.strip() else []),
            *([f"stderr:\n{self.stderr}"] if self.stderr.strip() else []),
            *([f"The program was ended: {self.stopped}."] if self.stopped else []),
        ]
        return "\n".join(parts) or NOTHING


def clean_output(data: bytes, folder: str) -> str:
    """Returns printed bytes as text. What is no UTF-8 is a replacement character, what a terminal obeys is spelled out.

    The name of the program's own folder, new in each run, becomes the one that it has where it has a file system of
    its own.
    """
    text = data[:MOST_BYTES].decode("utf-8", "replace")
    if folder != INSIDE:
        text = text.replace(folder, INSIDE)
    return "".join(map(_shown, _RETURN.sub("\n", text)))


def _shown(sign: str) -> str:
    if sign in _KEPT or sign.isprintable() or unicodedata.category(sign) not in _HIDDEN:
        return sign
    return sign.encode("unicode_escape").decode("ascii")
