"""The gate before a server's tools: what a person approved, if it is unchanged and the definition allows it.

It looks at the listing on every call: a server that comes back from a restart with other tools is stopped as well. What
a tool does behind an unchanged description, no listing shows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from metier.canonical import JSON
from metier.errors import InputError, NotCoveredError, ToolError
from metier.servers.definition import Definition
from metier.servers.pinning.hidden import strip_hidden
from metier.servers.pinning.pin import compare
from metier.servers.pinning.store import PinStore
from metier.servers.source import PLAIN, CallContext, ToolSource
from metier.servers.tool import ToolResult, ToolSpec

Reason: TypeAlias = Literal["new", "changed", "renamed"]

_SPOKEN = ("description", "title", "$comment")
_LITERAL = ("enum", "const", "default", "examples")


@dataclass(frozen=True, slots=True)
class Withheld:
    """A tool that is not let through, because it is not what was approved."""

    server: str
    tool: str
    reason: str

    def __str__(self) -> str:
        what = "is new" if self.reason == "new" else f"was {self.reason}"
        return f"The tool {self.tool!r} of {self.server!r} {what} since you approved its tools."


@dataclass(frozen=True, slots=True)
class _View:
    """A listing, and what became of it."""

    listed: tuple[ToolSpec, ...]
    admitted: tuple[ToolSpec, ...]
    withheld: Mapping[str, Withheld]

    def is_of(self, specs: Sequence[ToolSpec]) -> bool:
        return len(specs) == len(self.listed) and all(a is b for a, b in zip(specs, self.listed, strict=True))


class Admission:
    """A ToolSource that lets through the tools of `source` that are approved, unchanged and allowed.

    `on_withheld` hears of each tool that is held back because it changed, once for each listing that has it. Where
    nobody can be asked (`unattended`), a tool that needs approval is listed and not called.
    """

    def __init__(
        self,
        source: ToolSource,
        definition: Definition,
        *,
        pins: PinStore,
        on_withheld: Callable[[Withheld], None] | None = None,
        unattended: bool = False,
    ) -> None:
        self.name = definition.name
        self._source = source
        self._definition = definition
        self._pins = pins
        self._on_withheld = on_withheld
        self._unattended = unattended
        self._view: _View | None = None

    async def __aenter__(self) -> Self:
        await self._source.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._source.__aexit__(kind, error, trace)

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the tools that are let through, as a model may see them.

        Raises InputError when nothing of the server was approved yet, and what the source raises.
        """
        return self._look(await self._source.tools()).admitted

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns what `tool` gave.

        Raises ToolError for one that is held back or not there, NotCoveredError for one that nobody can be asked about.
        A tool that is held back is looked up once more in what was approved: the user may have done so meanwhile.
        """
        listed = await self._source.tools()
        view = self._look(listed)
        if _found(view.admitted, tool) is None:
            view = self._look(listed, anew=True)
        if (spec := _found(view.admitted, tool)) is None:
            raise _refusal(self.name, tool, view)
        if spec.needs_approval and self._unattended:
            raise NotCoveredError(
                f"The tool {tool!r} of {self.name!r} may change something, and nobody is asked here.",
                hint="Name the server itself in the run.",
            )
        return await self._source.call(tool, arguments, context)

    def why_not(self, tool: str) -> ToolError | None:
        """Returns why a tool of the last listing is held back; None for one that is let through or was not there."""
        view = self._view
        if view is None or _found(view.listed, tool) is None or _found(view.admitted, tool) is not None:
            return None
        return _refusal(self.name, tool, view)

    def _look(self, listed: tuple[ToolSpec, ...], *, anew: bool = False) -> _View:
        if not anew and self._view is not None and self._view.is_of(listed):
            return self._view
        pin = self._pins.find(self._definition)
        if pin is None:
            raise not_approved(self.name)
        unapproved = compare(pin, listed).unapproved
        admitted = (spec for spec in listed if spec.name not in unapproved and is_allowed(self._definition, spec.name))
        withheld = {name: Withheld(self.name, name, reason) for name, reason in unapproved.items()}
        before = self._view
        self._view = _View(listed, tuple(harmless(spec, self._definition) for spec in admitted), withheld)
        self._tell(withheld, before)
        return self._view

    def _tell(self, withheld: Mapping[str, Withheld], before: _View | None) -> None:
        for name, one in withheld.items():
            is_news = before is None or before.withheld.get(name) != one
            if self._on_withheld is not None and is_news and is_allowed(self._definition, name):
                self._on_withheld(one)


def _refusal(server: str, tool: str, view: _View) -> ToolError:
    if (withheld := view.withheld.get(tool)) is not None:
        return ToolError(str(withheld), hint=f"The user has to look at it: metier mcp diff {server}")
    if _found(view.listed, tool) is not None:
        return ToolError(f"The tool {tool!r} of {server!r} is not allowed here.", hint="Use another.")
    near = ", ".join(get_close_matches(tool, [spec.name for spec in view.admitted], n=3))
    return ToolError(f"The server {server!r} has no tool {tool!r}.", hint=f"Did you mean {near}?" if near else "")


def not_approved(server: str) -> InputError:
    """Returns the error of a server whose tools nobody has approved yet."""
    return InputError(
        f"The tools of {server!r} have not been approved.", hint=f"Look at them: metier mcp approve {server}"
    )


def is_allowed(definition: Definition, tool: str) -> bool:
    """Returns whether the definition's lists allow a tool: an empty `allow` allows all, and `deny` wins."""
    if any(fnmatchcase(tool, pattern) for pattern in definition.deny):
        return False
    return not definition.allow or any(fnmatchcase(tool, pattern) for pattern in definition.allow)


def needs_approval(definition: Definition, spec: ToolSpec) -> bool:
    """Returns whether a person must approve each call: of a tool that says it writes, or destroys.

    On a cautious server it is each tool that does not say that it only reads.
    """
    if spec.annotations.get("destructiveHint") is True and spec.annotations.get("readOnlyHint") is not True:
        return True
    hint = spec.annotations.get("readOnlyHint")
    return hint is False or (hint is not True and definition.cautious)


def harmless(spec: ToolSpec, definition: Definition) -> ToolSpec:
    """Returns the tool as a model may see it: without hidden characters in what it says, and whether to ask first."""
    return replace(
        spec,
        title=strip_hidden(spec.title),
        description=strip_hidden(spec.description),
        input_schema=_strip_schema(spec.input_schema),
        output_schema=None if spec.output_schema is None else _strip_schema(spec.output_schema),
        needs_approval=needs_approval(definition, spec),
    )


def _strip_schema(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    stripped: Mapping[str, Any] = _strip(schema)
    return stripped


def _strip(value: Any) -> Any:
    """Returns a schema with what it says stripped; what is compared or sent (names, enum, default) stays as it is."""
    match value:
        case dict():
            return {
                key: strip_hidden(inner)
                if key in _SPOKEN and isinstance(inner, str)
                else (inner if key in _LITERAL else _strip(inner))
                for key, inner in value.items()
            }
        case list():
            return [_strip(inner) for inner in value]
        case _:
            return value


def _found(specs: Sequence[ToolSpec], tool: str) -> ToolSpec | None:
    return next((spec for spec in specs if spec.name == tool), None)
