"""What a run may end with: an answer made of claims, a refusal with reasons, or questions back to the user."""

from collections.abc import Collection, Iterable, Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from metier.evidence import Citation


class Value(BaseModel):
    """A frozen pydantic model that refuses fields it does not know: the shape of everything on the wire or on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(Value):
    """One thing an answer states. `subject` is the JSON pointer of the claim in its answer."""

    subject: str
    text: str
    citations: tuple[Citation, ...] = ()


class Answer(Value):
    """A toolkit's typed answer. Toolkits subclass it."""

    def claims(self) -> Iterable[Claim]:
        """Returns every claim the answer makes, each with its citations."""
        raise NotImplementedError

    def without(self, subjects: Collection[str]) -> Self | None:
        """Returns the answer without the claims named by `subjects`, or None when it cannot stand so."""
        return None if subjects else self

    @classmethod
    def part(cls) -> type[BaseModel] | None:
        """Returns the type of a section of such an answer, or None when it can only be given whole."""
        return None

    @classmethod
    def assemble(cls, question: str, title: str, parts: Sequence[BaseModel]) -> Self:
        """Returns the answer that these sections make; only for answers that have a `part`."""
        raise NotImplementedError


class Adopted(Value):
    """The answer is, as it stands, the value that a tool returned as Evidence `evidence` (at JSON pointer `pointer`).

    This spares a model from copying a long structured answer letter by letter: the runtime reads it out of the
    evidence and holds it against the same checks.
    """

    evidence: str
    pointer: str = ""


class Option(Value):
    """A way out of a refusal: what to change, and what that costs."""

    change: str
    cost: str = ""


class Refusal(Value):
    """No answer, and why. `conflict` names a minimal set of requirements that cannot hold together."""

    reasons: tuple[str, ...]
    conflict: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    citations: tuple[Citation, ...] = ()


class Question(Value):
    """What must be known before the task can be done; `choices` may be empty."""

    text: str
    choices: tuple[str, ...] = ()


class Questions(Value):
    """Questions back to the user, and what of the request was not understood."""

    questions: tuple[Question, ...]
    not_understood: tuple[str, ...] = ()
