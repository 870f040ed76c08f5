"""The journaled model: every call is looked up before it is made and written before its result is used."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic_ai.exceptions import AgentRunError, ModelConnectionError, ModelServerError, UserError
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from metier.canonical import JSON, read_back
from metier.errors import MetierError, ModelError, ServerError
from metier.journal import Entry
from metier.limits import Pace, Standing
from metier.runtime.effects.ledger import LAST_CALL_S, Ledger, failure_in, pace_in
from metier.runtime.effects.messages import Projection, dump_response, load_response, model_input, with_own_ids
from metier.runtime.events import ModelFinished, ModelStarted

CONCLUDE = (
    "Nearly all of the limit {limit} of this run is used. Conclude now: make no calls that are not needed, and end "
    "with what you have."
)
STOP = (
    "The limit {limit} of this run is reached and no more tools can be called. End the run now with an answer that "
    "the evidence above supports, or refuse and say what is missing."
)


class JournaledModel(WrapperModel):
    """A model whose calls are journaled, counted and limited. Messages reach it as they are stored."""

    def __init__(self, wrapped: Model, ledger: Ledger) -> None:
        super().__init__(wrapped)
        self.ledger = ledger
        self._project = Projection()

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
        content = ledger.redaction.json(model_input(messages, model_request_parameters, self._project))
        ledger.emit(ModelStarted(path, self.model_name))
        entry = ledger.find(path, content)
        journaled = entry is not None
        if entry is None:
            standing = ledger.standing()
            ask = Ask(self.wrapped, messages, model_settings, model_request_parameters, standing)
            grace = LAST_CALL_S if standing.pace is Pace.STOP else 0.0
            entry = await ledger.perform("model", path, content, lambda: ledger.in_time(ask, grace))
        return self._take(entry, [tool.name for tool in model_request_parameters.function_tools], journaled=journaled)

    def _take(self, entry: Entry, tools: Sequence[str], *, journaled: bool) -> ModelResponse:
        ledger = self.ledger
        failure = failure_in(entry.output)
        if failure is not None:
            ledger.usage = replace(ledger.usage, model_calls=ledger.usage.model_calls + 1)
            raise failure
        standing = pace_in(entry.output)
        response = with_own_ids(load_response(_field(entry.output, "response")), str(ledger.turn))
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
        self._model, self._settings, self._standing = model, settings, standing
        stopped = standing.pace is Pace.STOP
        self._parameters = replace(parameters, function_tools=[]) if stopped else parameters
        self._messages = _told(messages, standing)

    async def __call__(self) -> dict[str, JSON]:
        """Returns the response and its standing as JSON; raises ServerError or ModelError."""
        try:
            prepared = self._model.prepare_messages(self._messages, self._parameters)
            response = await self._model.request(prepared, self._settings, self._parameters)
        except MetierError:
            raise
        except (ModelConnectionError, ModelServerError, OSError) as error:
            raise ServerError(f"The model server failed: {error}", hint="Resume the run when it is back.") from error
        except (AgentRunError, UserError) as error:
            raise ModelError(f"The model failed: {error}", hint="Resume the run, or use another model.") from error
        return {
            "pace": self._standing.pace.value,
            "limit": self._standing.limit,
            "response": _kept(response),
            "money_usd": _money(response),
        }


def _kept(response: ModelResponse) -> JSON:
    try:
        return read_back(dump_response(response))
    except (TypeError, ValueError) as error:
        raise ModelError(f"The model gave what is not JSON: {error}.") from error


def _told(messages: list[ModelMessage], standing: Standing) -> list[ModelMessage]:
    """Returns the messages with the note that the standing asks for; nothing that was there is left out."""
    if standing.pace is Pace.GO or not isinstance(newest := messages[-1], ModelRequest):
        return messages
    note = (STOP if standing.pace is Pace.STOP else CONCLUDE).format(limit=standing.limit)
    return [*messages[:-1], replace(newest, parts=[*newest.parts, UserPromptPart(note)])]


def _money(response: ModelResponse) -> float:
    """Returns what the call cost in US dollars; 0 where nobody knows a price."""
    if not response.model_name:
        return 0.0
    try:
        return float(response.cost().total_price)
    except (LookupError, ValueError):
        return 0.0


def _field(output: JSON, name: str) -> JSON:
    return output.get(name) if isinstance(output, dict) else None
