"""A toolkit in one file: a tool with evidence, an answer type, a check, and a playbook that needs no weights.

`metier new toolkit NAME` writes the same as a package of its own, with an entry point and tests.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.types import CallToolResult

from metier import Answer, Check, Citation, Claim, Copilot, Finding, Settings, Task, Toolkit, Value, record_evidence
from metier.check import CITED, EvidenceById
from metier.errors import MissingError
from metier.evidence import resolve_citation
from metier.servers.result import tell_errors, tool_result
from metier.toolkit import Call, Calls, Finish, Move, Observation
from metier.verdict import Outcome

HIGH_WATER = {"north quay": "06:40", "south quay": "07:05"}


class Tide(Value):
    """High water at a quay, "HH:MM"."""

    quay: str
    high_water: str


class TideAnswer(Answer):
    """What was asked, and the evidence for it."""

    quay: str
    high_water: str
    citation: Citation

    def claims(self) -> Iterable[Claim]:
        """Returns the one claim."""
        yield Claim(subject="/high_water", text=f"{self.quay}: {self.high_water}", citations=(self.citation,))


def make_server(settings: Settings) -> MCPServer[Any]:
    """Returns the server with the one tool."""
    server: MCPServer[Any] = MCPServer("tides")

    @server.tool()
    @tell_errors
    def read_tide(quay: str) -> Annotated[CallToolResult, Tide]:
        """Tells when the water is high at a quay."""
        if quay not in HIGH_WATER:
            raise MissingError(f"No tide table for {quay!r}.", hint=f"Known: {', '.join(HIGH_WATER)}.")
        tide = Tide(quay=quay, high_water=HIGH_WATER[quay])
        fact = record_evidence(source="tide table", locator=quay, value=tide.model_dump(mode="json"))
        return tool_result(tide, f"High water at {quay}: {tide.high_water}.", evidence=[fact])

    return server


def judge_time(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    """Yields whether the time is the table's."""
    if not isinstance(answer, TideAnswer):
        return
    found = resolve_citation(answer.citation, evidence)
    outcome = Outcome.HOLDS if found == answer.high_water else Outcome.VIOLATED
    yield Finding("tide", "/high_water", outcome, answer.high_water, str(found), f"Say {found}.")


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    """Returns the next move: read the table, then tell."""
    if not observations:
        return Calls((Call("read_tide", {"quay": task.text}),))
    fact = observations[-1].evidence[0]
    tide = Tide.model_validate(observations[-1].value)
    citation = Citation(fact.id, pointer="/high_water")
    return Finish(TideAnswer(quay=tide.quay, high_water=tide.high_water, citation=citation))


tides = Toolkit(
    name="tides",
    summary="Tells the tides.",
    instructions="Read the tide table; never guess.",
    server=make_server,
    answer=TideAnswer,
    checks=(CITED, Check("tide", "The time is the table's.", judge_time)),
    playbook=play,
)


def main() -> None:
    """Prints one answer and its verdict."""
    with TemporaryDirectory() as folder:
        result = Copilot([tides], home=Path(folder)).run_sync("north quay")
    print(result.answer, result.verdict.score)


if __name__ == "__main__":
    main()
