"""Calls as elements with a parameter each: Qwen3-Coder and MiniMax M2. The tools' schemas say what the values are.

    <tool_call>                                <minimax:tool_call>
    <function=route>                           <invoke name="route">
    <parameter=to>                             <parameter name="to">Ardenfeld</parameter>
    Ardenfeld                                  </invoke>
    </parameter>                               </minimax:tool_call>
    </function>
    </tool_call>

A value ends at the first closing tag of its parameter, so it cannot hold that tag.
"""

from collections.abc import Callable
from dataclasses import dataclass

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.output import Output, read_object
from metier_sglang.parsing.reading.parameters import Parameters, read_name, read_until, spell, trim_breaks
from metier_sglang.parsing.reading.sections import Section, SectionReader
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps
from metier_sglang.parsing.reading.steps import make_format
from metier_sglang.parsing.reading.thinking import ThinkingTags, read_thinking, write_thinking
from metier_sglang.parsing.reading.values import find_types, spell_value


@dataclass(frozen=True, slots=True)
class Markup:
    """The spellings of one such format. `name_end` closes the tag of a call and of a parameter."""

    section: Section
    parameter: str
    name_end: str
    value_end: str = "</parameter>"
    trim: Callable[[str], str] = str

    def read(self, source: Source, output: Output) -> Steps[None]:
        """Reads a whole response."""
        yield from read_thinking(source, output, ThinkingTags(call=self.section.opening))
        yield from SectionReader(source, output, self.section, self._read_call).read()

    def _read_call(self, source: Source, output: Output) -> Steps[None]:
        name = yield from read_name(source, self.name_end, "The name of the tool")
        output.open_call(name)
        parameters = Parameters(output)
        while True:
            yield from source.skip_spaces()
            tag = yield from source.match(self.parameter, self.section.end)
            if tag == self.section.end:
                break
            if not tag:
                raise BrokenCall(f"{self.parameter!r} or {self.section.end!r} must come here.")
            key = yield from read_name(source, self.name_end, "The name of a parameter")
            others = (self.section.closing, self.section.opening)
            value = yield from read_until(source, self.value_end, others, f"The parameter {key!r}")
            parameters.add(key, spell_value(self.trim(value), key, find_types(output.start, name, key)))
        parameters.finish()
        output.close_call()

    def _spell_call(self, call: ParsedCall, around: str) -> str:
        values = "".join(
            f"{self.parameter}{key}{self.name_end}{around}{spell(value)}{around}{self.value_end}\n"
            for key, value in read_object(call.arguments).items()
        )
        return f"{self.section.call}{call.name}{self.name_end}\n{values}{self.section.end}\n"

    def spell_single(self, parsed: Parsed, start: Start) -> str:
        """Returns a response with a section round every call."""
        section = self.section
        blocks = [f"{section.opening}\n{self._spell_call(call, chr(10))}{section.closing}" for call in parsed.calls]
        thinking = write_thinking(parsed, start, ThinkingTags())
        return thinking + "\n".join([parsed.text, *blocks] if parsed.text else blocks)

    def spell_together(self, parsed: Parsed, start: Start) -> str:
        """Returns a response with one section round all calls."""
        thinking = write_thinking(parsed, start, ThinkingTags())
        if not parsed.calls:
            return thinking + parsed.text
        calls = "".join(self._spell_call(call, "") for call in parsed.calls)
        before = f"{parsed.text}\n" if parsed.text else ""
        return f"{thinking}{before}{self.section.opening}\n{calls}{self.section.closing}"


_QWEN3_CODER = Markup(
    Section("<tool_call>", "</tool_call>", "<function=", "</function>"), "<parameter=", ">", trim=trim_breaks
)
_MINIMAX_M2 = Markup(
    Section("<minimax:tool_call>", "</minimax:tool_call>", '<invoke name="', "</invoke>"), '<parameter name="', '">'
)

QWEN3_CODER = make_format(
    "qwen3_coder",
    _QWEN3_CODER.read,
    _QWEN3_CODER.spell_single,
    parsers=(("qwen3_coder", "step3p5", "nanbeige"), ("step3p5", "nanbeige", "nemotron_3")),
    signs=("<function=",),
)
MINIMAX_M2 = make_format(
    "minimax_m2",
    _MINIMAX_M2.read,
    _MINIMAX_M2.spell_together,
    parsers=(("minimax-m2",), ("minimax", "minimax-append-think")),
    signs=("<minimax:tool_call>",),
)
