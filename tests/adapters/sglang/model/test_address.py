"""Model strings: what they name, and what is refused."""

import os
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError, MissingError
from metier_sglang.model.address import open_compatible, open_native

USED = "METIER_TEST_MODEL_KEY"


def test_servers_and_options_are_read() -> None:
    model = open_native("http://a:30000, http://b:30000?thinking=off&temperature=0&min_p=0.1&seed=4")
    assert model.settings == {"thinking": False, "temperature": 0.0, "sglang_min_p": 0.1, "seed": 4}
    assert model.base_url == "http://a:30000"
    assert model.system == "sglang"


def test_a_compatible_server_has_a_base_and_a_name() -> None:
    model = open_compatible("http://h:8000/v1?model=org%2Fname&max_tokens=9")
    assert (model.model_name, model.base_url, model.settings) == ("org/name", "http://h:8000/v1", {"max_tokens": 9})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?thinking=off",
        "ftp://a",
        "http://",
        "http://user:hunter2@a:1",
        "http://a:1?colour=red",
        "http://a:1?temperature=warm",
        "http://a:1?temperature=-1",
        "http://a:1?thinking=maybe",
        "http://a:1?seed=1&seed=2",
        "http://a:1?seed",
        "http://a:1\n",
        "http://a:1?key=" + "x" * 9000,
    ],
)
def test_what_names_no_servers_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        open_native(text)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(InputError):
        open_compatible(text)


def test_an_unknown_option_is_told_the_known_ones() -> None:
    with pytest.raises(InputError, match="tokenizer"):
        open_native("http://a:1?colour=red")
    with pytest.raises(InputError, match="names no model"):
        open_compatible("http://a:1")


def test_a_key_is_taken_from_the_environment_and_never_shown() -> None:
    with pytest.raises(MissingError, match=USED):
        open_native(f"http://a:1?key={USED}")
    os.environ[USED] = "hunter2"
    try:
        native, compatible = open_native(f"http://a:1?key={USED}"), open_compatible(f"http://a:1?model=m&key={USED}")
    finally:
        del os.environ[USED]
    assert "hunter2" not in repr(native) + repr(compatible)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="http:/a1?&=,%.@temperaturkyoff", max_size=60))
def test_any_text_is_a_model_or_a_clear_error(text: str) -> None:
    for read in (open_native, open_compatible):
        with suppress(InputError, MissingError):
            read(text)
