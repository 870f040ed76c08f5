"""What a run tells its model before it begins. Pure."""

from collections.abc import Sequence

from metier.canonical import canonical_json
from metier.framing import RULE
from metier.modes.mode import Finishing, finishings_of
from metier.runtime.fold import Header
from metier.toolkit import Toolkit

MANNER = (
    "Work on the task with the tools. State only what a tool returned in this run and cite it by its evidence id. "
    "What you cannot support, leave out or refuse. Where a tool returned the whole answer, adopt it."
)


def ways_to_finish(toolkits: Sequence[Toolkit]) -> tuple[Finishing, ...]:
    """Returns the ways to end a run of these toolkits."""
    return finishings_of({toolkit.name: toolkit.answer for toolkit in toolkits})


def instructions_of(toolkits: Sequence[Toolkit]) -> str:
    """Returns how the model is to work: metier's manner, the rule about tools' texts, and what each trade asks."""
    return "\n\n".join([MANNER, RULE, *(kit.instructions for kit in toolkits)])


def prompt_of(header: Header) -> str:
    """Returns what the model is asked: the task, its typed constraints, and the day the run began."""
    lines = [header.task.text, f"(Today is {header.started[:10]}, UTC.)"]
    if header.task.constraints:
        lines.append(f"Constraints, as JSON: {canonical_json(dict(header.task.constraints))}")
    return "\n".join(lines)
