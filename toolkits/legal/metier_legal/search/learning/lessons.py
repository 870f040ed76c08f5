"""Reading lessons into the store of questions: citations become provisions of the corpus, or are told of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from metier.toolkit import Settings
from metier_legal.citations.finding import find_citations
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.resolution import resolve
from metier_legal.search.learning.questions import Line, Questions, read_lessons

_AT_ONCE: Final = 500
MOST_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a file: lessons read, pairs of question and provision that are new (or gone), and what is wrong.

    `wrong` counts lines and provisions that were left out; `problems` tells the first MOST_PROBLEMS of them.
    """

    lessons: int
    changed: int
    wrong: int
    problems: tuple[str, ...]


def learn(
    settings: Settings,
    corpus: Corpus,
    path: Path,
    *,
    forget: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> Learned:
    """Returns what was learned from (with `forget`: forgotten of) a JSON Lines file of lessons.

    Kept every 500 lines, and a lesson known already is not kept again: interrupted, run it again. Raises InputError
    for a file that cannot be read.
    """
    store, total = Questions(settings), max(1, path.stat().st_size if path.is_file() else 1)
    change = store.remove if forget else store.add
    lessons = changed = wrong = 0
    problems: list[str] = []
    pairs: list[tuple[str, str]] = []
    for line in read_lessons(path):
        found, faults = _pairs_of(line, corpus)
        lessons += line.lesson is not None
        wrong += len(faults)
        problems += faults[: MOST_PROBLEMS - len(problems)]
        pairs += found
        if len(pairs) >= _AT_ONCE:
            changed, pairs = changed + change(pairs), []
            if progress:
                progress(f"{lessons} questions", line.end / total)
    return Learned(lessons, changed + change(pairs), wrong, tuple(problems))


def _pairs_of(line: Line, corpus: Corpus) -> tuple[list[tuple[str, str]], list[str]]:
    if line.lesson is None:
        return [], [f"Line {line.number}: {line.problem}."]
    pairs: list[tuple[str, str]] = []
    faults: list[str] = []
    for named in line.lesson.provisions:
        groups, problem = find_groups(named, corpus)
        pairs += [(line.lesson.question, group) for group in groups]
        faults += [f"Line {line.number}: {problem}"] if problem else []
    return pairs, faults


def find_groups(named: str, corpus: Corpus) -> tuple[tuple[str, ...], str]:
    """Returns the provisions that an id ("work#number") or a citation names, or why there are none."""
    work, mark, number = named.partition("#")
    if mark and corpus.versions(work, number):
        return (named,), ""
    reasons = []
    for citation in find_citations(named):
        resolution = resolve(citation, corpus)
        groups = tuple(target.key for target in resolution.targets if target.kind == "provision")
        if resolution.state == "FOUND" and groups:
            return groups, ""
        reasons.append(resolution.reason)
    told = next(filter(None, reasons), "")
    return (), told or f"{named[:80]!r} names no provision of this corpus."
