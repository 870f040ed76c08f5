"""Calls of Llama 3 as JSON, behind `<|python_tag|>` or as the whole response; several stand with `;` between them.

    <|python_tag|>{"name": "route", "parameters": {"to": "Ardenfeld"}}

Without the tag a response that begins with such an object is a call only when it names a tool that may be called;
otherwise it is an answer in JSON, and text.
"""

import json

from metier_sglang.parsing.events import Parsed
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import CallReader, CallShape, Ends, attempt
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format

_TAG = "<|python_tag|>"
_SHAPE = CallShape(arguments=("parameters", "arguments"), ignored=("type",))
_KNOWN = CallShape(arguments=_SHAPE.arguments, ignored=_SHAPE.ignored, only_known=True)
_STARTS = tags(_TAG)
_ENDS = Ends(read=(), left=(_TAG,))
_NEXT = (";{", "; {", ";\n{")


def _read(source: Source, output: Output) -> Steps[None]:
    yield from _read_bare(source, output)
    while tag := (yield from source.until(_STARTS, output.say)):
        yield from attempt(source, output, _read_call(source, output), opening=tag, ends=_ENDS)
        yield from _read_more(source, output)


def _read_bare(source: Source, output: Output) -> Steps[None]:
    if output.start.tools:
        yield from attempt(source, output, _read_known(source, output), opening="", ends=_ENDS)
        yield from _read_more(source, output)


def _read_known(source: Source, output: Output) -> Steps[None]:
    begin = source.position
    call = CallReader(source, output, _KNOWN)
    try:
        yield from call.read()
    except BrokenCall:
        if call.name:
            raise
        source.rewind(begin)
    else:
        output.close_call()


def _read_call(source: Source, output: Output) -> Steps[None]:
    yield from CallReader(source, output, _SHAPE).read()
    output.close_call()


def _read_more(source: Source, output: Output) -> Steps[None]:
    while separator := (yield from source.match(*_NEXT)):
        source.rewind(source.position - 1)
        yield from attempt(source, output, _read_call(source, output), opening=separator[:-1], ends=_ENDS)


def _spell(parsed: Parsed, start: Start) -> str:
    if parsed.thinking or start.in_thinking:
        raise BrokenCall("This format has no thinking.")
    calls = ";".join(
        f'{{"name": {json.dumps(call.name, ensure_ascii=False)}, "parameters": {call.arguments}}}'
        for call in parsed.calls
    )
    return f"{parsed.text}{_TAG}{calls}" if calls else parsed.text


LLAMA3 = make_format(
    "llama3", _read, _spell, parsers=(("llama3",), ()), signs=(_TAG, '"parameters": dictionary of argument name')
)
