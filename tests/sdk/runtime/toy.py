"""A toy trade for tests of the runtime: memos about towns of a small fictional land."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations

from metier.answer import Adopted, Answer, Claim, Question, Questions, Refusal, Value
from metier.canonical import JSON
from metier.check import Check, EvidenceById
from metier.errors import InputError
from metier.evidence import Citation, Evidence, record_evidence, resolve_citation
from metier.servers.result import tell_errors, tool_result
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Move, Observation, Settings, Toolkit
from metier.verdict import Finding, Outcome

TOWNS: dict[str, dict[str, JSON]] = {
    "Arvel": {"name": "Arvel", "people": 1200, "river": "Sil"},
    "Bodran": {"name": "Bodran", "people": 80, "river": None},
}


class Memo(Answer):
    """How many people live in a town, and by which river it lies."""

    town: str
    people: int
    river: str = ""
    people_from: Citation
    river_from: Citation | None = None

    def claims(self) -> Iterable[Claim]:
        yield Claim(subject="/people", text=f"{self.people} people", citations=(self.people_from,))
        if self.river:
            yield Claim(subject="/river", text=f"on the {self.river}", citations=_some(self.river_from))

    def without(self, subjects: Collection[str]) -> Self | None:
        if "/people" in subjects:
            return None
        return self.model_copy(update={"river": "", "river_from": None}) if "/river" in subjects else self


class Town(Value):
    name: str
    people: int
    river: str | None


def _some(citation: Citation | None) -> tuple[Citation, ...]:
    return () if citation is None else (citation,)


def judge_facts(task: Task, answer: Answer, evidence: EvidenceById) -> Iterable[Finding]:
    """Yields whether each fact of the memo is the cited one."""
    if not isinstance(answer, Memo):
        return
    pairs: list[tuple[str, JSON, Citation | None]] = [("/people", answer.people, answer.people_from)]
    if answer.river:
        pairs.append(("/river", answer.river, answer.river_from))
    for subject, claimed, citation in pairs:
        try:
            found = resolve_citation(citation, evidence) if citation else None
        except InputError:
            found = None
        if found is None:
            yield Finding("facts", subject, Outcome.UNKNOWN, str(claimed), "nothing")
        else:
            outcome = Outcome.HOLDS if found == claimed else Outcome.VIOLATED
            yield Finding("facts", subject, outcome, str(claimed), str(found), f"Say {found}.")


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    """Returns the next move of the toy playbook."""
    name = task.text.rstrip("?").split()[-1]
    if name == "where":
        return Finish(Questions(questions=(Question(text="Which town?", choices=tuple(TOWNS)),)))
    if not observations:
        return Calls((Call("town", {"name": name}), Call("memo", {"name": name})), "Look it up.")
    if observations[-1].is_error:
        return Finish(Refusal(reasons=(observations[-1].text,)))
    return Finish(Adopted(evidence=observations[-1].evidence[0].id))


def record_town(name: str) -> Evidence:
    """Returns the evidence of a town; raises InputError for one that is not there."""
    if name not in TOWNS:
        raise InputError(f"There is no town {name!r}.", hint="Towns: Arvel, Bodran.")
    return record_evidence(source="towns 1", locator=name, text=f"{name} is a town.", value=TOWNS[name])


def memo_of(name: str) -> Memo:
    """Returns the right memo about a town."""
    town = record_town(name)
    cite = Citation(evidence=town.id, pointer="/people")
    return Memo(town=name, people=int(str(TOWNS[name]["people"])), people_from=cite)


def make_server(settings: Settings) -> MCPServer[Any]:
    """Returns the toy server; each call is noted in `calls.log` of its data folder."""
    server: MCPServer[Any] = MCPServer("toy", log_level="WARNING")
    read_only = ToolAnnotations(read_only_hint=True)

    def note(line: str) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        with (settings.data / "calls.log").open("a") as log:
            log.write(f"{line}\n")

    @server.tool(annotations=read_only)
    @tell_errors
    def town(name: str) -> Annotated[CallToolResult, Town]:
        """The facts of a town."""
        note(f"town {name}")
        evidence = record_town(name)
        return tool_result(Town.model_validate(TOWNS[name]), text=f"{name}: see the evidence.", evidence=[evidence])

    @server.tool(annotations=read_only)
    @tell_errors
    def memo(name: str) -> Annotated[CallToolResult, Memo]:
        """A memo about a town, ready to be adopted."""
        note(f"memo {name}")
        answer = memo_of(name)
        made = record_evidence(source="toy/memo", locator=name, value=answer.model_dump(mode="json"))
        return tool_result(answer, text=f"Memo about {name}.", evidence=[made, record_town(name)])

    return server


def calls_in(home: Path, toolkit: str = "toy") -> list[str]:
    """Returns the calls that reached the toy server."""
    log = home / toolkit / "calls.log"
    return log.read_text().splitlines() if log.exists() else []


TOY = Toolkit(
    name="toy",
    summary="Memos about towns.",
    instructions="Answer questions about towns with the tools.",
    server=make_server,
    answer=Memo,
    checks=(Check("facts", "Every fact is the cited one.", judge_facts),),
    playbook=play,
    sample="How many people live in Arvel?",
)
