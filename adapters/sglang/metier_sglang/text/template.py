"""A model's chat template: jinja in a sandbox, with what Hugging Face templates expect. Pure.

A template comes with the weights from wherever they come from, so it runs sandboxed: it reaches no attribute that
begins with an underscore and changes nothing it is given, and what it writes, what it repeats and how long it loops
are bounded.
"""

import json
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from metier.errors import InputError
from metier_sglang.text.folder import unsupported
from metier_sglang.text.masking import BREAK, LITERAL, SENTINEL

LONGEST = 64 << 20  # characters of one rendering
STEPS = 2_000_000  # turns of loops, and calls, which count more: far more than a thousand messages take
CALL = 16  # steps that a call counts for
SWITCHES = ("enable_thinking", "thinking")  # what templates call the switch for thinking: Qwen3 and GLM; DeepSeek, Kimi

# of templates' code
_FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
_SAID = 300  # characters of what a template says is wrong
_COUNT, _MEASURE = "metier count", "metier measure"  # filters that no template can name
_WIDE_FILTERS = ("batch", "center", "format", "slice", "urlize", "wordwrap", "xmlattr")  # make much of little
_WIDTH = re.compile(r"%[^a-zA-Z%]*(?:\*|\d{5})")
_WIDE = re.compile(f"[^\x00-\x7f{BREAK}{LITERAL}{SENTINEL}]")


class Prepared(dict[str, object]):
    """A value of which templates ask the JSON over and over, a tool's schema: written once for each way of writing."""

    __slots__ = ("_written",)

    def __init__(self, value: Mapping[str, object]) -> None:
        super().__init__(value)
        self._written: dict[object, str] = {}  # underscored: a template sees keys only


class Template:
    """A compiled chat template. `source` is its text, `switches` the names of its switches for thinking, if any."""

    def __init__(self, source: str, *, day: date | None = None, steps: int = STEPS) -> None:
        """Compiles `source`. A template that asks for the day is told `day`, or that there is none to ask for.

        `steps` bound the work of one rendering.

        Raises InputError for what is no jinja, or holds the characters that mask text.
        """
        if any(reserved in source for reserved in (BREAK, LITERAL, SENTINEL)):
            raise unsupported("The chat template holds the private-use characters by which text is masked.")
        self.source = source
        self._budget = _Budget(steps)
        environment = _environment(day, self._budget)
        try:
            named = meta.find_undeclared_variables(environment.parse(source))
            self._compiled = environment.from_string(source)
        except (jinja2.TemplateError, RecursionError, SyntaxError, ValueError, MemoryError) as error:
            raise unsupported(f"The chat template cannot be read: {_on_a_line(error)}") from error
        self.switches = tuple(name for name in SWITCHES if name in named)
        self.takes_parts = "image" in source or "vision" in source  # as SGLang tells it

    def render(
        self,
        messages: Sequence[Mapping[str, object]],
        tools: Sequence[Mapping[str, object]],
        *,
        prompt: bool,
        thinking: bool | None = None,
        named: Mapping[str, str] | None = None,
    ) -> str:
        """Returns the marked text of a conversation, with the opening of the assistant's turn when `prompt`.

        `named` are tokens by name, such as `bos_token`. Raises InputError for what the template refuses.
        """
        switches = {} if thinking is None else dict.fromkeys(self.switches, thinking)
        variables = {"messages": messages, "tools": list(tools) or None, "documents": None, **(named or {}), **switches}
        pieces: list[str] = []
        size = 0
        self._budget.begin()
        try:
            for piece in self._compiled.generate(variables, add_generation_prompt=prompt):
                pieces.append(piece)
                size += len(piece)
                if size > LONGEST:
                    raise unsupported(f"The chat template wrote more than {LONGEST} characters.")
        except InputError:
            raise
        except (jinja2.TemplateError, *_FAULTS) as error:
            raise InputError(
                f"The model's chat template refuses this conversation: {_on_a_line(error)}",
                hint="Its messages or tools are not of a shape that these weights know.",
            ) from error
        return "".join(pieces)


