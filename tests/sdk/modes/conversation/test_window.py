"""The window: an estimate that only grows with the text, and a meter that looks at each message once."""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.usage import RequestUsage

from metier.modes.window import Meter, estimate_tokens, keep_end

TEXTS = st.text(st.sampled_from("ab .,\n汉字한가é😀"), max_size=200)


class Watched(Sequence[Any]):
    """The parts of a message, which count how often they are gone through."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self._parts = parts
        self.looks = 0

    def __iter__(self) -> Iterator[Any]:
        self.looks += 1
        return iter(self._parts)

    def __getitem__(self, at: Any) -> Any:
        return self._parts[at]

    def __len__(self) -> int:
        return len(self._parts)


@given(TEXTS, TEXTS)
@settings(max_examples=60, deadline=None)
def test_the_estimate_is_monotone(text: str, more: str) -> None:
    assert 1 <= estimate_tokens(text) <= estimate_tokens(text + more)
    assert estimate_tokens(more) <= estimate_tokens(text + more) <= estimate_tokens(text) + estimate_tokens(more)


@given(TEXTS, st.integers(0, 120))
@settings(max_examples=60, deadline=None)
def test_the_end_that_is_kept_is_the_longest_that_fits_in_any_script(text: str, tokens: int) -> None:
    kept = keep_end(text, tokens)
    assert text.endswith(kept)
    assert not kept or estimate_tokens(kept) <= tokens
    assert len(kept) == len(text) or estimate_tokens(text[-len(kept) - 1 :]) > tokens


def test_row_3_budgets_the_token_counter_looks_at_each_message_once() -> None:
    watched = [Watched([UserPromptPart(f"{at} " * 50)]) for at in range(500)]
    messages: list[ModelMessage] = [ModelRequest(parts=parts) for parts in watched]
    made = sum(parts.looks for parts in watched)
    meter = Meter()
    meter.begin(messages[:1], "instructions")
    for at, message in enumerate(messages[1:]):
        before = meter.tokens
        meter.add(message)
        assert meter.tokens > before
        assert sum(parts.looks for parts in watched) - made == at + 2
    whole = Meter()
    whole.begin(messages, "instructions")
    assert whole.tokens == meter.tokens


def test_what_the_server_counted_stands_for_all_before_it() -> None:
    meter = Meter()
    meter.begin([ModelRequest(parts=[UserPromptPart("x" * 10_000)])], "y" * 10_000)
    meter.add(ModelResponse([TextPart("z")], usage=RequestUsage(input_tokens=70, output_tokens=7)))
    assert meter.tokens == 77
    meter.add(ModelRequest(parts=[UserPromptPart("汉" * 10)]))
    assert 87 <= meter.tokens <= 88


def test_messages_without_words_cost_next_to_nothing() -> None:
    meter = Meter()
    meter.begin([ModelRequest(parts=[])], "")
    assert meter.tokens == 1
