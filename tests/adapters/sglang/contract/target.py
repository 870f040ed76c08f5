"""A server under contract, fake or real, and what a test does with it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic_ai import Agent, Tool
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model
from pydantic_ai.run import AgentRunResult

from metier.tokens import TokenRecord, load_record
from metier_sglang.fake.server import FakeServer
from metier_sglang.model.compatible.model import CompatibleModel
from metier_sglang.model.native import SglangModel
from metier_sglang.model.settings import SglangModelSettings
from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.dialogue import Tool as ShownTool
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.scripts import SCRIPTS, Script

_TRIES = 500
PLAIN: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": 60}  # http: no certificates to load
GREEDY: SglangModelSettings = {"temperature": 0.0, "max_tokens": 600}


@cache
def read_renderer(folder: Path) -> Renderer:
    return Renderer.read(folder)


@dataclass(frozen=True, slots=True)
class Target:
    """One server. `fake` is what controls it, where it is one; `context` is in tokens."""

    url: str
    folder: Path
    context: int
    fake: FakeServer | None = None

    @property
    def is_real(self) -> bool:
        return self.fake is None

    @property
    def renderer(self) -> Renderer:
        return read_renderer(self.folder)

    def native(self, **settings: Any) -> SglangModel:
        return SglangModel([self.url], tokenizer=self.folder, settings=_settings(settings))

    def compatible(self, **settings: Any) -> CompatibleModel:
        return CompatibleModel(f"{self.url}/v1", "tiny", settings=_settings(settings))

    def open(self, route: str, **settings: Any) -> AbstractAsyncContextManager[Model]:
        """Returns the adapter's model over `route`, "native" or "compatible"."""
        made = self.native(**settings) if route == "native" else self.compatible(**settings)
        return cast(AbstractAsyncContextManager[Model], made)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        answer = httpx.post(f"{self.url}{path}", json=dict(body or {}), **PLAIN)
        answer.raise_for_status()
        return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else answer.text

    def ask(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", **PLAIN)

    def metric(self, name: str) -> float:
        """Returns the sum of a counter or gauge over its labels."""
        lines = [line for line in self.ask("/metrics").text.splitlines() if line.startswith(f"sglang:{name}{{")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def hold(self, at: int) -> None:
        """Has a fake hold every sample after `at` tokens; a real server is slow enough."""
        if self.fake:
            self.fake.hold(at)

    def release(self) -> None:
        """Lets held samples go on."""
        if self.fake:
            self.fake.release()

    async def until_begun(self) -> None:
        """Returns once a sample is under way, in a fake that holds it."""
        if self.fake:
            await asyncio.to_thread(self.fake.wait_held)
            return
        for _ in range(_TRIES):
            if not await asyncio.to_thread(self.empty):
                return
        pytest.fail("No request came to the server.")

    def empty(self, *, within_s: float = 0) -> bool:
        """Flushes the cache and returns whether that could be done: a server does it once nothing runs or waits."""
        path = f"{self.url}/flush_cache?timeout={within_s:g}"
        return httpx.post(path, **PLAIN).status_code == 200


def _settings(more: Mapping[str, Any]) -> SglangModelSettings:
    return cast(SglangModelSettings, {**GREEDY, **more})


def script_of(name: str) -> Script:
    """Returns the script called `name`."""
    return next(script for script in SCRIPTS if script.name == name)


def system_of(script: Script) -> str | None:
    """Returns the system text of a script."""
    return next((message.content for message in script.messages if message.role == "system"), None)


def agent_of(script: Script, model: Model, **settings: Any) -> Agent[None, str]:
    """Returns an agent that is told what the script tells, and whose tools return what they return in it."""
    found = {
        (call.name, json.dumps(json.loads(call.arguments), sort_keys=True)): result.content
        for message in script.messages
        for call in message.calls
        for result in script.messages
        if result.role == "tool" and result.call_id == call.id and result.name == call.name
    }

    def play(name: str) -> Tool[None]:
        tool = next(tool for tool in script.tools if tool.name == name)

        def look_up(**arguments: Any) -> str:
            return found[name, json.dumps(arguments, sort_keys=True)]

        return Tool.from_schema(look_up, tool.name, tool.description, dict(tool.parameters))

    wanted = cast(Any, {"thinking": script.thinking, **settings})
    tools = [play(tool.name) for tool in script.tools]
    return Agent(model, instructions=system_of(script), tools=tools, model_settings=wanted)


async def play(script: Script, model: Model, **settings: Any) -> AgentRunResult[str]:
    """Returns the result of the last question of a script, each asked after the one before."""
    agent = agent_of(script, model, **settings)
    history: Sequence[ModelMessage] = []
    for message in script.messages:
        if message.role == "user":
            result = await agent.run(message.content, message_history=list(history))
            history = result.all_messages()
    return result


def responses_of(messages: Sequence[ModelMessage]) -> list[ModelResponse]:
    """Returns what the model said."""
    return [message for message in messages if isinstance(message, ModelResponse)]


def records_of(messages: Sequence[ModelMessage]) -> list[TokenRecord]:
    """Returns the token records of what the model said."""
    return [load_record((response.provider_details or {})["tokens"]) for response in responses_of(messages)]


def open_body(dialogue: Dialogue) -> dict[str, Any]:
    """Returns a dialogue as the chat route takes it."""
    tools = [{"type": "function", "function": _open_tool(tool)} for tool in dialogue.tools]
    body: dict[str, Any] = {"model": "tiny", "messages": [_open_message(message) for message in dialogue.messages]}
    if tools:
        body["tools"] = tools
    if dialogue.thinking is not None:
        body["chat_template_kwargs"] = {"enable_thinking": dialogue.thinking}
    return body


def _open_tool(tool: ShownTool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}


def _open_message(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.thinking:
        told["reasoning_content"] = message.thinking
    if message.calls:
        told["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    if message.role == "tool":
        told |= {"tool_call_id": message.call_id, "name": message.name}
    return told
