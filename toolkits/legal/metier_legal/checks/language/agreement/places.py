"""Whether a claim gives a number of its quote to another matter: 14 days to repay, not to withdraw. Pure."""

import re
from typing import Final

from metier_legal.checks.language.amounts import Amount, find_amounts
from metier_legal.checks.language.content import find_content

_CLAUSE: Final = re.compile(r"[;；。]|\.(?=\s|\Z)")
_LEAST: Final = 2


def find_moved_amount(claim: str, quote: str) -> str:
    """Returns the number that the quote has in another clause than the one the claim speaks of, or ""."""
    clauses = [part for part in _CLAUSE.split(quote) if part.strip()]
    if len(clauses) < _LEAST:
        return ""
    for part in _CLAUSE.split(claim):
        amounts = [one for one in find_amounts(part) if one.unit]
        near = _nearest(part, clauses) if amounts else ""
        found = find_amounts(near) if near else ()
        for amount in amounts:
            rivals = [one for one in found if amount.is_rival(one)]
            if rivals and not any(amount.fits(one) for one in found) and _stands_in(amount, quote):
                return f"“{amount.written}”, but of this the quote says “{rivals[0].written}”"
    return ""


def _stands_in(amount: Amount, quote: str) -> bool:
    return any(amount.fits(one) for one in find_amounts(quote))


def _nearest(part: str, clauses: list[str]) -> str:
    """Returns the clause that shares most words with the part, "" where two share as many."""
    words = find_content(part)
    shared = sorted(((len(words & find_content(clause)), clause) for clause in clauses), reverse=True)
    return shared[0][1] if shared[0][0] >= _LEAST and shared[0][0] > shared[1][0] else ""
