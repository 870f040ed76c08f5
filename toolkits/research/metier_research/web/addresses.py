"""Which network addresses are refused, and why: everything that is not on the public internet. Pure.

The IANA special-purpose registries (RFC 6890, RFC 8190) and the addresses where clouds keep what their machines may
know. What an IPv6 address carries of IPv4 (RFC 4291, 6052, 3056, 4380) is read out and judged as well.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_SECRETS: Final = "the address where a cloud keeps what its machines may know"
_PRIVATE: Final = "on a private network"
_HERE: Final = "on this machine"
_SPECIAL: Final = "reserved for a special purpose"
_METADATA: Final = frozenset(
    (
        IPv4Address("169.254.169.254"),
        IPv4Address("169.254.170.2"),
        IPv4Address("100.100.100.200"),
        IPv4Address("168.63.129.16"),
        IPv4Address("192.0.0.192"),
        IPv6Address("fd00:ec2::254"),
        IPv6Address("fd20:ce::254"),
    )
)
_V4: Final = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("127.0.0.0/8", _HERE),
        ("0.0.0.0/8", "not a single machine (unspecified)"),
        ("10.0.0.0/8", _PRIVATE),
        ("172.16.0.0/12", _PRIVATE),
        ("192.168.0.0/16", _PRIVATE),
        ("100.64.0.0/10", "in a provider's inner network (CGNAT)"),
        ("169.254.0.0/16", "on the link only"),
        ("192.0.0.0/24", _SPECIAL),
        ("192.0.2.0/24", "for documentation"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("192.88.99.0/24", _SPECIAL),
        ("198.18.0.0/15", _SPECIAL),
        ("224.0.0.0/4", "a group of machines (multicast)"),
        ("240.0.0.0/4", _SPECIAL),
    )
)
_V6: Final = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::1/128", _HERE),
        ("::/128", "not a single machine (unspecified)"),
        ("fc00::/7", _PRIVATE),
        ("fe80::/10", "on the link only"),
        ("fec0::/10", "on a private network (site-local)"),
        ("ff00::/8", "a group of machines (multicast)"),
        ("2001:db8::/32", "for documentation"),
        ("3fff::/20", "for documentation"),
        ("2001::/23", "a tunnel or reserved for a special purpose"),
        ("2002::/16", "a tunnel (6to4)"),
    )
)
_GLOBAL: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_ALLOWED_IF_NAMED: Final[tuple[IPv4Network | IPv6Network, ...]] = (
    *(IPv4Network(one) for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    *(IPv6Network(one) for one in ("::1/128", "fc00::/7")),
)


def why_refused(address: str, *, named: bool = False) -> str:
    """Returns why the address (as a resolver writes it) is refused; empty when it is public.

    `named` says that the user named the host: then it may be on this machine or on a private network, but never a
    link-local address, a group, or where a cloud keeps its secrets.
    """
    if "%" in address:
        return "bound to one network card (a zone)"
    try:
        parsed = ip_address(address)
    except ValueError:
        return "no network address"
    carried = _carried(parsed)
    judged = parsed if carried is None else carried
    if judged in _METADATA:
        return _SECRETS
    if named and any(judged in network for network in _ALLOWED_IF_NAMED):
        return ""
    return _why(judged)


def is_on_this_machine(host: str) -> bool:
    """Returns whether a host is this machine by its very name: `localhost` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Returns the IPv4 address that reaching this one would reach: mapped, or by the NAT64 of RFC 6052."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _why(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return next((reason for network, reason in _V4 if address in network), "")
    reason = next((reason for network, reason in _V6 if address in network), "")
    return reason or ("" if address in _GLOBAL else _SPECIAL)
