"""The tools of the providers of an envelope: asked for, remembered, and read from the cache when need be."""

import asyncio
from collections.abc import Mapping, Sequence

from metier.clock import Clock
from metier.errors import ServerError, ToolError
from metier.gateway.memory.keeping import Keeping
from metier.gateway.providing import Offer, Orders, Plan, Provided, order_of, plan_of, read_offers, tools_of
from metier.gateway.results.masking import mask_error
from metier.servers.tool import ToolSpec

LIST_S = 60.0  # a provider that does not say in this time what tools it has is done without
REST_S = 30.0  # and is left alone for so long


class Listings:
    """What the providers offer.

    In replay nobody is asked. One of several that does not say what it
    has is left alone for a while, so that it does not hold up the others at every step.
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
        self._rests: dict[str, tuple[float, ServerError]] = {}

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools that somebody may answer; raises ServerError when no provider says what it has."""
        await asyncio.gather(*(self._refresh(provided) for provided in self._providers.values()))
        if not self._known:
            raise self.trouble()
        return tools_of(self._names, self._orders, self._known)

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
        if self._keeping.mode != "replay" and await self._ask(provided):
            return
        if provided.name not in self._known:
            self._recall(provided)

    async def _ask(self, provided: Provided) -> bool:
        name = provided.name
        if len(self._names) > 1 and name in self._rests and self._clock.seconds() < self._rests[name][0]:
            return False
        try:
            async with asyncio.timeout(LIST_S):
                specs = await provided.source.tools()
        except ServerError as error:
            trouble = error
        except ToolError as error:
            trouble = ServerError(error.message, hint=error.hint)
        except TimeoutError:
            trouble = ServerError(f"The server {name!r} did not say within {LIST_S:g} s what tools it has.")
        else:
            self._rests.pop(name, None)
            self._learn(provided, specs)
            return True
        self._rests[name] = (self._clock.seconds() + REST_S, mask_error(trouble, provided.redaction))
        return False

    def _learn(self, provided: Provided, specs: tuple[ToolSpec, ...]) -> None:
        if specs == self._specs.get(provided.name):
            return
        self._specs[provided.name] = specs
        self._plans.clear()
        offers = self._known[provided.name] = read_offers(provided, specs)
        self._keeping.keep_specs(provided, tuple(offer.spec for offer in offers.values()))

    def _recall(self, provided: Provided) -> None:
        specs = self._keeping.find_specs(provided)
        if specs is not None:
            self._plans.clear()
            self._known[provided.name] = read_offers(provided, specs)
