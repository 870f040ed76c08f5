"""A run whose stdio server kills it: `python -m tests.sdk.runtime.counted HOME begin|resume`."""

import os
import sys
from pathlib import Path

import anyio
from mcp import StdioServerParameters

from metier.answer import Refusal
from metier.runtime.copilot import Copilot
from metier.testing import ScriptedModel, Seen, call
from metier.toolkit import Calls, Finish
from tests.sdk.runtime.toy import TOY

SERVER = Path(__file__).parent / "lethal_server.py"


async def main(home: Path, action: str) -> None:
    """Begins or resumes a run of four calls, one after the other."""
    target = StdioServerParameters(
        command=sys.executable,
        args=[str(SERVER), str(home / "server.log")],
        env={"DIE_AT": os.environ.get("DIE_AT", ""), "RUN": str(os.getpid())},
    )

    def go_on(seen: Seen) -> Calls | Finish:
        turn = sum(message.kind == "response" for message in seen.messages)
        with (home / "model.log").open("a") as log:
            log.write(f"{turn}\n")
        if turn == 4:
            return Finish(Refusal(reasons=(f"counted {turn}",)))
        return call(os.environ.get("TOOL", "count"), number=turn)

    copilot = Copilot([TOY], model=ScriptedModel([go_on] * 5), servers=[("lethal", target)], home=home)
    result = await (copilot.run("Count.", run_id="r") if action == "begin" else copilot.resume("r"))
    (home / "outcome").write_text(result.refusal.reasons[0] if result.refusal else result.trace.error)


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), sys.argv[2])
