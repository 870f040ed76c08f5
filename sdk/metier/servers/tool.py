"""The tools of a server, and what came back from one: read from the wire into plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mcp.types import (
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ResourceLink,
    TextContent,
    TextResourceContents,
    Tool,
)

from metier.canonical import JSON, canonical_json
from metier.errors import ToolError
from metier.evidence import Evidence, record_evidence
from metier.redaction import Redaction
from metier.servers.result import FAILURE_KEY, PARTS_KEY, read_evidence, read_parts
from metier.trace import CallRecord


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One tool of a server, as the server describes it. Schemas are JSON Schema.

    `repeatable` says that calling it twice does no more than calling it once (`readOnlyHint` or `idempotentHint`).
    `annotations` are the server's hints as it sent them, `meta` is its `_meta`. `needs_approval` is set by admission:
    a person must approve each call.
    """

    name: str
    description: str
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any] | None
    repeatable: bool
    read_only: bool
    title: str = ""
    annotations: Mapping[str, JSON] = field(default_factory=dict)
    meta: Mapping[str, JSON] = field(default_factory=dict)
    needs_approval: bool = False


def mask_spec(spec: ToolSpec, redaction: Redaction) -> ToolSpec:
    """Returns the tool without secrets in what it says of itself, all of which is shown, approved and kept."""
    if redaction.pattern is None:
        return spec
    hide: Callable[[Any], Any] = redaction.json
    return replace(
        spec,
        title=hide(spec.title),
        description=hide(spec.description),
        input_schema=hide(dict(spec.input_schema)),
        output_schema=None if spec.output_schema is None else hide(dict(spec.output_schema)),
        annotations=hide(dict(spec.annotations)),
        meta=hide(dict(spec.meta)),
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a tool failed, in kind.

    "throttled" and "unavailable" may pass; "elsewhere" is for another source; "refused" is the tool's own no.
    `retry_after_s` is the pause that the source asked for, in seconds.
    """

    kind: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool call gave: `text` for the model, `value` the structured content, `content` the blocks as sent.

    `record` is what the envelope did; `parts` are the records of the calls that the tool made to answer.
    """

    text: str
    value: JSON
    evidence: tuple[Evidence, ...]
    is_error: bool
    meta: Mapping[str, JSON] = field(default_factory=dict)
    content: tuple[ContentBlock, ...] = ()
    failure: Failure | None = None
    record: CallRecord | None = None
    parts: tuple[CallRecord, ...] = ()


def read_spec(tool: Tool) -> ToolSpec:
    """Returns the tool that a server listed."""
    hints = tool.annotations
    read_only = bool(hints and hints.read_only_hint)
    return ToolSpec(
        name=tool.name,
        description=tool.description or "",
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        repeatable=read_only or bool(hints and hints.idempotent_hint),
        read_only=read_only,
        title=tool.title or "",
        annotations=hints.model_dump(mode="json", by_alias=True, exclude_none=True) if hints else {},
        meta=dict(tool.meta or {}),
    )


def read_result(result: CallToolResult, *, source: str, arguments: Mapping[str, JSON], trusted: bool) -> ToolResult:
    """Returns what `result` says; `source` is "server/tool".

    A trusted server states its own evidence in `_meta`. What any other server returns becomes one piece of Evidence
    under `source`, with the canonical arguments as locator, whatever it claims. Raises ServerError for evidence that
    does not hold together, and ToolError for a value that is not JSON.
    """
    text = "\n".join(_text_of(block) for block in result.content)
    value: JSON = result.structured_content
    evidence: tuple[Evidence, ...] = ()
    if not result.is_error:
        stated = read_evidence(result.meta) if trusted else None
        evidence = _whole(source, arguments, text=text, value=value) if stated is None else stated
    return ToolResult(
        text=text,
        value=value,
        evidence=evidence,
        is_error=bool(result.is_error),
        meta={key: said for key, said in (result.meta or {}).items() if key != PARTS_KEY},
        content=tuple(result.content),
        parts=read_parts(result.meta) if trusted else (),
        failure=_failure(result.meta) if result.is_error and trusted else None,
    )


def _failure(meta: Mapping[str, Any] | None) -> Failure | None:
    match (meta or {}).get(FAILURE_KEY):
        case {"kind": "throttled" | "unavailable" | "elsewhere" | "refused" as kind, **rest}:
            pause = rest.get("retry_after_s")
            return Failure(str(kind), float(pause) if isinstance(pause, int | float) and pause >= 0 else None)
    return None


def _whole(source: str, arguments: Mapping[str, JSON], *, text: str, value: JSON) -> tuple[Evidence, ...]:
    try:
        locator = canonical_json(dict(arguments))
        return (record_evidence(source=source, locator=locator, text=text, value=value),)
    except (TypeError, ValueError) as error:
        raise ToolError(
            f"{source} returned a value that is not JSON: {error}.", hint="The server has to be mended."
        ) from error


def _text_of(block: ContentBlock) -> str:
    if isinstance(block, TextContent):
        return block.text
    if isinstance(block, EmbeddedResource) and isinstance(block.resource, TextResourceContents):
        return block.resource.text
    if isinstance(block, ResourceLink):
        return f"[link {block.name}: {block.uri}]"
    kind = block.type if isinstance(block, EmbeddedResource) else block.mime_type
    return f"[{kind}, not shown as text]"
