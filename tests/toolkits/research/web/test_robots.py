"""What a robots.txt says is obeyed; what its absence means is what the standard says (RFC 9309)."""

import pytest

from metier.testing import FrozenClock
from metier_research.web.politeness import Politeness
from metier_research.web.robots import EVERYTHING, LONGEST_DELAY_S, MOST_BYTES, NOTHING, read_rules

URL = "http://site.example/a/b.html"


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (410, True), (429, False), (500, False), (503, False)]
)
def test_a_missing_file_allows_everything_and_a_failing_server_nothing(status: int, allowed: bool) -> None:
    assert read_rules(status, b"User-agent: *\nDisallow: /").allow(URL) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /a", False),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/b", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /*.html$", False),
        (b"User-agent: metier-research\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (b"User-agent: other\nDisallow: /", True),
        (b"\xff\xfe\x00nonsense\n\n:::", True),
        (b"User-agent: *\n" + b"Disallow: /*x*y*z*" * 10, True),
    ],
)
def test_the_rules_for_this_toolkit_count(text: bytes, allowed: bool) -> None:
    assert read_rules(200, text).allow(URL) is allowed


def test_a_file_is_read_as_far_as_the_standard_asks() -> None:
    assert read_rules(200, b"#" * MOST_BYTES + b"\nUser-agent: *\nDisallow: /").allow(URL)


@pytest.mark.parametrize(
    ("written", "delay_s"), [("2", 2.0), ("0.5", 0.5), ("-1", 0.0), ("nan", 0.0), ("1e99", LONGEST_DELAY_S)]
)
def test_the_pause_that_a_site_wants_is_a_sane_number(written: str, delay_s: float) -> None:
    assert read_rules(200, f"User-agent: *\nCrawl-delay: {written}".encode()).delay_s == delay_s


def test_turns_stand_apart_and_rules_are_forgotten_after_an_hour() -> None:
    clock = FrozenClock()
    politeness = Politeness(clock)
    assert [politeness.take_turn("http://a", 2.0) for _ in range(3)] == [0.0, 2.0, 4.0]
    assert politeness.take_turn("http://b", 2.0) == 0.0
    assert politeness.take_turn("http://a", 0.0) == 0.0
    politeness.keep("http://a", EVERYTHING)
    politeness.keep("http://b", NOTHING)
    clock.advance(59)
    assert politeness.recall("http://b") is NOTHING
    clock.advance(1)
    assert politeness.recall("http://b") is None
    clock.advance(3539)
    assert politeness.recall("http://a") is EVERYTHING
    clock.advance(1)
    assert politeness.recall("http://a") is None


def test_only_so_many_sites_are_remembered() -> None:
    politeness = Politeness(FrozenClock())
    for number in range(2100):
        politeness.keep(f"http://{number}", EVERYTHING)
    assert politeness.recall("http://99") is None
    assert politeness.recall("http://100") is EVERYTHING
