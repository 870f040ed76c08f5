"""Whether a claim gives one party what its quote gives another: landlord and tenant, 出租人 and 承租人. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from metier_legal.checks.language.agreement import roles_chinese
from metier_legal.checks.language.agreement.wording import write_plainly
from metier_legal.checks.language.content import stem_of

REMEMBERED: Final = 512
_GROUPS: Final = (
    "landlord lessor", "tenant lessee", "buyer purchaser", "seller vendor trader", "creditor lender mortgagee",
    "debtor borrower mortgagor", "employer", "employee worker", "plaintiff claimant complainant petitioner applicant",
    "defendant respondent appellee", "appellant", "licensor", "licensee", "infringer", "owner", "consumer", "court judge",
    "insurer", "insured policyholder", "guarantor surety", "donor", "donee", "carrier", "shipper", "agency", "register",
    "director commissioner", "mayor", "council", "secretary", "attorney", "trustee", "beneficiary", "partner",
    "husband", "wife", "parent", "child", "principal", "agent", "contractor", "heir", "testator", "patentee",
    "author", "citizen", "prosecutor", "witness", "jury", "user", "operator", "bailor", "bailee", "assignor", "assignee",
)  # fmt: skip
_ROLE: Final = {word: words.split()[0] for words in _GROUPS for word in words.split()}
_TOKEN: Final = re.compile(r"[a-z]+(?:['’][a-z]+)?|[.;:!?,]")
_BE: Final = frozenset("is are was were be been being".split())
_BETWEEN: Final = frozenset(
    "may shall must can cannot will would should need not never no always only also then has have had to does do did a the"
    " an nevertheless therefore thus himself herself itself".split()
)
_NO_SUBJECT: Final = frozenset("of to from against with for by on upon than between without".split())
_REACH: Final = 7


def find_turned_role(claim: str, quote: str) -> str:
    """Returns what the claim gives a party that its quote gives to others only ("tenant terminat"), or ""."""
    theirs = dict[tuple[bool, str], set[str]]()
    for key, role in _deeds(quote):
        theirs.setdefault(key, set()).add(role)
    for key, role in _deeds(claim):
        said = theirs.get(key)
        if said and role not in said:
            return f"“{role} … {key[1]}”, but in the quote it is the {' or '.join(sorted(said))}"
    return roles_chinese.find_turned_role(claim, quote)


@lru_cache(maxsize=REMEMBERED)
def _deeds(text: str) -> tuple[tuple[tuple[bool, str], str], ...]:
    """Returns what each party does or is: ((passive or is, stem), party)."""
    return tuple(_find_deeds(_TOKEN.findall(write_plainly(text).lower())))


def _find_deeds(tokens: list[str]) -> Iterator[tuple[tuple[bool, str], str]]:
    for at, token in enumerate(tokens):
        role = _ROLE.get(token) or _ROLE.get(token.removesuffix("s"))
        if role is None:
            continue
        before = _before(tokens, at)
        if before == "by":
            yield from _deed_of_agent(tokens, at, role)
        elif before not in _NO_SUBJECT:
            yield from _deed_of_subject(tokens, at, role)


def _before(tokens: list[str], at: int) -> str:
    """Returns the word before the party and its article."""
    for i in range(at - 1, max(-1, at - 4), -1):
        if tokens[i] not in ("the", "a", "an", "any", "such", "that", "every", "no", "each"):
            return tokens[i]
    return ""


def _deed_of_subject(tokens: list[str], at: int, role: str) -> Iterator[tuple[tuple[bool, str], str]]:
    passive = False
    for token in tokens[at + 1 : at + 1 + _REACH]:
        if token in _BE:
            passive = True
        elif token not in _BETWEEN:
            if token.isalpha() and len(token) > 3:
                yield (passive, stem_of(token)), role
            return


def _deed_of_agent(tokens: list[str], at: int, role: str) -> Iterator[tuple[tuple[bool, str], str]]:
    """Yields the deed of "is refused by the landlord", which is the landlord's own."""
    for i in range(at - 1, max(-1, at - 5), -1):
        if tokens[i] == "by" and i and tokens[i - 1].endswith("ed"):
            yield (False, stem_of(tokens[i - 1])), role
