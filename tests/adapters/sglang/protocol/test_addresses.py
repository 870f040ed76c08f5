"""Addresses, and what servers say of themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.protocol.address import read_address
from metier_sglang.protocol.info import read_info, read_workers


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://h:30000", "http://h:30000"),
        ("HTTP://Host:30000/", "http://host:30000"),
        ("https://h/models/qwen/", "https://h/models/qwen"),
        ("http://[::1]:30000", "http://[::1]:30000"),
    ],
)
def test_an_address_keeps_its_path(url: str, address: str) -> None:
    assert read_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        *("", "h:30000", "ftp://h", "file:///etc/passwd", "http://", "http:///x", "http://h:port", "http://h:70000"),
        *(
            "http://u:secret@h",
            "http://secret@h",
            "http://h?key=secret",
            "http://h/#secret",
            "http://h h",
            "http://h\n",
        ),
        *("http://h\\@evil", "http://hö", "http://[::1"),
    ],
)
def test_anything_else_is_refused_without_showing_secrets(url: str) -> None:
    with pytest.raises(InputError) as caught:
        read_address(url)
    assert "secret" not in str(caught.value)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_addresses(url: str) -> None:
    try:
        address = read_address("http://" + url)
    except InputError:
        return
    assert read_address(address) == address


def test_the_model_s_word_goes_before_the_server_s() -> None:
    model = {"model_path": "/new", "served_model_name": "tiny", "tokenizer_path": "/tok", "weight_version": "2"}
    server = {
        "model_path": "/old",
        "tool_call_parser": "qwen",
        "reasoning_parser": "qwen3",
        "context_length": 4096,
        "max_req_input_len": 4000,
        "version": "0.5.23",
        "internal_states": [{"effective_max_running_requests_per_dp": 8}],
    }
    info = read_info({**model, "has_image_understanding": True}, server)
    assert (info.model, info.served_name, info.tokenizer, info.weight_version) == ("/new", "tiny", "/tok", "2")
    assert (info.tool_parser, info.reasoning_parser, info.version) == ("qwen", "qwen3", "0.5.23")
    assert (info.context, info.max_running, info.has_images) == (4006, 8, True)


ANYTHING = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers() | st.none())
NAMES = st.sampled_from(["model_path", "context_length", "internal_states", "workers"])


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(NAMES, ANYTHING))
def test_whatever_a_server_says_of_itself_is_read(value: dict[str, object]) -> None:
    info = read_info(value, value)  # type: ignore[arg-type]
    assert info.context is None or info.context > 0
    assert all(isinstance(url, str) for url in read_workers(value))  # type: ignore[arg-type]


def test_workers_are_listed_in_both_shapes() -> None:
    assert read_workers({"workers": [{"id": "1", "url": "http://a"}, {"id": "2"}]}) == ("http://a",)
    assert read_workers({"urls": ["http://a", "http://b"]}) == ("http://a", "http://b")
