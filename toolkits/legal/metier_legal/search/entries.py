"""What a corpus has, as entries for an index: a version of a provision or a paragraph of a case each.

Entries come in units, the works and the cases, which an index replaces as a whole: the `source` of an entry names its
unit. A new import can end versions of another one and resolve citations of older cases, so imports are no such units.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Protocol

from metier_legal.corpus.corpus import Corpus
from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import RANK_OF_LEVEL, Work
from metier_legal.search.backend import Entry

_WORK: Final = "work:"
_CASE: Final = "case:"
_NO_QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {}


class Listed(Corpus, Protocol):
    """A corpus whose cases can be listed and whose works can be read whole."""

    def case_ids(self, source: str = "") -> Iterable[str]:
        """Returns the ids of all cases, or of those of one source."""
        ...

    def histories(self, work_id: str) -> Iterable[tuple[Provision, ...]]:
        """Returns the versions of each provision of a work, in the work's own order."""
        ...


def entries_of(corpus: Listed, questions: Mapping[str, tuple[str, ...]] = _NO_QUESTIONS) -> Iterator[Entry]:
    """Yields every entry of the corpus. `questions` are past questions by the provision that answered them."""
    for unit in units_of(corpus):
        yield from entries_of_unit(corpus, unit, questions)


def units_of(corpus: Listed) -> Iterator[str]:
    """Yields the names of the units: works, then cases."""
    yield from (_WORK + work.id for work in corpus.works())
    yield from (_CASE + case_id for case_id in corpus.case_ids())


def unit_of_group(group: str) -> str:
    """Returns the unit of a provision ("work#number")."""
    return _WORK + group.partition("#")[0]


def entries_of_unit(corpus: Listed, unit: str, questions: Mapping[str, tuple[str, ...]] = _NO_QUESTIONS) -> list[Entry]:
    """Returns the entries of a unit, none when the corpus no longer has it."""
    if unit.startswith(_WORK):
        work = corpus.work(unit.removeprefix(_WORK))
        return [] if work is None else list(_of_work(corpus, work, questions))
    case = corpus.case(unit.removeprefix(_CASE))
    return [] if case is None else list(_of_case(case))


def _of_work(corpus: Listed, work: Work, questions: Mapping[str, tuple[str, ...]]) -> Iterator[Entry]:
    name = work.title if work.short in ("", work.title) else f"{work.title} {work.short}"
    for versions in corpus.histories(work.id):
        for version, label in zip(versions, _labels(versions), strict=True):
            group = f"{work.id}#{version.number}"
            yield Entry(
                id=f"{group}@{label}",
                group=group,
                kind="provision",
                jurisdiction=work.jurisdiction,
                language=work.language,
                title=" ".join(part for part in (name, *version.path, version.heading) if part),
                text=f"{version.text}\n{version.note}" if version.note else version.text,
                work=work.id,
                level=RANK_OF_LEVEL[work.level],
                begin=version.valid_from,
                end=version.valid_to,
                status=version.status.value,
                source=_WORK + work.id,
                questions=questions.get(group, ()),
            )


def _labels(versions: Sequence[Provision]) -> list[str]:
    """Returns a name for each version: the day it begins, and its place among those of that day."""
    seen: dict[date | None, int] = {}
    labels = []
    for version in versions:
        begin = version.valid_from or version.observed
        seen[begin] = seen.get(begin, 0) + 1
        label = "" if begin is None else begin.isoformat()
        labels.append(label if seen[begin] == 1 else f"{label}~{seen[begin]}")
    return labels


def _of_case(case: Case) -> Iterator[Entry]:
    cited = tuple(dict.fromkeys(reference.cited for reference in case.references if reference.cited))
    for place, paragraph in enumerate(case.paragraphs):
        # the first paragraph is found by the numbers of the case too
        names = (case.name, case.docket, *case.citations) if place == 0 else (case.name,)
        yield Entry(
            id=f"{case.id}#¶{paragraph.number}",
            group=case.id,
            kind="case",
            jurisdiction=case.jurisdiction,
            language=case.language,
            title=" ".join(part for part in names if part),
            text=paragraph.text,
            court=case.court,
            level=case.court_level,
            decided=case.decided,
            cited=cited,
            source=_CASE + case.id,
        )
