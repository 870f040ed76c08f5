"""Providers asked in order, until one answers; what is said when none does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from metier.errors import ServerError
from metier.gateway.attempts.performing import Answer, Outcome, ask_provider, was_sent
from metier.gateway.attempts.shared import Shared
from metier.gateway.memory.keeping import Keeping
from metier.gateway.providing import Offer, Plan, Request
from metier.gateway.results.codec import write_result
from metier.gateway.results.labels import Passed, reasons_of
from metier.servers.tool import Failure, ToolResult
from metier.trace import Attempt, CallRecord

TOOL_ERROR = "tool_error"  # the kind of fault, in the semantic conventions, of a tool's own no
LISTING = "unavailable"  # how a provider is passed over that does not say what it has


Asked: TypeAlias = tuple[Offer, Outcome]


@dataclass(frozen=True, slots=True)
class Answered:
    """How a call ended: with a result, whole and cleared of secrets, or with an error.

    `size` is of the whole result, in bytes; `fault` the kind of what went wrong, when something did.
    """

    offer: Offer
    cache: str
    answer: Answer
    attempts: tuple[Attempt, ...] = ()
    cost_usd: float = 0.0
    size: int = 0
    degraded: str = ""
    fault: str = ""
    parts: tuple[CallRecord, ...] = ()


async def ask_in_order(shared: Shared, keeping: Keeping, plan: Plan, request: Request) -> Answered:
    """Returns the answer of the first provider that gives one.

    The next is asked when another may do better and nothing is done twice by it. A provider with others behind it may
    use half of the time that is left. The cache has been asked for the first step already.
    """
    seconds = shared.clock.seconds
    last = plan.offers[-1]
    until_s = seconds() + plan.offers[0].policy.total_s
    passed: list[Passed] = []
    asked: list[tuple[Offer, Outcome]] = []
    for at, step in enumerate(plan.steps):
        if isinstance(step, str):
            passed.append(Passed(step, LISTING))
            continue
        if at and (found := recall(shared, keeping, step, request)):
            attempts, cost, parts = _spent(asked)
            return replace(found, attempts=attempts, cost_usd=cost, degraded=reasons_of(passed), parts=parts)
        now_s = seconds()
        left_s = until_s - now_s
        shared.tally(step).calls += 1
        share_s = left_s if step is last else left_s / 2
        outcome = await ask_provider(shared, step, request, until_s=now_s + share_s)
        asked.append((step, outcome))
        if outcome.fault is None:
            return _answer(keeping, request, asked, degraded=reasons_of(passed))
        passed.append(Passed(step.name, outcome.why))
        if outcome.sent and not step.may_repeat:
            break
    return _give_up(request, asked, passed)


def recall(shared: Shared, keeping: Keeping, offer: Offer, request: Request) -> Answered | None:
    """Returns the answer that the cache has, if it may be served."""
    found = keeping.find(offer, request)
    if found is None:
        return None
    tally = shared.tally(offer)
    tally.calls += 1
    tally.hits += 1
    return Answered(offer, "hit", found.result, size=found.size, degraded=found.degraded)


def _answer(keeping: Keeping, request: Request, asked: Sequence[Asked], *, degraded: str) -> Answered:
    offer, outcome = asked[-1]
    cache = "miss" if keeping.mode != "off" and offer.may_cache else "off"
    answer, size, fault = outcome.answer, 0, TOOL_ERROR
    if isinstance(answer, ToolResult):
        payload = _written(answer)
        size = len(answer.text) if payload is None else len(payload)
        if not answer.is_error:
            fault = ""
            if payload is not None:
                keeping.keep(offer, request, payload, degraded=degraded)
    attempts, cost, parts = _spent(asked)
    return Answered(offer, cache, answer, attempts, cost, size, degraded, fault, parts)


def _give_up(request: Request, asked: Sequence[Asked], passed: Sequence[Passed]) -> Answered:
    """Returns that nobody answered: what the one provider said, or, after several, who failed and why.

    It is a failed result, which the model is told, when a server gave one; an error otherwise.
    """
    offer, outcome = asked[-1]
    answer: Answer = outcome.answer
    if len(passed) > 1:
        answer = _nobody(request, asked, passed)
    size = len(answer.text) if isinstance(answer, ToolResult) else 0
    attempts, cost, parts = _spent(asked)
    return Answered(offer, "off", answer, attempts, cost, size, fault=outcome.why, parts=parts)


def _nobody(request: Request, asked: Sequence[Asked], passed: Sequence[Passed]) -> Answer:
    pauses = [one.fault.retry_after_s for _, one in asked if one.fault and one.fault.retry_after_s is not None]
    pause_s = min(pauses, default=None)
    text = f"Nobody could answer {request.tool} ({reasons_of(passed)})."
    if any(isinstance(one.answer, ToolResult) for _, one in asked):
        failure = Failure("throttled" if pauses else "unavailable", pause_s)
        return ToolResult(text, None, (), is_error=True, failure=failure)
    sent = any(one.sent for _, one in asked)
    return ServerError(text, hint="Try again later.", sent=sent, retry_after_s=pause_s)


def _written(result: ToolResult) -> bytes | None:
    try:
        return write_result(result)
    except ValueError:  # half of a surrogate pair, which the cache cannot hold
        return None


def _spent(asked: Sequence[Asked]) -> tuple[tuple[Attempt, ...], float, tuple[CallRecord, ...]]:
    """Returns all attempts, what they and the calls that tools made themselves cost, and the records of these."""
    attempts: list[Attempt] = []
    parts: list[CallRecord] = []
    costs: list[float] = []
    for offer, outcome in asked:
        attempts += outcome.attempts
        costs += [offer.policy.cost_usd for attempt in outcome.attempts if was_sent(attempt)]
        if isinstance(outcome.answer, ToolResult):
            parts += outcome.answer.parts
    costs += [part.cost_usd for part in parts]
    return tuple(attempts), math.fsum(costs), tuple(parts)
