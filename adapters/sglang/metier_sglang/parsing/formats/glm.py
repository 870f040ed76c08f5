r"""Calls as keys and values: GLM-4.5 and 4.6, and without the line breaks GLM-4.7. The tools' schemas give the types.

    <tool_call>route
    <arg_key>to</arg_key>
    <arg_value>Ardenfeld</arg_value>
    </tool_call>

White space between the tags means nothing; inside a value it is the value's. A value ends at its closing tag.
"""

from collections.abc import Callable

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import Ends, attempt
from metier_sglang.parsing.reading.json_text import read_mark
from metier_sglang.parsing.reading.output import Output, read_object
from metier_sglang.parsing.reading.parameters import Parameters, read_name, read_until, spell
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking
from metier_sglang.parsing.reading.values import find_types, spell_value

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_KEY, _KEY_END, _VALUE, _VALUE_END = "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"
_THINKING = ThinkingTags(call=_OPEN)
_STARTS = tags(_OPEN, breaks=1)
_ENDS = Ends(read=(_CLOSE,), left=(_OPEN,))
_NAME_ENDS = tags("<", "\n")


def _read(source: Source, output: Output) -> Steps[None]:
    yield from read_thinking(source, output, _THINKING)
    while opening := (yield from source.until(_STARTS, output.say)):
        yield from attempt(source, output, _read_call(source, output), opening=opening, ends=_ENDS)


def _read_call(source: Source, output: Output) -> Steps[None]:
    yield from source.skip_spaces()
    pieces: list[str] = []
    if (yield from source.until(_NAME_ENDS, pieces.append)) == "<":
        source.rewind(source.position - 1)
    name = "".join(pieces).strip()
    output.open_call(name)
    parameters = Parameters(output)
    while (yield from read_mark(source, _KEY, _CLOSE)) == _KEY:
        key = yield from read_name(source, _KEY_END, "The key of an argument")
        yield from read_mark(source, _VALUE)
        value = yield from read_until(source, _VALUE_END, (_CLOSE, _OPEN), f"The value of {key!r}")
        parameters.add(key, spell_value(value, key, find_types(output.start, name, key)))
    parameters.finish()
    output.close_call()
    yield from source.match("\n")


def _speller(line: str) -> Callable[[Parsed, Start], str]:
    def spell_call(call: ParsedCall) -> str:
        if call.name != call.name.strip() or "<" in call.name:
            raise BrokenCall(f"{call.name!r} is no name of a tool.")
        pairs = "".join(
            f"{_KEY}{key}{_KEY_END}{line}{_VALUE}{spell(value)}{_VALUE_END}{line}"
            for key, value in read_object(call.arguments).items()
        )
        return f"{_OPEN}{call.name}{line}{pairs}{_CLOSE}"

    def spell_all(parsed: Parsed, start: Start) -> str:
        blocks = [spell_call(call) for call in parsed.calls]
        thinking = write_thinking(parsed, start, _THINKING)
        return thinking + "\n".join([parsed.text, *blocks] if parsed.text else blocks)

    return spell_all


GLM45 = make_format(
    "glm45", _read, _speller("\n"), parsers=(("glm45", "glm"), ("glm45",)), signs=("</arg_key>\n<arg_value>",)
)
GLM47 = make_format("glm47", _read, _speller(""), parsers=(("glm47",), ()), signs=("<arg_key>",))
