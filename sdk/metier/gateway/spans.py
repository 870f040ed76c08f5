"""Spans of OpenTelemetry, one for each call, for users who have an exporter; without one they cost next to nothing.

The attributes are those of the semantic conventions for MCP and for tools of generative AI, and `metier.*` for what
the envelope did. No argument and no text of a result is among them.
"""

from contextlib import AbstractContextManager

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, TracerProvider, get_tracer, use_span

from metier.trace import CallRecord

METHOD = "tools/call"


class Spans:
    """Makes the spans, through the tracer provider of the process or through `provider`."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._tracer: Tracer = get_tracer("metier", tracer_provider=provider)

    def start(self, tool: str, *, server: str, run: str) -> Span | None:
        """Returns the span of one call, to be used `within`; None when nobody records it."""
        span = self._tracer.start_span(f"{METHOD} {tool}", kind=SpanKind.CLIENT)
        if not span.get_span_context().is_valid:
            return None
        span.set_attributes(
            {
                "mcp.method.name": METHOD,
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": tool,
                "metier.server": server,
                "metier.run": run,
            }
        )
        return span


def within(span: Span) -> AbstractContextManager[Span]:
    """Returns a context in which `span` is the current one; it ends with it."""
    return use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False)


def note_record(span: Span, record: CallRecord, *, fault: str = "") -> None:
    """Writes into `span` what the envelope did; `fault` is the kind of what ended the call, when something did."""
    span.set_attributes(
        {
            "metier.provider": record.provider,
            "metier.cache": record.cache,
            "metier.attempts": len(record.attempts),
            "metier.waited_s": sum(attempt.waited_s for attempt in record.attempts),
            "metier.bytes": record.bytes,
            "metier.degraded": bool(record.degraded),
            "metier.capped": record.capped,
            "metier.cost_usd": record.cost_usd,
        }
    )
    if fault:
        span.set_attribute("error.type", fault)
        span.set_status(Status(StatusCode.ERROR))
