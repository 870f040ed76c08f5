"""The envelope: a source of tools in front of others. See `metier.gateway` for what it does and in which order."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from difflib import get_close_matches
from types import TracebackType
from typing import Self

from opentelemetry.trace import Span

from metier.canonical import JSON
from metier.errors import InputError, ServerError, ToolError
from metier.gateway.attempts.answering import Answered, ask_in_order, recall
from metier.gateway.attempts.shared import Shared
from metier.gateway.memory.keeping import Keeping
from metier.gateway.memory.listing import Listings
from metier.gateway.providing import Offer, Orders, Plan, Provided, Request, check_orders
from metier.gateway.results.labels import label_degraded, recorded
from metier.gateway.results.masking import mask_error
from metier.gateway.results.pages import cap_result
from metier.gateway.spans import note_record, within
from metier.servers.source import PLAIN, CallContext
from metier.servers.tool import ToolResult, ToolSpec
from metier.trace import CallRecord


class Envelope:
    """The tools of `providers` behind one name: cached, limited, retried, failed over, capped and recorded.

    Use it as an async context manager; it may be entered more than once and holds its sources open meanwhile. A call
    raises what a source raises, without secrets; its record goes to who called (`on_record`). In mode "replay" no
    source is entered or asked, and a call that is not recorded raises ServerError.
    """

    def __init__(
        self, name: str, providers: Sequence[Provided], orders: Orders, *, shared: Shared, keeping: Keeping
    ) -> None:
        check_orders([provided.name for provided in providers], orders)
        self._name = name
        self._providers = tuple(providers)
        self._shared = shared
        self._keeping = keeping
        self._listings = Listings(providers, orders, shared.clock, keeping)
        self._stack = AsyncExitStack()
        self._entered = 0

    @property
    def name(self) -> str:
        """Returns the name under which the tools are offered."""
        return self._name

    async def __aenter__(self) -> Self:
        self._entered += 1
        if self._entered == 1 and self._keeping.mode != "replay":
            for provided in self._providers:
                await self._stack.enter_async_context(provided.source)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered -= 1
        if self._entered == 0:
            self._keeping.flush()
            await self._stack.aclose()

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools that somebody may answer; raises ServerError when no provider says what it has."""
        return await self._listings.tools()

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what the first provider that could answer gave, with the record of the call.

        Raises ServerError when none could, and ToolError for a tool that is not there or refuses its arguments.
        """
        span = self._shared.spans.start(tool, server=self._name, run=context.run)
        if span is None:
            return await self._call(Request(tool, arguments, context), None)
        with within(span):
            return await self._call(Request(tool, arguments, context), span)

    async def _call(self, request: Request, span: Span | None) -> ToolResult:
        began_s = self._shared.clock.seconds()
        plan = await self._listings.plan(request.tool)
        if not plan.offers:
            raise self._nobody(request.tool, plan)
        try:
            answered = self._recall(plan, request) or await self._ask(plan, request)
        except InputError as error:
            raise ToolError(error.message, hint=error.hint) from error
        return self._finish(answered, request, span, began_s)

    def _recall(self, plan: Plan, request: Request) -> Answered | None:
        """Returns an answer from the cache that needs no other to be asked first; in replay, any."""
        if self._keeping.mode != "replay":
            first = plan.steps[0]
            return recall(self._shared, self._keeping, first, request) if isinstance(first, Offer) else None
        for offer in plan.offers:
            if found := recall(self._shared, self._keeping, offer, request):
                return found
        error = ServerError(
            f"A call of {request.tool} is not recorded, of {' or '.join(offer.name for offer in plan.offers)}.",
            hint="Record it: make the same run once with the cache in mode read-write.",
            sent=False,
        )
        return Answered(plan.offers[0], "miss", error, fault="unsent")

    async def _ask(self, plan: Plan, request: Request) -> Answered:
        """Asks the providers; identical calls that do nothing but read, made at the same time, are one."""
        if not plan.offers[0].may_share:
            return await ask_in_order(self._shared, self._keeping, plan, request)
        key = f"{request.key(plan.offers[0])} {self._keeping.mode} {plan.who}"
        answered, others = await self._shared.flights.share(
            key, lambda: ask_in_order(self._shared, self._keeping, plan, request)
        )
        return replace(answered, cache="shared", attempts=(), cost_usd=0.0, parts=()) if others else answered

    def _finish(self, answered: Answered, request: Request, span: Span | None, began_s: float) -> ToolResult:
        """Returns the result as the model is shown it, with its record; raises the error that the call ended with."""
        offer, policy = answered.offer, answered.offer.policy
        answer = shown = answered.answer
        if isinstance(answer, ToolResult):
            shown = cap_result(answer, self._shared.shelves, cap_tokens=policy.cap_tokens, store=policy.store)
        record = CallRecord(
            offer.name,
            answered.cache,
            answered.attempts,
            elapsed_s=self._shared.clock.seconds() - began_s,
            bytes=answered.size,
            cost_usd=answered.cost_usd,
            degraded=answered.degraded,
            capped=shown is not answer,
            tool=request.tool,
            parts=answered.parts,
        )
        if request.context.on_record is not None:
            request.context.on_record(record)
        if span is not None:
            note_record(span, record, fault=answered.fault)
        if not isinstance(shown, ToolResult):
            raise shown
        if answered.degraded:
            shown = label_degraded(
                shown, name=self._name, tool=request.tool, provider=offer.name, degraded=answered.degraded
            )
        return recorded(shown, record)

    def _nobody(self, tool: str, plan: Plan) -> ServerError | ToolError:
        if plan.steps:
            return self._listings.trouble()
        for provided in self._providers:
            if provided.why_not is not None and (held := provided.why_not(tool)) is not None:
                return mask_error(held, provided.redaction)
        near = ", ".join(get_close_matches(tool, self._listings.known_tools(), n=3))
        return ToolError(f"{self._name!r} has no tool {tool!r}.", hint=f"Did you mean {near}?" if near else "")
