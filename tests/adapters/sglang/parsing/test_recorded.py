import pytest

from metier.errors import InputError
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS, find_format
from metier_sglang.parsing.whole import add_up, parse
from tests.adapters.sglang.parsing.recorded import RECORDED, SCHEMAS
from tests.adapters.sglang.parsing.responses import read

START = Start(tools=tuple(SCHEMAS), schemas=SCHEMAS)


@pytest.mark.parametrize("name", sorted({case.format for case in RECORDED}))
def test_recorded_responses_say_what_they_say(name):
    for case in RECORDED:
        if case.format == name:
            assert parse(FORMATS[name], case.written, START) == case.parsed, case.written


@pytest.mark.parametrize("name", sorted({case.format for case in RECORDED}))
def test_several_calls_in_one_chunk_keep_their_arguments(name):
    for case in RECORDED:
        if case.format == name:
            assert add_up(read(FORMATS[name], START, list(case.written))) == case.parsed


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"name": "tongyi", "tool_parser": "qwen"}, "tongyi"),
        ({"tool_parser": "qwen25"}, "qwen"),
        ({"tool_parser": "deepseekv32", "reasoning_parser": "qwen3"}, "deepseek_v32"),
        ({"template": 'within <tool_call></tool_call>:\n<tool_call>\n{"name": <function-name>}'}, "qwen"),
        ({"template": "<tool_call>\n<function=example>", "reasoning_parser": "qwen3"}, "qwen3_coder"),
        ({"template": "<|start|>assistant<|channel|>final<|message|>"}, "gpt_oss"),
        ({"reasoning_parser": "qwen3", "tool_parser": "unheard"}, "qwen"),
    ],
)
def test_a_format_is_found_by_name_then_parser_then_template(given, name):
    assert find_format(**given).name == name


def test_weights_that_nothing_tells_of_are_refused_with_the_names():
    with pytest.raises(InputError, match="qwen3_coder"):
        find_format(tool_parser="unheard", template="{{ messages }}")
    with pytest.raises(InputError, match="no format 'x'"):
        find_format(name="x")


def test_no_two_formats_claim_one_tool_parser():
    names = [parser for format_ in FORMATS.values() for parser in format_.tool_parsers]
    assert len(names) == len(set(names))
