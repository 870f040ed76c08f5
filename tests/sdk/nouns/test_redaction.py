"""Secrets never get through, however they are spelt."""

from base64 import b64encode
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from metier.redaction import MASK, redaction_of

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
