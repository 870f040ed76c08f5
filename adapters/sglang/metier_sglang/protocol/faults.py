"""What a failed request means: who is to blame, what to do next, and whether to ask again. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from pydantic_core import from_json, to_json

from metier.canonical import JSON
from metier.errors import MetierError, MissingError, ModelError, ServerError
from metier.redaction import Redaction
from metier_sglang.protocol.reply import OUT_OF_PROTOCOL, Reply

Kind = Literal["final", "failing", "busy", "down"]

LONGEST_S = 3600.0  # seconds; nobody is asked to wait longer than this by a header
_SHOWN = 300  # characters of what a server said
_READ = 64 * 1024  # bytes of a text in which secrets are looked for, far more than is shown: none must be cut in half
_TOO_LONG = re.compile(
    r"context[ _]length|context[ _]window|maximum allowed length|max_model_len|context_length_exceeded", re.IGNORECASE
)
_LIMITS = (
    re.compile(r"(?:context length|context window)\D{0,40}?(\d{1,12}) ?tokens", re.IGNORECASE),
    re.compile(
        r"(?:context length|context window|maximum allowed length|max_model_len)\D{0,20}?(\d{1,12})(?!\d)",
        re.IGNORECASE,
    ),
)
_PROMPTS = (
    re.compile(r"\b(\d{1,12}) tokens from the input", re.IGNORECASE),
    re.compile(r"\b(\d{1,12}) in the (?:messages|prompt)", re.IGNORECASE),
    re.compile(r"(?:input|prompt)(?: length)? \((\d{1,12}) tokens\)", re.IGNORECASE),
)
_NO_MEMORY = re.compile(
    r"out of memory|outofmemory|alloc_req_slots|not enough memory|cannot allocate memory", re.IGNORECASE
)
_MEMORY_HINT = (
    "Start the server with a lower --mem-fraction-static or --max-running-requests, or with a shorter --context-length."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that failed.

    `kind` says what asking again may change: "final" nothing; "failing" perhaps something, for the server answered
    what it should not; "busy" the server is well and has no room now; "down" the server can not be used.
    """

    kind: Kind
    error: MetierError

    @property
    def retry_after_s(self) -> float | None:
        """Returns the pause that the server asked for, in seconds."""
        return self.error.retry_after_s if isinstance(self.error, ServerError) else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known when a reply is judged: who was asked, with how many prompt tokens, and what is secret."""

    server: str
    prompt_tokens: int | None = None
    secrets: Redaction = field(default_factory=Redaction)

    def quoted(self, reply: Reply) -> str:
        """Returns what the server said, in one short line without secrets, in brackets; "" when it said nothing."""
        said = self.cleaned(message_of(reply)).rstrip(".")
        return f" ({said})" if said else ""

    def cleaned(self, text: str) -> str:
        """Returns `text` in one short line without secrets or characters that do not show."""
        shown = self.secrets.text(text)[: 4 * _SHOWN]
        line = " ".join("".join([sign if sign.isprintable() else " " for sign in shown]).split())
        return line if len(line) <= _SHOWN else line[:_SHOWN] + "..."


def judge(reply: Reply, asked: Asked, *, now: datetime) -> Fault:
    """Returns what a reply with a status other than 200 means. `now` is the time of day, for dates in Retry-After."""
    said = message_of(reply)
    if _NO_MEMORY.search(said):
        error = ServerError(f"{asked.server} is out of memory{asked.quoted(reply)}.", hint=_MEMORY_HINT)
        return Fault("failing", error)
    status = reply.status
    if status in (429, 503):
        return Fault("busy", _busy(reply, asked, now))
    if status in (401, 403):
        return Fault("final", _locked(status, asked))
    if status >= 500 or status == 408:
        hint = "Its log says why."
        error = ServerError(f"{asked.server} failed with HTTP {status}{asked.quoted(reply)}.", hint=hint)
        return Fault("failing" if status == 500 else "down", error)
    return Fault("final", _refused(reply, asked))


def judge_abort(message: str, status: int | None, asked: Asked, *, now: datetime) -> Fault:
    """Returns what it means that a server ended a request itself, as the reply with that status would."""
    body = to_json({"message": message})
    return judge(Reply(status or 500, {"content-type": "application/json"}, body), asked, now=now)


def judge_event(value: Mapping[str, JSON], asked: Asked, *, now: datetime) -> Fault:
    """Returns what an error means that stands in a stream instead of a chunk."""
    error = value.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return judge_abort(_message(value) or "no reason given", status, asked, now=now)


def judge_error(error: ServerError) -> Fault:
    """Returns what it means that a connection failed or that a reply can not be read."""
    return Fault("failing" if error.hint == OUT_OF_PROTOCOL else "down", error)


def message_of(reply: Reply) -> str:
    """Returns what a reply says went wrong: the message in its JSON, or its text; nothing of an HTML page."""
    if reply.content_type == "text/html" or reply.body.lstrip()[:1] == b"<":
        return ""
    try:
        return _message(from_json(reply.body))
    except ValueError:
        return reply.body[:_READ].decode("utf-8", "replace")


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Returns the seconds that Retry-After asks to wait (RFC 9110, 10.2.3); None where none can be read."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_S)


def _busy(reply: Reply, asked: Asked, now: datetime) -> ServerError:
    pause_s = retry_after(reply.headers, now=now)
    hint = "It has more to do than it takes: add servers, or lower the concurrency."
    text = f"{asked.server} has no room now, HTTP {reply.status}{asked.quoted(reply)}."
    return ServerError(text, hint=hint, sent=False, retry_after_s=pause_s)


def _locked(status: int, asked: Asked) -> MissingError:
    return MissingError(
        f"{asked.server} needs a key, or another one than it was given (HTTP {status}).",
        hint="Put the key of the server into an environment variable and name it: ?key=SGLANG_API_KEY.",
    )


def _refused(reply: Reply, asked: Asked) -> MetierError:
    said, status, server = message_of(reply), reply.status, asked.server
    if _TOO_LONG.search(said) or status == 413:
        return _too_long(said, asked)
    if status in (404, 405):
        return ServerError(
            f"{server} does not know what it was asked, HTTP {status}{asked.quoted(reply)}.",
            hint="Is this an SGLang server, and its address without a path too much?",
        )
    if status in (400, 422):
        return ModelError(
            f"{server} refused the request{asked.quoted(reply)}.",
            hint="The settings, the grammar or the adapter are none that this model takes.",
        )
    if 300 <= status < 400:
        return ServerError(f"{server} points elsewhere, HTTP {status}.", hint="Give the address that it points to.")
    return ServerError(f"{server} answered HTTP {status}{asked.quoted(reply)}.", hint=OUT_OF_PROTOCOL)


def _too_long(said: str, asked: Asked) -> ModelError:
    known = asked.prompt_tokens if asked.prompt_tokens is not None else _number(_PROMPTS, said)
    limit = _number(_LIMITS, said)
    prompt = "The prompt" if known is None else f"The prompt of {known} tokens"
    room = "" if limit is None else f" of {limit} tokens"
    return ModelError(
        f"{prompt} and what was to be sampled do not fit into the context{room} of {asked.server}.",
        hint="Ask for fewer tokens, shorten what the model is shown, or serve it with a longer --context-length.",
    )


def _number(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        found = pattern.search(text)
        if found:
            return int(found[1])
    return None


def _message(value: object) -> str:
    match value:
        case str():
            return value
        case {"error": dict() | str() as inner} | {"detail": dict() | str() as inner}:
            return _message(inner)
        case {"message": str() as text} | {"msg": str() as text} | {"error_message": str() as text}:
            return text
        case {"detail": list() as several}:
            return "; ".join(filter(None, map(_message, several)))
        case _:
            return ""
