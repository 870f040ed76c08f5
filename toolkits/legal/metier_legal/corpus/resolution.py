"""What a citation means in a corpus: which law and provision, which case; several when it could be several. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation, Pin
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.history import choose, order_numbers
from metier_legal.corpus.keys import docket_key, fold, party_key
from metier_legal.corpus.naming import other_names, work_ids
from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import Style, Work

State: TypeAlias = Literal["FOUND", "AMBIGUOUS", "NO_SUCH_SOURCE", "NO_SUCH_PIN", "NOT_IN_CORPUS"]
"""NOT_IN_CORPUS says nothing about whether a thing exists; the two NO_SUCH say that it does not."""

MOST_IN_RANGE: Final = 200
_HOME: Final = {
    Style.US_CODE: "us",
    Style.CFR: "us",
    Style.DC_CODE: "us/dc",
    Style.GERMAN: "de",
    Style.CHINESE: "cn",
    Style.EU: "eu",
    Style.UK: "uk",
    Style.FRENCH: "fr",
}
_COURTS_OF: Final = {"us": "us", "german": "de", "chinese": "cn", "eu": "eu", "uk": "uk"}


@dataclass(frozen=True, slots=True)
class Target:
    """A thing in the corpus; `number` and `path` are of a provision."""

    kind: Literal["provision", "case", "work"]
    id: str
    number: str = ""
    path: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Returns the id by which `Corpus.cited_by` knows it: "work#number", or the id of the case or work."""
        return f"{self.id}#{self.number}" if self.kind == "provision" else self.id


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a citation means. `reason` is a sentence for whoever wrote it, "" when there is nothing to add."""

    state: State
    targets: tuple[Target, ...] = ()
    reason: str = ""


def resolve(citation: Citation, corpus: Corpus, *, on: date | None = None, jurisdiction: str = "") -> Resolution:
    """Returns what the citation means; nothing is guessed, and every law or case that it can mean is kept.

    A name that means laws of several jurisdictions means that of `jurisdiction`, where it has one. `on` is the day
    whose version must have the part that is pinned; whether the provision is law on that day is not judged here.
    """
    if isinstance(citation, LawCitation):
        return _resolve_law(citation, corpus, on, jurisdiction)
    return _resolve_case(citation, corpus, jurisdiction)


def find_laws(citation: LawCitation, corpus: Corpus, jurisdiction: str = "") -> tuple[Work, ...]:
    """Returns every work that the citation's law can mean: by its name, then by the id it spells, then by near names.

    A law whose name is told apart by its year only (宪法修正案（2018年）) is found by its name and the version cited.
    Of several, those in `jurisdiction` are kept, and those that are cited in the style of the citation.
    """
    works = corpus.find_works(citation.law)
    if not works and citation.version:
        works = corpus.find_works(f"{citation.law} {citation.version}")
    if not works:
        spelled = (corpus.work(work_id) for work_id in work_ids(citation.law))
        works = tuple(work for work in spelled if work is not None)
    for name in other_names(citation.law):
        works = works or corpus.find_works(name)
    works = _keep(works, lambda work: work.jurisdiction == jurisdiction)
    return _keep(works, lambda work: work.style is citation.style)


def _keep(works: tuple[Work, ...], wanted: Callable[[Work], bool]) -> tuple[Work, ...]:
    return tuple(work for work in works if wanted(work)) or works


def _resolve_law(citation: LawCitation, corpus: Corpus, on: date | None, jurisdiction: str) -> Resolution:
    if not citation.law:
        return Resolution("AMBIGUOUS", (), f"{citation.text!r} does not say which law it means.")
    works = find_laws(citation, corpus, jurisdiction)
    if not works:
        return _no_law(citation, corpus, jurisdiction)
    if len(works) > 1:
        return _several_laws(citation, works, corpus, on)
    return _pin_all(citation.pins, works[0], corpus, on)


def _no_law(citation: LawCitation, corpus: Corpus, jurisdiction: str) -> Resolution:
    home = _HOME.get(citation.style, "")
    if jurisdiction and (not home or any(work.style is citation.style for work in corpus.works(jurisdiction))):
        home = jurisdiction
    if home and corpus.covers(home) == "complete":
        return Resolution("NO_SUCH_SOURCE", (), f"There is no law {citation.law!r}: all law of {home} is here.")
    return Resolution("NOT_IN_CORPUS", (), f"The corpus has no law {citation.law!r}.")


def _several_laws(citation: LawCitation, works: Sequence[Work], corpus: Corpus, on: date | None) -> Resolution:
    read = [_pin_all(citation.pins, work, corpus, on) for work in works]
    pinned = [target for resolution in read if resolution.state == "FOUND" for target in resolution.targets]
    targets = tuple(pinned) or tuple(Target("work", work.id) for work in works)
    names = ", ".join(work.id for work in works)
    return Resolution("AMBIGUOUS", targets, f"{citation.law!r} can be {names}.")


def _pin_all(pins: Sequence[Pin], work: Work, corpus: Corpus, on: date | None) -> Resolution:
    if not pins:
        return Resolution("FOUND", (Target("work", work.id),), _replaced(work))
    read = [_pin(pin, work, corpus, on) for pin in pins]
    targets = tuple(dict.fromkeys(target for resolution in read for target in resolution.targets))
    reasons = [resolution.reason for resolution in read if resolution.reason]
    failures: tuple[State, ...] = ("NO_SUCH_PIN", "NOT_IN_CORPUS")
    for state in failures:
        if any(resolution.state is state for resolution in read):
            return Resolution(state, targets, " ".join(reasons))
    return Resolution("FOUND", targets, " ".join([*reasons, *filter(None, [_replaced(work)])]))


def _replaced(work: Work) -> str:
    return f"{work.title} was replaced by {work.replaced_by}." if work.replaced_by else ""


def _pin(pin: Pin, work: Work, corpus: Corpus, on: date | None) -> Resolution:
    if pin.note:
        return Resolution("NOT_IN_CORPUS", (), f"The notes under {work.title} {pin.number} are not in the corpus.")
    if pin.last:
        return _pin_range(pin, work, corpus)
    number = _number_in(work, pin.number, corpus)
    versions = corpus.versions(work.id, number)
    if not versions:
        return _no_number(work, pin.number, corpus)
    target = Target("provision", work.id, number, pin.path)
    chosen = choose(versions, on)
    if chosen is not None and has_part(chosen, pin.path) is not False:
        return Resolution("FOUND", (target,))
    others = [version for version in versions if has_part(version, pin.path) is not False]
    if not others:
        whole = (Target("provision", work.id, number),)
        reason = f"{work.title} {number} has no part {'/'.join(pin.path)}{_as_of(corpus.newest(work.id))}."
        return Resolution("NO_SUCH_PIN", whole, reason)
    return Resolution("FOUND", (target,), _elsewhere(work, number, pin, others))


def _elsewhere(work: Work, number: str, pin: Pin, versions: Sequence[Provision]) -> str:
    what = f"{number} part {'/'.join(pin.path)}" if pin.path else number
    return f"{work.title} {what} is only in other versions: {', '.join(map(_interval, versions))}."


def _interval(version: Provision) -> str:
    begin = str(version.valid_from or version.observed or "an unknown day")
    return f"from {begin} until {version.valid_to}" if version.valid_to else f"from {begin}"


def _pin_range(pin: Pin, work: Work, corpus: Corpus) -> Resolution:
    first, last = (_number_in(work, number, corpus) for number in (pin.number, pin.last))
    numbers = corpus.numbers(work.id)
    places = [numbers.index(number) for number in (first, last) if number in numbers]
    if len(places) == 2 and places[0] <= places[1]:
        inside = numbers[places[0] : places[1] + 1][:MOST_IN_RANGE]
        return Resolution("FOUND", tuple(Target("provision", work.id, number) for number in inside))
    missing = [number for number in (first, last) if number not in numbers]
    inside = _between(first, last, numbers)
    gone = _no_number(work, missing[0] if missing else f"{first} to {last}", corpus)
    return Resolution(gone.state, tuple(Target("provision", work.id, number) for number in inside), gone.reason)


def _between(first: str, last: str, numbers: Sequence[str]) -> tuple[str, ...]:
    ordered = order_numbers({*numbers, first, last}, ())
    inside = ordered[ordered.index(first) : ordered.index(last) + 1]
    return tuple(number for number in inside if number in set(numbers))[:MOST_IN_RANGE]


def _number_in(work: Work, number: str, corpus: Corpus) -> str:
    """Returns the number as the work has it where only case, width or the kind of dash differs and one fits."""
    if corpus.versions(work.id, number):
        return number
    near = [known for known in corpus.numbers(work.id) if fold(known) == fold(number)]
    return near[0] if len(near) == 1 else number


def _no_number(work: Work, number: str, corpus: Corpus) -> Resolution:
    if work.complete:
        reason = f"{work.title} has no {number}{_as_of(corpus.newest(work.id))}."
        return Resolution("NO_SUCH_PIN", (Target("work", work.id),), reason)
    reason = f"The corpus has no {number} of {work.title}, and not all of that law."
    return Resolution("NOT_IN_CORPUS", (Target("work", work.id),), reason)


def _as_of(newest: tuple[date | None, date | None]) -> str:
    """Returns of which day it is said that something is not there: a later amendment may have brought it."""
    observed, begun = newest
    if observed is not None and (begun is None or begun <= observed):
        return f", as published on {observed}"
    return f", in versions up to that of {begun}" if begun is not None else ", in a text of unknown date"


def has_part(provision: Provision, path: tuple[str, ...]) -> bool | None:
    """Returns whether a version has the part of that path; None when its parts are not told apart."""
    if not path or any(unit.path == path for unit in provision.units):
        return True
    if provision.units:
        return False
    return None if f"({path[0]})" in provision.text else False


def _resolve_case(citation: CaseCitation, corpus: Corpus, jurisdiction: str) -> Resolution:
    cases = _narrow(corpus.find_cases(citation), citation, jurisdiction)
    if not cases:
        return _no_case(citation, corpus, jurisdiction)
    targets = tuple(Target("case", case.id) for case in cases)
    if len(cases) > 1:
        return Resolution("AMBIGUOUS", targets, f"{citation.text!r} can be {', '.join(c.id for c in cases)}.")
    if _lacks_pin(cases[0], citation):
        return Resolution("NO_SUCH_PIN", targets, f"{cases[0].name} has no page or paragraph {citation.pin}.")
    return Resolution("FOUND", targets)


def _narrow(cases: tuple[Case, ...], citation: CaseCitation, jurisdiction: str) -> tuple[Case, ...]:
    """Returns, of several cases with the same number or name, those with which the rest of the citation agrees."""
    year = citation.decided.year if citation.decided else citation.year
    agreements: tuple[Callable[[Case], bool], ...] = (
        lambda case: case.jurisdiction == jurisdiction,
        lambda case: bool(citation.name) and party_key(case.name) == party_key(citation.name),
        lambda case: bool(citation.court) and fold(case.court) == fold(citation.court),
        lambda case: year is not None and case.decided is not None and case.decided.year == year,
    )
    for agrees in agreements:
        if len(cases) > 1:
            cases = tuple(case for case in cases if agrees(case)) or cases
    return cases


def _no_case(citation: CaseCitation, corpus: Corpus, jurisdiction: str) -> Resolution:
    home = jurisdiction or _COURTS_OF.get(citation.system, "")
    named = citation.court or docket_key(citation.docket)
    if home and _covers_courts(corpus, home, citation.court):
        reason = f"There is no decision {citation.text!r}: every decision of that court in {home} is here."
        return Resolution("NO_SUCH_SOURCE", (), reason)
    where = f" of {named}" if citation.court else ""
    return Resolution("NOT_IN_CORPUS", (), f"The corpus has no decision {citation.text!r}{where}.")


def _covers_courts(corpus: Corpus, jurisdiction: str, court: str) -> bool:
    if court and corpus.covers(jurisdiction, court) == "complete":
        return True
    courts = corpus.courts(jurisdiction)
    known = [name for _, name in courts if not court or fold(name) == fold(court)]
    return bool(known) and all(corpus.covers(jurisdiction, name) == "complete" for name in known)


def _lacks_pin(case: Case, citation: CaseCitation) -> bool:
    """Returns whether a page or paragraph is certainly not in the case: outside its pages, or beyond its paragraphs.

    Pages count only where the case begins, in the reporter that is cited, on one of them: others may be of another.
    """
    first = re.match(r"(?:at |¶|\[|Rn\.? ?|para\.? ?| )*([0-9]{1,6})", citation.pin)
    if first is None or not case.paragraphs:
        return False
    pin = int(first[1])
    pages = [int(paragraph.page) for paragraph in case.paragraphs if paragraph.page.isdecimal()]
    if citation.reporter:
        same = bool(pages) and citation.page.isdecimal() and min(pages) - 1 <= int(citation.page) <= max(pages)
        return same and not int(citation.page) <= pin <= max(pages)
    return not pages and pin > max(paragraph.number for paragraph in case.paragraphs)
