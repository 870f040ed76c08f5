"""A call to one provider: attempts under its limits, its breaker and its timeout, until it answers or is given up."""

import asyncio
from dataclasses import dataclass, replace
from typing import TypeAlias

from metier.errors import ServerError, ToolError
from metier.gateway.attempts.faults import Fault, Kind, fault_of_error, fault_of_result
from metier.gateway.attempts.retry import next_pause
from metier.gateway.attempts.shared import Shared
from metier.gateway.limits.patience import in_time
from metier.gateway.providing import Offer, Request
from metier.gateway.results.masking import mask_error, mask_progress, mask_result
from metier.redaction import Redaction
from metier.servers.source import CallContext, Progress
from metier.servers.tool import ToolResult
from metier.trace import Attempt

OPEN, SPENT, PAUSED = "open", "quota", "paused"  # outcomes of an attempt that was not made
UNSENT = "unsent"
_NOT_SENT = (UNSENT, OPEN, SPENT, PAUSED)
_WHY = {
    OPEN: "it failed too often and rests",
    SPENT: "its calls of the day are spent",
    PAUSED: "its turn would come too late",
}


Answer: TypeAlias = ToolResult | ServerError | ToolError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking one provider, cleared of its secrets: a result or an error, after these attempts.

    `fault` says why the provider was given up: another may do better. None: this is the answer.
    """

    attempts: tuple[Attempt, ...]
    answer: Answer
    fault: Fault | None = None

    @property
    def sent(self) -> bool:
        """Returns whether the call may have reached the provider."""
        return any(was_sent(attempt) for attempt in self.attempts)

    @property
    def why(self) -> str:
        """Returns how the last attempt ended, in a word."""
        return self.attempts[-1].outcome


def was_sent(attempt: Attempt) -> bool:
    """Returns whether the attempt may have reached the provider."""
    return attempt.outcome not in _NOT_SENT


async def ask_provider(shared: Shared, offer: Offer, request: Request, *, until_s: float) -> Outcome:
    """Returns what the provider gave; it is retried as its policy says, and not beyond `until_s` of the clock."""
    began_s = shared.clock.seconds()
    outcome = await _try(shared, offer, request, until_s=until_s, pause_s=0.0)
    while outcome.fault is not None and outcome.why not in (OPEN, SPENT, PAUSED):
        pause_s = next_pause(
            replace(offer.policy, total_s=min(offer.policy.total_s, until_s - began_s)),
            attempt=len(outcome.attempts),
            fault=outcome.fault,
            repeatable=offer.may_repeat,
            spent_s=shared.clock.seconds() - began_s,
            chance=shared.chance(),
        )
        if pause_s is None:
            break
        await shared.sleep(pause_s)
        tried = await _try(shared, offer, request, until_s=until_s, pause_s=pause_s)
        outcome = replace(tried, attempts=(*outcome.attempts, *tried.attempts))
    return outcome


async def _try(shared: Shared, offer: Offer, request: Request, *, until_s: float, pause_s: float) -> Outcome:
    """Returns what one attempt gave, in its turn, or why it was not made."""
    if shared.breakers.rests_s(offer.identity) > 0:
        return _skipped(offer, OPEN, pause_s)
    policy, limiter = offer.policy, shared.limiter(offer.limit_key)
    rests_s = limiter.rests_s()
    if policy.rate_per_s is None and policy.concurrency is None and rests_s == 0:
        return await _send(shared, offer, request, until_s=until_s, waited_s=pause_s)
    now_s = shared.clock.seconds()
    if rests_s > until_s - now_s:
        return _skipped(offer, PAUSED, pause_s, retry_after_s=rests_s)
    slot = limiter.slot(rate_per_s=policy.rate_per_s, concurrency=policy.concurrency)
    try:
        async with asyncio.timeout(until_s - now_s):
            await slot.__aenter__()
    except TimeoutError:
        return _skipped(offer, PAUSED, pause_s + shared.clock.seconds() - now_s)
    try:
        waited_s = pause_s + shared.clock.seconds() - now_s
        return await _send(shared, offer, request, until_s=until_s, waited_s=waited_s)
    finally:
        await slot.__aexit__(None, None, None)


def _admit(shared: Shared, offer: Offer) -> str:
    """Takes one call of the day and passes the breaker; returns what hinders that, or nothing."""
    limit = offer.policy.quota_per_day
    if limit is None:
        return "" if shared.breakers.admit(offer.identity, offer.policy) else OPEN
    key, day = offer.quota_key, shared.day()
    if shared.quotas.take(key, day, limit) is None:
        return SPENT
    if shared.breakers.admit(offer.identity, offer.policy):
        return ""
    shared.quotas.give_back(key, day)
    return OPEN


async def _send(shared: Shared, offer: Offer, request: Request, *, until_s: float, waited_s: float) -> Outcome:
    """Makes one attempt, and tells breaker, limiter and counts how it ended; a cancelled one tells them nothing."""
    began_s = shared.clock.seconds()
    hindrance = PAUSED if began_s >= until_s else _admit(shared, offer)
    if hindrance:
        return _skipped(offer, hindrance, waited_s)
    answer, fault = await _answer(offer, request, min(offer.policy.timeout_s, until_s - began_s))
    now_s = shared.clock.seconds()
    if fault is None:
        word, reason = "ok" if isinstance(answer, ToolResult) and not answer.is_error else "failed", ""
    else:
        word, reason = fault.kind, fault.reason
        shared.tally(offer).failures += 1
        if fault.retry_after_s is not None:
            shared.limiter(offer.limit_key).pause_until(now_s + fault.retry_after_s)
    healthy = fault is None or fault.kind == "refused"  # it is well and does not serve us, or not with this
    shared.breakers.report(offer.identity, failed=not healthy)
    return Outcome((Attempt(offer.name, word, waited_s, now_s - began_s, reason),), answer, fault)


async def _answer(offer: Offer, request: Request, limit_s: float) -> tuple[Answer, Fault | None]:
    """Returns what the source gave, without secrets, and the fault in it that another attempt or provider may mend."""
    provided = offer.provided
    try:
        calling = provided.source.call(request.tool, request.arguments, _context(request, provided.redaction))
        said = await in_time(calling, limit_s, provided.asked_s)
    except TimeoutError:
        late = f"The server {offer.name!r} did not answer {request.tool} within {limit_s:.3g} s."
        return ServerError(late, hint="Ask for less, or allow it more time."), Fault("timeout", late)
    except ServerError as error:
        failed = mask_error(error, provided.redaction)
        return failed, _mendable(fault_of_error(failed))
    except ToolError as error:
        refused = mask_error(error, provided.redaction)
        return refused, _mendable(fault_of_error(refused))
    result = mask_result(said, provided.redaction)
    fault = fault_of_result(result, json_promised=provided.json_promised)
    if fault is not None and not result.is_error:  # a page or an error body that calls itself an answer
        result = replace(result, is_error=True, evidence=())
    return result, _mendable(fault)


def _mendable(fault: Fault | None) -> Fault | None:
    return fault if fault is not None and fault.is_mendable else None


def _context(request: Request, redaction: Redaction) -> CallContext:
    listener = request.context.on_progress
    if listener is None or redaction.pattern is None:
        return request.context

    def tell(progress: Progress) -> None:
        listener(mask_progress(progress, redaction))

    return replace(request.context, on_progress=tell)


def _skipped(offer: Offer, why: str, waited_s: float, *, retry_after_s: float | None = None) -> Outcome:
    error = ServerError(
        f"The server {offer.name!r} was not asked: {_WHY[why]}.",
        hint="Wait, or name another provider after it.",
        sent=False,
        retry_after_s=retry_after_s,
    )
    kind: Kind = "unavailable" if why == OPEN else "throttled"
    attempt = Attempt(offer.name, why, waited_s, 0.0, _WHY[why])
    return Outcome((attempt,), error, Fault(kind, _WHY[why], retry_after_s))