class _Generation(Extension):
    """`{% generation %}` marks what a trainer may learn from; it writes nothing."""

    tags = {"generation"}  # noqa: RUF012 - typed so by jinja

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Budget(threading.local):
    """The steps that are left to the rendering on this thread."""

    def __init__(self, steps: int) -> None:
        self._steps = self._left = steps

    def begin(self) -> None:
        self._left = self._steps

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise SecurityError("The template takes too many steps.")


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a loop goes over; each turn is a step."""

    items: Iterable[object]
    budget: _Budget

    def __len__(self) -> int:
        return len(self.items) if isinstance(self.items, Sized) else len(list(self))

    def __iter__(self) -> Iterator[object]:
        for item in self.items:
            self.budget.spend(1)
            yield item


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, in which nothing grows beyond what may be rendered, and every turn and call is counted."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))
    budget: _Budget

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Returns the tree, in which what loops go over is counted and what is joined is measured."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, _COUNT, [], [], None, None, lineno=loop.lineno)
        for joined in tree.find_all(nodes.Concat):
            joined.nodes = [
                nodes.Filter(part, _MEASURE, [], [], None, None, lineno=joined.lineno) for part in joined.nodes
            ]
        return tree

    def call(self, context: Context, callee: Any, /, *args: Any, **named: Any) -> Any:
        """Calls what a template calls."""
        given = [*args, *named.values()]
        if any(isinstance(value, int) and abs(value) > LONGEST for value in given):
            raise SecurityError("The template calls something with a number that is out of bounds.")
        self.budget.spend(CALL + sum(len(value) for value in given if isinstance(value, list | tuple)))
        return super().call(context, callee, *args, **named)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "+" and isinstance(left, str | list) and isinstance(right, str | list):
            _bound(len(left) + len(right))
        if operator == "%" and isinstance(left, str) and _WIDTH.search(left):
            raise SecurityError("The template asks for a very wide text.")
        if operator == "**" or any(isinstance(side, int) and abs(side) > LONGEST for side in (left, right)):
            raise SecurityError(f"The product {operator} is out of bounds.")
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | list | tuple) and isinstance(times, int) and len(many) * times > LONGEST:
                raise SecurityError("The template repeats a text too often.")
        return super().call_binop(context, operator, left, right)


def _environment(day: date | None, budget: _Budget) -> jinja2.Environment:
    environment = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"])
    environment.budget = budget
    environment.globals.pop("lipsum")
    for name in _WIDE_FILTERS:
        environment.filters.pop(name)
    environment.filters[_COUNT] = lambda items: _Counted(items, budget)
    environment.filters[_MEASURE] = _measure
    environment.filters["tojson"] = _write_json
    environment.globals["raise_exception"] = _refuse
    if day is not None:
        environment.globals["strftime_now"] = day.strftime
    return environment


def _measure(part: object) -> object:
    if isinstance(part, str):
        _bound(len(part))
    return part


def _bound(size: int) -> None:
    if size > LONGEST:
        raise SecurityError("The template joins more than may be rendered.")


def _refuse(message: object) -> str:
    raise jinja2.TemplateError(str(message))


def _on_a_line(error: Exception) -> str:
    """Returns what an error says, which a template may have written, in one short line."""
    line = " ".join("".join([sign if sign.isprintable() else " " for sign in str(error)[: 4 * _SAID]]).split())
    return line if len(line) <= _SAID else line[:_SAID] + "..."


def _write_json(
    value: object,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Returns JSON that, unlike jinja's own, is not escaped for HTML; characters that mask text stay as they are."""
    way = (ensure_ascii, indent, separators and tuple(separators), sort_keys)
    written = value._written if isinstance(value, Prepared) else {}
    if way in written:
        return written[way]
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, sort_keys=sort_keys)
    if ensure_ascii:
        text = _WIDE.sub(lambda found: json.dumps(found[0])[1:-1], text)
    written[way] = text
    return text
