"""What the suite said, read from its output, and the table made of it. Pure."""

import re
from dataclasses import dataclass

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_RESULT = re.compile(
    r"^[✓✗] (?P<name>\S+): (?P<passed>\d+) passed, (?P<failed>\d+) failed(?:, (?P<warned>\d+) warnings?)?"
)
_HEADING = {"Server scenarios": "server", "Client scenarios": "client"}
_NAME = re.compile(r"^  - (?P<name>\S+)$")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario: how many checks passed and failed, and whether the revision requires it."""

    scenario: str
    passed: int
    failed: int
    good: bool
    required: bool


def read_required(listing: str, side: str) -> tuple[str, ...]:
    """Returns the scenarios that `listing` requires of `side`, "server" or "client"."""
    found: list[str] = []
    now = ""
    for line in _COLOUR.sub("", listing).splitlines():
        if line and not line.startswith(" "):
            now = next((name for heading, name in _HEADING.items() if line.startswith(heading)), "")
        elif now == side and (match := _NAME.match(line)):
            found.append(match["name"])
    return tuple(found)


def read_outcomes(output: str, required: tuple[str, ...]) -> tuple[Outcome, ...]:
    """Returns an outcome for every required scenario, failed where `output` does not name it, and the rest."""
    found: dict[str, Outcome] = {}
    for line in _COLOUR.sub("", output).splitlines():
        if match := _RESULT.match(line):
            name = match["name"]
            found[name] = Outcome(
                name, int(match["passed"]), int(match["failed"]), line.startswith("✓"), name in required
            )
    missing = {name: Outcome(name, 0, 0, good=False, required=True) for name in required if name not in found}
    return (*found.values(), *missing.values())


def as_table(title: str, outcomes: tuple[Outcome, ...]) -> str:
    """Returns a line per scenario and the totals."""
    lines = [f"## {title}"]
    for one in sorted(outcomes, key=lambda outcome: not outcome.required):
        mark = "ok" if one.good else "FAILED" if one.required else "failed"
        note = "" if one.required else "  (not scored)"
        lines.append(f"{one.scenario:<50} {one.passed:>3} passed {one.failed:>3} failed  {mark}{note}")
    return "\n".join([*lines, as_total(outcomes)])


def as_total(outcomes: tuple[Outcome, ...]) -> str:
    """Returns the totals in one line."""
    required = [one for one in outcomes if one.required]
    rest = [one for one in outcomes if not one.required]
    return (
        f"required scenarios: {sum(one.good for one in required)} of {len(required)}, "
        f"{sum(one.passed for one in required)} checks passed, {sum(one.failed for one in required)} failed; "
        f"not scored: {sum(one.good for one in rest)} of {len(rest)}"
    )


def is_good(outcomes: tuple[Outcome, ...]) -> bool:
    """Returns whether the revision is met: something was required, and all of it is good."""
    required = [one for one in outcomes if one.required]
    return bool(required) and all(one.good for one in required)
