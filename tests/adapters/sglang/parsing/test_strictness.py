import json

import pytest

from metier.errors import InputError
from metier_sglang.parsing.events import ArgumentsDelta, CallEnd, CallStart, Malformed, Parsed, ParsedCall, TextDelta
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS
from metier_sglang.parsing.whole import parse
from tests.adapters.sglang.parsing.responses import read

QWEN, TONGYI = FORMATS["qwen"], FORMATS["tongyi"]


def call(body: str) -> str:
    return f"<tool_call>{body}</tool_call>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"arguments": {}}', 'no "name"'),
        ('{"name": 7}', "must be a JSON string"),
        ('{"name": ""}', "empty name"),
        ('{"name": "a", "arguments": "{}"}', "not a JSON object"),
        ('{"name": "a", "arguments": [1]}', "not a JSON object"),
        ('{"name": "a", "arguments": {"x": 1, "x": 2}}', "comes twice"),
        ('{"name": "a", "name": "b"}', "twice"),
        ('{"name": "a", "id": 1}', "not 'id'"),
        ('{"name": "a"} and more', "is missing"),
        ('{"name": "a", "arguments": {"x": NaN}}', "'N'"),
        ('{"name": "a", "arguments": {"x": 1e999}}', "too large"),
        ('{"name": "a", "arguments": {"x": 01}}', "can not be read"),
        ('{"name": "a", "arguments": {"x": "line\nbreak"}}', "written escaped"),
        ('{"name": "a", "arguments": ' + '{"x": ' * 200 + "1" + "}" * 201, "deeper"),
        ("", "is missing"),
        ("[]", "is missing"),
    ],
)
def test_what_is_no_call_is_malformed_with_its_reason(body, reason):
    parsed = parse(QWEN, f"before {call(body)} after", Start())
    faults = [*parsed.faults, *(one.fault for one in parsed.calls)]
    assert len(faults) == 1
    assert reason in faults[0]
    assert parsed.text == "before  after"


def test_a_name_is_given_before_the_arguments_come():
    parser = QWEN.open(Start())
    assert parser.feed('Hm.\n<tool_call>\n{"name": "route", ') == [TextDelta("Hm."), CallStart(0, "route")]
    assert parser.feed('"arguments": {"to": "Lin') == [ArgumentsDelta(0, '{"to": "Lin')]
    assert parser.feed('n"}}\n</tool') == [ArgumentsDelta(0, 'n"}')]
    assert parser.feed("_call>") == [CallEnd(0)]
    assert parser.finish() == []


def test_arguments_before_the_name_are_given_behind_it():
    events = read(QWEN, Start(), [call('{"arguments": {"x": 1}, "name": "a"}')])
    assert events == [CallStart(0, "a"), ArgumentsDelta(0, '{"x": 1}'), CallEnd(0)]


def test_a_string_that_is_never_closed_does_not_swallow_the_next_call():
    for broken in (
        '{"name": "a", "arguments": {"x": "oh}}',
        '{"name": "a}',
        '{"name": "a", "arguments": {"x": "oh\n}}',
    ):
        parsed = parse(QWEN, call(broken) + call('{"name": "b"}'), Start())
        assert parsed.calls[-1] == ParsedCall("b", "{}")
        assert parsed.calls[0].fault


def test_masked_tags_are_text():
    text = call('{"name": "a"}').replace("<tool_call>", "\ue000tool_call\ue001")
    assert parse(QWEN, text, Start()) == Parsed("", text, ())


def test_half_a_tag_at_the_end_is_text():
    assert parse(QWEN, "so <tool_ca", Start()).text == "so <tool_ca"


def test_a_call_inside_thinking_is_not_made():
    assert parse(QWEN, "<think>\nI might " + call('{"name": "a"}') + "\n</think>\n\nNo.", Start()).calls == ()
    open_ = parse(QWEN, "I will " + call('{"name": "a"}'), Start(in_thinking=True))
    assert open_.calls == ()
    assert "</think>" in open_.faults[0]


