"""Only public addresses pass, in whatever form they come."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.web.addresses import is_on_this_machine, why_refused

REFUSED = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "127.1",
    "2130706433",
    "localhost",
    "",
)
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "223.255.255.255",
)
PUBLIC_6 = (
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2001:4860:4860::8888",
)


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused_with_the_reason(address: str) -> None:
    assert why_refused(address) != ""


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_6)
def test_what_is_public_passes(address: str) -> None:
    assert why_refused(address) == ""


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.1.1", "192.168.4.4", "172.16.0.9", "100.64.2.2", "::1", "fd12::1"]
)
def test_a_host_that_the_user_named_may_be_private(address: str) -> None:
    assert why_refused(address, named=True) == ""


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.1.1",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "224.0.0.1",
        "0.0.0.0",
        "fe80::1",
    ],
)
def test_not_even_a_named_host_may_be_where_a_cloud_keeps_its_secrets(address: str) -> None:
    assert why_refused(address, named=True) != ""
    if "." in address:
        assert why_refused(f"::ffff:{address}", named=True) != ""


@settings(max_examples=60)
@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_in_every_wrapping(address: IPv4Address) -> None:
    plain = why_refused(str(address))
    assert why_refused(str(IPv6Address(int(address) | 0xFFFF << 32))) == plain
    assert why_refused(str(IPv6Address(int(IPv6Address("64:ff9b::")) | int(address)))) == plain
    assert plain or address.is_global


@settings(max_examples=60)
@given(st.ip_addresses(v=6))
def test_what_python_calls_not_global_is_never_public(address: IPv6Address) -> None:
    if address.ipv4_mapped is None and not address.is_global:
        assert why_refused(str(address)) != ""


def test_this_machine_is_known_by_its_names() -> None:
    assert [is_on_this_machine(host) for host in ("localhost", "127.3.2.1", "::1", "site.example", "10.0.0.1")] == [
        True,
        True,
        True,
        False,
        False,
    ]
