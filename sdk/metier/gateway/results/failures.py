"""Errors that leave the envelope: of the kind that they were, with the record of the call."""

from metier.errors import MetierError, ServerError, ToolError
from metier.trace import CallRecord


class CallFailedError(ServerError):
    """A server that could not answer a call; `record` says what was tried."""

    record: CallRecord | None = None


class CallRefusedError(ToolError):
    """A tool that refused a call; `record` says what was tried."""

    record: CallRecord | None = None


def with_record(error: ServerError | ToolError, record: CallRecord) -> CallFailedError | CallRefusedError:
    """Returns `error` anew, with the record of the call that it ended."""
    if isinstance(error, ServerError):
        failed = CallFailedError(error.message, hint=error.hint, sent=error.sent, retry_after_s=error.retry_after_s)
        failed.record = record
        return failed
    refused = CallRefusedError(error.message, hint=error.hint)
    refused.record = record
    return refused


def record_of(error: MetierError) -> CallRecord | None:
    """Returns the record of the call that `error` ended, when it left an envelope."""
    return error.record if isinstance(error, CallFailedError | CallRefusedError) else None
