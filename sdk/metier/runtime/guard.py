"""The guard: no answer that violates a check is ever given as an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from metier.answer import Adopted, Answer, Questions, Refusal
from metier.canonical import canonical_json
from metier.check import CITED, Check
from metier.errors import CheckError, InputError
from metier.evidence import Citation, Evidence, resolve_citation, resolve_pointer
from metier.framing import DEFAULT_CAP, cap, neutralise
from metier.modes.mode import Objection, Outcome
from metier.runtime.events import Event, Objected
from metier.task import Task
from metier.toolkit import Toolkit
from metier.trace import Stop
from metier.verdict import Finding, Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class Settled:
    """How a run came out. `removed` are the claims that the guard took out of the answer."""

    outcome: Answer | Refusal | Questions | None
    stop: Stop
    verdict: Verdict = field(default_factory=Verdict)
    reason: str = ""
    removed: tuple[str, ...] = ()
    error: str = ""


@dataclass(slots=True)
class Guard:
    """Holds outcomes of one run against the checks. `may_ask_again` is false when no more model call can be made.

    `required` are checks of the run's mode, beside those of its toolkits.
    """

    task: Task
    toolkits: Sequence[Toolkit]
    evidence: Mapping[str, Evidence]
    repairs: int
    may_ask_again: Callable[[], bool]
    emit: Callable[[Event], None]
    settled: Settled | None = None
    required: list[Check] = field(default_factory=list)
    _asked: int = 0

    def hold(self, outcome: Outcome) -> None:
        """Takes `outcome` into `settled`; raises Objection when the model must try again, CheckError for a bad check.

        After `repairs` objections an answer loses the claims that are violated; when it cannot stand without them,
        the run is refused.
        """
        match outcome:
            case Adopted():
                self._hold_adopted(outcome)
            case Answer():
                self._hold_answer(outcome)
            case Refusal():
                self._hold_refusal(outcome)
            case Questions():
                self.settled = Settled(outcome, Stop.ASKED, reason="The task cannot be done before these are answered.")

    def judge(self, answer: Answer) -> Verdict:
        """Returns the verdict on `answer` of CITED, of what the mode requires, and of its toolkits' checks."""
        judges = [kit for kit in self.toolkits if isinstance(answer, kit.answer)]
        if not judges:
            raise CheckError(f"No toolkit of this run judges a {type(answer).__name__}.")
        checks = dict.fromkeys([*(check for kit in judges for check in kit.checks), *self.required, CITED])
        return verdict_of(finding for check in checks for finding in check(self.task, answer, self.evidence).findings)

    def _hold_adopted(self, adopted: Adopted) -> None:
        try:
            answer = resolve_adopted(adopted, self.toolkits, self.evidence)
        except InputError as error:
            self._object((str(error),))
            self.settled = _refused(Verdict(), (str(error),))
        else:
            self._hold_answer(answer)

    def _hold_answer(self, answer: Answer) -> None:
        verdict = self.judge(answer)
        if verdict.violated:
            self._object(_sentences(verdict.violated))
        self.settled = self._reduced(answer, verdict)

    def _reduced(self, answer: Answer, verdict: Verdict) -> Settled:
        """Returns `answer` without its violated claims, judged anew, or the refusal when it cannot stand so."""
        removed: list[str] = []
        whole, first = answer, verdict
        for _ in range(1 + len(list(whole.claims()))):
            if not verdict.violated:
                return Settled(answer, Stop.ANSWERED, verdict, removed=tuple(removed))
            bad = {finding.subject for finding in verdict.violated}
            claims = {claim.subject: claim.text for claim in answer.claims() if claim.subject in bad}
            rest = _without(answer, set(claims)) if len(claims) == len(bad) else None
            if rest is None:
                break
            removed += [f"{subject}: {text}" for subject, text in sorted(claims.items())]
            answer, verdict = rest, self.judge(rest)
        return _refused(first, _sentences(first.violated))

    def _hold_refusal(self, refusal: Refusal) -> None:
        broken = [fault for citation in refusal.citations if (fault := _fault(citation, self.evidence))]
        if broken:
            self._object(tuple(broken))
        kept = tuple(citation for citation in refusal.citations if not _fault(citation, self.evidence))
        reason = refusal.reasons[0] if refusal.reasons else ""
        self.settled = Settled(refusal.model_copy(update={"citations": kept}), Stop.REFUSED, reason=reason)

    def _object(self, reasons: tuple[str, ...]) -> None:
        if self._asked < self.repairs and self.may_ask_again():
            self._asked += 1
            self.emit(Objected(reasons, self._asked))
            told = "\n".join(["This outcome was held against the evidence and does not stand:", *reasons])
            raise Objection(neutralise(cap(told, DEFAULT_CAP)))


def kind_of(outcome: Outcome | None) -> str:
    """Returns the kind of an outcome as traces and journals name it."""
    kinds: dict[type, str] = {Refusal: "refusal", Questions: "questions", type(None): "none"}
    return kinds.get(type(outcome), "answer")


def resolve_adopted(adopted: Adopted, toolkits: Sequence[Toolkit], evidence: Mapping[str, Evidence]) -> Answer:
    """Returns the answer that a tool of this run returned; raises InputError when there is none, or it does not fit."""
    found = evidence.get(adopted.evidence)
    if found is None:
        raise InputError(
            f"No evidence {adopted.evidence!r} in this run.", hint="Adopt only what a tool returned in this run."
        )
    value = canonical_json(resolve_pointer(found.value, adopted.pointer))
    faults: list[str] = []
    for toolkit in toolkits:
        try:
            return toolkit.answer.model_validate_json(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            faults.append(f"{'/'.join(map(str, first['loc']))}: {first['msg']}")
    raise InputError(
        f"{adopted.evidence} at {adopted.pointer!r} is no answer: {faults[0] if faults else 'no toolkit'}.",
        hint="Adopt the value that a planning tool returned, at the pointer of the whole answer.",
    )


def _without(answer: Answer, subjects: set[str]) -> Answer | None:
    try:
        return answer.without(subjects)
    except Exception as error:  # a stranger's answer may raise anything
        raise CheckError(f"{type(answer).__name__} cannot leave out a claim: {error!r}.") from error


def _refused(verdict: Verdict, reasons: tuple[str, ...]) -> Settled:
    refusal = Refusal(reasons=reasons, conflict=tuple(sorted({finding.subject for finding in verdict.violated})))
    return Settled(refusal, Stop.REFUSED, verdict, reason="No answer held against the evidence.")


def _sentences(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.sentence() for finding in findings))


def _fault(citation: Citation, evidence: Mapping[str, Evidence]) -> str:
    try:
        resolve_citation(citation, evidence)
    except InputError as error:
        return str(error)
    return ""
