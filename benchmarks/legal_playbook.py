"""How far the legal playbook reaches on generated tasks with known answers: no weights, no network."""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any, Final

from benchmarks.timing import print_table
from metier import Copilot
from metier.runtime.result import Result
from metier.task import Task
from metier.toolkit import Settings
from metier_legal import toolkit
from metier_legal.memo import Memo
from metier_legal.playbook.passages import polarity
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record
from metier_legal.world.tasks import make_tasks

SEED: Final = 1
TASK_SEED: Final = 7  # not the tasks on which the playbook's thresholds were set
TASKS: Final = 220


def main() -> None:
    """Prints what the playbook reaches, per kind of task, and its CPU a task.

    rule, all: one or all of the deciding provisions are in the memo; case: a deciding case is; version: the provisions
    are in the version of the day; lead: the leading case holds what the known answer is (the memo quotes it and does
    not decide); refused: what must be refused is.
    """
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TASKS
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if toolkit.world is not None:
            toolkit.world(Settings(home / "legal"), SEED)
        begin = process_time()
        scores = [
            (task, score_run(task, Copilot([toolkit], home=home).run_sync(task)))
            for task in make_tasks(TASK_SEED, count)
        ]
        spent = process_time() - begin
    kinds = Counter(_kind(task) for task, _ in scores)
    rows = []
    for kind in (*kinds, "all"):
        chosen = [score for task, score in scores if kind in (_kind(task), "all")]
        rows.append([kind, str(len(chosen)), *(_mean(chosen, name) for name in NAMES)])
    print_table(f"The playbook on {count} tasks of the fictional country", ["kind", "tasks", *NAMES], rows)
    print(f"{spent / count:.2f} s CPU a task, the run's journal and all checks included.")


NAMES: Final = ("rule", "all", "case", "version", "lead", "refused")


def score_run(task: Task, result: Result) -> dict[str, float]:
    """Returns the measures of one run that apply to its task, each 0 or 1."""
    gold: dict[str, Any] = dict(task.gold or {})
    memo = result.answer
    if gold.get("outcome") == "refuse":
        return {"refused": float(memo is None)}
    if not isinstance(memo, Memo):
        return dict.fromkeys(NAMES[:5], 0.0)
    cited = [
        record
        for _, statement in memo.statements()
        for one in statement.authorities
        if (record := read_record(result.evidence[one.evidence])) is not None
    ]
    rules = {f"{one.work.id}#{one.number}": one for one in cited if isinstance(one, ProvisionRecord)}
    cases = {one.case for one in cited if isinstance(one, ParagraphRecord)}
    wanted, decided = set(gold.get("provisions", ())), set(gold.get("cases", ()))
    scores: dict[str, float] = {}
    if wanted:
        scores |= {"rule": float(bool(wanted & set(rules))), "all": float(wanted <= set(rules))}
    if decided:
        scores["case"] = float(bool(decided & cases))
    versions = {name: day for name, day in dict(gold.get("versions") or {}).items() if name in rules}
    if versions:
        scores["version"] = float(all(str(rules[name].version.valid_from) == day for name, day in versions.items()))
    if gold.get("outcome") in ("yes", "no") and memo.cases_for:
        scores["lead"] = float(polarity(memo.cases_for[0].authorities[0].quote) == gold["outcome"])
    return scores


def _kind(task: Task) -> str:
    gold: dict[str, Any] = dict(task.gold or {})
    return str(gold.get("kind") or "plain")


def _mean(scores: list[dict[str, float]], name: str) -> str:
    known = [score[name] for score in scores if name in score]
    return f"{sum(known) / len(known):.2f}" if known else ""


if __name__ == "__main__":
    main()
