"""The conversation: one request to the model, and everything that follows from its response, is one step."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturn,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import RunContext, ToolDefinition
from pydantic_ai.toolsets import ToolsetTool
from pydantic_ai.usage import RunUsage

from metier.canonical import canonical_json
from metier.errors import ModelError
from metier.limits import Pace
from metier.modes.conversation.feedback import (
    NO_OUTPUT,
    NOT_RUN,
    UNSUPPORTED,
    UNUSED,
    answer_plainly,
    object_to,
    send_back,
    send_back_unknown,
)
from metier.modes.conversation.forms import Form, faults_in, forms_of
from metier.modes.mode import Assignment, Objection
from metier.modes.progress import PATIENCE, Progress
from metier.profiles.profile import final_in, malformed_in

SEEN = "seen"
"""In the metadata of a request to a playbook: all messages so far, which a mode may have left out of the prompt."""


@dataclass(frozen=True, slots=True)
class Act:
    """A tool call of a step, and what came back."""

    call: ToolCallPart
    back: ToolReturnPart


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `request` is what the model is to be told next; `fresh` are the ids of the evidence that is new.

    `is_over` says that the conversation has ended; `refused` that the model gave nothing that could be used.
    """

    response: ModelResponse
    request: ModelRequest
    acts: tuple[Act, ...] = ()
    fresh: tuple[str, ...] = ()
    is_over: bool = False
    refused: bool = False

    @property
    def text(self) -> str:
        """Returns what the model said beside its calls."""
        return "".join(part.content for part in self.response.parts if isinstance(part, TextPart))


@dataclass(frozen=True, slots=True)
class Setting:
    """How a conversation is held. None takes what the assignment has.

    `forms` are what the model may fill in, `model` the one that is asked; `arrange` picks and orders the tools that it
    is shown. `patience` is that of Progress. `prose` takes a plain text as an answer where the toolkit can draft one.
    """

    forms: tuple[Form, ...] | None = None
    model: Model | None = None
    instructions: str | None = None
    settings: ModelSettings | None = None
    arrange: Callable[[list[ToolDefinition]], list[ToolDefinition]] | None = None
    patience: int = PATIENCE
    prose: bool = True


