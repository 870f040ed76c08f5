"""What a toolkit's tool returns: a typed value, a short text for the model, and the evidence for both.

A tool declares the shape of its value beside the type it returns, so that any MCP host sees an output schema:

    @server.tool()
    @tell_errors
    def town(name: str) -> Annotated[CallToolResult, Town]:
        "The town of that name."
        found = look_up(name)
        shape = found.model_dump(mode="json")
        record = record_evidence(source="gazetteer 2026-11", locator=f"towns/{found.id}", value=shape)
        return tool_result(found, text=f"{found.name}: {found.people} people", evidence=[record])
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ParamSpec, TypeVar, cast

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, TypeAdapter, ValidationError

from metier.canonical import JSON
from metier.errors import MetierError, NotCoveredError, ServerError
from metier.evidence import Evidence, is_intact
from metier.trace import CallRecord

__all__ = [
    "EVIDENCE_KEY",
    "FAILURE_KEY",
    "PARTS_KEY",
    "failed_result",
    "read_evidence",
    "read_parts",
    "tell_errors",
    "tool_result",
]

EVIDENCE_KEY = "metier/evidence"
FAILURE_KEY = "metier/failure"
PARTS_KEY = "metier/parts"

P = ParamSpec("P")
R = TypeVar("R")
_PARTS: TypeAdapter[tuple[CallRecord, ...]] = TypeAdapter(tuple[CallRecord, ...])
_EVIDENCE: TypeAdapter[tuple[Evidence, ...]] = TypeAdapter(tuple[Evidence, ...])


def tool_result(
    value: BaseModel, text: str, *, evidence: Sequence[Evidence] = (), parts: Sequence[CallRecord] = ()
) -> CallToolResult:
    """Returns the result of a tool call: `value` as structured content, `text` for the model, `evidence` in `_meta`.

    `parts` are the records of the calls that the tool itself made of others. The tool's return annotation is
    `Annotated[CallToolResult, type(value)]`; the server publishes that model's schema and holds the value against it.
    """
    meta = {EVIDENCE_KEY: [asdict(one) for one in evidence], **_parts(parts)}
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=value.model_dump(mode="json", by_alias=True),
        _meta=meta,
    )


def read_evidence(meta: Mapping[str, Any] | None) -> tuple[Evidence, ...] | None:
    """Returns the evidence that a result's `_meta` carries, or None when it carries none.

    Raises ServerError for evidence of another shape, or whose digest is not the one its content gives.
    """
    if meta is None or EVIDENCE_KEY not in meta:
        return None
    try:
        found = _EVIDENCE.validate_python(meta[EVIDENCE_KEY])
    except ValidationError as error:
        raise ServerError(
            f"A tool returned evidence of a wrong shape ({error.error_count()} faults).",
            hint="Make it with metier.evidence.record_evidence, return it by metier.servers.result.tool_result.",
        ) from error
    for one in found:
        if not is_intact(one):
            raise ServerError(
                f"Evidence {one.id!r} does not have the digest that its content gives.",
                hint="It was changed on its way, or not made by record_evidence.",
            )
    return found


def read_parts(meta: Mapping[str, Any] | None) -> tuple[CallRecord, ...]:
    """Returns the records of the calls that a tool made to answer; raises ServerError for those of a wrong shape."""
    if meta is None or PARTS_KEY not in meta:
        return ()
    try:
        return _PARTS.validate_python(meta[PARTS_KEY])
    except ValidationError as error:
        raise ServerError(
            f"A tool returned records of its calls of a wrong shape ({error.error_count()} faults).",
            hint="Give them to metier.servers.result.tool_result.",
        ) from error


def _parts(parts: Sequence[CallRecord]) -> dict[str, Any]:
    return {PARTS_KEY: _PARTS.dump_python(tuple(parts), mode="json")} if parts else {}


def tell_errors(tool: Callable[P, R]) -> Callable[P, R]:
    """Returns `tool` with every MetierError turned into a failed result whose message and hint the model is told.

    An MCP server hides the text of any other exception from the model. The kind of failure stands in `_meta`, for the
    envelope: what a server or source did wrong may pass, anything else will not. Works for plain and async functions.
    """
    if inspect.iscoroutinefunction(tool):

        @functools.wraps(tool)
        async def tell_later(*args: P.args, **kwargs: P.kwargs) -> object:
            try:
                return await tool(*args, **kwargs)
            except MetierError as error:
                return failed_result(error)

        return cast("Callable[P, R]", tell_later)

    @functools.wraps(tool)
    def tell(*args: P.args, **kwargs: P.kwargs) -> object:
        try:
            return tool(*args, **kwargs)
        except MetierError as error:
            return failed_result(error)

    return cast("Callable[P, R]", tell)


def failed_result(error: MetierError, *, parts: Sequence[CallRecord] = ()) -> CallToolResult:
    """Returns the result of a tool that failed with `error`: its text, and in `_meta` whether trying again may help."""
    failure: dict[str, JSON] = {"kind": "refused"}
    if isinstance(error, ServerError):
        failure = {"kind": "unavailable"}
        if error.retry_after_s is not None:
            failure = {"kind": "throttled", "retry_after_s": error.retry_after_s}
    if isinstance(error, NotCoveredError):
        failure = {"kind": "elsewhere"}
    return CallToolResult(
        content=[TextContent(type="text", text=str(error))],
        is_error=True,
        _meta={FAILURE_KEY: failure, **_parts(parts)},
    )
