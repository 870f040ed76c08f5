"""Calls of Mistral: a JSON list behind `[TOOL_CALLS]`, or a name and arguments behind each `[TOOL_CALLS]`.

    [TOOL_CALLS] [{"name": "route", "arguments": {"to": "Ardenfeld"}}]
    [TOOL_CALLS]route[ARGS]{"to": "Ardenfeld"}

A list's calls may have an `id`, and a name may be followed by one: `[TOOL_CALLS]route[CALL_ID]9a8b7c6d5[ARGS]{...}`.
"""

import json

from metier_sglang.parsing.events import Parsed
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import CallReader, CallShape, Ends, attempt
from metier_sglang.parsing.reading.json_text import read_mark, read_value
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking

_CALLS, _ID, _ARGUMENTS = "[TOOL_CALLS]", "[CALL_ID]", "[ARGS]"
_THINKING = ThinkingTags(opening="[THINK]", closing="[/THINK]", call=_CALLS)
_SHAPE = CallShape(ignored=("id",))
_STARTS = tags(_CALLS)
_ENDS = Ends(read=(), left=(_CALLS,))
_NAME_ENDS = tags(_ID, _ARGUMENTS, _CALLS, "\n", "{")


def _read(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _THINKING)
    while tag := (yield from source.until(_STARTS, output.say)):
        yield from attempt(source, output, _read_calls(source, output), opening=tag, ends=_ENDS)


def _read_calls(source: Source, output: Output) -> Steps[None]:
    yield from source.skip_spaces()
    if not (yield from source.match("[")):
        yield from _read_named(source, output)
        return
    mark = ","
    while mark == ",":
        yield from CallReader(source, output, _SHAPE).read()
        output.close_call()
        mark = yield from read_mark(source, ",", "]")


def _read_named(source: Source, output: Output) -> Steps[None]:
    name = yield from _read_part(source, (_ID, _ARGUMENTS))
    output.open_call(name)
    yield from source.skip_spaces()
    yield from read_value(source, output.argue)
    output.check_arguments()
    output.close_call()


def _read_part(source: Source, wanted: tuple[str, ...]) -> Steps[str]:
    pieces: list[str] = []
    found = yield from source.until(_NAME_ENDS, pieces.append)
    if found not in wanted:
        raise BrokenCall(f"{' or '.join(wanted)} is missing behind the name.", back=source.position - len(found))
    if found == _ID:
        yield from _read_part(source, (_ARGUMENTS,))
    return "".join(pieces).strip()


def _spell(parsed: Parsed, start: Start) -> str:
    calls = ", ".join(
        f'{{"name": {json.dumps(call.name, ensure_ascii=False)}, "arguments": {call.arguments}}}'
        for call in parsed.calls
    )
    text = write_thinking(parsed, start, _THINKING) + parsed.text
    return f"{text}{_CALLS} [{calls}]" if calls else text


MISTRAL = make_format("mistral", _read, _spell, parsers=(("mistral",), ("mistral",)), signs=(_CALLS,))
