import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.parsing.events import Malformed, Parsed, ParsedCall, TextDelta
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS
from metier_sglang.parsing.whole import parse
from tests.adapters.sglang.parsing.responses import (
    NAMES,
    arguments,
    cut,
    hostile,
    is_whole,
    read,
    responses,
    shown,
    starts,
)

ALL = sorted(FORMATS)
JSON_FORMATS = ("deepseek_v3", "deepseek_v31", "gpt_oss", "hermes", "kimi_k2", "llama3", "mistral", "qwen", "tongyi")
TAGGED = ("glm45", "glm47", "hermes", "llama3", "mistral", "qwen")  # nothing but whole calls goes without being shown
KNOWN = Start(tools=NAMES)
_LAST_TAGS = {
    "deepseek_v3": "<｜tool▁call▁end｜>", "deepseek_v31": "<｜tool▁call▁end｜>", "deepseek_v32": "invoke>",
    "deepseek_v4": "invoke>", "deepseek_v41": "invoke>", "kimi_k2": "<|tool_call_end|>", "minimax_m2": "</invoke>",
    "qwen3_coder": "</function>", "pythonic": ")",
}  # fmt: skip
few = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(few, max_examples=200)


@given(name=st.sampled_from(ALL), response=responses(), start=starts())
@many
def test_what_is_written_reads_back_as_it_was_or_is_refused(name, response, start):
    format_ = FORMATS[name]
    try:
        written = format_.write(response, start)
    except InputError:
        return
    assert parse(format_, written, start) == response


@given(name=st.sampled_from(JSON_FORMATS), first=arguments(), second=arguments())
@few
def test_whatever_stands_in_a_json_string_ends_no_call(name, first, second):
    response = Parsed("", "Let me see.", (ParsedCall("route", first), ParsedCall("a", second)))
    written = FORMATS[name].write(response, KNOWN)
    assert parse(FORMATS[name], written, KNOWN) == response


@given(name=st.sampled_from(ALL), start=starts(), words=st.lists(hostile(), max_size=5), seed=st.integers(0, 99))
@many
def test_the_pieces_do_not_change_what_is_read(name, start, words, seed):
    format_ = FORMATS[name]
    call = "" if name == "kimi" else format_.write(Parsed("", "", (ParsedCall("a", '{"q": "x"}'),)), KNOWN)
    text = call.join(words)
    whole = read(format_, start, [text])
    assert is_whole(whole)
    assert read(format_, start, cut(text, seed)) == whole
    assert read(format_, start, list(text)) == whole


@given(name=st.sampled_from(TAGGED), text=hostile())
@few
def test_no_character_of_garbage_is_lost(name, text):
    opens = text.lstrip(" \t\r\n").startswith(("<think>", "[THINK]"))
    events = read(FORMATS[name], KNOWN, [text])
    if not opens and all(isinstance(event, Malformed | TextDelta) for event in events):
        assert shown(events) == text


@pytest.mark.parametrize("name", sorted(set(ALL) - {"kimi"}))
def test_parsing_goes_on_behind_a_broken_call(name):
    format_ = FORMATS[name]
    good = format_.write(Parsed("", "", (ParsedCall("route", '{"to": "Linn"}'),)), KNOWN)
    if name in ("llama3", "pythonic"):
        broken, good = good.replace('"Linn"', "Linn\\x").replace("'Linn'", "Linn\\x"), good
    else:
        broken = good.replace('"to": "Linn"', '"to": Linn').replace("Linn</", "Linn<x").replace("Linn\n</p", "Linn\n<x")
    parsed = parse(format_, f"{broken}{good}", KNOWN)
    assert parsed.calls[-1] == ParsedCall("route", '{"to": "Linn"}')
    assert len(parsed.calls) == 2
    assert parsed.calls[0].fault


@pytest.mark.parametrize("name", sorted(set(ALL) - {"kimi"}))
def test_a_call_that_is_cut_off_anywhere_is_no_call(name):
    format_ = FORMATS[name]
    written = format_.write(Parsed("", "", (ParsedCall("route", '{"to": "Linn"}'),)), KNOWN)
    last = "}" if name in ("gpt_oss", "llama3", "mistral") else _LAST_TAGS.get(name, "</tool_call>")
    whole = written.rindex(last) + len(last)
    for end in range(1, len(written)):
        if name == "gpt_oss" and end > whole:
            continue  # the JSON is whole: only half a closing tag spoils it
        calls = [call for call in parse(format_, written[:end], KNOWN).calls if not call.fault]
        assert calls == ([ParsedCall("route", '{"to": "Linn"}')] if end >= whole else [])
