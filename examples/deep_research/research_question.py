"""Researches a question on the wiki of the fictional country: no network, no key, no weights.

Run it: `python examples/deep_research/research_question.py`. The toolkit's playbook answers; with `--scripted` a script
that stands in for a language model does, and with a model's name (openai:gpt-5, sglang:http://host:port) that model.
The report's files are written to the folder `report`.
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic_ai.models import Model

from metier import Copilot, Settings
from metier.evidence import Citation, Evidence
from metier.runtime.result import Result
from metier.testing import ScriptedModel, Seen, Step, call
from metier.toolkit import Calls, Delivery, Finish
from metier_research import toolkit
from metier_research.report import Report, Section, Statement

QUESTION = "What is the population of the town where the company that built the Star of Mévörna is based?"
SEED = 1  # of the fictional country
FOLDER = Path("report")


def find(seen: Seen, sentence: str) -> tuple[Evidence, re.Match[str]]:
    """Returns the newest passage in which a sentence stands, and the sentence."""
    for item in reversed(seen.evidence):
        if found := re.search(sentence, item.text):
            return item, found
    raise SystemExit(f"Nothing that was read says {sentence!r}.")


BUILDER = r"The builder of the Star of Mévörna was (.+?)\."
BASED = r"It is based in (.+?)\."
PEOPLE = r"At the last count, ([\d,]+) inhabitants lived in (.+?)\."


def visit_first(seen: Seen) -> Calls:
    """Visits the best hit of the search."""
    return call("visit", url=[seen.evidence[0].locator], goal="Who built the ship?")


def visit_builder(seen: Seen) -> Calls:
    """Goes on to the company that the page names."""
    _, found = find(seen, BUILDER)
    return call("visit", url=[f"wiki://world-{SEED}/{found[1]}"], goal="Where is the company based?")


def visit_town(seen: Seen) -> Calls:
    """Goes on to the town where the company is."""
    _, found = find(seen, BASED)
    return call("visit", url=[f"wiki://world-{SEED}/{found[1]}"], goal="How many people live in the town?")


def state(seen: Seen, sentence: str, text: str) -> Statement:
    """Returns a statement that rests on one sentence which was read."""
    item, found = find(seen, sentence)
    return Statement(text=found.expand(text), citations=(Citation(item.id, quote=found[0]),))


def report(seen: Seen) -> Finish:
    """Ends with what was found, each sentence with the words it rests on."""
    company = find(seen, BUILDER)[1][1]
    steps = (state(seen, BUILDER, r"\g<0>"), state(seen, BASED, rf"{company} is based in \1."))
    return Finish(
        Report(
            question=QUESTION,
            title="The town of the builders of the Star of Mévörna",
            answer=state(seen, PEOPLE, r"\2 has \1 inhabitants."),
            exact=find(seen, PEOPLE)[1][1],
            sections=(Section(heading="How it was found", statements=steps),),
        )
    )


def model_of(name: str) -> str | Model:
    """Returns the model that an argument of this script names."""
    if name != "--scripted":
        return name
    steps: list[Step] = [call("search", query=["Star of Mévörna"]), visit_first, visit_builder, visit_town, report]
    return ScriptedModel(steps)


def show(result: Result) -> None:
    """Prints the report with the words it rests on, and writes its files."""
    if not isinstance(result.answer, Report):
        raise SystemExit(f"No report: {result.refusal or result.questions or result.trace.error}")
    for _, statement in result.answer.statements():
        print(statement.text)
        for citation in statement.citations:
            print(f"    “{citation.quote}” ({result.evidence[citation.evidence].locator})")
    FOLDER.mkdir(exist_ok=True)
    delivery = Delivery(result.trace.task, result.answer, result.verdict, result.evidence, result.trace)
    for renderer in toolkit.renderers:
        (FOLDER / renderer.filename).write_bytes(renderer.render(delivery, Settings(FOLDER)))
    held = len(result.verdict.findings) - len(result.verdict.violated) - len(result.verdict.unknown)
    print(f"{held} findings hold, {len(result.verdict.violated)} violated, {len(result.verdict.unknown)} unknown")


def main() -> None:
    """Installs the wiki in a folder that goes with the example, researches, and shows the report."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        if toolkit.world is not None:
            toolkit.world(Settings(home / "research"), SEED)
        model = model_of(sys.argv[1] if len(sys.argv) > 1 else "playbook")
        show(Copilot(["research"], model=model, home=home).run_sync(QUESTION))


if __name__ == "__main__":
    main()
