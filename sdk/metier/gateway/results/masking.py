"""Secrets taken out of what a provider says: results, errors, progress. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mcp.types import ContentBlock
from pydantic import TypeAdapter

from metier.canonical import JSON
from metier.errors import NotCoveredError, ServerError, ToolError
from metier.evidence import Evidence, record_evidence
from metier.redaction import ADDRESSES, Redaction
from metier.servers.source import Progress
from metier.servers.tool import ToolResult

E = TypeVar("E", ServerError, ToolError)
_BLOCKS: TypeAdapter[tuple[ContentBlock, ...]] = TypeAdapter(tuple[ContentBlock, ...])


def mask_result(result: ToolResult, redaction: Redaction) -> ToolResult:
    """Returns `result` without secrets; evidence that held one is recorded anew, so that its digest fits again.

    A failure often quotes the address that was asked: what is named like a secret in one is masked, known or not.
    """
    if result.is_error:
        result = _masked(result, ADDRESSES)
    return result if redaction.pattern is None else _masked(result, redaction)


def _masked(result: ToolResult, redaction: Redaction) -> ToolResult:
    return replace(
        result,
        text=redaction.text(result.text),
        value=redaction.json(result.value),
        evidence=tuple(_mask_evidence(one, redaction) for one in result.evidence),
        meta=mask_object(result.meta, redaction),
        content=_mask_blocks(result.content, redaction),
    )


def mask_error(error: E, redaction: Redaction) -> E:
    """Returns an error of the same kind without secrets, and without the cause, whose text may hold one."""
    message, hint = redaction.text(error.message), redaction.text(error.hint)
    if isinstance(error, NotCoveredError):
        return NotCoveredError(message, hint=hint)
    if isinstance(error, ServerError):
        return ServerError(message, hint=hint, sent=error.sent, retry_after_s=error.retry_after_s)
    return ToolError(message, hint=hint)


def mask_progress(progress: Progress, redaction: Redaction) -> Progress:
    """Returns `progress` without secrets."""
    return replace(progress, message=redaction.text(progress.message))


def _mask_evidence(evidence: Evidence, redaction: Redaction) -> Evidence:
    masked = record_evidence(
        source=redaction.text(evidence.source),
        locator=redaction.text(evidence.locator),
        text=redaction.text(evidence.text),
        value=redaction.json(evidence.value),
        recorded=redaction.text(evidence.recorded),
    )
    return evidence if masked.digest == evidence.digest else masked


def mask_object(value: Mapping[str, Any], redaction: Redaction) -> dict[str, JSON]:
    """Returns a JSON object without secrets in its keys and values."""
    return {redaction.text(key): redaction.json(item) for key, item in value.items()}


def _mask_blocks(blocks: tuple[ContentBlock, ...], redaction: Redaction) -> tuple[ContentBlock, ...]:
    return tuple(
        _BLOCKS.validate_python([redaction.json(block.model_dump(mode="json", by_alias=True))])[0] for block in blocks
    )
