"""Calls in Python's syntax: Llama 4. A list of calls whose arguments are literals, by keyword.

    [route(to="Ardenfeld", stops=["Oss", "Linn"]), now()]

Such a list is read at the beginning of a response, where its first call names a tool that may be called, and behind
`<|python_start|>` anywhere; a list elsewhere is text. Only literals are read, nothing is run.
"""

import ast
import json
import re
from collections.abc import Callable

from metier.canonical import JSON
from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.reading.calls import Ends, attempt
from metier_sglang.parsing.reading.json_text import MAX_DEPTH, read_mark
from metier_sglang.parsing.reading.output import Output, read_object
from metier_sglang.parsing.reading.source import BrokenCall, Source, Steps, tags
from metier_sglang.parsing.reading.steps import make_format

_OPEN, _CLOSE = "<|python_start|>", "<|python_end|>"
_STARTS = tags(_OPEN)
_ENDS = Ends(read=(_CLOSE,), left=(_OPEN,))
_WORD = re.compile(r"\w++")
_FLAT = re.compile(r"(?:[^\W\d]\w*+|[-+]?\d[\d_.]*+(?:[eE][-+]?\d++)?+|[-+.,:=\s])++")
_INSIDE = {quote: re.compile(rf"[^{quote}\\\n\x00]++") for quote in "\"'"}
_ESCAPES = frozenset("\\'\"abfnrtvxuUN01234567")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def _read(source: Source, output: Output) -> Steps[None]:
    if output.start.tools:
        yield from attempt(source, output, _read_bare(source, output), opening="", ends=_ENDS)
    while tag := (yield from source.until(_STARTS, output.say)):
        yield from attempt(source, output, _read_list(source, output), opening=tag, ends=_ENDS)


def _read_bare(source: Source, output: Output) -> Steps[None]:
    begin = source.position
    yield from source.skip_spaces()
    if (yield from source.match("[")):
        name = yield from _read_name(source)
        if name in output.start.tools and (yield from source.peek()) == "(":
            yield from _read_calls(source, output, name)
            return
    source.rewind(begin)


def _read_list(source: Source, output: Output) -> Steps[None]:
    yield from read_mark(source, "[")
    name = yield from _read_name(source)
    yield from _read_calls(source, output, name)
    yield from read_mark(source, _CLOSE)


def _read_calls(source: Source, output: Output, name: str) -> Steps[None]:
    while True:
        output.open_call(name)
        pieces: list[str] = []
        yield from read_mark(source, "(")
        yield from _read_group(source, pieces.append)
        output.argue(_convert("".join(pieces)))
        output.check_arguments()
        output.close_call()
        if (yield from read_mark(source, ",", "]")) == "]":
            return
        name = yield from _read_name(source)


def _read_name(source: Source) -> Steps[str]:
    yield from source.skip_spaces()
    pieces: list[str] = []
    while (yield from source.more()) and (piece := source.run(_WORD)):
        pieces.append(piece)
    return "".join(pieces)


def _read_group(source: Source, give: Callable[[str], None]) -> Steps[None]:
    """Reads up to the `)` that closes the call and gives what stands before it."""
    depth = 1
    while True:
        give(source.run(_FLAT))
        letter = yield from source.peek()
        if letter in ('"', "'"):
            yield from _read_string(source, give)
            continue
        step = _BRACKETS.get(letter, 0)
        depth += step
        yield from source.take(abs(step))
        if depth == 0:
            return
        if depth > MAX_DEPTH:
            raise BrokenCall(f"The arguments are nested deeper than {MAX_DEPTH} levels.")
        if not step and not _FLAT.match(letter):
            raise BrokenCall(f"{letter!r} can not stand in a call's arguments." if letter else "The call breaks off.")
        give(letter if step else "")


def _read_string(source: Source, give: Callable[[str], None]) -> Steps[None]:
    begin = source.position
    quote = yield from source.take(1)
    give(quote)
    while True:
        give(source.run(_INSIDE[quote]))
        letter = yield from source.take(1)
        if letter == "\\":
            escaped = yield from source.peek()
            if escaped not in _ESCAPES:
                raise BrokenCall(f"A string holds a backslash before {escaped!r}; it must be written twice.")
            letter += yield from source.take(1)
        elif letter in ("\n", "\0", ""):
            raise BrokenCall("A string is not closed on its line.", back=begin + 1)
        give(letter)
        if letter == quote:
            return


def _convert(text: str) -> str:
    """Returns the arguments as JSON; raises BrokenCall when they are not keywords and literals that JSON knows."""
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(keyword.arg is None for keyword in call.keywords):
            raise BrokenCall("The arguments of a call are all given by keyword.")
        values = {str(keyword.arg): _literal(keyword.value) for keyword in call.keywords}
        spelled = json.dumps(values, ensure_ascii=False, allow_nan=False)
        spelled.encode()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BrokenCall(f"The arguments are no Python: {error}.") from error
    return spelled


def _literal(node: ast.expr) -> JSON:
    match node:
        case ast.Constant(value=bool() | str() | int() | float() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=items):
            return [_literal(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            return {_key(key): _literal(value) for key, value in zip(keys, values, strict=True)}
    raise BrokenCall(f"Arguments are literals, with True, False and None, not {ast.unparse(node)[:80]!r}.")


def _key(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise BrokenCall("The keys of an object are strings.")


def _spell(parsed: Parsed, start: Start) -> str:
    if parsed.thinking or start.in_thinking:
        raise BrokenCall("This format has no thinking.")
    calls = ", ".join(_spell_call(call) for call in parsed.calls)
    return f"{parsed.text}{_OPEN}[{calls}]{_CLOSE}" if calls else parsed.text


def _spell_call(call: ParsedCall) -> str:
    pairs = (f"{key}={value!r}" for key, value in read_object(call.arguments).items())
    return f"{call.name}({', '.join(pairs)})"


PYTHONIC = make_format("pythonic", _read, _spell, parsers=(("pythonic",), ()), signs=(_OPEN,))
