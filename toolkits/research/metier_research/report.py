"""The answer of this toolkit: a report made of statements, each with the evidence that it rests on."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, Self

from pydantic import BaseModel

from metier.answer import Answer, Claim, Value
from metier.evidence import Citation

Confidence = Literal["high", "medium", "low"]


class Statement(Value):
    """One thing the report says. `citations` name passages, records or outputs of this run, with the words quoted.

    A quote is the words of the passage; white space, dashes and quotation marks may be written otherwise. What the
    statement says must stand in its quotes. A citation of a passage has a quote, one of another server's evidence may
    name a value by `pointer` instead.
    """

    text: str
    citations: tuple[Citation, ...]
    confidence: Confidence = "medium"


class Section(Value):
    """A part of the report under its heading."""

    heading: str
    statements: tuple[Statement, ...]


class Conflict(Value):
    """What the sources disagree on: the topic, and each side in a statement with its own source."""

    topic: str
    sides: tuple[Statement, ...]


class Report(Answer):
    """A report. `answer` is the direct answer in a sentence, `exact` that answer in as few words as can be compared.

    `conflicts` show where sources contradict each other, `open_questions` what was not found. The list of sources is
    not here: it is what is cited, read off the evidence when the report is shown.
    """

    question: str
    title: str
    answer: Statement | None = None
    exact: str = ""
    sections: tuple[Section, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    open_questions: tuple[str, ...] = ()

    @classmethod
    def part(cls) -> type[BaseModel] | None:
        """Returns the type of a section: a report can be written one by one."""
        return Section

    @classmethod
    def assemble(cls, question: str, title: str, parts: Sequence[BaseModel]) -> Self:
        """Returns the report that these sections make. It has no direct answer: what it says is in its sections."""
        sections = tuple(part for part in parts if isinstance(part, Section))
        return cls(question=question, title=title, sections=sections)

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yields every statement with its JSON pointer, in the order of the report."""
        if self.answer is not None:
            yield "/answer", self.answer
        for i, section in enumerate(self.sections):
            for j, statement in enumerate(section.statements):
                yield f"/sections/{i}/statements/{j}", statement
        for i, conflict in enumerate(self.conflicts):
            for j, side in enumerate(conflict.sides):
                yield f"/conflicts/{i}/sides/{j}", side

    def claims(self) -> Iterable[Claim]:
        """Returns a claim for each statement: a report states nothing that cites nothing.

        Whether a quote stands in its passage is told by the check `quoted`, which allows for how signs are written.
        """
        for subject, statement in self.statements():
            citations = tuple(Citation(cited.evidence, cited.pointer) for cited in statement.citations)
            yield Claim(subject=subject, text=statement.text, citations=citations)

    def without(self, subjects: Collection[str]) -> Self | None:
        """Returns the report without these statements; None when it says nothing any more, or not what was asked.

        A conflict with fewer than two sides left is no conflict: it goes whole. Without its direct answer a report
        stands only where it never had one.
        """
        if "/answer" in subjects:
            return None
        sections = tuple(
            section.model_copy(
                update={
                    "statements": tuple(
                        statement
                        for j, statement in enumerate(section.statements)
                        if f"/sections/{i}/statements/{j}" not in subjects
                    )
                }
            )
            for i, section in enumerate(self.sections)
        )
        conflicts = tuple(
            conflict
            for i, conflict in enumerate(self.conflicts)
            if not any(f"/conflicts/{i}/sides/{j}" in subjects for j in range(len(conflict.sides)))
        )
        left = self.model_copy(
            update={"sections": tuple(section for section in sections if section.statements), "conflicts": conflicts}
        )
        return left if left.answer is not None or left.sections else None
