"""The journaled toolset: every tool call is looked up before it is made and written before its result is used."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_ai import ModelRetry, RunContext, ToolFailed, ToolReturn
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_ai.toolsets.wrapper import WrapperToolset
from pydantic_core import SchemaValidator, core_schema, to_jsonable_python

from metier.canonical import JSON, canonical_json, is_json, read_back
from metier.errors import ServerError, ToolError
from metier.evidence import Evidence, is_intact, record_evidence
from metier.framing import cap, frame_result, neutralise
from metier.journal import Entry
from metier.modes.mode import OutOfLimitsError
from metier.runtime.approval import Approval
from metier.runtime.effects import permission
from metier.runtime.effects.ledger import EVIDENCE, Ledger, Slot, failure_in
from metier.runtime.events import ToolFinished, ToolProgressed, ToolStarted
from metier.servers.source import CALLING, CallContext, Progress
from metier.trace import CallRecord

TOOLS = "tools"
DESCRIPTION_CAP = 4_000  # characters
NOT_JSON = "This call was not made: its arguments are no JSON, for they hold a number without end or nest too deep."
RECORD: TypeAdapter[CallRecord] = TypeAdapter(CallRecord)
_ANY_ARGUMENTS = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))


@dataclass
class JournaledToolset(WrapperToolset[None]):
    """A toolset whose listing and calls are journaled, counted and limited, and whose results are framed as data.

    A tool's own failure is told to the model. A dead server ends the run once the calls made beside it are back.
    """

    ledger: Ledger = field(kw_only=True)
    retries: int = field(default=25, kw_only=True)
    _listed: dict[str, ToolsetTool[None]] | None = field(default=None, kw_only=True)

    async def get_tools(self, ctx: RunContext[None]) -> dict[str, ToolsetTool[None]]:
        """Returns the tools as the journal lists them, or as the servers do when it does not yet."""
        if self._listed is None:
            entry = self.ledger.find(TOOLS, None)
            if entry is None:
                entry = await self.ledger.perform(TOOLS, TOOLS, None, lambda: self._list(ctx))
            failure = failure_in(entry.output)
            if failure is not None:
                raise failure
            self._listed = {tool.name: self._tool(tool) for tool in definitions_in(entry.output)}
        return self._listed

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[None], tool: ToolsetTool[None]
    ) -> ToolReturn:
        """Returns the journaled result, or the tool's, framed for the model, with its evidence as metadata."""
        slot = self.ledger.slots.get(ctx.tool_call_id or "", Slot("", "This call belongs to no turn of the run."))
        if slot.refusal:
            return _shown(name, {"text": slot.refusal, "is_error": True})
        if not is_json(tool_args):
            return _shown(name, {"text": NOT_JSON, "is_error": True})
        content: JSON = self.ledger.redaction.json({"tool": name, "arguments": to_jsonable_python(tool_args)})
        self.ledger.emit(ToolStarted(slot.path, name, tool_args))
        entry = self.ledger.find(slot.path, content)
        journaled = entry is not None
        if entry is None:
            metadata = tool.tool_def.metadata or {}
            told = await self._refuse(slot, name, content, metadata)
            if told == permission.WAITS:
                return _shown(name, {"text": told, "is_error": True})
            job = _Job(slot, content, name, tool_args, metadata)
            act = _telling(job, told) if told else lambda: self._act(job, ctx)
            entry = await self.ledger.perform("tool", slot.path, content, act, aside=job.recorded)
        return self._take(name, entry, journaled=journaled)

    async def _refuse(self, slot: Slot, name: str, content: JSON, metadata: Mapping[str, Any]) -> str:
        """Returns what the model is told instead of the call being made, or nothing when it may be made."""
        if not metadata.get("repeatable", True) and permission.is_doubtful(self.ledger, slot, content):
            return permission.UNKNOWN
        if not metadata.get("needs_approval"):
            return ""
        arguments = content.get("arguments") if isinstance(content, dict) else None
        server, tool = str(metadata.get("server", "")), str(metadata.get("tool", name))
        asked = Approval(self.ledger.run, slot.path, server, tool, _mapping(arguments))
        return await permission.refuse(self.ledger, slot, content, asked)

    def _take(self, name: str, entry: Entry, *, journaled: bool) -> ToolReturn:
        failure = failure_in(entry.output)
        if failure is not None:
            self.ledger.fail(failure)
            return _shown(name, {"text": failure.message, "is_error": True})
        output = entry.output if isinstance(entry.output, dict) else {}
        shown = _shown(name, output)
        evidence: tuple[Evidence, ...] = shown.metadata["evidence"]
        self.ledger.bring(entry.path, evidence)
        self.ledger.pay(output.get("record"))
        server, is_error = str(output.get("server", "")), bool(output.get("is_error"))
        self.ledger.emit(ToolFinished(entry.path, server, name, len(evidence), is_error, entry.elapsed_s, journaled))
        return shown

    async def _act(self, job: "_Job", ctx: RunContext[None]) -> dict[str, JSON]:
        if job.is_changing:
            permission.begin(self.ledger, job.slot, job.content)
        token = CALLING.set(
            CallContext(self.ledger.run, lambda progress: self._hear(job, progress), job.records.append)
        )
        try:
            output = await self.ledger.in_time(lambda: self._call(job, ctx))
        except (ToolError, ModelRetry, ToolFailed) as error:
            output = {"text": str(error), "is_error": True}
        except OutOfLimitsError as error:
            doubt = f" {permission.CUT}" if job.is_changing else ""
            output = {"text": f"Cut off: {error.message}{doubt}", "is_error": True}
        except ServerError as error:
            if job.is_changing:
                permission.take_back(self.ledger, job.slot, job.content, error)
            raise
        finally:
            CALLING.reset(token)
        return {"server": job.server, **output}

    def _hear(self, job: "_Job", progress: Progress) -> None:
        message = self.ledger.redaction.text(progress.message)
        self.ledger.emit(ToolProgressed(job.slot.path, job.name, progress.done, progress.total, message))

    async def _call(self, job: "_Job", ctx: RunContext[None]) -> dict[str, JSON]:
        name, tools = job.name, await self.wrapped.get_tools(ctx)
        if name not in tools:
            raise ToolError(f"There is no tool {name!r} any more.")
        permission.check_unchanged(name, job.metadata, tools[name].tool_def.metadata or {})
        result = await self.wrapped.call_tool(name, job.arguments, ctx, tools[name])
        try:
            kept = read_back(_output_of(name, job.arguments, result, self.ledger.redaction.json))
        except (TypeError, ValueError) as error:
            raise ToolError(f"{name} returned what is not JSON: {error}.") from error
        return _mapping(kept)

    async def _list(self, ctx: RunContext[None]) -> dict[str, JSON]:
        tools = await self.wrapped.get_tools(ctx)
        return {"tools": list_tools({name: tool.tool_def for name, tool in tools.items()})}

    def _tool(self, definition: ToolDefinition) -> ToolsetTool[None]:
        return ToolsetTool(toolset=self, tool_def=definition, max_retries=self.retries, args_validator=_ANY_ARGUMENTS)


