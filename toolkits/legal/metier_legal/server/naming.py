"""What a tool's caller names: an id, or a citation as it stands in texts."""

from metier.errors import InputError, MissingError
from metier_legal.citations.citation import CaseCitation, LawCitation
from metier_legal.citations.finding import find_citations
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.resolution import resolve
from metier_legal.law.case import Case
from metier_legal.law.work import Work


def split_id(provision: str) -> tuple[str, str]:
    """Returns the work's id and the number of a provision's id ("us/usc/17#101")."""
    work, _, number = provision.partition("#")
    return work, number


def names_of(corpus: Corpus) -> frozenset[str]:
    """Returns the names by which the works of the corpus are cited."""
    return frozenset(
        name for work in corpus.works() for name in (work.title, work.short, *work.aliases) if name.strip()
    )


def find_provision(corpus: Corpus, named: str) -> tuple[Work, str]:
    """Returns the work and number that an id or a citation names.

    Raises InputError for text that is neither or that means several provisions, MissingError for what is not there.
    """
    work_id, number = split_id(named.strip())
    if number and (work := corpus.work(work_id)) is not None:
        if corpus.versions(work.id, number):
            return work, number
        raise MissingError(
            f"{work.title} has no provision {number[:40]!r} in this corpus.",
            hint=_tell_absence(corpus, work),
        )
    cited = [one for one in find_citations(named, names=names_of(corpus)) if isinstance(one, LawCitation) and one.pins]
    if not cited:
        raise InputError(
            f"{named[:80]!r} is neither the id nor the citation of a provision.",
            hint="Use an id that search_statutes gave, or a full citation with the name of the law.",
        )
    found = resolve(cited[0], corpus)
    targets = [target for target in found.targets if target.kind == "provision"]
    if found.state == "AMBIGUOUS" or len({(target.id, target.number) for target in targets}) > 1:
        choices = ", ".join(f"{target.id}#{target.number}" for target in targets[:8])
        raise InputError(f"{named[:80]!r} can mean several provisions.", hint=f"Name one by its id: {choices}.")
    if not targets:
        raise MissingError(f"{named[:80]!r}: {found.state}. {found.reason}", hint="Look for it with search_statutes.")
    work = corpus.work(targets[0].id)
    if work is None:
        raise MissingError(f"{named[:80]!r} is not in this corpus.", hint="Look for it with search_statutes.")
    return work, targets[0].number


def _tell_absence(corpus: Corpus, work: Work) -> str:
    if not work.complete:
        return "The corpus has only part of this work."
    observed, begun = corpus.newest(work.id)
    day = observed or begun
    return f"It does not exist, as of {day}." if day else "It does not exist in the version that the corpus has."


def find_case(corpus: Corpus, named: str) -> Case:
    """Returns the case that an id or a citation names; raises InputError or MissingError as find_provision does."""
    case = corpus.case(named.strip())
    if case is not None:
        return case
    cited = [one for one in find_citations(named, names=()) if isinstance(one, CaseCitation)]
    if not cited:
        raise InputError(
            f"{named[:80]!r} is neither the id nor the citation of a case.",
            hint="Use an id that search_cases gave, or a full citation.",
        )
    found = corpus.find_cases(cited[0])
    if len(found) > 1:
        choices = ", ".join(one.id for one in found[:8])
        raise InputError(f"{named[:80]!r} can mean several cases.", hint=f"Name one by its id: {choices}.")
    if not found:
        raise MissingError(f"No case {named[:80]!r} is in this corpus.", hint="Look for it with search_cases.")
    return found[0]
