"""The toolkit in every mode, with a model that decides from what it is shown: the report holds and is replayed."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse

from metier.evidence import Evidence
from metier.modes.registry import MODES
from metier.runtime.copilot import Copilot
from metier.runtime.runs import replay_run
from metier.testing import refuse_network
from metier_research import toolkit
from metier_research.pages.evidence import PASSAGE, kind_of
from metier_research.report import Report
from tests.sdk.modes.minds import is_summary
from tests.sdk.modes.reactive import Reactive, Shown, say

pytestmark = pytest.mark.anyio
ASK = "How many people live in Rodeskum?"
QUOTE = "At the last count, 1,681 inhabitants lived in Rodeskum."
PAGE = "wiki://world-1/Rodeskum"
MODE_OPTIONS = {"heavy": "heavy?researchers=2", "resum": "resum?window=9000"}


class Researcher:
    """Searches, visits the town's page, and ends with the sentence that stands there, whatever the mode asks for."""

    def __init__(self) -> None:
        self._passage: Evidence | None = None  # ids are the same in each run: what one researcher saw, all may have

    def __call__(self, shown: Shown) -> ModelResponse:
        if is_summary(shown):
            return say(f"<summary>{QUOTE}</summary>")
        seen = [item for item in shown.evidence if kind_of(item) == PASSAGE and QUOTE in item.text]
        self._passage = seen[0] if seen else self._passage
        known = self._passage if self._passage is not None and self._passage.id in shown.text else None
        if known is not None:
            return self._conclude(shown, known.id)
        if "wiki://" not in shown.text:
            return say("", ("search", {"query": ["inhabitants of Rodeskum", "Rodeskum"]}))
        return say("<report>Its page is found.</report>", ("visit", {"url": [PAGE], "goal": ASK}))

    def _conclude(self, shown: Shown, name: str) -> ModelResponse:
        statement = {"text": "Rodeskum has 1,681 inhabitants.", "citations": [{"evidence": name, "quote": QUOTE}]}
        section = {"heading": "Inhabitants", "statements": [statement]}
        if "write_section" in shown.endings:
            return say("", ("write_section", section))
        if "write_outline" in shown.endings:
            return self._plan(shown, name)
        report: dict[str, Any] = {"question": ASK, "title": "Rodeskum", "answer": statement, "exact": "1,681"}
        (ending,) = (one for one in shown.endings if one.startswith("give"))
        return say(f"<report>{QUOTE} [{name}]</report>", (ending, report))

    def _plan(self, shown: Shown, name: str) -> ModelResponse:
        if len(re.findall(r"Every leaf has evidence", shown.text)) < 2:
            leaf = {"heading": "Inhabitants", "evidence": [name]}
            return say("", ("write_outline", {"title": "Rodeskum", "parts": [leaf]}))
        return say("", ("finish_planning", {}))


@pytest.mark.parametrize("mode", sorted(MODES))
async def test_row_28_a_report_that_holds_is_the_end_in_every_mode_and_a_replay_is_the_same(
    sample: Path, mode: str
) -> None:
    with refuse_network():
        copilot = Copilot([toolkit], model=Reactive(Researcher()), mode=MODE_OPTIONS.get(mode, mode), home=sample)
        result = await copilot.run(ASK, run_id=mode)
    assert isinstance(result.answer, Report), (result.refusal, result.trace.error)
    assert (result.verdict.violated, result.trace.removed) == ((), ())
    (statement,) = (one for _, one in result.answer.statements())
    assert result.evidence[statement.citations[0].evidence].locator.startswith(PAGE)
    again = await replay_run(mode, sample, toolkits=[toolkit])
    assert again.to_json() == result.trace.to_json()
