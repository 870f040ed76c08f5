"""Long results, of which the model was shown a part, read page by page: a source of tools named "results"."""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from types import TracebackType
from typing import Self

import structlog
from mcp.types import TextContent

from metier.canonical import JSON
from metier.errors import InputError, StorageError, ToolError
from metier.gateway.results.labels import with_text
from metier.gateway.results.shortening import estimate_tokens, shorten
from metier.gateway.stores.shelf import Page, Shelf
from metier.servers.source import PLAIN, CallContext
from metier.servers.tool import ToolResult, ToolSpec

NAME, TOOL = "results", "read_result"
PAGE_TOKENS = 4_000
MOST_CHARACTERS = 1 << 24  # of results that may not be written to a disk
_LOG = structlog.get_logger(__name__)
_SPEC = ToolSpec(
    name=TOOL,
    description="Reads on in a long result that was shown in part. `handle` and `start` stand where it was cut.",
    input_schema={
        "type": "object",
        "properties": {"handle": {"type": "string"}, "start": {"type": "integer", "minimum": 0, "default": 0}},
        "required": ["handle"],
        "additionalProperties": False,
    },
    output_schema=None,
    repeatable=True,
    read_only=True,
    title="Read a long result",
    annotations={"readOnlyHint": True, "openWorldHint": False},
)


class Shelves:
    """The whole texts of long results: on the disk, or in memory where a source forbids to store what it says."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._loose: OrderedDict[str, str] = OrderedDict()

    def put(self, text: str, *, store: bool) -> str:
        """Returns the handle of `text`, after keeping it; a disk that fails is logged, and memory used instead."""
        if store:
            try:
                return self._shelf.put(text)
            except StorageError as error:
                _LOG.warning("a long result is kept in memory only", error=error.message)
        handle = f"r-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
        self._loose[handle] = text
        self._loose.move_to_end(handle)
        while len(self._loose) > 1 and sum(map(len, self._loose.values())) > MOST_CHARACTERS:
            self._loose.popitem(last=False)
        return handle

    def read(self, handle: str, start: int, length: int) -> Page:
        """Returns a part of a text; raises InputError for a handle that is not known or a start beyond the end."""
        text = self._loose.get(handle)
        if text is None:
            return self._shelf.read(handle, start, length)
        if not 0 <= start < len(text):
            raise InputError(f"There is no character {start} in {handle}: it has {len(text)}.")
        end = min(start + length, len(text))
        return Page(text[start:end], start, end, len(text))


class Pages:
    """The one tool that reads from the shelves: it needs no server, and the call that was cut short gave evidence."""

    name = NAME

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def tools(self) -> tuple[ToolSpec, ...]:
        """Returns the one tool."""
        return (_SPEC,)

    async def call(self, tool: str, arguments: Mapping[str, JSON], context: CallContext = PLAIN) -> ToolResult:
        """Returns a page; raises ToolError for another tool, a handle that is not known, or a start beyond the end."""
        match dict(arguments):
            case {"handle": str(handle), "start": int(start)} if tool == TOOL:
                return self._page(handle, start)
            case {"handle": str(handle), **rest} if tool == TOOL and "start" not in rest:
                return self._page(handle, 0)
        raise ToolError(f"{NAME!r} has one tool: {TOOL}(handle, start=0).", hint="`start` is a whole number.")

    def _page(self, handle: str, start: int) -> ToolResult:
        try:
            page = self._shelves.read(handle, start, PAGE_TOKENS * 4)
        except InputError as error:
            raise ToolError(error.message, hint=error.hint) from error
        text = page.text
        while estimate_tokens(text) > PAGE_TOKENS:
            text = text[: len(text) * 3 // 4]
        end = page.start + len(text)
        more = f'go on with {TOOL}(handle="{handle}", start={end})' if end < page.total else "this is the end"
        shown = f"[characters {page.start} to {end} of {page.total}; {more}]\n{text}"
        return ToolResult(shown, None, (), is_error=False, content=(TextContent(type="text", text=shown),))


def cap_result(result: ToolResult, shelves: Shelves, *, cap_tokens: int | None, store: bool) -> ToolResult:
    """Returns `result` with its text in part and a handle to the whole, when it is over the cap; evidence stays whole.

    The same object is returned when it fits.
    """
    text = result.text
    if cap_tokens is None or len(text) <= cap_tokens or estimate_tokens(text) <= cap_tokens:
        return result
    shown = shorten(text, cap_tokens, shelves.put(text, store=store), tool=TOOL)
    return result if shown is None else with_text(result, shown)
