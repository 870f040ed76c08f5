"""Toolkits and registered servers, as the envelope takes them: opened, admitted, with their policies and secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mcp.server import MCPServer

from metier.canonical import JSON
from metier.errors import InputError
from metier.gateway.envelope import Envelope
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.redaction import redaction_of
from metier.servers.admission import Admission, Withheld, not_approved
from metier.servers.catalog import Catalog
from metier.servers.connection import Connection
from metier.servers.definition import Definition
from metier.servers.opening import open_server
from metier.servers.pinning.store import PinStore
from metier.servers.policy import POLICY_KEY, Policy, read_policy
from metier.servers.pool import Pool
from metier.servers.source import Ask, ToolSource
from metier.servers.target import Target, secrets_in
from metier.servers.tool import ToolSpec
from metier.toolkit import Provider, Settings, Toolkit

LOCAL = "local"  # the name, in an order, of a toolkit's own server
OWN = Policy(store=False, attempts=1, timeout_s=120.0, total_s=120.0, cap_tokens=None)
RECORDED = replace(OWN, store=True)  # beside live providers, so that a replay has its answers too
ToolSettings = Mapping[str, Mapping[str, JSON]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What opening a server needs of the world. `ask` puts a server's question to the user.

    Servers come from `pool`, so that concurrent runs share their sessions.
    """

    home: Path
    catalog: Catalog
    gateway: Gateway
    pool: Pool
    environ: Mapping[str, str] = field(repr=False)
    ask: Ask | None = None
    open_browser: Callable[[str], None] | None = None
    on_withheld: Callable[[Withheld], None] | None = None


@dataclass(frozen=True, slots=True)
class Equipped:
    """A source of tools with the envelope round it, and the secrets that its use puts at risk.

    `caps` says that long answers may be shown in part.
    """

    source: Envelope
    caps: bool = True
    secrets: tuple[str, ...] = field(default=(), repr=False)


def equip_server(name: str, around: Surroundings, *, whole: bool = False, unattended: bool = False) -> Equipped:
    """Returns the registered server `name`, its answers `whole` however long they are.

    `unattended` refuses the calls that a person would have to approve of. Raises InputError and MissingError for a
    server that cannot be used.
    """
    provided, secrets = _registered(name, around, {}, unattended=unattended)
    if whole:
        capped = provided.policy_of
        provided = replace(provided, policy_of=lambda spec: replace(capped(spec), cap_tokens=None))
    return Equipped(around.gateway.envelope(name, [provided]), secrets=secrets)


def equip_target(name: str, target: Target, around: Surroundings) -> Equipped:
    """Returns a server that the caller's own code names; it needs no approval, the code is its approval."""
    secrets = secrets_in(target)
    key = ("code", name, id(target), around.ask)  # the connection holds its target, so that its id stays its own
    source = around.pool.share(key, lambda: Connection(name, target, ask=around.ask))
    policy_of = _declaring(target, Policy())
    provided = Provided(source, f"code:{name}", policy_of, source.redaction, asked_s=_asked(source))
    return Equipped(around.gateway.envelope(name, [provided]), secrets=secrets)


def equip_toolkit(toolkit: Toolkit, server: Target, settings: Settings, around: Surroundings) -> Equipped:
    """Returns the tools of `toolkit`, each answered by the first provider of its order that can.

    `server` is the toolkit's own. Raises InputError for an order that names a provider there is not, or one behind
    which no registered server stands.
    """
    order = around.catalog.order(toolkit.name)
    if not order.tools and order.providers == (LOCAL,):
        return _alone(toolkit, server, around)
    wanted = dict.fromkeys([*order.providers, *(name for names in order.tools.values() for name in names)])
    known = {provider.name: provider for provider in toolkit.providers}
    if unknown := [name for name in wanted if name != LOCAL and name not in known]:
        there = ", ".join([LOCAL, *known])
        raise InputError(
            f"The toolkit {toolkit.name!r} has no provider {unknown[0]!r}.", hint=f"metier.toml may name: {there}."
        )
    provided: list[Provided] = []
    secrets: list[str] = []
    for name in wanted:
        if name == LOCAL:
            provided.append(_own(toolkit, server, around, RECORDED))
            continue
        one, risked = _live(known[name], settings, order.servers.get(name, name), around)
        provided.append(one)
        secrets += risked
    names = {LOCAL: toolkit.name}
    orders = {"*": order.providers, **order.tools}
    spelled = {tool: tuple(names.get(name, name) for name in chosen) for tool, chosen in orders.items()}
    return Equipped(around.gateway.envelope(toolkit.name, provided, orders=spelled), secrets=tuple(secrets))


