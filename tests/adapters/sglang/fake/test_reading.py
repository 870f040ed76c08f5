from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_sglang.fake.flags import Flags
from metier_sglang.fake.reading import Deltas, Splitter, join_deltas
from metier_sglang.parsing.format import Start
from metier_sglang.text.masking import Mask

_PIECES = ["<think>", "</think>", "<th", "</thi", "\n", "a", "<tool_call>"]


def split(pieces: Sequence[str], *, inside: bool = False) -> tuple[str, str]:
    splitter = Splitter(inside=inside)
    told = [splitter.feed(piece) for piece in pieces]
    return "".join(thinking for thinking, _ in told), "".join(rest for _, rest in told) + splitter.finish()


@given(text=st.lists(st.sampled_from(_PIECES), max_size=8).map("".join), inside=st.booleans())
@settings(max_examples=80)
def test_thinking_is_split_off_alike_in_pieces_of_any_size(text: str, inside: bool) -> None:
    assert split(list(text), inside=inside) == split([text], inside=inside)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("<think>\nHm.\n</think>\n\nYes.", ("\nHm.\n", "\n\nYes.")),
        ("Hm.\n</think>\n\nYes.", ("", "Hm.\n</think>\n\nYes.")),
        ("Yes.", ("", "Yes.")),
    ],
)
def test_line_breaks_stay_where_the_model_wrote_them_as_measured_on_sglang(text: str, apart: tuple[str, str]) -> None:
    assert split([text]) == apart


def test_a_whole_message_with_calls_has_no_blank_text_and_a_streamed_one_has() -> None:
    text = '<think>\nHm.\n</think>\n\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
    deltas = Deltas(Flags(), Mask([]), Start(tools=["f"]))
    told = [*deltas.feed(text), *deltas.finish()]
    assert {"content": "\n\n"} in told
    message = join_deltas(told)
    assert (message["content"], message["reasoning_content"]) == ("", "\nHm.\n")
    assert [call["function"] for call in message["tool_calls"]] == [{"name": "f", "arguments": "{}"}]
