"""Settings: what is passed on, what is refused."""

import json

import pytest
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ToolOrOutput
from pydantic_ai.tools import ToolDefinition

from metier.errors import InputError
from metier_sglang.model.forcing import FORCED, choose, closing_marker, force, frame_of, grammar_for
from metier_sglang.model.settings import SglangModelSettings, constrain, read_settings
from metier_sglang.parsing.events import ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS
from metier_sglang.parsing.whole import parse
from metier_sglang.text.dialogue import Tool

TOOLS = (Tool("look", "Looks.", {"type": "object"}), Tool("give", "Gives.", {"type": "object"}))


def parameters(*, text: bool = True) -> ModelRequestParameters:
    return ModelRequestParameters(
        function_tools=[ToolDefinition(name="look")], output_tools=[ToolDefinition(name="give")], allow_text_output=text
    )


def test_every_setting_has_its_sampling_parameter() -> None:
    options = read_settings(
        SglangModelSettings(
            temperature=0.6,
            top_p=0.9,
            top_k=20,
            sglang_min_p=0.1,
            seed=7,
            max_tokens=50,
            stop_sequences=["END"],
            presence_penalty=1.1,
            frequency_penalty=-0.5,
            logit_bias={"12": -5},
            sglang_priority=3,
            sglang_lora="law",
            sglang_key="run",
            parallel_tool_calls=False,
            request_timeout=30,
        )
    )
    assert dict(options.sampling) == {
        "temperature": 0.6,
        "top_p": 0.9,
        "top_k": 20,
        "min_p": 0.1,
        "sampling_seed": 7,
        "max_new_tokens": 50,
        "stop": ["END"],
        "presence_penalty": 1.1,
        "frequency_penalty": -0.5,
        "logit_bias": {"12": -5.0},
        "skip_special_tokens": False,
        "no_stop_trim": True,
    }
    assert (options.priority, options.lora, options.key, options.one_call) == (3, "law", "run", True)
    assert options.deadline_s == 30.0


@pytest.mark.parametrize(
    "settings",
    [
        {"sglang_regx": "a"},
        {"temperature": -1},
        {"temperature": float("nan")},
        {"temperature": float("inf")},
        {"temperature": True},
        {"top_p": 0},
        {"top_p": 1.5},
        {"seed": 1.5},
        {"max_tokens": 0},
        {"stop_sequences": "END"},
        {"stop_sequences": [""]},
        {"logit_bias": {"word": 1}},
        {"logit_bias": {"1": 1000}},
        {"sglang_regex": "a", "sglang_ebnf": "b"},
        {"sglang_json_schema": "{}"},
        {"sglang_priority": "high"},
        {"timeout": 0},
        {"request_timeout": "soon"},
    ],
)
def test_a_setting_that_means_nothing_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InputError):
        read_settings(settings)


def test_grammars_go_out_as_texts() -> None:
    options = read_settings(SglangModelSettings(sglang_json_schema={"type": "object"}))
    assert json.loads(str(constrain({}, options.grammar)["json_schema"])) == {"type": "object"}
    assert constrain({}, {"regex": "a+"}) == {"regex": "a+"}


def test_tool_choice_says_what_may_and_what_must_be_called() -> None:
    assert choose(None, parameters()).must_call is False
    assert choose("auto", parameters(text=False)).must_call
    assert choose("none", parameters()).names == {"give"}
    assert choose("required", parameters()) == choose(["look"], parameters())
    assert choose(ToolOrOutput(function_tools=["look"]), parameters()).names == {"look", "give"}
    assert choose(["give"], parameters()).is_explicit
    for wrong in (["nothing"], "often", 7):
        with pytest.raises(InputError):
            choose(wrong, parameters())
    with pytest.raises(InputError):
        choose("required", ModelRequestParameters())


@pytest.mark.parametrize("name", FORCED)
def test_a_forced_call_is_framed_as_the_format_writes_and_reads_it(name: str) -> None:
    frame = frame_of(FORMATS[name])
    assert frame is not None
    opening, middle, closing = frame
    read = parse(FORMATS[name], f'{opening}give{middle}{{"a": 1}}{closing}', Start(tools=["give"]))
    assert read.calls == (ParsedCall("give", '{"a": 1}'),)
    grammar = force(FORMATS[name], TOOLS, {"give"})
    assert grammar is not None
    assert json.dumps(grammar).count('"begin"') == 1


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_ends_its_calls_with_one_of_its_markers_or_none(name: str) -> None:
    assert closing_marker(FORMATS[name], ["</tool_call>"]) in ("", "</tool_call>")


def test_what_can_not_be_forced_is_said() -> None:
    qwen = FORMATS["qwen"]
    unforced = grammar_for(choose(None, parameters(text=False)), qwen, TOOLS, force_calls=None)
    assert unforced == {}
    off = grammar_for(choose("required", parameters()), qwen, TOOLS, force_calls=False)
    assert off == {}
    unframed = FORMATS["qwen3_coder"]
    assert grammar_for(choose(None, parameters(text=False)), unframed, TOOLS, force_calls=None) == {}
    with pytest.raises(InputError, match="can not be forced"):
        grammar_for(choose("required", parameters()), unframed, TOOLS, force_calls=None)


def test_a_call_of_qwen_ends_with_its_marker() -> None:
    assert closing_marker(FORMATS["qwen"], ["<tool_call>", "</tool_call>"]) == "</tool_call>"
    assert closing_marker(FORMATS["qwen"], ["<other>"]) == ""