class Conversation:
    """Makes steps. It keeps no messages: the mode decides what the model is shown at each."""

    def __init__(self, assignment: Assignment, setting: Setting | None = None) -> None:
        self._assignment = assignment
        self._setting = setting or Setting()
        forms = forms_of(assignment.finishings, assignment.hold) if self._setting.forms is None else self._setting.forms
        self._forms = {form.name: form for form in forms}
        self._output = [form.define() for form in forms]
        self._told = assignment.instructions if self._setting.instructions is None else self._setting.instructions
        self._progress = Progress(0 if assignment.desk.is_scripted else self._setting.patience)
        self._unusable = 0
        self._seen: list[ModelMessage] = []

    def say(self, *parts: str | ModelRequestPart) -> ModelRequest:
        """Returns a request that says this: texts in the user's voice, and parts as they are."""
        said = [UserPromptPart(part) if isinstance(part, str) else part for part in parts]
        return ModelRequest(parts=said, instructions=self._told or None)

    async def beside(self) -> str:
        """Returns what stands beside the messages in every prompt: the instructions and the tools, as one text."""
        shown = [*(tool.tool_def for tool in (await self._tools()).values()), *self._output]
        tools = [f"{tool.name} {tool.description} {canonical_json(tool.parameters_json_schema)}" for tool in shown]
        return "\n".join([self._told, *tools])

    async def step(self, messages: Sequence[ModelMessage]) -> Step:
        """Returns what came of showing `messages` to the model; all its calls are made, in parallel.

        Raises ModelError when it gives nothing usable too often in a row, and what the model and the tools raise.
        """
        tools = await self._tools()
        response = await self._ask(list(messages), [tool.tool_def for tool in tools.values()])
        calls = [part for part in response.parts if isinstance(part, ToolCallPart)]
        step = await self._follow(response, calls, tools)
        self._count(step)
        self._remember(step.request)
        return step

    def _remember(self, message: ModelMessage) -> None:
        if self._assignment.desk.is_scripted:
            self._seen.append(message)

    async def _ask(self, messages: list[ModelMessage], tools: list[ToolDefinition]) -> ModelResponse:
        parameters = ModelRequestParameters(
            function_tools=tools,
            output_tools=self._output,
            output_mode="tool" if self._output else "text",
            allow_text_output=not self._output,
        )
        if self._assignment.desk.is_scripted:
            known = self._seen or messages
            messages = [*messages[:-1], replace(messages[-1], metadata={SEEN: tuple(known)})]
            self._seen = list(known)
        model = self._setting.model or self._assignment.model
        settings = ModelSettings(**{**(self._assignment.settings or {}), **(self._setting.settings or {})})
        response = await model.request(messages, settings or None, parameters)
        self._remember(response)
        self._assignment.pulse()
        return response

    async def _follow(
        self, response: ModelResponse, calls: list[ToolCallPart], tools: dict[str, ToolsetTool[None]]
    ) -> Step:
        if not calls:
            return self._read_prose(response)
        filled: dict[str, ModelRequestPart] = {}
        for call in calls:
            if call.tool_name not in self._forms:
                continue
            told = self._fill(call)
            if told is None:  # what stands after the end is not looked at: it must not undo it
                return Step(response, self.say(*self._leave(calls, call.tool_call_id)), is_over=True)
            filled[call.tool_call_id] = told
        known = set(self._assignment.desk.evidence)
        acts = await self._act([call for call in calls if call.tool_name in tools], tools)
        self._assignment.pulse()
        fresh = tuple(name for name in self._assignment.desk.evidence if name not in known)
        backs = {**filled, **{act.call.tool_call_id: act.back for act in acts}}
        names = [*tools, *self._forms]
        ordered = [backs.get(one.tool_call_id) or send_back_unknown(one, names, self._attempt) for one in calls]
        refused = all(_is_sent_back(part) for part in ordered)
        request = self.say(*ordered, *self._observe(response), *self._nudge(acts, fresh))
        return Step(response, request, acts, fresh, refused=refused)

    def _fill(self, call: ToolCallPart) -> ModelRequestPart | None:
        """Returns what the model is told of a form that it filled in, or None when the conversation is over with it."""
        form = self._forms[call.tool_name]
        try:
            told = form.take(form.read(call))
        except ValidationError as error:
            return send_back(call, faults_in(error), "validation_error", self._attempt)
        except Objection as objection:
            return send_back(call, str(objection), "model_retry", self._attempt)
        return None if told is None else answer_plainly(call, told)

    def _leave(self, calls: list[ToolCallPart], ended: str) -> list[ToolReturnPart]:
        told = {True: "Taken.", False: UNUSED}
        return [
            answer_plainly(call, told[call.tool_call_id == ended] if call.tool_name in self._forms else NOT_RUN)
            for call in calls
        ]

    async def _act(self, calls: list[ToolCallPart], tools: dict[str, ToolsetTool[None]]) -> tuple[Act, ...]:
        if len(calls) == 1:
            return (await self._call(calls[0], tools[calls[0].tool_name]),)
        made = (self._call(call, tools[call.tool_name]) for call in calls)
        acts: list[Act] = []
        for act in await asyncio.gather(*made, return_exceptions=True):  # none is left at work when one raises
            if isinstance(act, BaseException):
                raise act
            acts.append(act)
        return tuple(acts)

    async def _call(self, call: ToolCallPart, tool: ToolsetTool[None]) -> Act:
        try:
            arguments = call.args_as_dict(raise_if_invalid=True)
        except (ValueError, AssertionError) as error:
            return Act(call, send_back(call, f"The arguments are no JSON: {error}", "validation_error", self._attempt))
        given = await self._assignment.toolset.call_tool(call.tool_name, arguments, self._context(call), tool)
        shown = given if isinstance(given, ToolReturn) else ToolReturn(return_value=given)
        back = ToolReturnPart(
            tool_name=call.tool_name,
            content=shown.return_value,
            tool_call_id=call.tool_call_id,
            metadata=shown.metadata,
        )
        return Act(call, back)

    def _read_prose(self, response: ModelResponse) -> Step:
        """Returns the step of a response without calls: an answer in prose, something malformed, or nothing."""
        told = self._observe(response)
        final = final_in(response)
        desk = self._assignment.desk
        text = final if final is not None else "".join(p.content for p in response.parts if isinstance(p, TextPart))
        if self._setting.prose and text.strip() and (final is not None or desk.is_last_call):
            draft = desk.draft(text)
            try:
                if draft is not None:
                    self._assignment.hold(draft)
                    return Step(response, self.say("Taken."), is_over=True)
            except Objection as objection:
                return Step(response, self.say(*told, object_to(str(objection), self._attempt)), refused=True)
        if not told:
            told = [object_to(NO_OUTPUT if final is None else UNSUPPORTED, self._attempt)]
        return Step(response, self.say(*told), refused=True)

    def _observe(self, response: ModelResponse) -> list[ModelRequestPart]:
        return [object_to(one.observation, self._attempt) for one in malformed_in(response)]

    def _nudge(self, acts: tuple[Act, ...], fresh: tuple[str, ...]) -> list[str]:
        if not acts:
            return []
        pace = self._progress.see(len(fresh))
        if pace is Pace.GO:
            return []
        if pace is Pace.STOP:
            self._assignment.desk.urge(pace, "progress")
        return [self._progress.tell()]

    def _count(self, step: Step) -> None:
        if not step.refused:
            self._unusable = 0
            return
        self._unusable += 1
        if self._unusable > self._assignment.retries:
            raise ModelError(
                f"The model gave nothing usable {self._unusable} times in a row.",
                hint="Try again, or use another model.",
            )

    @property
    def _attempt(self) -> tuple[int, int]:
        return self._unusable + 1, self._assignment.retries

    async def _tools(self) -> dict[str, ToolsetTool[None]]:
        """Returns the tools that the model is shown, in its order; one that it is not shown it may not call either."""
        listed = await self._assignment.toolset.get_tools(self._context())
        arrange = self._setting.arrange or self._assignment.arrange
        return {shown.name: listed[shown.name] for shown in arrange([tool.tool_def for tool in listed.values()])}

    def _context(self, call: ToolCallPart | None = None) -> RunContext[None]:
        return RunContext(
            deps=None,
            model=self._setting.model or self._assignment.model,
            usage=RunUsage(),
            tool_call_id=None if call is None else call.tool_call_id,
            tool_name=None if call is None else call.tool_name,
            max_retries=self._assignment.retries,
        )


def _is_sent_back(part: ModelRequestPart) -> bool:
    return isinstance(part, ToolReturnPart) and part.outcome == "retried"


def hide_tools(tools: list[ToolDefinition]) -> list[ToolDefinition]:
    """Returns none of the tools: an arrangement for a conversation without any."""
    return []