def list_tools(tools: Mapping[str, ToolDefinition]) -> list[JSON]:
    """Returns the definitions by name as JSON, as a journal keeps them: `definitions_in` reads them back."""
    return [
        {
            "name": name,
            "description": neutralise(cap(tool.description or "", DESCRIPTION_CAP)),
            "schema": to_jsonable_python(tool.parameters_json_schema),
            "metadata": to_jsonable_python(tool.metadata or {}, fallback=str),
        }
        for name, tool in sorted(tools.items())
    ]


def definitions_in(output: JSON) -> list[ToolDefinition]:
    """Returns the tools that a journaled listing names."""
    listed = output.get("tools") if isinstance(output, dict) else None
    return [
        ToolDefinition(
            name=str(tool["name"]),
            description=str(tool["description"]),
            parameters_json_schema=_mapping(tool["schema"]),
            metadata=_mapping(tool["metadata"]),
        )
        for tool in (listed if isinstance(listed, list) else [])
        if isinstance(tool, dict)
    ]


class NoTools(AbstractToolset[None]):
    """The toolset of a replay: whatever is asked of it is an effect that must not be performed."""

    @property
    def id(self) -> str | None:
        """Returns no id."""
        return None

    async def get_tools(self, ctx: RunContext[None]) -> dict[str, ToolsetTool[None]]:
        """Returns nothing."""
        return {}

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[None], tool: ToolsetTool[None]
    ) -> Any:
        """Raises ToolError."""
        raise ToolError(f"The tool {name!r} cannot be called in a replay.")


