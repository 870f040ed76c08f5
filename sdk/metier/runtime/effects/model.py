"""The journaled model: every call is looked up before it is made and written before its result is used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pydantic_ai.exceptions import AgentRunError, ModelConnectionError, ModelServerError, UserError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings, ToolOrOutput
from pydantic_ai.tools import ToolDefinition

from metier.canonical import JSON, read_back
from metier.errors import MetierError, ModelError, ServerError
from metier.journal import Entry
from metier.limits import Pace, Standing
from metier.modes.mode import OutOfLimitsError
from metier.runtime.effects.ledger import LAST_CALL_S, Ledger, failure_in, pace_in
from metier.runtime.effects.messages import Projection, dump_response, load_response, model_input, with_own_ids
from metier.runtime.effects.notes import Notes
from metier.runtime.effects.records import mask_output
from metier.runtime.effects.tools import list_tools
from metier.runtime.events import ModelFinished, ModelStarted

OUTCOMES = (
    "outcomes"  # beside the first response that a session journals: the ways to end the run, as they were offered
)
KEPT = "The one model call that is left is for the answer."
NO_TOOLS = ToolOrOutput(function_tools=[])
"""The tool choice of the last call: tools stay in the prompt, which would change without them, and none is called."""


class JournaledModel(WrapperModel):
    """A model whose calls are journaled, counted and limited. Messages reach it as they are stored.

    `purpose` says in the journal what the calls are for, where a mode makes calls of several kinds; one that may not be
    the last leaves to others the one call that a limit leaves.
    """

    def __init__(self, wrapped: Model, ledger: Ledger, purpose: str = "", *, may_be_last: bool = True) -> None:
        super().__init__(wrapped)
        self.ledger = ledger
        self._purpose = purpose
        self._may_be_last = may_be_last
        self._project = Projection(ledger.redaction)
        self._notes = Notes()
        self._outcomes: Sequence[ToolDefinition] | None = None

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Returns `messages` unchanged: what is journaled does not depend on the provider."""
        return messages

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the journaled response, or the model's; raises ServerError, ModelError, OutOfLimitsError."""
        ledger = self.ledger
        turn = ledger.begin_turn()
        path = f"{turn}/model"
        content = model_input(messages, model_request_parameters, self._project)
        if self._purpose:
            content["purpose"] = self._purpose
        ledger.emit(ModelStarted(path, self.model_name))
        entry = ledger.find(path, content)
        journaled = entry is not None
        standing = ledger.standing() if entry is None else pace_in(entry.output)
        plain = _list(content["messages"])
        self._notes.add(standing, messages, plain)
        if entry is None:
            told = self._notes.put_in(messages, plain)
            ask = Ask(self.wrapped, told, model_settings, model_request_parameters, standing)
            entry = await self._perform(path, content, ask)
        return self._take(entry, [tool.name for tool in model_request_parameters.function_tools], journaled=journaled)

    async def _perform(self, path: str, content: JSON, ask: "Ask") -> Entry:
        ledger, clean = self.ledger, self._project.is_clean
        grace = LAST_CALL_S if ask.standing.pace is Pace.STOP else 0.0

        async def act() -> dict[str, JSON]:
            if ledger.unopened is not None:
                raise ledger.unopened
            if not self._may_be_last and ask.standing.pace is Pace.STOP:
                raise OutOfLimitsError(f"The limit {ask.standing.limit} is reached.", hint=KEPT)
            return await ledger.in_time(ask, grace)

        return await ledger.perform(
            "model",
            path,
            content,
            act,
            aside=lambda: self._offered(ask.parameters),
            mask=lambda output: mask_output(output, ledger.redaction, clean=clean),
        )

    def _offered(self, parameters: ModelRequestParameters) -> dict[str, JSON]:
        if self._outcomes is not None and [*self._outcomes] == [*parameters.output_tools]:
            return {}
        self._outcomes = parameters.output_tools
        return {OUTCOMES: list_tools({tool.name: tool for tool in parameters.output_tools})}

    def _take(self, entry: Entry, tools: Sequence[str], *, journaled: bool) -> ModelResponse:
        ledger = self.ledger
        failure = failure_in(entry.output)
        if failure is not None:
            ledger.usage = replace(ledger.usage, model_calls=ledger.usage.model_calls + 1)
            raise failure
        standing = pace_in(entry.output)
        response = with_own_ids(load_response(_field(entry.output, "response")), ledger.path(str(ledger.turn)))
        money = _field(entry.output, "money_usd")
        ledger.usage = replace(
            ledger.usage,
            model_calls=ledger.usage.model_calls + 1,
            input_tokens=ledger.usage.input_tokens + response.usage.input_tokens,
            output_tokens=ledger.usage.output_tokens + response.usage.output_tokens,
            money_usd=ledger.usage.money_usd + (money if isinstance(money, float) else 0.0),
        )
        stopped = standing.pace is Pace.STOP
        ledger.last_call = standing.limit if stopped else ""
        calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
        ledger.admit([(c.tool_call_id, c.tool_name) for c in calls if c.tool_name in tools], stopped=stopped)
        self._tell(entry, response, len(calls), journaled=journaled)
        return response

    def _tell(self, entry: Entry, response: ModelResponse, calls: int, *, journaled: bool) -> None:
        text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
        usage = response.usage
        self.ledger.emit(
            ModelFinished(entry.path, text, calls, usage.input_tokens, usage.output_tokens, entry.elapsed_s, journaled)
        )


class Ask:
    """One model call, ready to be made."""

    def __init__(
        self,
        model: Model,
        messages: list[ModelMessage],
        settings: ModelSettings | None,
        parameters: ModelRequestParameters,
        standing: Standing,
    ) -> None:
        self._model, self._messages, self.parameters, self.standing = model, messages, parameters, standing
        last = ModelSettings(**{**(settings or {}), "tool_choice": NO_TOOLS})
        self._settings = last if standing.pace is Pace.STOP else settings

    async def __call__(self) -> dict[str, JSON]:
        """Returns the response and its standing as JSON; raises ServerError or ModelError."""
        with translated():
            prepared = self._model.prepare_messages(self._messages, self.parameters)
            response = await self._model.request(prepared, self._settings, self.parameters)
        return {
            "pace": self.standing.pace.value,
            "limit": self.standing.limit,
            "response": _kept(response),
            "money_usd": _money(response),
        }


@contextmanager
def translated() -> Iterator[None]:
    """Raises what a model raises as ServerError or ModelError; metier's own errors stay as they are."""
    try:
        yield
    except MetierError:
        raise
    except (ModelConnectionError, ModelServerError, OSError) as error:
        raise ServerError(f"The model server failed: {error}", hint="Resume the run when it is back.") from error
    except (AgentRunError, UserError) as error:
        raise ModelError(f"The model failed: {error}", hint="Resume the run, or use another model.") from error


def _kept(response: ModelResponse) -> JSON:
    try:
        return read_back(dump_response(response))
    except (TypeError, ValueError) as error:
        raise ModelError(f"The model gave what is not JSON: {error}.") from error


def _money(response: ModelResponse) -> float:
    """Returns what the call cost in US dollars; 0 where nobody knows a price."""
    if not response.model_name:
        return 0.0
    try:
        return float(response.cost().total_price)
    except (LookupError, ValueError):
        return 0.0


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _field(output: JSON, name: str) -> JSON:
    return output.get(name) if isinstance(output, dict) else None
