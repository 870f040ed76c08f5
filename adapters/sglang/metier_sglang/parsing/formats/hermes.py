"""Calls as JSON inside `<tool_call>` tags: Hermes, Qwen2.5 and Qwen3, and Tongyi DeepResearch, which adds code.

    <tool_call>
    {"name": "route", "arguments": {"to": "Ardenfeld"}}
    </tool_call>

One line break on either side of a call belongs to its tags. Tongyi's Python tool takes its code after the JSON, in
`<code>` tags, and the code is its argument `code`; a `<tool_response>` ends Tongyi's response, for only tools answer.
"""

import json

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import CallReader, CallShape, Ends, attempt
from metier_sglang.parsing.reading.json_text import read_mark
from metier_sglang.parsing.reading.output import Output, read_object
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking

PYTHON_TOOL = "PythonInterpreter"

_OPEN, _CLOSE, _ANSWER = "<tool_call>", "</tool_call>", "<tool_response>"
_CODE, _CODE_END = "<code>", "</code>"
_THINKING = ThinkingTags(call=_OPEN)
_PLAIN = CallShape()
_TONGYI = CallShape(held=PYTHON_TOOL)
_STARTS = tags(_OPEN, breaks=1)
_TONGYI_STARTS = tags(_OPEN, _ANSWER, breaks=1)
_ENDS = Ends(read=(_CLOSE,), left=(_OPEN,))
_CODE_ENDS = tags(_CODE_END, _CLOSE, breaks=1)


def _read(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _THINKING)
    while opening := (yield from source.until(_STARTS, output.say)):
        call = _read_call(source, output)
        yield from attempt(source, output, call, opening=opening, ends=_ENDS)


def _read_call(source: Source, output: Output) -> Steps[None]:
    yield from CallReader(source, output, _PLAIN).read()
    yield from _close(source, output)


def _close(source: Source, output: Output) -> Steps[None]:
    yield from read_mark(source, _CLOSE)
    output.close_call()
    yield from source.match("\n")


def _read_tongyi(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _THINKING)
    while opening := (yield from source.until(_TONGYI_STARTS, output.say)):
        if opening.endswith(_ANSWER):
            yield from _read_forged(source, output, opening)
            return
        call = _read_tongyi_call(source, output)
        yield from attempt(source, output, call, opening=opening, ends=_ENDS)


def _read_forged(source: Source, output: Output, opening: str) -> Steps[None]:
    source.set_mark(len(opening))
    yield from source.read_rest(lambda _: None)
    raw = source.since_mark()
    if raw.strip() != _ANSWER:
        output.fail(f"The model wrote a {_ANSWER} itself, which is not used: only tools answer.", raw)


def _read_tongyi_call(source: Source, output: Output) -> Steps[None]:
    call = CallReader(source, output, _TONGYI)
    yield from call.read()
    if call.name == PYTHON_TOOL:
        yield from _read_code(source, output, call)
        output.check_arguments()
    yield from _close(source, output)


def _read_code(source: Source, output: Output, call: CallReader) -> Steps[None]:
    if (yield from read_mark(source, _CODE, _CLOSE)) == _CLOSE:
        source.rewind(source.position - len(_CLOSE))
        call.release()
        return
    if read_object("".join(call.waiting or ["{}"])):
        raise BrokenCall(f"{PYTHON_TOOL} has both arguments and {_CODE}.")
    yield from source.match("\n")
    output.argue('{"code": "')
    end = yield from source.until(_CODE_ENDS, lambda text: output.argue(_escape(text)))
    if not end.endswith(_CODE_END):
        raise BrokenCall(f"The code is not closed with {_CODE_END}.", back=source.position - len(end))
    output.argue('"}')


def _escape(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _spell(parsed: Parsed, start: Start) -> str:
    blocks = [f"{_OPEN}\n{_spell_call(call)}\n{_CLOSE}" for call in parsed.calls]
    return write_thinking(parsed, start, _THINKING) + _join(parsed.text, blocks)


def _join(text: str, blocks: list[str]) -> str:
    return "\n".join([text, *blocks] if text else blocks)


def _spell_call(call: ParsedCall) -> str:
    return f'{{"name": {json.dumps(call.name, ensure_ascii=False)}, "arguments": {call.arguments}}}'


def _spell_tongyi(parsed: Parsed, start: Start) -> str:
    blocks = [f"{_OPEN}\n{_spell_tongyi_call(call)}\n{_CLOSE}" for call in parsed.calls]
    return write_thinking(parsed, start, _THINKING) + _join(parsed.text, blocks)


def _spell_tongyi_call(call: ParsedCall) -> str:
    if call.name != PYTHON_TOOL:
        return _spell_call(call)
    arguments = read_object(call.arguments)
    code = arguments.get("code")
    if not isinstance(code, str) or call.arguments != f'{{"code": "{_escape(code)}"}}':
        return _spell_call(call)
    return f"{_spell_call(ParsedCall(call.name, '{}'))}\n{_CODE}\n{code}\n{_CODE_END}"


HERMES = make_format("hermes", _read, _spell, parsers=(("hermes",), ()))
QWEN = make_format("qwen", _read, _spell, parsers=(("qwen", "qwen25"), ("qwen3", "qwen3-thinking")), signs=(_OPEN,))
TONGYI = make_format("tongyi", _read_tongyi, _spell_tongyi)
