"""The thinking in front of an answer. Pure.

It is read where the prompt opened it, or where its opening tag is the first thing in a response; anywhere else the tag
is text. Inside the thinking nothing is a call: a model that never closes it and opens a call is told so, since guessing
would make calls that it only considered. One line break after the opening tag and one before the closing tag belong to
the tags, and so do up to two after the closing one: what the templates of Qwen3 and DeepSeek write.
"""

from dataclasses import dataclass

from metier_sglang.parsing.events import Parsed
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import Source, Steps, tags


@dataclass(frozen=True, slots=True)
class ThinkingTags:
    """The tags round the thinking, and the one that opens a call.

    With `ends_at_call` a call's tag ends the thinking too, as weights that leave the closing tag out expect.
    """

    opening: str = "<think>"
    closing: str = "</think>"
    call: str = ""
    ends_at_call: bool = False


def read_thinking(source: Source, output: Output, marks: ThinkingTags) -> Steps[None]:
    """Reads the thinking, if the response begins with it."""
    if not output.start.in_thinking and not (yield from _opens(source, marks)):
        return
    yield from source.match("\n")
    if (yield from _read_inside(source, output, marks)):
        yield from source.match("\n")
        yield from source.match("\n")


def write_thinking(parsed: Parsed, start: Start, marks: ThinkingTags) -> str:
    """Returns the thinking of `parsed` as a model writes it, "" where there is none."""
    if start.in_thinking:
        lead = "\n" if parsed.thinking.startswith("\n") else ""
        return f"{lead}{parsed.thinking}\n{marks.closing}\n\n"
    return f"{marks.opening}\n{parsed.thinking}\n{marks.closing}\n\n" if parsed.thinking else ""


def _opens(source: Source, marks: ThinkingTags) -> Steps[bool]:
    source.set_mark(0)
    begin = source.position
    yield from source.skip_spaces()
    opens = yield from source.match(marks.opening)
    if not opens:
        source.rewind(begin)
    source.since_mark()
    return bool(opens)


def _read_inside(source: Source, output: Output, marks: ThinkingTags) -> Steps[bool]:
    ends = tags(marks.closing, f"\n{marks.closing}", *filter(None, [marks.call]))
    called = False
    while tag := (yield from source.until(ends, output.think)):
        if tag != marks.call:
            source.since_mark()
            return True
        if marks.ends_at_call:
            source.rewind(source.position - len(tag))
            return False
        if not called:
            source.set_mark(len(tag))
        called = True
        output.think(tag)
    raw = source.since_mark()
    if called:
        output.fail(f"The thinking was not closed with {marks.closing} before the call, which was not made.", raw)
    return False
