"""What models in tests think, from what they are shown only: the same in a run that is resumed."""

import re
from collections.abc import Callable

from pydantic_ai.messages import ModelResponse

from tests.sdk.modes.reactive import Shown, give, record_fact, say

_ID = re.compile(r"ev-[0-9a-f]{16}")
SIZE = 600  # characters of a fact that fills a window
Mind = Callable[[Shown], ModelResponse]


def is_summary(shown: Shown) -> bool:
    """Returns whether the request asks for a summary."""
    return "You sum up the work" in shown.prompt


def known_to(shown: Shown, size: int) -> list[int]:
    """Returns the numbers whose facts the model has in its prompt, by id."""
    named = set(_ID.findall(shown.text))
    return [number for number in range(1, 20) if record_fact(number, size).id in named]


def looker(last: int, size: int = 40) -> Mind:
    """Returns a model that looks up the facts 1 to `last`, the second and third at once, and ends with all of them."""

    def think(shown: Shown) -> ModelResponse:
        known = known_to(shown, size)
        cited = " ".join(record_fact(number, size).id for number in known)
        if is_summary(shown):
            return say(f"<summary>Known: {cited}.</summary>")
        report = f"<report>Known: {cited}.</report>"
        if len(known) >= last:
            return give(*(record_fact(number, size) for number in known), text=report)
        wanted = [2, 3] if len(known) == 1 else [len(known) + 1]
        return say(report, *(("look_up", {"number": number}) for number in wanted), tokens=(0, 0))

    return think


def endless(tokens: tuple[int, int] = (10, 5), name: str = "reactive") -> Mind:
    """Returns a model that looks up one fact after the other, and ends with the newest that it sees when it is told."""

    def think(shown: Shown) -> ModelResponse:
        if is_summary(shown):
            return say("<summary>Nothing yet.</summary>", tokens=tokens)
        newest = shown.evidence[-1:]
        if "End the run now" in shown.text:
            return give(*newest)
        number = int(newest[0].locator) + 1 if newest else 1
        said = say("", ("look_up", {"number": number}), tokens=tokens)
        said.model_name = name
        return said

    return think
