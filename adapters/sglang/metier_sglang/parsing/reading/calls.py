"""How the formats that write a call as one JSON object read it, and what every format does with a broken call."""

import re
from dataclasses import dataclass, field

from metier_sglang.parsing.reading.json_text import read_mark, read_text, read_value
from metier_sglang.parsing.reading.output import Output
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, Tags, tags

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_LETTERS = "-+.0123456789eEtrufalsn \t\r\n"  # what may stand outside a string, but not right behind one


@dataclass(frozen=True, slots=True)
class CallShape:
    """The keys of a call: `arguments` are the ones that may hold them, `ignored` the ones that may stand beside.

    Any other key makes the call malformed: what it was to mean is not known. The arguments of the tool named `held` are
    not given while they arrive. With `only_known` a name that is not among the tools makes no call.
    """

    arguments: tuple[str, ...] = ("arguments",)
    ignored: tuple[str, ...] = ()
    held: str = ""
    only_known: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a broken call ends: `read` are tags that belong to it, `left` ones that begin what comes next.

    A line break before or after such a tag belongs to the tag.
    """

    read: tuple[str, ...]
    left: tuple[str, ...]
    tags: Tags = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tags(*self.read, *self.left, breaks=1))


@dataclass(slots=True)
class CallReader:
    """Reads one `{"name": ..., "arguments": {...}}` into `output`, the keys in any order."""

    source: Source
    output: Output
    shape: CallShape
    name: str = ""
    waiting: list[str] | None = None  # the arguments, while they may not be given yet

    def read(self) -> Steps[None]:
        """Reads the object; raises BrokenCall when it is no call. The arguments are whole and checked afterwards."""
        yield from read_mark(self.source, "{")
        yield from self.source.skip_spaces()
        seen: set[str] = set()
        mark = yield from self.source.match("}")
        while mark != "}":
            yield from self.source.skip_spaces()
            key = yield from read_text(self.source, "A key of the call")
            yield from self._read_value(self._meaning(key, seen))
            mark = yield from read_mark(self.source, ",", "}")
        if not self.name:
            raise BrokenCall('The call has no "name".')
        if not self._is_held():
            self.output.check_arguments()

    def release(self) -> None:
        """Gives arguments that were held back."""
        for piece in self.waiting or ():
            self.output.argue(piece)
        self.waiting = None

    def _is_held(self) -> bool:
        return self.name == self.shape.held

    def _meaning(self, key: str, seen: set[str]) -> str:
        if key not in ("name", *self.shape.arguments, *self.shape.ignored):
            known = '"name" and ' + " or ".join(f'"{name}"' for name in self.shape.arguments)
            raise BrokenCall(f"A call has the keys {known}, not {key!r}.")
        meaning = "arguments" if key in self.shape.arguments else key
        if meaning in seen:
            raise BrokenCall(f"The call has {key!r} twice.")
        seen.add(meaning)
        return meaning

    def _read_value(self, meaning: str) -> Steps[None]:
        yield from read_mark(self.source, ":")
        yield from self.source.skip_spaces()
        if meaning == "name":
            name = yield from read_text(self.source, 'The "name" of the call')
            if self.shape.only_known and name not in self.output.start.tools:
                raise BrokenCall(f"No tool is called {name!r}.")
            self.output.open_call(name)
            self.name = name
            if not self._is_held():
                self.release()
        elif meaning == "arguments":
            yield from self._read_arguments()
        else:
            yield from read_value(self.source, lambda _: None)

    def _read_arguments(self) -> Steps[None]:
        if (yield from self.source.peek()) != "{":
            raise BrokenCall("The arguments are not a JSON object.")
        if self.name and not self._is_held():
            yield from read_value(self.source, self.output.argue)
            return
        self.waiting = []
        yield from read_value(self.source, self.waiting.append)


def _behind_quote(text: str) -> int:
    """Returns how many characters to go back in a call that broke off behind `text`.

    What breaks off right behind a JSON string had most likely left that string open, up to a quote of the next call:
    the next call is looked for inside the string.
    """
    if not text.rstrip(_LETTERS).endswith('"'):
        return 0
    begin = max((string.start() for string in _STRING.finditer(text)), default=len(text) - 1)
    return len(text) - begin - 1


def attempt(source: Source, output: Output, call: Steps[None], *, opening: str, ends: Ends) -> Steps[None]:
    """Reads `call`, whose tag `opening` was just read; one that breaks is given as malformed up to one of `ends`."""
    source.set_mark(len(opening))
    try:
        yield from call
    except BrokenCall as fault:
        source.rewind(source.position - _behind_quote(source.look_back()) if fault.back is None else fault.back)
        end = yield from source.until(ends.tags, lambda _: None)
        if end.endswith(ends.left):
            source.rewind(source.position - len(end))
        else:
            yield from source.match("\n")
        output.fail(fault.reason, source.since_mark())
    else:
        source.since_mark()
