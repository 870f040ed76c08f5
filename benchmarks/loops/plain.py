"""The loops that need no framework: httpx, the openai client. And what all loops are made of."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from openai import AsyncOpenAI
from tokenizers import Tokenizer

SIZE = 1000  # letters of a tool's result
TOOL = "look"
ASKED = "Look around, step by step."
TOLD = "Look at each place in turn, then say done."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"at": {"type": "integer"}},
    "required": ["at"],
    "additionalProperties": False,
}
DESCRIPTION = "Returns what is to be seen at a place."
TOOLS = [{"type": "function", "function": {"name": TOOL, "description": DESCRIPTION, "parameters": SCHEMA}}]
_WORDS = "the road goes north along a river to a mill and a bridge; beyond it the town has {} houses and a market.\n"


@dataclass(slots=True)
class Marks:
    """The processor time of this process at the start of each step."""

    at_s: list[float] = field(default_factory=list)

    def add(self) -> None:
        """Marks the start of a step."""
        self.at_s.append(time.process_time())


def see(at: int) -> str:
    """Returns the tool's result at a place: about a kilobyte."""
    text = _WORDS.format(at)
    return (text * (SIZE // len(text) + 1))[:SIZE]


def opening() -> list[dict[str, Any]]:
    """Returns the messages that a loop begins with."""
    return [{"role": "system", "content": TOLD}, {"role": "user", "content": ASKED}]


async def loop_httpx(url: str, steps: int, marks: Marks) -> None:
    """Runs the loop with httpx and json alone."""
    messages = opening()
    async with httpx.AsyncClient(timeout=60) as client:
        for at in range(steps + 1):
            body = {"model": "fake", "messages": messages, "tools": TOOLS}
            reply = (await client.post(f"{url}/v1/chat/completions", json=body)).json()
            marks.add()
            said = reply["choices"][0]["message"]
            if not said.get("tool_calls"):
                break
            messages.append({"role": "assistant", "content": None, "tool_calls": said["tool_calls"]})
            for made in said["tool_calls"]:
                json.loads(made["function"]["arguments"])
                messages.append({"role": "tool", "tool_call_id": made["id"], "content": see(at)})


async def loop_openai(url: str, steps: int, marks: Marks) -> None:
    """Runs the loop with the openai client."""
    messages: list[Any] = opening()
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="none") as client:
        for at in range(steps + 1):
            tools: Any = TOOLS
            reply = await client.chat.completions.create(model="fake", messages=messages, tools=tools)
            marks.add()
            said = reply.choices[0].message
            if not said.tool_calls:
                break
            messages.append(said.model_dump(include={"role", "content", "tool_calls"}, exclude_none=True))
            for made in said.tool_calls:
                json.loads(made.function.arguments)  # type: ignore[union-attr]
                messages.append({"role": "tool", "tool_call_id": made.id, "content": see(at)})


async def loop_tokens(url: str, folder: Path, steps: int, marks: Marks) -> None:
    """Runs the loop with httpx and json alone over SGLang's native route: a list of token ids that grows."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    ids = tokenizer.encode("".join(str(message["content"]) for message in opening())).ids
    async with httpx.AsyncClient(timeout=60) as client:
        for at in range(steps + 1):
            body = {"input_ids": ids, "sampling_params": {"max_new_tokens": 1000}, "return_logprob": True}
            reply = (await client.post(f"{url}/generate", json=body)).json()
            marks.add()
            said = tokenizer.decode(reply["output_ids"], skip_special_tokens=False)
            ids += reply["output_ids"]
            if "<tool_call>" not in said:
                break
            json.loads(said.partition("<tool_call>")[2].partition("</tool_call>")[0])
            ids += tokenizer.encode(see(at)).ids
