"""The channels of gpt-oss (harmony): analysis is thinking, final is text, what is addressed to a tool is a call.

    <|channel|>analysis<|message|>They want a route.<|end|>
    <|start|>assistant<|channel|>commentary to=functions.route <|constrain|>json<|message|>{"to": "Ardenfeld"}<|call|>

Commentary that is addressed to nobody is text. The last message may end with the response: its tag is a stop.
"""

import re
from collections.abc import Callable

from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import Ends, attempt
from metier_sglang.parsing.reading.json_text import read_mark, read_value
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format

_START, _CHANNEL, _MESSAGE, _CONSTRAIN = "<|start|>", "<|channel|>", "<|message|>", "<|constrain|>"
_STOPS = ("<|end|>", "<|call|>", "<|return|>")
_BEGINS = tags(_START, _CHANNEL)
_HEADER_ENDS = tags(_MESSAGE, *_STOPS)
_MESSAGE_ENDS = tags(*_STOPS, _START, _CHANNEL)
_ENDS = Ends(read=_STOPS, left=(_START,))
_HEADER = re.compile(
    r"(?:<\|start\|>assistant)?\s*(?:to=(?P<before>\S+?)\s*)?<\|channel\|>(?P<channel>analysis|commentary|final)\s*"
    r"(?:to=(?P<behind>[^\s<]+)\s*)?(?:(?:<\|constrain\|>)?\s*json|code)?\s*<\|message\|>"
)
_LONGEST_HEADER = 1000


def _read(source: Source, output: Output) -> Steps[None]:
    if output.start.in_thinking:
        yield from _read_words(source, output.think)
    while tag := (yield from source.until(_BEGINS, output.say)):
        yield from attempt(source, output, _read_message(source, output, tag), opening=tag, ends=_ENDS)


def _read_message(source: Source, output: Output, tag: str) -> Steps[None]:
    header = [tag]
    header.append((yield from source.until(_HEADER_ENDS, header.append)))
    read = _HEADER.fullmatch("".join(header)[:_LONGEST_HEADER])
    if read is None:
        back = source.position - len(header[-1]) if header[-1] != _MESSAGE else None
        raise BrokenCall("A message begins with its channel: analysis, commentary or final.", back=back)
    recipient = read["before"] or read["behind"]
    if recipient:
        yield from _read_call(source, output, recipient.removeprefix("functions."))
    else:
        yield from _read_words(source, output.think if read["channel"] == "analysis" else output.say)


def _read_words(source: Source, give: Callable[[str], None]) -> Steps[None]:
    end = yield from source.until(_MESSAGE_ENDS, give)
    if end in (_START, _CHANNEL):
        source.rewind(source.position - len(end))


def _read_call(source: Source, output: Output, name: str) -> Steps[None]:
    output.open_call(name)
    yield from source.skip_spaces()
    if (yield from source.peek()) != "<":
        yield from read_value(source, output.argue)
    output.check_arguments()
    yield from source.skip_spaces()
    if (yield from source.more()):
        yield from read_mark(source, *_STOPS)
    output.close_call()


def _spell(parsed: Parsed, start: Start) -> str:
    messages = [_spell_call(call) for call in parsed.calls]
    if parsed.text:
        last = not messages
        channel, stop = ("final", "<|return|>") if last else ("commentary", "<|end|>")
        messages.insert(0, f"{_CHANNEL}{channel}{_MESSAGE}{parsed.text}{stop}")
    if parsed.thinking or start.in_thinking:
        lead = "" if start.in_thinking else f"{_CHANNEL}analysis{_MESSAGE}"
        messages.insert(0, f"{lead}{parsed.thinking}<|end|>")
    return f"{_START}assistant".join(messages)


def _spell_call(call: ParsedCall) -> str:
    return f"{_CHANNEL}commentary to=functions.{call.name} {_CONSTRAIN}json{_MESSAGE}{call.arguments}<|call|>"


GPT_OSS = make_format("gpt_oss", _read, _spell, parsers=(("gpt-oss",), ("gpt-oss",)), signs=(_MESSAGE,))
