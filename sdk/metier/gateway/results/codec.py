"""Results and lists of tools as bytes, for the cache. Pure.

Reading is what a hit from the cache costs, so only what can be of many shapes is validated by pydantic: blocks that
are more than a text. Evidence is held against its digest, which no other content has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from mcp.types import ContentBlock, TextContent
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from metier.evidence import Evidence, is_intact
from metier.servers.tool import Failure, ToolResult, ToolSpec
from metier.trace import CallRecord

_BLOCKS: TypeAdapter[tuple[ContentBlock, ...]] = TypeAdapter(tuple[ContentBlock, ...])
_SPECS: TypeAdapter[tuple[ToolSpec, ...]] = TypeAdapter(tuple[ToolSpec, ...])
_RECORD: TypeAdapter[CallRecord] = TypeAdapter(CallRecord)
_EVIDENCE = tuple(field.name for field in fields(Evidence))


def write_result(result: ToolResult) -> bytes:
    """Returns `result` as JSON; raises ValueError for one that JSON cannot hold, such as half a surrogate pair."""
    written: dict[str, Any] = {
        "text": result.text,
        "value": result.value,
        "meta": result.meta,
        "evidence": [[getattr(one, name) for name in _EVIDENCE] for one in result.evidence],
    }
    if not _is_its_text(result):
        written["content"] = _BLOCKS.dump_python(result.content, mode="json", by_alias=True, exclude_none=True)
    if result.is_error:
        written["is_error"] = True
    if result.failure is not None:
        written["failure"] = [result.failure.kind, result.failure.retry_after_s]
    if result.record is not None:
        written["record"] = _RECORD.dump_python(result.record, mode="json")
    return to_json(written)


def read_result(payload: bytes) -> ToolResult | None:
    """Returns the result that `write_result` wrote, or None for damaged bytes or evidence without its digest."""
    try:
        result = _read(from_json(payload))
        return result if all(map(is_intact, result.evidence)) else None
    except (ValueError, TypeError, KeyError):
        return None


def write_specs(specs: Sequence[ToolSpec]) -> bytes:
    """Returns a list of tools as JSON; raises ValueError for one that JSON cannot hold."""
    return _SPECS.dump_json(tuple(specs), by_alias=True)


def read_specs(payload: bytes) -> tuple[ToolSpec, ...] | None:
    """Returns the tools that `write_specs` wrote, or None for damaged bytes."""
    try:
        return _SPECS.validate_json(payload)
    except ValidationError:
        return None


def _read(written: Mapping[str, Any]) -> ToolResult:
    text, meta = written["text"], written["meta"]
    if not isinstance(text, str) or not isinstance(meta, dict):
        raise TypeError
    content: tuple[ContentBlock, ...] = (TextContent(type="text", text=text),)
    if "content" in written:
        content = _BLOCKS.validate_python(written["content"])
    failure, record = written.get("failure"), written.get("record")
    return ToolResult(
        text,
        written["value"],
        tuple(Evidence(*one) for one in written["evidence"]),
        written.get("is_error", False) is True,
        meta,
        content,
        None if failure is None else Failure(*failure),
        None if record is None else _RECORD.validate_python(record),
    )


def _is_its_text(result: ToolResult) -> bool:
    """Returns whether the content is one block with the text and nothing else, as that of most tools is."""
    if len(result.content) != 1:
        return False
    (block,) = result.content
    if not isinstance(block, TextContent) or block.annotations is not None or block.meta is not None:
        return False
    return block.text == result.text
