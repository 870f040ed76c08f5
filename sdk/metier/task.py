"""What is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from metier.canonical import JSON, digest_of


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: the user's words, typed constraints and a gold answer where they are known.

    `constraints` and `gold` are JSON in the vocabulary of the task's toolkit. The identity of a task is the hash of
    its content: two tasks that ask the same are the same task.
    """

    text: str
    toolkits: tuple[str, ...] = ()
    constraints: Mapping[str, JSON] | None = None
    gold: Mapping[str, JSON] | None = None

    @property
    def id(self) -> str:
        """Returns the first 16 hexadecimal digits of the content hash."""
        return digest_of([self.text, list(self.toolkits), self.constraints, self.gold])[:16]
