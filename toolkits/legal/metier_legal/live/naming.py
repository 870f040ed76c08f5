"""What a live source is asked for, and how it says that it is asked for something that it does not have."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from metier.errors import InputError, MissingError, NotCoveredError
from metier_legal.citations.citation import LawCitation
from metier_legal.citations.finding import find_citations
from metier_legal.server.naming import split_id

LONGEST: Final = 400
_NUMBER: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,22}[0-9A-Za-z])?")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the law of a source is named: the ids of its works, and the citations that mean one.

    `works` gives the ids that the law of a citation means; it may ask the source. `number` are further numbers of
    provisions that this law has ("Sch. 1 para. 2").
    """

    source: str
    ids: re.Pattern[str]
    system: str
    works: Callable[[LawCitation], tuple[str, ...]]
    number: re.Pattern[str] = _NUMBER
    known: frozenset[str] = frozenset()

    def locate(self, named: str) -> tuple[str, str]:
        """Returns the id of the work and the number that an id or a citation names.

        Raises ServerError for law that this source does not publish, so that another source is asked, and InputError
        for what names no provision or several.
        """
        text = named.strip()[:LONGEST]
        work, number = split_id(text)
        if number and self.ids.fullmatch(work):
            return work, self._check(number)
        found = list(self._cited(text))
        if not found:
            leave_to_others(self.source, f"{text[:80]!r} is not law that it publishes, or names no provision")
        if len(set(found)) > 1:
            choices = ", ".join(dict.fromkeys(f"{one}#{pin}" for one, pin in found[:8]))
            raise InputError(f"{text[:80]!r} can mean several provisions.", hint=f"Name one by its id: {choices}.")
        return found[0][0], self._check(found[0][1])

    def _cited(self, text: str) -> Iterator[tuple[str, str]]:
        cited = find_citations(text, systems=(self.system,), names=self.known)
        for one in cited:
            if isinstance(one, LawCitation) and one.pins and one.law and not one.carried:
                for work in self.works(one):
                    if self.ids.fullmatch(work):
                        yield from ((work, pin.number) for pin in one.pins)

    def _check(self, number: str) -> str:
        plain = _NUMBER.fullmatch(number) or self.number.fullmatch(number)
        if not plain or ".." in number:
            raise InputError(f"{number[:40]!r} is no number of a provision.", hint='Give one such as "6" or "1910.12".')
        return number


def leave_to_others(source: str, what: str) -> NoReturn:
    """Raises NotCoveredError: the source is the wrong one to ask; no request was made, and nothing is said of the law.

    The next provider, or the law on this machine, answers.
    """
    raise NotCoveredError(f"{source} was not asked: {what}.")


def tell_absence(source: str, what: str) -> MissingError:
    """Returns the error that a source was asked and has no such thing, which is not that the thing does not exist."""
    return MissingError(
        f"{source} was asked and has no {what}.",
        hint="That is its answer, and no proof that there is none. Check the citation, or search.",
    )
