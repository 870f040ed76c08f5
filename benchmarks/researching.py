"""A trade for measuring research: facts about numbers, and an answer made of sentences that cite them."""

from collections.abc import Iterable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations

from metier import Answer, Citation, Claim, Evidence, Toolkit
from metier.answer import Value
from metier.check import CITED
from metier.evidence import record_evidence
from metier.servers.result import tell_errors, tool_result
from metier.toolkit import Settings


class Findings(Answer):
    """Sentences, each with the evidence it rests on."""

    sentences: tuple[str, ...]
    evidence: tuple[str, ...]

    def claims(self) -> Iterable[Claim]:
        """Returns a claim for each sentence."""
        for at, (text, name) in enumerate(zip(self.sentences, self.evidence, strict=True)):
            yield Claim(subject=f"/sentences/{at}", text=text, citations=(Citation(name),))


class Fact(Value):
    """What the tool returns."""

    text: str


def fact_text(number: int) -> str:
    """Returns the fact about a number: about a kilobyte."""
    return (
        f"Fact {number}: {number} times {number} is {number * number}; it was counted at the mill by the river. " * 12
    )


def record_fact(number: int) -> Evidence:
    """Returns the evidence of the fact."""
    return record_evidence(source="facts 1", locator=str(number), text=fact_text(number))


def make_server(settings: Settings) -> MCPServer[Any]:
    """Returns a server that knows a fact about every number."""
    server: MCPServer[Any] = MCPServer("facts", log_level="WARNING")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    @tell_errors
    def look_up(number: int) -> Annotated[CallToolResult, Fact]:
        """Returns the fact about a number."""
        found = record_fact(number)
        return tool_result(Fact(text=found.text), text=found.text, evidence=[found])

    return server


FACTS = Toolkit(
    name="facts",
    summary="Facts about numbers.",
    instructions="Answer with facts.",
    server=make_server,
    answer=Findings,
    checks=(CITED,),
)
