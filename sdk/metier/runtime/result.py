"""What a run gives back."""

from collections.abc import Mapping
from dataclasses import dataclass

from metier.answer import Answer, Questions, Refusal
from metier.evidence import Evidence
from metier.runtime.approval import Approval
from metier.trace import Stop, Trace
from metier.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gives back: an answer, a refusal or questions, or none of them when an error or a limit ended it.

    `verdict` holds the findings on the answer, `evidence` what the tools returned, by id; `trace.error` says what
    ended the run when an error did. `waiting` are the tool calls that wait for a person's approval: the run has not
    ended, and goes on when it is resumed with one.
    """

    run: str
    answer: Answer | None
    refusal: Refusal | None
    questions: Questions | None
    verdict: Verdict
    evidence: Mapping[str, Evidence]
    stop: Stop
    trace: Trace
    waiting: tuple[Approval, ...] = ()
