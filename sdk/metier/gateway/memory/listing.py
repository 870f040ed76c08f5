"""The tools of the providers of an envelope: asked for, remembered, and read from the cache when need be."""

import asyncio
from collections.abc import Mapping, Sequence

from metier.clock import Clock
from metier.errors import ServerError, ToolError
from metier.gateway.limits.patience import in_time
from metier.gateway.memory.keeping import Keeping
from metier.gateway.providing import Offer, Orders, Plan, Provided, order_of, plan_of, read_offers, tools_of
from metier.gateway.results.masking import mask_error
from metier.servers.tool import ToolSpec

LIST_S = 60.0  # a provider that does not say in this time what tools it has is done without
KNOWN_S = 5.0  # one whose tools are known from before holds up nobody for longer
REST_S = 30.0  # and is left alone for so long


class Listings:
    """What the providers offer.

    In replay nobody is asked. What a provider offered before is remembered, also from an earlier process, so that one
    that hangs does not hold up the others. One that does not say what it has is left alone for a while; the only one of
    an envelope is, when its tools are known from before.
    """

    def __init__(self, providers: Sequence[Provided], orders: Orders, clock: Clock, keeping: Keeping) -> None:
        self._providers = {provided.name: provided for provided in providers}
        self._names = tuple(self._providers)
        self._orders = orders
        self._clock = clock
        self._keeping = keeping
        self._specs: dict[str, tuple[ToolSpec, ...]] = {}
        self._known: dict[str, Mapping[str, Offer]] = {}
        self._plans: dict[str, Plan] = {}
        self._listed: tuple[ToolSpec, ...] | None = None
        self._rests: dict[str, tuple[float, ServerError]] = {}

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools that somebody may answer: the same tuple while nothing changes.

        Raises ServerError when no provider says what it has.
        """
        await asyncio.gather(*(self._refresh(provided) for provided in self._providers.values()))
        if not self._known:
            raise self.trouble()
        if self._listed is None:
            self._listed = tools_of(self._names, self._orders, self._known)
        return self._listed

    async def plan(self, tool: str) -> Plan:
        """Returns who may answer `tool`; asks those who have not yet said what they have."""
        if tool in self._plans:
            return self._plans[tool]
        order = order_of(tool, self._names, self._orders)
        silent = tuple(name for name in order if name not in self._known)
        if silent:
            await asyncio.gather(*(self._refresh(self._providers[name]) for name in silent))
        plan = plan_of(tool, order, self._known)
        if plan.offers and all(name in self._known for name in order):
            self._plans[tool] = plan
        return plan

    def known_tools(self) -> tuple[str, ...]:
        """Returns the names of all tools that are known."""
        return tuple(dict.fromkeys(tool for offers in self._known.values() for tool in offers))

    def trouble(self) -> ServerError:
        """Returns the error of the first provider that did not say what it has."""
        for name in self._names:
            if name in self._rests:
                _, error = self._rests[name]
                return ServerError(error.message, hint=error.hint, sent=False, retry_after_s=error.retry_after_s)
        return ServerError(
            f"The tools of {', '.join(self._names)} are not recorded.",
            hint="Record them: make the same run once with the cache in mode read-write.",
            sent=False,
        )

    async def _refresh(self, provided: Provided) -> None:
        if provided.name not in self._known:
            self._recall(provided)
        if self._keeping.mode != "replay":
            await self._ask(provided)

    async def _ask(self, provided: Provided) -> None:
        name = provided.name
        limit_s = KNOWN_S if name in self._known else LIST_S
        may_wait = len(self._names) > 1 or name in self._known
        if may_wait and name in self._rests and self._clock.seconds() < self._rests[name][0]:
            return
        try:
            specs = await in_time(provided.source.tools(), limit_s, provided.asked_s)
        except ServerError as error:
            trouble = error
        except ToolError as error:
            trouble = ServerError(error.message, hint=error.hint)
        except TimeoutError:
            trouble = ServerError(f"The server {name!r} did not say within {limit_s:g} s what tools it has.")
        else:
            self._rests.pop(name, None)
            self._learn(provided, specs)
            return
        self._rests[name] = (self._clock.seconds() + REST_S, mask_error(trouble, provided.redaction))

    def _learn(self, provided: Provided, specs: tuple[ToolSpec, ...]) -> None:
        if specs == self._specs.get(provided.name):
            return
        self._specs[provided.name] = specs
        offers = self._know(provided, specs)
        self._keeping.keep_specs(provided, tuple(offer.spec for offer in offers.values()))

    def _recall(self, provided: Provided) -> None:
        specs = self._keeping.find_specs(provided)
        if specs is not None:
            self._know(provided, specs)

    def _know(self, provided: Provided, specs: tuple[ToolSpec, ...]) -> Mapping[str, Offer]:
        self._plans.clear()
        self._listed = None
        offers = self._known[provided.name] = read_offers(provided, specs)
        return offers
