"""Researchers told apart by their temperature, each with what it does, and what the synthesis says of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from pydantic_ai.messages import ModelResponse

from metier.canonical import JSON
from metier.evidence import Evidence
from metier.limits import Limits
from metier.modes.heavy import Heavy
from metier.runtime.copilot import Copilot
from metier.runtime.result import Result
from tests.sdk.modes.reactive import Reactive, Said, Shown, copilot, give, record_fact, say

ASK = "What is known?"
MANY = Limits(model_calls=None, tool_calls=None, wall_s=None)
Does: TypeAlias = Callable[[Shown], Said]


def is_synthesis(shown: Shown) -> bool:
    return "Several researchers worked" in str(shown.messages[0].instructions)  # type: ignore[union-attr]


def temperatures(researchers: int) -> list[float]:
    """Returns the temperatures of so many researchers, in their order."""
    room = 0.4 / max(researchers - 1, 1)
    return [round(0.6 + min(0.1, room) * at, 2) for at in range(researchers)]


def party(
    does: Mapping[int, Does], synthesis: Does, *, otherwise: Does | None = None, researchers: int = 4
) -> Reactive:
    """Returns a model that is each of the researchers, by number from 1, and the synthesis."""
    known = {temperature: at + 1 for at, temperature in enumerate(temperatures(researchers))}

    def decide(shown: Shown) -> Said:
        if is_synthesis(shown):
            return synthesis(shown)
        number = known[shown.settings["temperature"]]
        chosen = does.get(number, otherwise)
        assert chosen is not None
        return chosen(shown)

    return Reactive(decide)


def research(number: int, *sentences: str) -> Does:
    """Returns a researcher that looks a fact up and states it, or these sentences with it as their evidence."""
    fact = record_fact(number)

    def does(shown: Shown) -> ModelResponse:
        if fact not in shown.evidence:
            return say(f"<report>Looking for {number}.</report>", ("look_up", {"number": number}))
        report = f"<report>Found {number} [{fact.id}].</report>"
        return state(*((text, fact) for text in sentences), report=report) if sentences else give(fact, text=report)

    return does


def state(*stated: tuple[str, Evidence], report: str = "") -> ModelResponse:
    """Returns the response that ends with these sentences."""
    arguments: dict[str, JSON] = {"sentences": [text for text, _ in stated], "evidence": [e.id for _, e in stated]}
    return say(report, ("give_answer", arguments))


def refuse(reason: str) -> ModelResponse:
    return say("", ("refuse_task", {"reasons": [reason]}))


def crash(error: Exception) -> Does:
    def does(shown: Shown) -> ModelResponse:
        raise error

    return does


def unexpected(shown: Shown) -> ModelResponse:
    raise AssertionError("The synthesis must not be asked.")


def heavy(home: Path, model: Reactive, mode: str | Heavy = "heavy", limits: Limits = MANY) -> Copilot:
    return copilot(home, model, mode=mode, limits=limits)


async def run(home: Path, model: Reactive, mode: str | Heavy = "heavy", limits: Limits = MANY) -> Result:
    return await heavy(home, model, mode, limits).run(ASK, run_id="r")
