"""Who found and who states each claim of a heavy run's answer, for a person and for a program."""

import json
from collections.abc import Callable

from typer.testing import Result

from metier.answer import Answer
from metier.cli.running.origins import origins_json, tell_origins
from metier.limits import Usage
from metier.modes.heavy.provenance import Origins, read_origins
from metier.task import Task
from metier.trace import Branch, Stop, Trace
from metier.verdict import Verdict
from tests.sdk.cli.environment import Environment
from tests.sdk.modes.reactive import Findings, record_fact

Metier = Callable[..., Result]
ONE, TWO = "Arvel has 100 mills.", "Arvel has 200 mills."
IDS = [record_fact(at).id for at in range(4)]


def findings(*stated: tuple[str, int]) -> Answer:
    return Findings(sentences=tuple(text for text, _ in stated), evidence=tuple(IDS[at] for _, at in stated))


def branch(number: int, answer: Answer | None, *evidence: int) -> Branch:
    kind, outcome = ("none", None) if answer is None else ("answer", answer.model_dump(mode="json"))
    return Branch(f"researcher-{number}", "answered", kind, outcome, "", tuple(IDS[at] for at in evidence), Usage())


def trace_of(answer: Answer | None, *branches: Branch) -> Trace:
    kind, outcome = ("none", None) if answer is None else ("answer", answer.model_dump(mode="json"))
    return Trace(
        "r", Task("Go."), "heavy", "m", (), (), kind, outcome, Verdict(), Usage(), Stop.ANSWERED, branches=branches
    )


def origins() -> Origins:
    trace = trace_of(
        findings((ONE, 0), (TWO, 1)),
        branch(1, findings((ONE, 0)), 0, 2),
        branch(2, findings((TWO, 1)), 1),
        branch(3, findings((ONE, 0)), 0),
        branch(4, None, 3),
    )
    found = read_origins(trace, [Findings])
    assert found is not None
    return found


def test_each_claim_tells_who_states_it_and_who_found_its_evidence_then_what_is_shared_and_disputed() -> None:
    assert list(tell_origins(origins())) == [
        "Where its claims come from:",
        f"  {ONE}: stated by 2 of 4; evidence found by researcher-1, researcher-3",
        f"  {TWO}: stated by 1 of 4; evidence found by researcher-2",
        f"Stated by 2 (researcher-1, researcher-3): {ONE}",
        f"Disputed: {ONE} (researcher-1) <-> {TWO} (researcher-2)",
    ]


def test_a_claim_that_nobody_states_or_found_says_so_and_steers_no_terminal() -> None:
    trace = trace_of(findings(("New\x1b[31m\nline.", 3)), branch(1, findings((ONE, 0)), 0))
    assert list(tell_origins(read_origins(trace, [Findings])))[1] == (
        "  New line.: stated by none of 1; evidence found by none of them"
    )


def test_a_program_gets_the_same() -> None:
    told = origins_json(origins())
    assert told == json.loads(json.dumps(told))
    assert told is not None
    assert told["claims"][0] == {  # type: ignore[index]
        "subject": "/sentences/0",
        "text": ONE,
        "evidence": [IDS[0]],
        "found_by": ["researcher-1", "researcher-3"],
        "stated_by": ["researcher-1", "researcher-3"],
    }
    assert [[side["by"] for side in sides] for sides in told["disputes"]] == [  # type: ignore[union-attr, call-overload, index]
        ["researcher-1", "researcher-2"]
    ]


def test_a_run_whose_toolkit_is_gone_or_that_had_no_researchers_tells_nothing() -> None:
    assert read_origins(trace_of(findings((ONE, 0)), branch(1, findings((ONE, 0)), 0)), []) is None
    assert read_origins(trace_of(findings((ONE, 0))), [Findings]) is None
    assert list(tell_origins(None)) == []
    assert origins_json(None) is None


def test_the_command_line_shows_it_for_a_heavy_run_and_the_run_is_shown_without_its_toolkit_too(
    metier: Metier, environment: Environment
) -> None:
    ran = metier("run", "parrot", "hello", "--mode", "heavy?researchers=2", "--json")
    outcome = json.loads(ran.stdout)
    (claim,) = outcome["origins"]["claims"]
    assert claim["stated_by"] == ["researcher-1", "researcher-2"]
    shown = metier("trace", "show", outcome["run"]).stdout
    assert "stated by 2 of 2; evidence found by researcher-1, researcher-2" in shown
    environment.set("METIER_TOOLKITS", "none")
    again = metier("trace", "show", outcome["run"])
    assert again.exit_code == 0
    assert "Where its claims come from" not in again.stdout
    assert "researcher-2: answered" in again.stdout
