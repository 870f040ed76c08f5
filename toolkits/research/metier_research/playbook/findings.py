"""What the parts of a question came to: what is known with the steps to it, or why it is not."""

from dataclasses import dataclass
from typing import TypeAlias

from metier_research.playbook.phrases.lexicon import Concept
from metier_research.playbook.seen.statements import Said


@dataclass(frozen=True, slots=True)
class Step:
    """A relation that was followed: what was found to be so of which thing, and what other pages say to it."""

    subject: str
    concept: Concept
    said: Said
    others: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a part of the question means: a name, number or time, its page where it has one, and the steps to it."""

    value: str
    url: str = ""
    steps: tuple[Step, ...] = ()
    counted: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a part of the question could not be worked out, and the steps that could."""

    reason: str
    steps: tuple[Step, ...] = ()


Outcome: TypeAlias = Known | Lost
