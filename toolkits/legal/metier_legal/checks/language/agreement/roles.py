"""Whether a claim gives one party what its quote gives another: landlord and tenant, 出租人 and 承租人. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from metier_legal.checks.language.agreement import roles_chinese
from metier_legal.checks.language.agreement.wording import write_plainly
from metier_legal.checks.language.content import find_content, stem_of

REMEMBERED: Final = 512
_GROUPS: Final = (
    "landlord lessor", "tenant lessee", "buyer purchaser", "seller vendor trader", "creditor lender mortgagee",
    "debtor borrower mortgagor", "employer", "employee worker", "plaintiff claimant complainant petitioner applicant",
    "defendant respondent appellee", "appellant", "licensor", "licensee", "infringer", "owner", "consumer",
    "court judge", "insurer", "insured policyholder", "guarantor surety", "donor", "donee", "carrier", "shipper",
    "agency", "register", "director commissioner", "mayor", "council", "secretary", "attorney", "trustee",
    "beneficiary", "partner", "husband", "wife", "parent", "child", "principal", "agent", "contractor", "heir",
    "testator", "patentee", "author", "citizen", "prosecutor", "witness", "jury", "user", "operator", "bailor",
    "bailee", "assignor", "assignee",
)  # fmt: skip
_ROLE: Final = {word: words.split()[0] for words in _GROUPS for word in words.split()}
_TOKEN: Final = re.compile(r"[a-z]+(?:['’][a-z]+)?|[.;:!?,]")
_BE_WORDS: Final = "is are was were be been being"
_BE: Final = frozenset(_BE_WORDS.split())
_BETWEEN_WORDS: Final = (
    "may shall must can cannot will would should need not never no always only also then has have had to does do did "
    "a the an nevertheless therefore thus himself herself itself"
)
_BETWEEN: Final = frozenset(_BETWEEN_WORDS.split())
_BEFORE_WORDS: Final = "of to from against with for by on upon than between without"
_NO_SUBJECT: Final = frozenset(_BEFORE_WORDS.split())
_REACH: Final = 7
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Deed:
    """What a party does or is: the stem of the word, whether it is done to it or is what it is, and the words after."""

    role: str
    stem: str
    passive: bool
    objects: frozenset[str]

    def is_like(self, other: "Deed") -> bool:
        """Returns whether both are of the same deed; whose it is apart."""
        if (self.stem, self.passive) != (other.stem, other.passive):
            return False
        return not self.objects or not other.objects or bool(self.objects & other.objects)


def find_turned_role(claim: str, quote: str) -> str:
    """Returns what the claim gives a party that its quote gives to others only ("tenant terminat"), or ""."""
    theirs = _deeds(quote)
    for deed in _deeds(claim):
        said = {other.role for other in theirs if deed.is_like(other)}
        if said and deed.role not in said:
            return f"“{deed.role} … {deed.stem}”, but in the quote it is the {' or '.join(sorted(said))}"
    return roles_chinese.find_turned_role(claim, quote)


@lru_cache(maxsize=REMEMBERED)
def _deeds(text: str) -> tuple[Deed, ...]:
    return tuple(_find_deeds(_TOKEN.findall(write_plainly(text).lower())))


def _find_deeds(tokens: list[str]) -> Iterator[Deed]:
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
    articles = ("the", "a", "an", "any", "such", "that", "every", "no", "each")
    return next((word for word in reversed(tokens[max(0, at - 3) : at]) if word not in articles), "")


def _deed_of_subject(tokens: list[str], at: int, role: str) -> Iterator[Deed]:
    passive = False
    for i in range(at + 1, min(at + 1 + _REACH, len(tokens))):
        token = tokens[i]
        if token in _BE:
            passive = True
        elif token not in _BETWEEN:
            if token.isalpha() and len(token) > _SHORTEST:
                yield Deed(role, stem_of(token), passive, _objects_after(tokens, i))
            return


def _objects_after(tokens: list[str], at: int) -> frozenset[str]:
    after = tokens[at + 1 : at + 1 + _REACH]
    end = next((i for i, token in enumerate(after) if not token[0].isalpha()), len(after))
    return find_content(" ".join(after[:end]))


def _deed_of_agent(tokens: list[str], at: int, role: str) -> Iterator[Deed]:
    """Yields the deed of "is refused by the landlord", which is the landlord's own."""
    for i in range(at - 1, max(0, at - 5), -1):
        if tokens[i] == "by" and tokens[i - 1].endswith("ed"):
            yield Deed(role, stem_of(tokens[i - 1]), False, frozenset())
