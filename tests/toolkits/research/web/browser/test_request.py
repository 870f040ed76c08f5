"""What a browser asks its proxy for is read whole or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.web.browser.request import read_request

SPACED = "GET http://site.example/a?b=c HTTP/1.1\r\nHost: other.example\r\n"


def test_a_request_is_sent_on_in_words_of_its_own() -> None:
    head = f"{SPACED}Proxy-Connection: keep-alive\r\nUpgrade: h2c\r\nAccept:  x \r\n\r\n".encode()
    request = read_request(head, ())
    assert request.target.url == "http://site.example/a?b=c"
    assert request.head == b"GET /a?b=c HTTP/1.1\r\nhost: site.example\r\naccept: x\r\nconnection: close\r\n\r\n"
    assert (request.tunnel, request.length) == (False, 0)


def test_a_tunnel_names_a_host_and_a_port() -> None:
    request = read_request(b"CONNECT site.example:443 HTTP/1.1\r\nHost: site.example:443\r\n\r\n", ())
    assert (request.tunnel, request.target.host, request.target.port, request.head) == (True, "site.example", 443, b"")
    assert read_request(b"CONNECT [2606:4700::1]:443 HTTP/1.1\r\n\r\n", ()).target.host == "2606:4700::1"
    assert read_request(b"CONNECT 10.1.2.3:9 HTTP/1.1\r\n\r\n", ("10.1.2.3:9",)).target.named


@pytest.mark.parametrize(
    "head",
    [
        "CONNECT site.example HTTP/1.1",
        "CONNECT site.example:22 HTTP/1.1",
        "CONNECT user@site.example:443 HTTP/1.1",
        "CONNECT site.example:443/path HTTP/1.1",
        "CONNECT site.example:443?x:443 HTTP/1.1",
        "CONNECT 0x7f000001:443 HTTP/1.1",
        "CONNECT 127.1:443 HTTP/1.1",
        "CONNECT [::1%25eth0]:443 HTTP/1.1",
        "GET /path HTTP/1.1",
        "GET ftp://site.example/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET http://u:p@site.example/ HTTP/1.1",
        "GET http://site.example:25/ HTTP/1.1",
        "GET http://site.example/ HTTP/2",
        "GET http://site.example/ x HTTP/1.1",
        "TRACE http://site.example/ HTTP/1.1",
        f"{SPACED}A b: c",
        f"{SPACED} folded: x",
        f"{SPACED}A: b\nHost: c",
        f"{SPACED}A: b\x00",
        f"{SPACED}Transfer-Encoding: chunked",
        f"{SPACED}Content-Length: 1\r\nContent-Length: 2",
        f"{SPACED}Content-Length: -1",
        f"{SPACED}Content-Length: 9999999999",
    ],
)
def test_what_is_no_request_for_a_public_page_is_refused(head: str) -> None:
    with pytest.raises(InputError):
        read_request(f"{head}\r\n\r\n".replace("\r\n\r\n\r\n", "\r\n\r\n").encode("latin-1"), ())


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([b"", b"CONNECT ", b"GET http://", SPACED.encode()]))
def test_any_bytes_are_a_request_of_one_head_or_refused(noise: bytes, before: bytes) -> None:
    try:
        request = read_request(before + noise + b"\r\n\r\n", ())
    except InputError:
        return
    assert request.tunnel == (request.head == b"")
    if not request.tunnel:
        assert request.head.count(b"\r\n\r\n") == 1
        assert request.head.count(b"\nhost: ") == 1
        assert b"\n" not in request.head.replace(b"\r\n", b"")