def _output_of(name: str, arguments: Mapping[str, Any], result: object, clean: Any) -> dict[str, JSON]:
    """Returns a tool's result as it is journaled; raises ServerError for evidence that does not fit its content."""
    value = result.return_value if isinstance(result, ToolReturn) else result
    metadata = result.metadata if isinstance(result, ToolReturn) and isinstance(result.metadata, Mapping) else {}
    shown = value if isinstance(value, str) else canonical_json(to_jsonable_python(value))
    text = str(metadata.get("text", shown))
    structured: JSON = to_jsonable_python(metadata.get("value", None if isinstance(value, str) else value))
    if "evidence" in metadata:
        evidence = _read(name, metadata["evidence"])
    else:
        locator = canonical_json(to_jsonable_python(dict(arguments)))
        evidence = (record_evidence(source=f"tool/{name}", locator=locator, text=text, value=structured),)
    return {
        "text": text,
        "value": structured,
        "evidence": [EVIDENCE.dump_python((_cleaned(item, clean),), mode="json")[0] for item in evidence],
        "is_error": bool(metadata.get("is_error", False)),
    }


@dataclass(frozen=True, slots=True)
class _Job:
    """A call to be made; `content` is what the journal keeps of it, `records` what the envelope says of it."""

    slot: Slot
    content: JSON
    name: str
    arguments: dict[str, Any]
    metadata: Mapping[str, Any]
    records: list[CallRecord] = field(default_factory=list)

    @property
    def server(self) -> str:
        return str(self.metadata.get("server", ""))

    @property
    def is_changing(self) -> bool:
        """Returns whether making the call twice may do more than making it once."""
        return not self.metadata.get("repeatable", True)

    def recorded(self) -> dict[str, JSON]:
        return {"record": RECORD.dump_python(self.records[-1], mode="json")} if self.records else {}


def _telling(job: _Job, text: str) -> Callable[[], Awaitable[dict[str, JSON]]]:
    async def tell() -> dict[str, JSON]:
        return {"server": job.server, "text": text, "is_error": True}

    return tell


def _read(name: str, stated: object) -> tuple[Evidence, ...]:
    try:
        evidence = EVIDENCE.validate_python(tuple(stated) if isinstance(stated, list) else stated)
    except ValidationError as error:
        raise ServerError(f"{name} returned evidence of a wrong shape: {error.error_count()} faults.") from error
    if broken := [item.id for item in evidence if not is_intact(item)]:
        raise ServerError(f"{name} returned evidence {broken[0]!r} whose digest does not fit its content.")
    return evidence


def _cleaned(item: Evidence, clean: Any) -> Evidence:
    """Returns the evidence without secrets, under the id that this gives it."""
    return record_evidence(
        source=clean(item.source),
        locator=clean(item.locator),
        text=clean(item.text),
        value=clean(item.value),
        recorded=clean(item.recorded),
    )


def _shown(name: str, output: Mapping[str, JSON]) -> ToolReturn:
    text = str(output.get("text", ""))
    evidence = EVIDENCE.validate_python(tuple(output.get("evidence") or ()))  # type: ignore[arg-type]
    metadata = {
        "text": text,
        "value": output.get("value"),
        "evidence": evidence,
        "server": output.get("server", ""),
        "is_error": bool(output.get("is_error")),
    }
    return ToolReturn(return_value=frame_result(name, text, evidence), metadata=metadata)


def _mapping(value: JSON) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
