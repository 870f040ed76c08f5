"""What went wrong with a call, in kind: whether it may pass, and whether another provider may do better. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from metier.errors import NotCoveredError, ServerError, ToolError
from metier.gateway.attempts.marks import SHORT, is_page, read_mark
from metier.servers.tool import ToolResult

Kind: TypeAlias = Literal["unsent", "unavailable", "timeout", "throttled", "refused", "failed"]

_LONGEST_S = 86_400.0  # no pause that a source asks for is longer than a day
_REASON = 160  # characters
_KINDS: Mapping[str, Kind] = {"throttled": "throttled", "unavailable": "unavailable", "elsewhere": "refused"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call failed.

    "unsent": it cannot have reached the server, so that making it again is safe. "unavailable" and "timeout": the
    source is out of order. "throttled": it was asked too often and named no end, or a near one. "refused": the source
    is well and does not serve us (a quota is used up for the day, or it does not cover this): trying again is no use,
    another provider is. "failed": the tool's own no, which is the answer: it is told to the model.
    `reason` is one line in the source's words: hostile, and it may hold a secret. `retry_after_s` is the pause that the
    source asked for.
    """

    kind: Kind
    reason: str
    retry_after_s: float | None = None

    @property
    def is_mendable(self) -> bool:
        """Returns whether another provider may do better."""
        return self.kind != "failed"


def fault_of_error(error: ServerError | ToolError) -> Fault:
    """Returns why a call failed that ended with `error`."""
    reason = _line(error.message)
    if isinstance(error, ToolError):
        return Fault("failed", reason)
    pause_s = _bounded(error.retry_after_s)
    if isinstance(error, NotCoveredError):
        return Fault("refused", reason)
    if not error.sent:
        return Fault("unsent", reason, pause_s)
    if pause_s is not None:
        return Fault("throttled", reason, pause_s)
    if re.search(r"\bdid not answer\b|\btimed out\b", error.message):
        return Fault("timeout", reason)
    return Fault(read_mark(error.message) or "unavailable", reason, retry_after_of(error.message))


def fault_of_result(result: ToolResult, *, json_promised: bool = False) -> Fault | None:
    """Returns why a call failed that ended with `result`; None when it did not fail.

    What a result says of its failure in kind rules. Any other failed result is read for the marks of a source that is
    busy or out of order. `json_promised` says that the tool gives JSON: then an HTML page, and the error bodies of
    known services, are failures too when the result does not call itself one.
    """
    if not result.is_error:
        return _fault_in_success(result.text) if json_promised else None
    reason = _line(result.text)
    if result.failure is not None:  # "refused" there is the tool's own no: it refuses these arguments
        return Fault(_KINDS.get(result.failure.kind, "failed"), reason, _bounded(result.failure.retry_after_s))
    if is_page(result.text):
        return _fault_of_page(result.text)
    mark = read_mark(result.text)
    if mark is None:
        return Fault("failed", reason)
    return Fault(mark, reason, retry_after_of(result.text))


_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_UNITS = (
    r"ms|millis\w{0,8}|s|secs?|seconds?|sekunden?|secondes?|segundos?|m|mins?|minutes?|minuten?|minutos?"
    r"|h|hrs?|hours?|stunden?|heures?|horas?|毫秒|秒钟?|分钟?|个?小时"
)
_AMOUNT = rf"{_NUMBER} ?({_UNITS})(?![a-z])"
_LEAD = (
    r"(?:retry|try again|wait|available|reset\w*|erneut|versuchen|r[eé]essayez|reintente|int[eé]ntelo)[^.\n\d]{0,30}?"
)
_ASKED = re.compile(
    rf"(?:{_LEAD}|请(?:在|等待|于)? ?){_AMOUNT}(?: ?{_AMOUNT})?(?: ?{_AMOUNT})?"
    rf"|\bin {_AMOUNT} (?:erneut|noch ?mal)|{_NUMBER} ?(秒钟?|分钟?|个?小时)(?:后|之后|以后)",
    re.I,
)
_BARE = re.compile(
    rf"\bretry(?:[-_]after|after| after ?[:=])(?:[-_]?(ms|seconds?|s))?\"? ?[:=]? ?\"?{_NUMBER}"
    rf"(?![\d.:-]| ?(?:{_UNITS})(?![a-z]))",
    re.I,
)


def retry_after_of(text: str) -> float | None:
    """Returns the pause in seconds that a text asks for ("Retry-After: 30", "try again in 2m"), at most a day."""
    text = text[:SHORT]
    if found := _BARE.search(text):
        return _bounded(float(found[2]) * (0.001 if (found[1] or "").lower() == "ms" else 1.0))
    if found := _ASKED.search(text):
        groups = [group for group in found.groups() if group is not None]
        return _bounded(sum(float(n) * _seconds(unit) for n, unit in zip(groups[::2], groups[1::2], strict=True)))
    return None


def _seconds(unit: str) -> float:
    unit = unit.lower()
    if unit.startswith(("ms", "mil", "毫")):
        return 0.001
    if unit.startswith(("s", "秒")):
        return 1.0
    return 60.0 if unit.startswith(("m", "分")) else 3600.0


def _bounded(pause_s: float | None) -> float | None:
    return None if pause_s is None else min(max(pause_s, 0.0), _LONGEST_S)


def _fault_in_success(text: str) -> Fault | None:
    if is_page(text):
        return _fault_of_page(text)
    if len(text) >= SHORT or not text.lstrip().startswith("{"):
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    mark = read_mark(text) if _tells_error(body) else None
    if mark is not None:
        return Fault(mark, _line(text), retry_after_of(text))
    return Fault("failed", _line(text)) if _is_error_body(body) else None


_TOLD = frozenset(
    {"error", "errors", "message", "msg", "detail", "code", "status", "statusCode", "status_code", "info", "infocode"}
    | {"error_message", "error_description", "title", "type", "instance", "documentation_url", "request_id", "details"}
)


def _tells_error(body: Mapping[str, Any]) -> bool:
    """Returns whether `body` holds nothing but what error bodies hold, or is one of a known service."""
    return _is_error_body(body) or (bool(body) and body.keys() <= _TOLD)


def _is_error_body(body: Mapping[str, Any]) -> bool:
    """Returns whether `body` is an error of Amap, Google or Baidu, as their services write it in an HTTP 200."""
    match body:
        case {"infocode": str(code), "status": "0" | 0} if code != "10000":
            return True
        case {"error": {"code": int(code)}} if code >= 400:
            return True
        case {
            "status": "OVER_QUERY_LIMIT" | "OVER_DAILY_LIMIT" | "REQUEST_DENIED" | "INVALID_REQUEST" | "UNKNOWN_ERROR"
        }:
            return True
        case {"status": int(code), "message": str()} if code != 0 and code != 200 and "result" not in body:
            return True
    return False


def _fault_of_page(page: str) -> Fault:
    found = re.search(r"<title[^>]*>([^<]{1,200})", page[:5_000], re.I)
    title = found[1].strip() if found else ""
    return Fault(read_mark(title) or "unavailable", _line(f"an HTML page instead of an answer: {title}".rstrip(": ")))


def _line(text: str) -> str:
    return " ".join(text[: _REASON * 4].split())[:_REASON]
