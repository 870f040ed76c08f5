"""A run in a process of its own, to be killed: `python -m tests.sdk.runtime.killed HOME RUN begin|resume`.

Every call that reaches the model or a tool is noted in a file at its begin and at its end. The process dies by SIGKILL
when the line named by the environment variable DIE_AT is written.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import anyio
from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations

from metier.answer import Adopted
from metier.evidence import record_evidence
from metier.runtime.copilot import Copilot
from metier.servers.result import tool_result
from metier.testing import Line, ScriptedModel, Seen, Step
from metier.toolkit import Call, Calls, Finish, Settings
from tests.sdk.runtime.toy import TOWNS, TOY, Memo, Town, memo_of, record_town

ROUNDS = 3
ASK = "How many people live in Arvel?"


def note(log: Path, line: str) -> None:
    """Appends `line` to the log, on the disk, and dies when it is the one to die at."""
    with log.open("a") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    if os.environ.get("DIE_AT") == line:
        os.kill(os.getpid(), signal.SIGKILL)


def make_server(settings: Settings) -> MCPServer[Any]:
    """Returns a server whose two tools note their calls."""
    server: MCPServer[Any] = MCPServer("toy", log_level="WARNING")
    log = settings.data.parent / "effects.log"

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def town(name: str, round: int) -> Annotated[CallToolResult, Town]:
        """The facts of a town."""
        note(log, f"town {round} begins")
        await anyio.lowlevel.checkpoint()
        note(log, f"town {round} ends")
        return tool_result(Town.model_validate(TOWNS[name]), text=name, evidence=[record_town(name)])

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def memo(name: str, round: int) -> Annotated[CallToolResult, Memo]:
        """A memo about a town."""
        note(log, f"memo {round} begins")
        await anyio.lowlevel.checkpoint()
        note(log, f"memo {round} ends")
        answer = memo_of(name)
        made = record_evidence(source="toy/memo", locator=f"{name}/{round}", value=answer.model_dump(mode="json"))
        return tool_result(answer, text=name, evidence=[made, record_town(name)])

    return server


def script(log: Path) -> list[Step]:
    """Returns a model's steps: rounds of two parallel calls, then the last memo as the answer."""

    def turn_of(seen: Seen) -> Line:
        turn = sum(message.kind == "response" for message in seen.messages)
        note(log, f"model {turn} begins")
        line: Line
        if turn < ROUNDS:
            arguments = {"name": "Arvel", "round": turn}
            line = Calls((Call("town", dict(arguments)), Call("memo", dict(arguments))), f"round {turn}")
        else:
            last = [item for item in seen.evidence if item.source == "toy/memo"][-1]
            line = Finish(Adopted(evidence=last.id))
        note(log, f"model {turn} ends")
        return line

    return [turn_of] * (ROUNDS + 1)


async def main(home: Path, run: str, action: str) -> None:
    """Begins or resumes the run and writes its answer to `answer.json`."""
    copilot = Copilot([replace(TOY, server=make_server)], model=ScriptedModel(script(home / "effects.log")), home=home)
    result = await (copilot.run(ASK, run_id=run) if action == "begin" else copilot.resume(run))
    answer = result.answer.model_dump_json() if result.answer else ""
    (home / "answer.json").write_text(answer)
    note(home / "effects.log", "the end")


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), sys.argv[2], sys.argv[3])
