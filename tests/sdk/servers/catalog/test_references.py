"""References in definitions: what is replaced, what stays, and that a value is never read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import MissingError
from metier.servers.catalog.secrecy.references import Reference, expand, reading_from, references_in, without_references

ENVIRON = {"HOST": "example.com", "EMPTY": "", "TRICK": "${HOST}"}
pieces = st.sampled_from(
    ["${", "}", "$", "$$", "HOST", ":-", "keyring:", "a", "${HOST}", "${NO:-x}", "${keyring:k}", "\n"]
)


def keyring(name: str) -> str:
    if name == "k":
        return "from the keyring"
    raise MissingError("none")


def read(text: str) -> str:
    return expand(text, reading_from(ENVIRON, keyring, server="amap"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://${HOST}/mcp", "https://example.com/mcp"),
        ("${NOPE:-fallback}-${EMPTY:-other}-${EMPTY}", "fallback-other-"),
        ("Bearer ${keyring:k}", "Bearer from the keyring"),
        ("${NOPE:-}", ""),
        ("${NOPE:-https://a/b?c=$d}", "https://a/b?c=$d"),
        ("$$ $HOME $ ${ ${} ${1X} ${a b} 5$", "$$ $HOME $ ${ ${} ${1X} ${a b} 5$"),
        ("${TRICK}", "${HOST}"),  # a value is not read again
    ],
)
def test_a_reference_is_replaced_once_and_all_else_stays(text, expected):
    assert read(text) == expected


def test_a_variable_that_is_not_set_says_which_server_needs_it_and_what_to_do():
    with pytest.raises(MissingError) as caught:
        read("${AMAP_KEY}")
    assert "'amap' needs the environment variable AMAP_KEY" in str(caught.value)
    assert "export AMAP_KEY=" in str(caught.value)
    assert "metier mcp secret AMAP_KEY" in str(caught.value)


@given(st.lists(pieces | st.text(max_size=5)).map("".join))
def test_any_text_expands_or_misses_a_value(text):
    try:
        expanded = read(text)
    except MissingError:
        return
    if not references_in(text):
        assert expanded == text


@given(st.text(), st.text())
def test_a_value_is_put_in_as_it_is(before, value):
    assert expand(f"{before}\n${{X}}", lambda reference: value if reference.name == "X" else "?").endswith(value)
    assert without_references("a${X}b${keyring:Y}c") == "abc"


@pytest.mark.parametrize(
    ("reference", "is_secret"),
    [
        (Reference("keyring", "anything"), True),
        (Reference("environment", "GITHUB_TOKEN"), True),
        (Reference("environment", "HOST"), False),
        (Reference("environment", "DSN"), True),
    ],
)
def test_what_a_reference_stands_for_is_secret_by_place_by_name_or_by_word(reference, is_secret):
    assert reference.is_secret(("DSN",)) is is_secret
