"""The playbook model: a toolkit's deterministic policy behind the model interface. Needs no weights."""

import logging
from collections.abc import Iterator, Mapping, Sequence

from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings, ToolOrOutput
from pydantic_ai.usage import RequestUsage

from metier.answer import Refusal
from metier.canonical import JSON, canonical_json
from metier.errors import MetierError, ModelError
from metier.modes.conversation.conversation import SEEN
from metier.modes.mode import Finishing
from metier.runtime.effects.messages import retry_text
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Move, Observation, Playbook

_LOG = logging.getLogger(__name__)
WITHDRAWN = "The limits of this run were reached before the playbook had an answer."


class PlaybookModel(Model):
    """A model that makes the moves of a playbook. The same messages give the same response, ids of calls included."""

    def __init__(self, playbook: Playbook, task: Task, finishings: Sequence[Finishing]) -> None:
        super().__init__()
        self._playbook = playbook
        self._task = task
        self._finishings = finishings

    @property
    def model_name(self) -> str:
        """Returns the name under which traces show it."""
        return "playbook"

    @property
    def system(self) -> str:
        """Returns the provider."""
        return "metier"

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Returns `messages` unchanged: a playbook reads what is stored."""
        return messages

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the playbook's next move as a response; raises ModelError for a move that cannot be made."""
        names = {way.name for way in self._finishings}
        messages = seen_in(messages)
        move = self._move(observations_in(messages, names), objections_in(messages))
        choice = (model_settings or {}).get("tool_choice")
        if isinstance(move, Calls) and isinstance(choice, ToolOrOutput) and not choice.function_tools:
            move = Finish(Refusal(reasons=(WITHDRAWN,)), move.thought)
        turn = 1 + sum(isinstance(message, ModelResponse) for message in messages)
        said = [TextPart(move.thought)] if move.thought else []
        usage = RequestUsage()
        return ModelResponse([*said, *self._parts(move, turn)], usage=usage, model_name=self.model_name)

    def _move(self, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
        try:
            return self._playbook(self._task, observations, objections)
        except MetierError:
            raise
        except Exception as error:  # a stranger's playbook may raise anything
            _LOG.info("The playbook failed.", exc_info=True)
            raise ModelError(
                f"The playbook failed: {error!r}.", hint="This is a defect of the toolkit, not of the request."
            ) from error

    def _parts(self, move: Calls | Finish, turn: int) -> list[ToolCallPart]:
        if isinstance(move, Finish):
            name = self._finishing(move)
            arguments = move.outcome.model_dump(mode="json", by_alias=True)
            return [ToolCallPart(name, arguments, tool_call_id=f"playbook-{turn}-end")]
        if not move.calls:
            raise ModelError("The playbook made a move without a call.", hint="This is a defect of the toolkit.")
        return [
            ToolCallPart(call.tool, dict(call.arguments), tool_call_id=f"playbook-{turn}-{at}")
            for at, call in enumerate(move.calls)
        ]

    def _finishing(self, move: Finish) -> str:
        for way in self._finishings:
            if isinstance(move.outcome, way.shape):
                return way.name
        raise ModelError(
            f"The playbook ended with {type(move.outcome).__name__}, which is no outcome of this run.",
            hint="This is a defect of the toolkit.",
        )


def seen_in(messages: list[ModelMessage]) -> list[ModelMessage]:
    """Returns all messages of the conversation, also those that its mode leaves out of the prompt."""
    newest = messages[-1]
    metadata = newest.metadata if isinstance(newest, ModelRequest) else None
    return [*metadata[SEEN]] if metadata and SEEN in metadata else messages


def observations_in(messages: Sequence[ModelMessage], finishing: set[str]) -> tuple[Observation, ...]:
    """Returns the tool calls in `messages` that came back, in the order of the calls."""
    returned = {part.tool_call_id: part for part in _parts(messages) if isinstance(part, ToolReturnPart)}
    calls = (part for part in _parts(messages) if isinstance(part, ToolCallPart) and part.tool_name not in finishing)
    return tuple(_observed(call, returned[call.tool_call_id]) for call in calls if call.tool_call_id in returned)


def objections_in(messages: Sequence[ModelMessage]) -> tuple[str, ...]:
    """Returns the objections to outcomes in `messages`, the newest last."""
    return tuple(text for part in _parts(messages) if (text := retry_text(part)))


def _parts(messages: Sequence[ModelMessage]) -> Iterator[object]:
    for message in messages:
        if isinstance(message, ModelRequest | ModelResponse):
            yield from message.parts


def _observed(call: ToolCallPart, back: ToolReturnPart) -> Observation:
    metadata: Mapping[str, object] = back.metadata if isinstance(back.metadata, Mapping) else {}
    shown = back.content if isinstance(back.content, str) else canonical_json(back.content)
    value: JSON = metadata.get("value")  # type: ignore[assignment]
    evidence = metadata.get("evidence", ())
    return Observation(
        call=Call(call.tool_name, call.args_as_dict()),
        text=str(metadata.get("text", shown)),
        value=value,
        evidence=evidence if isinstance(evidence, tuple) else (),
        is_error=bool(metadata.get("is_error", False)) or back.outcome != "success",
    )
