"""Answers that say who gave them, when it was not the first who should have. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mcp.types import ContentBlock, TextContent

from metier.evidence import record_evidence
from metier.servers.tool import ToolResult
from metier.trace import CallRecord


@dataclass(frozen=True, slots=True)
class Passed:
    """A provider that was to answer before the one that did, and why it did not, in a word."""

    provider: str
    why: str


def reasons_of(passed: Sequence[Passed]) -> str:
    """Returns why a later provider answered, such as "amap: throttled"; empty when nobody was passed over."""
    return "; ".join(f"{one.provider}: {one.why}" for one in passed)


def label_degraded(result: ToolResult, *, name: str, tool: str, provider: str, degraded: str) -> ToolResult:
    """Returns `result` saying, in its text and in evidence of its own, that a later provider answered, and why."""
    said = f"{provider} answered {tool} instead of the provider before it ({degraded})."
    evidence = result.evidence
    if not result.is_error:
        evidence = (*evidence, record_evidence(source=f"gateway/{name}", locator=tool, text=said))
    return replace(with_text(result, f"[Degraded: {said}]\n{result.text}"), evidence=evidence)


def recorded(result: ToolResult, record: CallRecord) -> ToolResult:
    """Returns `result` with the record of its call."""
    return ToolResult(  # not by `replace`, which takes five times as long, at every call
        result.text,
        result.value,
        result.evidence,
        result.is_error,
        result.meta,
        result.content,
        result.failure,
        record,
    )


def with_text(result: ToolResult, text: str) -> ToolResult:
    """Returns `result` with `text` in the place of its own, also in its content."""
    rest: list[ContentBlock] = [block for block in result.content if not isinstance(block, TextContent)]
    return replace(result, text=text, content=(TextContent(type="text", text=text), *rest))
