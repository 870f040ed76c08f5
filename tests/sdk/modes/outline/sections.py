"""An answer made of sections, its trade, and a model that plans and writes it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import BaseModel
from pydantic_ai.messages import ModelResponse

from metier.answer import Answer, Claim, Value
from metier.canonical import JSON
from metier.check import Check, EvidenceById
from metier.evidence import Citation
from metier.limits import Limits
from metier.modes.outline.tree import Heading, Plan
from metier.runtime.result import Result
from metier.task import Task
from metier.trace import Trace
from metier.verdict import Finding, Outcome
from tests.sdk.modes.reactive import FACTS, Reactive, Said, Shown, copilot, record_fact, say

ASK = "What is known?"
MANY = Limits(model_calls=None, tool_calls=None, wall_s=None)


class Part(Value):
    heading: str
    sentences: tuple[str, ...]
    evidence: tuple[str, ...]


class Whole(Answer):
    """Sections of sentences, each sentence with the evidence it rests on."""

    title: str
    parts: tuple[Part, ...]

    @classmethod
    def part(cls) -> type[BaseModel] | None:
        return Part

    @classmethod
    def assemble(cls, question: str, title: str, parts: Sequence[BaseModel]) -> Self:
        return cls(title=title, parts=tuple(part for part in parts if isinstance(part, Part)))

    def claims(self) -> Iterable[Claim]:
        for i, part in enumerate(self.parts):
            for j, (text, name) in enumerate(zip(part.sentences, part.evidence, strict=True)):
                yield Claim(subject=f"/parts/{i}/sentences/{j}", text=text, citations=(Citation(name),))

    def without(self, subjects: Collection[str]) -> Self | None:
        parts = [_less(part, f"/parts/{i}/sentences", subjects) for i, part in enumerate(self.parts)]
        kept = tuple(part for part in parts if part.sentences)
        return type(self)(title=self.title, parts=kept) if kept else None


def _less(part: Part, place: str, subjects: Collection[str]) -> Part:
    kept = [at for at in range(len(part.sentences)) if f"{place}/{at}" not in subjects]
    return Part(
        heading=part.heading,
        sentences=tuple(part.sentences[at] for at in kept),
        evidence=tuple(part.evidence[at] for at in kept),
    )


WHOLES = replace(FACTS, answer=Whole)


def plan(*leaves: tuple[str, tuple[int, ...]]) -> dict[str, JSON]:
    """Returns an outline whose leaves carry these facts."""
    headings = tuple(
        Heading(heading=name, evidence=tuple(record_fact(number).id for number in facts)) for name, facts in leaves
    )
    made: dict[str, JSON] = Plan(title="All", parts=headings).model_dump(mode="json")
    return made


def write(*facts: int, heading: str = "", text: str = "") -> ModelResponse:
    """Returns the response that writes a section with a sentence about each fact."""
    arguments: dict[str, JSON] = {
        "heading": heading,
        "sentences": [f"{text}Fact {number} is known." for number in facts],
        "evidence": [record_fact(number).id for number in facts],
    }
    return say("", ("write_section", arguments))


def section_of(shown: Shown) -> str:
    """Returns the place of the section that is asked for."""
    return shown.prompt.split("Write the section '")[1].split("'")[0]


def planner(*leaves: tuple[str, tuple[int, ...]]) -> Callable[[Shown], ModelResponse]:
    """Returns a planner that looks up all facts, writes the outline twice and ends."""
    facts = sorted({number for _, numbers in leaves for number in numbers})

    def decide(shown: Shown) -> ModelResponse:
        if shown.asked_before == 0:
            return say("", *(("look_up", {"number": number}) for number in facts))
        if shown.asked_before < 3:
            return say("", ("write_outline", plan(*leaves)))
        return say("", ("finish_planning", {}))

    return decide


def author(plans: Callable[[Shown], Said], writes: Callable[[Shown], Said]) -> Reactive:
    return Reactive(lambda shown: plans(shown) if "write_outline" in shown.endings else writes(shown))


async def run(home: Path, model: Reactive, mode: str = "outline", limits: Limits = MANY) -> Result:
    return await copilot(home, model, toolkit=WHOLES, mode=mode, limits=limits).run(ASK, run_id="r")


def judge_words(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    """Yields that a sentence is wrong that says so, and a title."""
    assert isinstance(answer, Whole)
    if "wrong" in answer.title:
        yield Finding("words", "/title", Outcome.VIOLATED, answer.title)
    for claim in answer.claims():
        if "wrong" in claim.text:
            yield Finding("words", claim.subject, Outcome.VIOLATED, claim.text)


WORDY = replace(WHOLES, checks=(Check("words", "Nothing wrong is said.", judge_words),))


LEAVES = (("One", (1,)), ("Two", (2, 3)), ("Three", (3,)))


def by_the_plan(shown: Shown) -> ModelResponse:
    """Returns the section that is asked for, from all of its evidence."""
    facts = dict(LEAVES)[section_of(shown)]
    return write(*facts, heading=section_of(shown))


def headings(trace: Trace) -> list[str]:
    """Returns the headings of the answer's sections; none when there is no answer."""
    return [part.heading for part in Whole.model_validate(trace.outcome).parts] if trace.kind == "answer" else []
