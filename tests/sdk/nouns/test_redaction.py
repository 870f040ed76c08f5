"""Secrets never get through, however they are spelt."""

from base64 import b64encode, urlsafe_b64encode
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.redaction import ADDRESSES, MASK, LiveRedaction, redaction_of

SECRETS = st.text(min_size=4, max_size=30).filter(lambda text: MASK not in text and text not in MASK)


@given(st.text(), SECRETS, st.text())
def test_a_secret_is_masked_wherever_it_stands(before: str, secret: str, after: str) -> None:
    assert secret not in redaction_of([secret]).text(before + secret + after).replace(MASK, "\0")


@given(SECRETS.filter(lambda text: text.isascii()))
def test_a_secret_is_masked_in_a_url_and_in_base64(secret: str) -> None:
    hide = redaction_of([secret])
    assert hide.text(f"?key={quote(secret, safe='')}&x=1") == f"?key={MASK}&x=1"
    assert b64encode(secret.encode()).decode().rstrip("=") not in hide.text(b64encode(secret.encode()).decode())


def test_keys_and_values_of_json_are_masked() -> None:
    hide = redaction_of(["hunter22", "hunter2233"])
    assert hide.json({"hunter22": ["a hunter2233 b", 1, None]}) == {MASK: [f"a {MASK} b", 1, None]}


def test_short_values_and_no_secrets_leave_text_alone() -> None:
    assert redaction_of(["abc"]).text("abcabc") == "abcabc"
    assert redaction_of([]).json({"a": [1]}) == {"a": [1]}


@given(st.binary(max_size=5), st.binary(min_size=8, max_size=40), st.binary(max_size=5))
def test_a_secret_in_the_middle_of_what_was_encoded_is_masked(before: bytes, secret: bytes, after: bytes) -> None:
    hidden = secret.hex()
    for encode in (b64encode, urlsafe_b64encode):
        said = redaction_of([hidden]).text(encode(before + hidden.encode() + after).decode())
        assert MASK in said
        assert hidden.encode() not in b"".join(bytes(part, "ascii") for part in said.split(MASK))
        assert len(said) <= len(MASK) + 24


def test_other_spellings_are_masked() -> None:
    hide = redaction_of(['p/Ä<&w"d'])
    for spelt in ("p%2fä".replace("ä", "%c3%84") + "%3c%26w%22d", escape('p/Ä<&w"d'), 'p/Ä<&w\\"d', r"p/\u00c4<&w\"d"):
        assert hide.text(spelt) == MASK


def test_a_number_that_is_a_secret_is_masked_and_one_that_holds_it_is_not() -> None:
    assert redaction_of(["12345678"]).json({"a": 12345678, "b": 123456789, "c": True}) == {
        "a": MASK,
        "b": 123456789,
        "c": True,
    }


def test_secrets_that_come_later_are_masked_from_then_on() -> None:
    tokens = ["first-token"]
    hide = LiveRedaction(["fixed-key"], lambda: tuple(tokens))
    assert hide.text("fixed-key first-token second-token") == f"{MASK} {MASK} second-token"
    tokens.append("second-token")
    assert hide.json(["first-token", "second-token"]) == [MASK, MASK]


def test_a_secret_that_is_no_text_in_utf8_is_masked_too() -> None:
    assert redaction_of(["half-\udcff-bytes"]).text("the half-\udcff-bytes") == f"the {MASK}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "GET https://x.example/v3?key=abc123&address=Pau failed",
            "GET https://x.example/v3?key=[secret]&address=Pau failed",
        ),
        ("https://x.example/?a=1&amp;ACCESS_TOKEN=t%20u'", "https://x.example/?a=1&amp;ACCESS_TOKEN=[secret]'"),
        ("the argument key=abc is missing, and monkey=2", "the argument key=abc is missing, and monkey=2"),
        ("https://x.example/?monkey=2&q=key", "https://x.example/?monkey=2&q=key"),
    ],
)
def test_what_an_address_names_like_a_secret_is_masked_though_nobody_told_of_it(text: str, shown: str) -> None:
    assert ADDRESSES.text(text) == shown
