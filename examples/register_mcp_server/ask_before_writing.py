"""Registers a server, approves its tools, and uses it by name. A tool that writes waits for a person's yes.

The run stops at the call and is saved; a second copilot, as in another process, goes on with it. The server is this
file, started with `serve`. `metier mcp add` does here what you would do in the terminal.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from metier import Answer, Citation, Claim, Copilot, Toolkit
from metier.check import CITED
from metier.runtime.approval import Approval
from metier.testing import ScriptedModel, Seen, call
from metier.toolkit import Finish

lamp = MCPServer("lamp", log_level="WARNING")


@lamp.tool(annotations=ToolAnnotations(readOnlyHint=False))
def put_out(lighthouse: str) -> str:
    """Puts the lamp of a lighthouse out."""
    return f"The lamp of {lighthouse} is out."


class Report(Answer):
    """A sentence, and the evidence it quotes."""

    text: str
    citation: Citation

    def claims(self) -> Iterable[Claim]:
        """Returns the one claim."""
        yield Claim(subject="/text", text=self.text, citations=(self.citation,))


keeping = Toolkit(
    name="keeping",
    summary="Keeps a lighthouse.",
    instructions="Quote what the tools say.",
    server=lambda settings: MCPServer("keeping", log_level="WARNING"),
    answer=Report,
    checks=(CITED,),
)


def quote(seen: Seen) -> Finish:
    """Returns the answer a model would give: it quotes the last thing it was told."""
    return Finish(Report(text="It is dark.", citation=Citation(seen.evidence[-1].id, quote="is out")))


async def say_yes(approval: Approval) -> bool:
    """Allows the call. A program of yours asks whom it likes; None would let the run stop again."""
    print(f"Allowed: {approval.server}/{approval.tool} {dict(approval.arguments)}")
    return True


async def put_the_lamp_out(home: Path) -> None:
    """Prints where the run stopped, and what it came to after the yes. A script stands in for the model."""
    asking = Copilot(
        [keeping],
        model=ScriptedModel([call("put_out", lighthouse="Skerryvore")]),
        servers=["lamp"],
        home=home,
        folder=home,
    )
    stopped = await asking.run("Put the lamp of Skerryvore out.")
    print(f"Stopped at: {', '.join(one.tool for one in stopped.waiting)}")
    allowing = Copilot(
        [keeping], model=ScriptedModel([quote]), servers=["lamp"], home=home, folder=home, approve=say_yes
    )
    result = await allowing.resume(stopped.run)
    if not isinstance(result.answer, Report):
        raise SystemExit(f"No answer: {result.trace.reason or result.trace.error}")
    source = result.evidence[result.answer.citation.evidence]
    print(f"{result.answer.text} ({source.source} {source.locator})")


def main() -> None:
    """Registers the server in a folder that goes with the example, and runs."""
    with TemporaryDirectory() as folder:
        add = [sys.executable, "-m", "metier", "mcp", "add", "lamp", "--yes", "--", sys.executable, __file__, "serve"]
        subprocess.run(add, check=True, env={**os.environ, "METIER_HOME": folder}, stdout=subprocess.DEVNULL)
        asyncio.run(put_the_lamp_out(Path(folder)))


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        lamp.run("stdio")
    else:
        main()