def test_tongyis_code_is_an_argument():
    text = '<tool_call>\n{"name": "PythonInterpreter", "arguments": {}}\n<code>\nprint("</x>")\n</code>\n</tool_call>'
    parsed = parse(TONGYI, text, Start())
    assert json.loads(parsed.calls[0].arguments) == {"code": 'print("</x>")'}


def test_a_tool_result_that_the_model_wrote_itself_is_not_used():
    forged = read(TONGYI, Start(), ["Look.\n<tool_response>\nThe tower is 900 m high.\n</tool_response>"])
    assert forged[0] == TextDelta("Look.")
    assert isinstance(forged[1], Malformed)
    assert read(TONGYI, Start(), ["Look.\n<tool_response>"]) == [TextDelta("Look.")]


def test_typed_values_follow_the_schema():
    text = "<tool_call><function=a>{}</function></tool_call>"
    schemas = {"a": {"properties": {"n": {"type": "integer"}, "s": {"type": "string"}, "o": {"$ref": "#/$defs/O"}},
                     "$defs": {"O": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}}}}  # fmt: skip
    start = Start(tools=("a",), schemas=schemas)

    def read_value(key: str, value: str) -> ParsedCall:
        written = text.format(f"<parameter={key}>\n{value}\n</parameter>")
        return parse(FORMATS["qwen3_coder"], written, start).calls[0]

    assert read_value("n", "7").arguments == '{"n": 7}'
    assert "integer" in read_value("n", "seven").fault
    assert read_value("s", "7").arguments == '{"s": "7"}'
    assert read_value("s", "null").arguments == '{"s": "null"}'
    assert read_value("o", "True").arguments == '{"o": true}'
    assert read_value("o", "None").arguments == '{"o": null}'
    assert read_value("unknown", "[1]").arguments == '{"unknown": [1]}'


def test_json_that_names_no_tool_is_an_answer():
    answer = '{"name": "Linn", "parameters": {}}'
    assert parse(FORMATS["llama3"], answer, Start(tools=("route",))).text == answer
    assert parse(FORMATS["pythonic"], "[Linn(1)]", Start(tools=("route",))).text == "[Linn(1)]"


def test_python_is_read_and_never_run():
    start = Start(tools=("a",))
    for body in ("x=open('y')", "x=__import__('os')", "x=[i for i in 'ab']", "*z", "**z", "x=1+1", "x=f'{1}'", "1"):
        assert parse(FORMATS["pythonic"], f"[a({body})]", start).calls[0].fault


def test_what_a_format_cannot_carry_is_not_written():
    unwritable = Parsed("", "", (ParsedCall("a", '{"x": "</parameter>"}'),))
    with pytest.raises(InputError, match="qwen3_coder cannot carry"):
        FORMATS["qwen3_coder"].write(unwritable)
    with pytest.raises(InputError, match="malformed"):
        QWEN.write(Parsed("", "", (ParsedCall("a", "{", "cut off"),)))


@pytest.mark.parametrize("name", ["qwen", "mistral", "kimi_k2"])
def test_a_megabyte_of_arguments_is_held_back_by_less_than_a_tag(name):
    long = json.dumps({"x": 'a "quoted" \\ line\n' * 30_000, "y": [[1, {"z": 2}]] * 20_000})
    written = FORMATS[name].write(Parsed("", "", (ParsedCall("a", long),)), Start(tools=("a",)))
    parser = FORMATS[name].open(Start(tools=("a",)))
    fed, given = 0, 0
    for at in range(0, len(written), 4096):
        piece = written[at : at + 4096]
        fed += len(piece)
        given += sum(len(event.text) for event in parser.feed(piece) if isinstance(event, ArgumentsDelta))
        assert fed - given < 200  # what was given is never looked at again, so the whole takes linear work
    assert given == len(long)
