"""How far the research playbook reaches on generated questions with known answers: no weights, no network."""

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any, Final

from benchmarks.timing import print_table
from metier import Copilot
from metier.runtime.result import Result
from metier.task import Task
from metier.toolkit import Settings
from metier_research import toolkit
from metier_research.report import Report
from metier_research.world.grading import grade
from metier_research.world.pages import open_truth
from metier_research.world.sample import SAMPLE_PAGES, install_sample
from metier_research.world.tasks import tasks_of

SEEDS: Final = (21, 22, 23)  # countries that were never looked at while the playbook was made
TASK_SEED: Final = 77
TASKS: Final = 100
COLUMNS: Final = ("right", "refused", "wrong")


def main() -> None:
    """Prints what the playbook reaches, per kind of question and hops, and its calls and CPU a question.

    Arguments: questions per country, pages per country. right: the known answer, both values where sources conflict,
    a refusal where no page states it; refused: no answer where there is one; wrong: any other answer. The seeds are
    held out, the wordings are not: questions, pages and the playbook's phrases are in English by the same authors.
    """
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TASKS
    pages = int(sys.argv[2]) if len(sys.argv) > 2 else SAMPLE_PAGES
    scores: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    calls, begin = 0, process_time()
    for seed in SEEDS:
        for task, result in run_tasks(seed, count, pages):
            gold: dict[str, Any] = dict(task.gold or {})
            scores[gold["kind"], gold["hops"]][mark(gold, result)] += 1
            calls += result.trace.usage.tool_calls
    spent, asked = process_time() - begin, sum(sum(score.values()) for score in scores.values())
    rows = [[f"{kind}, {hops} hops", *_shares(scores[kind, hops])] for kind, hops in sorted(scores)]
    rows.append(["all", *_shares(sum(scores.values(), Counter()))])
    print_table(
        f"The playbook on {asked} questions over {len(SEEDS)} countries of {pages:,} pages",
        ["kind", "asked", *COLUMNS],
        rows,
    )
    print(
        f"{calls / asked:.1f} calls and {spent / asked:.2f} s CPU a question: tools, journal, checks, world included."
    )


def run_tasks(seed: int, count: int, pages: int) -> Iterator[tuple[Task, Result]]:
    """Yields the tasks of a country with what the playbook made of them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        install_sample(Settings(home / toolkit.name), seed=seed, pages=pages)
        copilot = Copilot([toolkit], home=home)
        for task in tasks_of(open_truth(seed, pages), TASK_SEED, count):
            yield task, copilot.run_sync(task)


def mark(gold: dict[str, Any], result: Result) -> str:
    """Returns "right", "refused" or "wrong"."""
    exact = result.answer.exact if isinstance(result.answer, Report) else ""
    if grade(exact, gold):
        return "right"
    return "wrong" if isinstance(result.answer, Report) else "refused"


def _shares(score: Counter[str]) -> list[str]:
    total = sum(score.values())
    return [str(total), *(f"{score[name] / total:.1%}" for name in COLUMNS)]


if __name__ == "__main__":
    main()
