"""The law of the fictional country as files: plain JSONL, a line for each work, provision and case."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from metier.answer import Value
from metier.world import make_country
from metier_legal.world.cases.courts import make_courts
from metier_legal.world.cases.docket import open_docket
from metier_legal.world.language import LANGUAGES
from metier_legal.world.statutes.drafting import Law

LAW_FILE, CASES_FILE = "law.jsonl", "cases.jsonl"


def write_law(folder: Path, *, seed: int) -> None:
    """Writes the statutes and cases of the country of a seed into a folder; the same seed gives the same bytes."""
    law = Law(make_country(seed))
    _write(folder / LAW_FILE, _law_lines(law))
    _write(folder / CASES_FILE, _case_lines(law))


def _law_lines(law: Law) -> Iterator[str]:
    yield _coverage(law.jurisdiction, "")
    for work in law.works.values():
        yield _line("work", work)
    for provision in law.provisions():
        yield _line("provision", provision)


def _case_lines(law: Law) -> Iterator[str]:
    for court in make_courts(law.country):
        for language in LANGUAGES:
            yield _coverage(law.jurisdiction, court.name.of(language))
    for case in open_docket(law).cases():
        yield _line("case", case)


def _coverage(jurisdiction: str, court: str) -> str:
    return json.dumps({"type": "coverage", "jurisdiction": jurisdiction, "court": court}, ensure_ascii=False)


def _line(kind: str, value: Value) -> str:
    fields = value.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"type": kind, **fields}, ensure_ascii=False)


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for line in lines:
            out.write(line + "\n")
