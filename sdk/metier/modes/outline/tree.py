"""The outline: headings whose leaves carry the evidence that their section is written from. Pure."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from pydantic import Field

from metier.answer import Value

DEEPEST = 4  # levels of headings (WebWeaver, arXiv 2509.13312, section 3.1)


class Heading(Value):
    """A heading. A leaf has no `parts` and names by id the `evidence` that its section is written from."""

    heading: str
    goal: str = Field(default="", description="What this section has to say.")
    evidence: tuple[str, ...] = Field(
        default=(), description="Ids of evidence of this run, such as ev-0123456789abcdef."
    )
    parts: "tuple[Heading, ...]" = ()


class Plan(Value):
    """The outline of the whole, replaced whole each time."""

    title: str
    parts: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A section to be written: the headings above it, its own, its goal and its evidence."""

    above: tuple[str, ...]
    heading: str
    goal: str
    evidence: tuple[str, ...]

    @property
    def place(self) -> str:
        """Returns where it stands, as a reader sees it."""
        return " / ".join([*self.above, self.heading])


def leaves_of(plan: Plan) -> tuple[Leaf, ...]:
    """Returns the leaves in the order of the outline. A heading's evidence beside its parts goes to its first leaf."""
    return tuple(leaf for part in plan.parts for leaf in _leaves(part, (), ()))


def _leaves(part: Heading, above: tuple[str, ...], inherited: tuple[str, ...]) -> Iterator[Leaf]:
    evidence = tuple(dict.fromkeys([*inherited, *part.evidence]))
    if not part.parts:
        yield Leaf(above, part.heading, part.goal, evidence)
    for at, inner in enumerate(part.parts):
        yield from _leaves(inner, (*above, part.heading), evidence if at == 0 else ())


def depth_of(plan: Plan) -> int:
    """Returns how many levels of headings the outline has."""

    def depth(part: Heading) -> int:
        return 1 + max(map(depth, part.parts), default=0)

    return max(map(depth, plan.parts), default=0)


def faults_of(plan: Plan, evidence: Container[str]) -> tuple[str, ...]:
    """Returns why the outline cannot be used, as a model is told it: no leaf, too deep, evidence that is not there."""
    leaves = leaves_of(plan)
    faults = [] if leaves else ["The outline has no section."]
    if depth_of(plan) > DEEPEST:
        faults.append(f"The outline is {depth_of(plan)} levels deep; {DEEPEST} are the most.")
    unknown = [name for leaf in leaves for name in leaf.evidence if name not in evidence]
    if unknown:
        faults.append(f"No evidence of this run: {', '.join(dict.fromkeys(unknown))}. Cite only what a tool returned.")
    return tuple(faults)


def gaps_of(plan: Plan) -> tuple[str, ...]:
    """Returns the sections that have no evidence yet."""
    return tuple(leaf.place for leaf in leaves_of(plan) if not leaf.evidence)


def show(plan: Plan, here: Leaf | None = None) -> str:
    """Returns the outline as lines; the section that is being written is marked."""
    lines = [plan.title]
    for leaf in leaves_of(plan):
        mark = " <- this section" if leaf == here else ""
        lines.append(f"- {leaf.place}{mark}")
    return "\n".join(lines)
