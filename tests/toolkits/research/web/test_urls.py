"""An address has one spelling, and only those of public pages pass."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.web.urls import read_target


@pytest.mark.parametrize(
    ("url", "one"),
    [
        ("http://Site.Example", "http://site.example/"),
        ("HTTPS://site.example:443/a b".replace(" ", "%20"), "https://site.example/a%20b"),
        ("http://site.example.:80/x?q=1&r=ü#part", "http://site.example/x?q=1&r=%C3%BC"),
        ("http://bücher.example/straße", "http://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://site.example:8443/", "https://site.example:8443/"),
        ("http://[2606:4700:0:0::1111]/", "http://[2606:4700::1111]/"),
        ("http://8.8.8.8/x", "http://8.8.8.8/x"),
    ],
)
def test_an_address_has_one_spelling(url: str, one: str) -> None:
    assert read_target(url).url == one
    assert read_target(one).url == one


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("file:///etc/passwd", "begin with 'file'"),
        ("ftp://site.example/", "begin with 'ftp'"),
        ("site.example/page", "begin with ''"),
        ("http://user:word@site.example/", "user name"),
        ("http://@site.example/", "user name"),
        ("http://site.example:22/", "Port 22"),
        ("http://site.example:99999/", "no number"),
        ("http://site.example:x/", "no number"),
        ("http://2130706433/", "a number"),
        ("http://0x7f.1/", "a number"),
        ("http://0177.0.0.1/", "a number"),
        ("http://127.1/", "a number"),
        ("http://127.0.0.1.1/", "a number"),
        ("http://①②⑦.⓪.⓪.0x1/", "a number"),
        ("http://[fe80::1%eth0]/", "network card"),
        ("http://[::1/", "no address"),
        ("http://exa mple/", "spaces"),
        ("http://site.example/\r\nHost: x", "spaces"),
        ("http://127.0.0.1\\@site.example/", "spaces"),
        ("http://site.exa\u200bmple/", "spaces"),
        ("http://-.example/", "no name"),
        ("http://a..b/", "no name"),
        ("http:///x", "no name"),
        ("http://site.example/" + "x" * 5000, "too long"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_with_the_rule(url: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        read_target(url)


def test_a_named_host_may_use_its_port() -> None:
    assert read_target("http://inner.example:9200/", {"inner.example:9200"}).named
    assert read_target("http://[fd00::5]:9200/", {"[fd00::5]:9200"}).named
    with pytest.raises(InputError):
        read_target("http://inner.example:9201/", {"inner.example:9200"})


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "http://site.example/", ""]))
def test_whatever_is_given_is_refused_or_has_one_spelling(text: str, before: str) -> None:
    try:
        target = read_target(before + text)
    except InputError:
        return
    assert target.url.isascii()
    assert read_target(target.url) == target
