"""Questions that a server asks the user in the middle of a call (elicitation), and the answers held to their form."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence

import structlog
from mcp.client import ClientRequestContext
from mcp.types import INVALID_PARAMS, ElicitRequestFormParams, ElicitRequestParams, ElicitResult, ErrorData
from pydantic import TypeAdapter, ValidationError

from metier.canonical import JSON
from metier.servers.source import Ask, Question, Reply

_LOG = structlog.get_logger("metier.servers")
MOST_MESSAGE = 2_000  # characters of a server's words that a person is shown
_CONTENT: TypeAdapter[dict[str, str | int | float | bool | list[str] | None]] = TypeAdapter(
    dict[str, str | int | float | bool | list[str] | None]
)
_SAFE_URL = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)


class Asking:
    """Hands the questions of one server to the user, one at a time, and knows how long the user has been asked."""

    def __init__(self, server: str, ask: Ask) -> None:
        self._server = server
        self._ask = ask
        self._turn = asyncio.Lock()
        self._asked_s = 0.0
        self._open = 0
        self._since = 0.0

    @property
    def seconds(self) -> float:
        """Returns for how long questions have been open, in all: time that no server is to blame for."""
        return self._asked_s + (time.monotonic() - self._since if self._open else 0.0)

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult | ErrorData:
        """Returns the user's answer, as the protocol wants it; an error for an answer that does not fit the form."""
        question = _question(self._server, params)
        if question is None:
            return ErrorData(code=INVALID_PARAMS, message="The address to visit is not one of the web.")
        reply = await self._answer(question)
        if reply is None:
            return ErrorData(code=INVALID_PARAMS, message="The user cannot be asked.")
        if reply.action != "accept" or question.url:
            return ElicitResult(action=reply.action)
        fault = find_fault(reply.content or {}, question.schema)
        if fault:
            return ErrorData(code=INVALID_PARAMS, message=f"The user's answer does not fit the form: {fault}.")
        try:
            return ElicitResult(action="accept", content=_CONTENT.validate_python(dict(reply.content or {})))
        except ValidationError:
            return ErrorData(code=INVALID_PARAMS, message="The user's answer holds what a form cannot.")

    async def _answer(self, question: Question) -> Reply | None:
        """Returns what the user said; None when asking failed, which is told to the log and not to the server."""
        self._open += 1
        self._since = time.monotonic() if self._open == 1 else self._since
        asking = asyncio.create_task(self._in_turn(question))
        try:
            await asyncio.wait({asking})
        finally:
            asking.cancel()
            self._open -= 1
            if self._open == 0:
                self._asked_s += time.monotonic() - self._since
        if not asking.cancelled() and (error := asking.exception()) is not None:
            _LOG.error("asking the user failed", server=self._server, error=f"{type(error).__name__}: {error}")
            return None
        return asking.result()

    async def _in_turn(self, question: Question) -> Reply:
        async with self._turn:
            return await self._ask(question)


def _question(server: str, params: ElicitRequestParams) -> Question | None:
    message = params.message[:MOST_MESSAGE]
    if isinstance(params, ElicitRequestFormParams):
        return Question(server, message, params.requested_schema)
    return Question(server, message, {}, url=params.url) if _SAFE_URL.fullmatch(params.url) else None


def find_fault(content: Mapping[str, JSON], schema: Mapping[str, JSON]) -> str:
    """Returns what is wrong with the answer to a form; empty when nothing is.

    Forms are flat objects of texts, numbers, yes or no, and choices: the part of JSON Schema that the protocol allows.
    A pattern is not tried, since a server could send one that never ends.
    """
    properties = schema.get("properties")
    known: Mapping[str, JSON] = properties if isinstance(properties, dict) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else []:
        if name not in content:
            return f"{name!r} is missing"
    for name, value in content.items():
        field = known.get(name)
        if not isinstance(field, dict):
            return f"there is no field {name!r}"
        if fault := _fault_of(value, field):
            return f"{name!r} {fault}"
    return ""


_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
}


def _fault_of(value: JSON, field: Mapping[str, JSON]) -> str:
    kind = str(field.get("type", "string"))
    kinds = _KINDS.get(kind, ())
    if not isinstance(value, kinds) or (isinstance(value, bool) and kind != "boolean"):
        return f"is not of type {kind}"
    if isinstance(value, list):
        items = field.get("items")
        choices = _choices(items if isinstance(items, dict) else {})
        if choices is not None and any(item not in choices for item in value):
            return "holds what is no choice"
        return _fault_of_size(len(value), field, ("minItems", "maxItems"))
    choices = _choices(field)
    if choices is not None and value not in choices:
        return "is none of the choices"
    if isinstance(value, str):
        return _fault_of_size(len(value), field, ("minLength", "maxLength"))
    return _fault_of_size(value, field, ("minimum", "maximum")) if isinstance(value, int | float) else ""


def _fault_of_size(size: float, field: Mapping[str, JSON], names: tuple[str, str]) -> str:
    least, most = (field.get(name) for name in names)
    if isinstance(least, int | float) and size < least:
        return f"is less than {names[0]}, {least:g}"
    if isinstance(most, int | float) and size > most:
        return f"is more than {names[1]}, {most:g}"
    return ""


def _choices(field: Mapping[str, JSON]) -> Sequence[JSON] | None:
    listed = field.get("enum")
    if isinstance(listed, list):
        return listed
    titled = field.get("oneOf", field.get("anyOf"))
    if isinstance(titled, list):
        return [one.get("const") for one in titled if isinstance(one, dict)]
    return None
