"""Adds somebody else's MCP server to a run: its results become evidence like any other's.

The server here is a few lines in this process; a command (`StdioServerParameters`) or a URL serves as well.
"""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from mcp.server import MCPServer

from metier import Answer, Citation, Claim, Copilot, Toolkit
from metier.check import CITED
from metier.testing import ScriptedModel, Seen, call
from metier.toolkit import Finish

clock = MCPServer("clock", log_level="WARNING")


@clock.tool()
def read_clock(town: str) -> str:
    """Tells the time on the town hall's clock."""
    return f"The clock of {town} shows a quarter past nine."


class Report(Answer):
    """A sentence, and the evidence it quotes."""

    text: str
    citation: Citation

    def claims(self) -> Iterable[Claim]:
        """Returns the one claim."""
        yield Claim(subject="/text", text=self.text, citations=(self.citation,))


telling = Toolkit(
    name="telling",
    summary="Tells what was read.",
    instructions="Quote what the tools say.",
    server=lambda settings: MCPServer("telling", log_level="WARNING"),
    answer=Report,
    checks=(CITED,),
)


def quote(seen: Seen) -> Finish:
    """Returns the answer a model would give: it quotes the last thing it was told."""
    citation = Citation(seen.evidence[-1].id, quote="a quarter past nine")
    return Finish(Report(text="It is a quarter past nine.", citation=citation))


def main() -> None:
    """Prints the answer and where it comes from. A script stands in for the model: give `model=` a real one."""
    model = ScriptedModel([call("read_clock", town="Ordino"), quote])
    with TemporaryDirectory() as folder:
        copilot = Copilot([telling], model=model, servers=[("clock", clock)], home=Path(folder))
        result = copilot.run_sync("What time is it in Ordino?")
    if not isinstance(result.answer, Report):
        raise SystemExit(f"No answer: {result.trace.reason or result.trace.error}")
    source = result.evidence[result.answer.citation.evidence]
    print(f"{result.answer.text} ({source.source} {source.locator})")


if __name__ == "__main__":
    main()
