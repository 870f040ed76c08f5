"""Calls of DeepSeek V3.2, V4 and V4.1: elements whose parameters say whether they are strings, or one JSON object.

    <｜DSML｜function_calls>
    <｜DSML｜invoke name="route">
    <｜DSML｜parameter name="to" string="true">Ardenfeld</｜DSML｜parameter>
    </｜DSML｜invoke>
    </｜DSML｜function_calls>

A call without arguments may be one closed tag, `<｜DSML｜invoke name="now"/>`. Strings are taken as they stand. Up to
two line breaks before the calls belong to them. V4 names the block `tool_calls`; V4.1 puts a space before each name.
"""

import json
from dataclasses import dataclass

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Format, Start
from metier_sglang.parsing.reading.json_text import read_mark, read_value
from metier_sglang.parsing.reading.output import Output, read_json, read_object
from metier_sglang.parsing.reading.parameters import Parameters, read_name, read_until, spell
from metier_sglang.parsing.reading.sections import Section, SectionReader
from metier_sglang.parsing.reading.source import Source, Steps
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking

_MARK = "｜DSML｜"


@dataclass(frozen=True, slots=True)
class Dsml:
    """The names of one version: of the block, of a call and of a parameter."""

    section: Section
    parameter: str
    value_end: str

    def read(self, source: Source, output: Output) -> Steps[None]:
        """Reads a whole response."""
        yield from read_thinking(source, output, ThinkingTags(call=self.section.opening))
        yield from SectionReader(source, output, self.section, self._read_call).read()

    def _read_call(self, source: Source, output: Output) -> Steps[None]:
        output.open_call((yield from read_name(source, '"', "The name of the tool")))
        parameters = Parameters(output)
        if (yield from read_mark(source, ">", "/>")) == ">":
            yield from source.skip_spaces()
            if (yield from source.peek()) == "{":
                yield from read_value(source, output.argue)
                yield from read_mark(source, self.section.end)
            else:
                yield from self._read_parameters(source, parameters)
        parameters.finish()
        output.close_call()

    def _read_parameters(self, source: Source, parameters: Parameters) -> Steps[None]:
        while (yield from read_mark(source, self.parameter, self.section.end)) == self.parameter:
            key = yield from read_name(source, '"', "The name of a parameter")
            yield from read_mark(source, "string=")
            kind = yield from read_mark(source, '"true">', '"false">')
            others = (self.section.closing, self.section.opening)
            value = yield from read_until(source, self.value_end, others, f"The parameter {key!r}")
            parameters.add(key, _spell_typed(value, key, kind == '"true">'))

    def spell(self, parsed: Parsed, start: Start) -> str:
        """Returns a whole response."""
        text = write_thinking(parsed, start, ThinkingTags()) + parsed.text
        if not parsed.calls:
            return text
        before = "\n\n" if parsed.text else ""
        calls = "".join(self._spell_call(call) for call in parsed.calls)
        return f"{text}{before}{self.section.opening}\n{calls}{self.section.closing}"

    def _spell_call(self, call: ParsedCall) -> str:
        values = "".join(
            f'{self.parameter}{key}" string="{str(isinstance(value, str)).lower()}">{spell(value)}{self.value_end}\n'
            for key, value in read_object(call.arguments).items()
        )
        return f'{self.section.call}{call.name}">\n{values}{self.section.end}\n'


def _spell_typed(value: str, key: str, is_string: bool) -> str:
    if is_string:
        return json.dumps(value, ensure_ascii=False)
    read_json(value, f"The parameter {key!r}, marked as no string,")
    return value.strip()


def _make(name: str, block: str, space: str, parser: str, reasoning: tuple[str, ...]) -> Format:
    section = Section(
        f"<{_MARK}{block}>", f"</{_MARK}{block}>", f'<{_MARK}{space}invoke name="', f"</{_MARK}{space}invoke>", breaks=2
    )
    dsml = Dsml(section, f'<{_MARK}{space}parameter name="', f"</{_MARK}{space}parameter>")
    return make_format(name, dsml.read, dsml.spell, parsers=((parser,), reasoning), signs=(f"{_MARK}{block}",))


DEEPSEEK_V32 = _make("deepseek_v32", "function_calls", "", "deepseekv32", ())
DEEPSEEK_V4 = _make("deepseek_v4", "tool_calls", "", "deepseekv4", ("deepseek-v4",))
DEEPSEEK_V41 = _make("deepseek_v41", " calls", " ", "deepseekv41", ("deepseek-v41",))
