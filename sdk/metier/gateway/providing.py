"""Who may answer a tool, and in which order. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from metier.canonical import JSON
from metier.errors import InputError, ToolError
from metier.gateway.keys import key_of
from metier.redaction import Redaction
from metier.servers.policy import Policy
from metier.servers.source import CallContext, ToolSource
from metier.servers.tool import ToolSpec, mask_spec

ALL = "*"  # in an order: for every tool that it does not name

NOTHING = Redaction()

Orders: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Provided:
    """A source of tools as the envelope takes it: how its calls are treated, and what to hide in what it says.

    `identity` tells how it is reached, without secrets: answers are kept, and failures counted, under it.
    `json_promised` says that its tools answer in JSON, so that a page of HTML is no answer. `asked_s` says for how many
    seconds it asked a person so far, None when it cannot; `why_not` why a tool that it has is not on offer.
    """

    source: ToolSource
    identity: str
    policy_of: Callable[[ToolSpec], Policy]
    redaction: Redaction = NOTHING
    json_promised: bool = False
    asked_s: Callable[[], float] | None = None
    why_not: Callable[[str], ToolError | None] | None = None

    @property
    def name(self) -> str:
        """Returns the name of the provider."""
        return self.source.name


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool of one provider."""

    provided: Provided
    spec: ToolSpec
    policy: Policy

    @property
    def name(self) -> str:
        """Returns the name of the provider."""
        return self.provided.name

    @property
    def identity(self) -> str:
        """Returns how the provider is reached."""
        return self.provided.identity

    @property
    def may_cache(self) -> bool:
        """Returns whether its answers may be kept on the disk."""
        declared = self.policy.cacheable
        return self.policy.store and (self.spec.read_only if declared is None else declared)

    @property
    def may_share(self) -> bool:
        """Returns whether identical calls made at the same time may be one."""
        return self.spec.read_only or self.policy.cacheable is True

    @property
    def may_repeat(self) -> bool:
        """Returns whether calling it twice does no more than calling it once: it says so, or the user does."""
        return self.spec.repeatable or self.policy.cacheable is True

    @property
    def limit_key(self) -> str:
        """Returns what its calls share their rate and concurrency under."""
        return self.policy.limit_key or self.provided.name

    @property
    def quota_key(self) -> str:
        """Returns what its calls of the day are counted under."""
        return self.policy.quota_key or self.limit_key


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it was asked for."""

    tool: str
    arguments: Mapping[str, JSON]
    context: CallContext
    _keys: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def key(self, offer: Offer) -> str:
        """Returns the key of this call to that provider in the cache; raises InputError for what is not JSON."""
        found = self._keys.get(offer.identity)
        if found is None:
            found = key_of(offer.identity, self.tool, self.arguments, offer.policy.vary)
            self._keys[offer.identity] = found
        return found


Step: TypeAlias = Offer | str
"""Who is next to be asked: an offer, or the name of a provider of whom nobody knows what it has."""


def read_offers(provided: Provided, specs: Sequence[ToolSpec]) -> dict[str, Offer]:
    """Returns the tools of a provider by name, with what is secret masked in what they say of themselves."""
    masked = [mask_spec(spec, provided.redaction) for spec in specs]
    return {spec.name: Offer(provided, spec, provided.policy_of(spec)) for spec in masked}


def order_of(tool: str, names: Sequence[str], orders: Orders) -> tuple[str, ...]:
    """Returns the names of the providers that may answer `tool`, the first to be asked first."""
    return tuple(orders.get(tool) or orders.get(ALL) or names)


def check_orders(names: Sequence[str], orders: Orders) -> None:
    """Raises InputError for two providers of one name, and for an order that names one that there is not."""
    if len(set(names)) < len(names):
        raise InputError("Two providers have the same name.", hint="Give each a name of its own.")
    for tool, order in orders.items():
        for name in order:
            if name not in names:
                raise InputError(
                    f"The order of {tool!r} names {name!r}, which is no provider.",
                    hint=f"There are: {', '.join(names)}.",
                )


@dataclass(frozen=True, slots=True)
class Plan:
    """Who may answer a tool: all `steps` in order, and the `offers` among them. `who` tells them from other plans."""

    steps: tuple[Step, ...]
    offers: tuple[Offer, ...]
    who: str


def plan_of(tool: str, order: Sequence[str], known: Mapping[str, Mapping[str, Offer]]) -> Plan:
    """Returns who may answer `tool`, in `order`; `known` are the tools of the providers that have told theirs."""
    steps = steps_of(tool, order, known)
    who = "\n".join(step.identity if isinstance(step, Offer) else step for step in steps)
    return Plan(steps, offers_in(steps), who)


def steps_of(tool: str, order: Sequence[str], known: Mapping[str, Mapping[str, Offer]]) -> tuple[Step, ...]:
    """Returns who may answer `tool`, in `order`; `known` are the tools of the providers that have told theirs."""
    steps = (known[name].get(tool) if name in known else name for name in order)
    return tuple(step for step in steps if step is not None)


def offers_in(steps: Sequence[Step]) -> tuple[Offer, ...]:
    """Returns the offers among `steps`."""
    return tuple(step for step in steps if isinstance(step, Offer))


def tools_of(names: Sequence[str], orders: Orders, known: Mapping[str, Mapping[str, Offer]]) -> tuple[ToolSpec, ...]:
    """Returns the tools that somebody may answer, each as the first who may describes it.

    One needs approval when any who may answer it does.
    """
    tools = dict.fromkeys(tool for name in names for tool in known.get(name, {}))
    found: list[ToolSpec] = []
    for tool in tools:
        offers = offers_in(steps_of(tool, order_of(tool, names, orders), known))
        if offers:
            approved = any(offer.spec.needs_approval for offer in offers)
            repeatable = all(offer.may_repeat for offer in offers)
            found.append(replace(offers[0].spec, needs_approval=approved, repeatable=repeatable))
    return tuple(found)
