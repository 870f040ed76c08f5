"""Calls of DeepSeek V3 and R1, as JSON in a code block, and of V3.1, as JSON alone.

<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>route
```json
{"to": "Ardenfeld"}
```<｜tool▁call▁end｜><｜tool▁calls▁end｜>

<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>route<｜tool▁sep｜>{"to": "Ardenfeld"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>
"""

from collections.abc import Callable

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.json_text import read_mark, read_value
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.parameters import read_name
from metier_sglang.parsing.reading.sections import Section, SectionReader
from metier_sglang.parsing.reading.source import Source, Steps
from metier_sglang.parsing.reading.steps import Reading, Spelling, make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking

_SECTION = Section(
    "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", breaks=0
)
_SEPARATOR = "<｜tool▁sep｜>"
_THINKING = ThinkingTags(call=_SECTION.opening)


def _reading(read_call: Callable[[Source, Output], Steps[None]]) -> Reading:
    def read(source: Source, output: Output) -> Steps[None]:
        yield from read_thinking(source, output, _THINKING)
        yield from SectionReader(source, output, _SECTION, read_call).read()

    return read


def _read_v3(source: Source, output: Output) -> Steps[None]:
    yield from read_mark(source, "function")
    yield from read_mark(source, _SEPARATOR)
    output.open_call((yield from read_name(source, "\n", "The name of the tool")))
    yield from read_mark(source, "```json")
    yield from _read_arguments(source, output)
    yield from read_mark(source, "```")
    yield from _close(source, output)


def _read_v31(source: Source, output: Output) -> Steps[None]:
    output.open_call((yield from read_name(source, _SEPARATOR, "The name of the tool")))
    yield from _read_arguments(source, output)
    yield from _close(source, output)


def _read_arguments(source: Source, output: Output) -> Steps[None]:
    yield from source.skip_spaces()
    yield from read_value(source, output.argue)
    output.check_arguments()


def _close(source: Source, output: Output) -> Steps[None]:
    yield from read_mark(source, _SECTION.end)
    output.close_call()


def _spelling(spell_call: Callable[[ParsedCall], str], between: str) -> Spelling:
    def spell(parsed: Parsed, start: Start) -> str:
        text = write_thinking(parsed, start, _THINKING) + parsed.text
        calls = between.join(f"{_SECTION.call}{spell_call(call)}{_SECTION.end}" for call in parsed.calls)
        return f"{text}{_SECTION.opening}{calls}{_SECTION.closing}" if calls else text

    return spell


def _spell_v3(call: ParsedCall) -> str:
    return f"function{_SEPARATOR}{call.name}\n```json\n{call.arguments}\n```"


def _spell_v31(call: ParsedCall) -> str:
    return f"{call.name}{_SEPARATOR}{call.arguments}"


DEEPSEEK_V3 = make_format(
    "deepseek_v3",
    _reading(_read_v3),
    _spelling(_spell_v3, "\n"),
    parsers=(("deepseekv3",), ("deepseek-r1",)),
    signs=("tool['type'] + '<｜tool▁sep｜>'",),
)
DEEPSEEK_V31 = make_format(
    "deepseek_v31",
    _reading(_read_v31),
    _spelling(_spell_v31, ""),
    parsers=(("deepseekv31",), ("deepseek-v3",)),
    signs=(_SECTION.call,),
)
