"""A model's chat template: jinja in a sandbox, with what Hugging Face templates expect. Pure.

A template comes with the weights from wherever they come from, so it runs sandboxed: it reaches no attribute that
begins with an underscore and changes nothing it is given, and what it writes is bounded. (It can still loop for long
without writing: weights that are run at all are trusted that far.)
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

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
SWITCHES = ("enable_thinking", "thinking")  # what templates call the switch for thinking: Qwen3 and GLM; DeepSeek, Kimi

_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)  # of templates' code
_WIDE = re.compile(f"[^\x00-\x7f{BREAK}{LITERAL}{SENTINEL}]")


class Prepared(dict[str, object]):
    """A value of which templates ask the JSON over and over, a tool's schema: written once for each way of writing."""

    __slots__ = ("_written",)

    def __init__(self, value: Mapping[str, object]) -> None:
        super().__init__(value)
        self._written: dict[object, str] = {}  # underscored: a template sees keys only


class Template:
    """A compiled chat template. `source` is its text, `switches` the names of its switches for thinking, if any."""

    def __init__(self, source: str, *, day: date | None = None) -> None:
        """Compiles `source`. A template that asks for the day is told `day`, or that there is none to ask for.

        Raises InputError for what is no jinja, or holds the characters that mask text.
        """
        if any(reserved in source for reserved in (BREAK, LITERAL, SENTINEL)):
            raise unsupported("The chat template holds the private-use characters by which text is masked.")
        self.source = source
        environment = _environment(day)
        try:
            named = meta.find_undeclared_variables(environment.parse(source))
            self._compiled = environment.from_string(source)
        except (jinja2.TemplateError, RecursionError) as error:
            raise unsupported(f"The chat template cannot be read: {error}") from error
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
                f"The model's chat template refuses this conversation: {error}",
                hint="Its messages or tools are not of a shape that these weights know.",
            ) from error
        return "".join(pieces)


class _Generation(Extension):
    """`{% generation %}` marks what a trainer may learn from; it writes nothing."""

    tags = {"generation"}  # noqa: RUF012 - typed so by jinja

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, in which no product grows beyond what may be rendered."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "**" or any(isinstance(side, int) and abs(side) > LONGEST for side in (left, right)):
            raise SecurityError(f"The product {operator} is out of bounds.")
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | list | tuple) and isinstance(times, int) and len(many) * times > LONGEST:
                raise SecurityError("The template repeats a text too often.")
        return super().call_binop(context, operator, left, right)


def _environment(day: date | None) -> jinja2.Environment:
    environment = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"])
    environment.filters["tojson"] = _write_json
    environment.globals["raise_exception"] = _refuse
    if day is not None:
        environment.globals["strftime_now"] = day.strftime
    return environment


def _refuse(message: str) -> str:
    raise jinja2.TemplateError(message)


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
