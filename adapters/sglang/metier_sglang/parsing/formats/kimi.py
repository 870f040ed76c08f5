"""Calls of Kimi K2, which name the tool in an id, and the thinking of the first Kimi models, which call no tools.

    <|tool_calls_section_begin|><|tool_call_begin|>functions.route:0<|tool_call_argument_begin|>{"to": "Ardenfeld"}
    <|tool_call_end|><|tool_calls_section_end|>

The number counts the calls of a conversation. An id without a name, which K2 sometimes writes, names no tool.
"""

import re

from metier_sglang.parsing.events import Parsed
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.json_text import read_mark, read_value
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.parameters import read_name
from metier_sglang.parsing.reading.sections import Section, SectionReader
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking

_SECTION = Section(
    "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>", "<|tool_call_begin|>", "<|tool_call_end|>", breaks=0
)
_ARGUMENTS = "<|tool_call_argument_begin|>"
_ID = re.compile(r"(?:functions\.)?([\w.\-]+):\d+")
_THINKING = ThinkingTags(call=_SECTION.opening, ends_at_call=True)
_OLD_THINKING = ThinkingTags(opening="◁think▷", closing="◁/think▷")


def _read(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _THINKING)
    yield from SectionReader(source, output, _SECTION, _read_call).read()


def _read_call(source: Source, output: Output) -> Steps[None]:
    yield from source.skip_spaces()
    written = (yield from read_name(source, _ARGUMENTS, "The id of the call")).strip()
    named = _ID.fullmatch(written)
    if named is None:
        raise BrokenCall(f"A call's id is functions.NAME:NUMBER, not {written[:80]!r}.")
    output.open_call(named[1])
    yield from source.skip_spaces()
    yield from read_value(source, output.argue)
    output.check_arguments()
    yield from read_mark(source, _SECTION.end)
    output.close_call()


def _spell(parsed: Parsed, start: Start) -> str:
    text = write_thinking(parsed, start, _THINKING) + parsed.text
    calls = "".join(
        f"{_SECTION.call}functions.{call.name}:{number}{_ARGUMENTS}{call.arguments}{_SECTION.end}"
        for number, call in enumerate(parsed.calls)
    )
    return f"{text}{_SECTION.opening}{calls}{_SECTION.closing}" if calls else text


def _read_old(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _OLD_THINKING)
    yield from source.read_rest(output.say)


def _spell_old(parsed: Parsed, start: Start) -> str:
    return write_thinking(parsed, start, _OLD_THINKING) + parsed.text


KIMI_K2 = make_format("kimi_k2", _read, _spell, parsers=(("kimi_k2",), ("kimi_k2",)), signs=(_ARGUMENTS,))
KIMI = make_format("kimi", _read_old, _spell_old, parsers=((), ("kimi",)), signs=("◁think▷",))
