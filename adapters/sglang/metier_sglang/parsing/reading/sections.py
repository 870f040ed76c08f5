"""Formats that put all their calls between two tags: text, the tags, and the calls one after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field

from metier_sglang.parsing.reading.calls import Ends, attempt
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, Tags, tags


@dataclass(frozen=True, slots=True)
class Section:
    """Between `opening` and `closing` stand calls, each from the tag `call` to the tag `end`.

    `breaks` is how many line breaks before the section belong to it.
    """

    opening: str
    closing: str
    call: str
    end: str
    breaks: int = 1
    starts: Tags = field(init=False)
    ends: Ends = field(init=False)
    strays: Ends = field(init=False)

    def __post_init__(self) -> None:
        left = (self.call, self.closing, self.opening)
        object.__setattr__(self, "starts", tags(self.opening, breaks=self.breaks))
        object.__setattr__(self, "ends", Ends(read=(self.end,), left=left))
        object.__setattr__(self, "strays", Ends(read=(), left=left))


@dataclass(frozen=True, slots=True)
class SectionReader:
    """Reads text and sections to the end of the response. `read_call` reads a call behind its first tag, the last too.

    A response may end inside a section whose calls are complete: servers take the last tag for a stop and cut it off.
    """

    source: Source
    output: Output
    section: Section
    read_call: Callable[[Source, Output], Steps[None]]

    def read(self) -> Steps[None]:
        """Reads all there is."""
        opening = yield from self.source.until(self.section.starts, self.output.say)
        while opening:
            if (yield from self._read_section()) == self.section.closing:
                yield from self.source.match("\n")
                opening = yield from self.source.until(self.section.starts, self.output.say)
            else:
                opening = "" if not (yield from self.source.more()) else self.section.opening

    def _read_section(self) -> Steps[str]:
        """Returns the tag that ended the section: the closing one, or an opening one, or "" at the end."""
        is_empty = True
        section = self.section
        while True:
            yield from self.source.skip_spaces()
            tag = yield from self.source.match(section.call, section.closing, section.opening)
            if tag in (section.closing, section.opening) or not (tag or (yield from self.source.more())):
                break
            is_empty = False
            call = self.read_call(self.source, self.output) if tag else self._refuse()
            ends = section.ends if tag else section.strays
            yield from attempt(self.source, self.output, call, opening=tag, ends=ends)
        if is_empty:
            raw = section.opening + (tag if tag == section.closing else "")
            self.output.fail(f"No call stands between {section.opening} and {section.closing}.", raw)
        return tag

    def _refuse(self) -> Steps[None]:
        yield from ()
        section = self.section
        raise BrokenCall(
            f"Only calls that begin with {section.call!r} may stand between {section.opening} and {section.closing}."
        )
