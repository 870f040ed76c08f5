"""From a reading to a format: the parser that runs it, and the writer whose every text was read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from metier.errors import InputError
from metier_sglang.parsing.events import Event, Parsed
from metier_sglang.parsing.format import Format, Start
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps
from metier_sglang.parsing.whole import collect

Reading: TypeAlias = Callable[[Source, Output], Steps[None]]
Spelling: TypeAlias = Callable[[Parsed, Start], str]


class StepParser:
    """Runs a reading over the pieces of one response."""

    def __init__(self, reading: Reading, start: Start) -> None:
        self._source = Source()
        self._output = Output(start)
        self._steps = reading(self._source, self._output)

    def feed(self, text: str) -> list[Event]:
        """Returns the events that `text` completes."""
        self._source.add(text)
        next(self._steps, None)
        return self._output.drain()

    def finish(self) -> list[Event]:
        """Returns the last events, at the end of the response."""
        self._source.close()
        next(self._steps, None)
        return self._output.drain()


@dataclass(frozen=True, slots=True)
class _Writer:
    name: str
    reading: Reading
    spelling: Spelling

    def __call__(self, parsed: Parsed, start: Start = Start()) -> str:
        if parsed.faults or any(call.fault for call in parsed.calls):
            raise InputError("A response with malformed calls cannot be written.", hint="Leave the faults out.")
        try:
            text = self.spelling(parsed, start)
        except BrokenCall as fault:
            raise InputError(f"A call cannot be written. {fault.reason}") from fault
        if collect(StepParser(self.reading, start), text) != parsed:
            raise InputError(
                f"The format {self.name} cannot carry this response: written, it reads as another.",
                hint="Mask the format's tags in texts and arguments, and write JSON as the format reads it.",
            )
        return text


def make_format(
    name: str,
    reading: Reading,
    spelling: Spelling,
    *,
    parsers: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    signs: tuple[str, ...] = (),
) -> Format:
    """Returns the format that `reading` reads and `spelling` writes; `parsers` are SGLang's for tools and thinking."""

    def begin(start: Start) -> StepParser:
        return StepParser(reading, start)

    return Format(name, parsers[0], parsers[1], begin, _Writer(name, reading, spelling), signs)
