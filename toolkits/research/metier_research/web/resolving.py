"""From a host to the addresses that are connected to: resolved once, every one checked."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from metier.errors import InputError, ServerError
from metier_research.web.addresses import why_refused
from metier_research.web.urls import Target

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host and port; raises OSError when there are none."""


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """Returns the addresses of a host in the order of this machine's resolver; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


async def find_addresses(target: Target, resolve: Resolver) -> Sequence[str]:
    """Returns the addresses of the target's host, which may be connected to.

    Raises InputError when one of them is refused, and ServerError when there is none. Who connects to what is
    returned, and asks no resolver again, cannot be led elsewhere by a second answer (DNS rebinding).
    """
    addresses = [target.host] if _is_address(target.host) else await _resolved(target, resolve)
    for address in addresses:
        reason = why_refused(address, named=target.named)
        if reason:
            raise InputError(f"{target.host} is {reason}: it is not fetched.", hint="Only public pages are fetched.")
    return addresses


async def _resolved(target: Target, resolve: Resolver) -> Sequence[str]:
    try:
        addresses = await resolve(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise ServerError(f"The host {target.host} is not found.", hint="Check the address.", sent=False) from error
    if not addresses:
        raise ServerError(f"The host {target.host} has no address.", hint="Check the address.", sent=False)
    return addresses


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