def _alone(toolkit: Toolkit, server: Target, around: Surroundings) -> Equipped:
    """Returns the toolkit's own tools. They need no network and nothing of them is kept, so a replay calls them too."""
    return Equipped(
        around.gateway.in_mode("off").envelope(toolkit.name, [_own(toolkit, server, around, OWN)]), caps=False
    )


def _own(toolkit: Toolkit, server: Target, around: Surroundings, policy: Policy) -> Provided:
    source = Connection(toolkit.name, server, ask=around.ask)
    policy_of = _declaring(server, policy)
    return Provided(source, f"toolkit:{toolkit.name}", policy_of, source.redaction, asked_s=_asked(source))


def _declaring(target: Target, policy: Policy) -> Callable[[ToolSpec], Policy]:
    """Returns how the tools of `target` are treated: as they say themselves, if they are code of this process."""
    if isinstance(target, MCPServer):
        return lambda spec: declared(spec, policy)
    return lambda spec: policy


def policies(definition: Definition, known: ToolSettings) -> Callable[[ToolSpec], Policy]:
    """Returns how each tool of a registered server is treated: what is known of it, then what the user set."""
    what = f"the policy of {definition.name}"
    general = read_policy(definition.policy, over=read_policy(known.get("*", {})), what=what)

    def policy_of(spec: ToolSpec) -> Policy:
        if spec.name not in known and spec.name not in definition.tools:
            return general
        special = read_policy({**known.get("*", {}), **known.get(spec.name, {})})
        own = definition.tools.get(spec.name, {})
        if "quota_per_day" in own and "quota_key" not in own:  # a tool's own quota is not the server's
            own = {**own, "quota_key": f"{definition.name}/{spec.name}"}
        return read_policy({**definition.policy, **own}, over=special, what=f"{what}, tool {spec.name}")

    return policy_of


def declared(spec: ToolSpec, over: Policy) -> Policy:
    """Returns what the tool itself says, in its `_meta`, over the policy `over`. For servers in this process."""
    said = spec.meta.get(POLICY_KEY)
    return read_policy(said, over=over, what=f"the tool {spec.name}") if isinstance(said, dict) else over


def _registered(
    name: str, around: Surroundings, known: ToolSettings, *, unattended: bool = False
) -> tuple[Provided, tuple[str, ...]]:
    definition = around.catalog.find(name).definition
    opened = open_server(
        definition, home=around.home, environ=around.environ, ask=around.ask, open_browser=around.open_browser
    )
    pins = PinStore(around.home)
    if pins.find(definition) is None:
        raise not_approved(name)
    key = ("registered", name, opened.identity, opened.secrets, around.ask)
    shared = around.pool.share(key, lambda: opened.source)
    source = Admission(shared, definition, pins=pins, on_withheld=around.on_withheld, unattended=unattended)
    policy_of = policies(definition, known)
    provided = Provided(
        source, opened.identity, policy_of, shared.redaction, asked_s=_asked(shared), why_not=source.why_not
    )
    return provided, opened.secrets


def _asked(source: Connection) -> Callable[[], float] | None:
    """Returns how to find out for how long a person has been asked; None where nobody can be."""
    return (lambda: source.asked_s) if source.asks else None


def _live(
    provider: Provider, settings: Settings, server: str, around: Surroundings
) -> tuple[Provided, tuple[str, ...]]:
    named = (*provider.secrets,)
    secrets = tuple(
        value for name in named for value in (settings.options.get(name), around.environ.get(name)) if value
    )
    remote: ToolSource | None = None
    if provider.remote:
        behind, risked = _registered(server, around, provider.remote_policy, unattended=True)
        behind = replace(behind, json_promised=True)  # adapters read JSON: a page or an error body is no answer
        remote, secrets = around.gateway.envelope(server, [behind]), (*secrets, *risked)
    source = Connection(provider.name, provider.make(settings, remote))
    policy_of = _settled(provider)
    return Provided(source, f"provider:{provider.name}", policy_of, redaction_of(secrets)), secrets


def _settled(provider: Provider) -> Callable[[ToolSpec], Policy]:
    """Returns how a provider's own tools are treated. What stands behind it has an envelope and a retry of its own."""
    once = replace(
        Policy(), limit_key=f"provider:{provider.name}", attempts=1 if provider.remote else Policy().attempts
    )
    known = provider.policy

    def policy_of(spec: ToolSpec) -> Policy:
        return declared(spec, read_policy({**known.get("*", {}), **known.get(spec.name, {})}, over=once))

    return policy_of
