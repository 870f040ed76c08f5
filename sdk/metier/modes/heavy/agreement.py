"""What several answers to one question agree and disagree on, claim by claim. Pure.

Claims are compared as text: two say the same when they have the same words, figures and names. They contradict each
other when they speak of the same thing in the same words and differ in figures or a "not"; or in names, where the
sentence says what something is or was ("the capital is", "was built by") and not what else there is ("borders").
What is put in other words is not compared: that is for the synthesis to see.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metier.answer import Answer, Claim

ALIKE = 0.75
"""The share of plain words that two claims must have in common to speak of the same thing."""
_TOKEN = re.compile(r"\d[\d.,:/-]*\d|\d|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_IS = re.compile(r"\b(?:is|was|are|were|be|been)\b(?!\s+(?:an?|one|part|among|not)\b)", re.IGNORECASE)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(f"{month}|{month[:3]}\\.?" for month in _MONTHS)
_DATES = (
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
)
_SMALL = re.compile("an?|and|are|as|at|be|been|by|for|from|in|is|its?|of|on|or|that|the|this|to|was|were|with")
_NOT = re.compile("not?|never|none|neither|nor|without|cannot|(?:is|was|are|do|does|did)n['’]t|[不没无未非]")
_WIDE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of one of the answers: whose it is, its text and the evidence that it cites."""

    by: str
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `by` say alike, in the words of the first of them."""

    text: str
    by: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """What two or more claims contradict each other on: a claim for each side."""

    sides: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the answers say, agreements first by how many share them, and what they dispute."""

    agreements: tuple[Agreement, ...]
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class Gist:
    """What a text is compared by: its plain words, its marks (figures and names) in order, and whether it denies.

    `defines` says that it tells what something is, of which there is one.
    """

    words: frozenset[str]
    marks: tuple[str, ...]
    denies: bool
    defines: bool = False

    @property
    def subject(self) -> str:
        """Returns the first name in it, which is what it speaks of; empty when it names nothing."""
        return next((mark for mark in self.marks if not mark[0].isdigit()), "")


def gist_of(text: str) -> Gist:
    """Returns the gist of a claim.

    A run of capitalised words is one name, with a number right behind it ("Article 5"); a date is one figure however
    it is written; Chinese is read character by character.
    """
    plain = _with_iso_dates(unicodedata.normalize("NFKC", text))
    words: list[str] = []
    marks: list[str] = []
    ended = -2  # where the newest name ends
    for found in _TOKEN.finditer(plain):
        token = found[0]
        follows = found.start() - ended == 1 and plain[ended] == " "
        if token[0].isdigit():
            ended = _add(marks, _figure(token), found.end() if follows else -2, joins=follows)
        elif token[0].isupper() and (follows or not _is_plain(token.casefold())):
            ended = _add(marks, token.casefold(), found.end(), joins=follows)
        else:
            words += _WIDE.findall(token) or [token.casefold()]
    kept = frozenset(word for word in words if not _is_plain(word))
    return Gist(kept, tuple(marks), any(_NOT.fullmatch(word) for word in words), bool(_IS.search(plain)))


def says_same(one: Gist, other: Gist) -> bool:
    """Returns whether two claims say the same."""
    return set(one.marks) == set(other.marks) and one.denies == other.denies and _alike(one, other)


def contradicts(one: Gist, other: Gist) -> bool:
    """Returns whether two claims speak of the same thing and cannot both be meant so.

    Without a name to go by they must be in exactly the same words. Claims that differ both in figures and in names
    speak of different things.
    """
    if one.subject != other.subject or not (_alike(one, other) if one.subject else one.words == other.words):
        return False
    if one.denies != other.denies:
        return set(one.marks) == set(other.marks)
    apart, also = set(one.marks) - set(other.marks), set(other.marks) - set(one.marks)
    if not apart or not also:
        return False
    figures = {mark[0].isdigit() for mark in apart | also}
    return figures == {True} or (figures == {False} and one.defines and other.defines)


def compare(answers: Mapping[str, Answer]) -> Comparison:
    """Returns what the answers, by whose they are, agree and disagree on."""
    said = [_said(name, claim) for name, answer in answers.items() for claim in answer.claims()]
    gists = [gist_of(one.text) for one in said]
    groups: list[list[int]] = []
    for at, gist in enumerate(gists):
        home = next((group for group in groups if says_same(gists[group[0]], gist)), None)
        if home is None:
            groups.append([at])
        else:
            home.append(at)
    agreements = [_agreement([said[at] for at in group]) for group in groups]
    return Comparison(tuple(sorted(agreements, key=lambda one: -len(one.by))), tuple(_disputes(groups, said, gists)))


def _disputes(groups: Sequence[Sequence[int]], said: Sequence[Said], gists: Sequence[Gist]) -> list[Dispute]:
    """Returns the disputes between groups; two things that one answer says together contradict nobody."""
    shown: list[set[int]] = []
    for i, group in enumerate(groups):
        against = {
            j
            for j in range(i + 1, len(groups))
            if contradicts(gists[group[0]], gists[groups[j][0]]) and _by(said, group).isdisjoint(_by(said, groups[j]))
        }
        if against and not any({i} | against <= one for one in shown):
            shown.append({i} | against)
    return [Dispute(tuple(said[groups[k][0]] for k in sorted(one))) for one in shown]


def _by(said: Sequence[Said], group: Sequence[int]) -> set[str]:
    return {said[at].by for at in group}


def _said(name: str, claim: Claim) -> Said:
    return Said(name, claim.text, tuple(dict.fromkeys(citation.evidence for citation in claim.citations)))


def _agreement(said: Sequence[Said]) -> Agreement:
    return Agreement(
        said[0].text,
        tuple(dict.fromkeys(one.by for one in said)),
        tuple(dict.fromkeys(name for one in said for name in one.evidence)),
    )


def _alike(one: Gist, other: Gist) -> bool:
    """Returns whether the plain words of both are mostly the same; without words, whether both have none."""
    every = one.words | other.words
    return len(one.words & other.words) >= ALIKE * len(every) if every else True


def _add(marks: list[str], mark: str, end: int, *, joins: bool) -> int:
    """Adds a mark, to the name before it where it `joins` that; returns `end`."""
    if joins:
        marks[-1] = f"{marks[-1]} {mark}"
    else:
        marks.append(mark)
    return end


def _is_plain(word: str) -> bool:
    return bool(_SMALL.fullmatch(word) or _NOT.fullmatch(word))


def _figure(token: str) -> str:
    """Returns a figure in one spelling: 1,000 and 1000, 2.50 and 2.5 are the same."""
    bare = token.replace(",", "").rstrip(".:/-")
    whole, point, rest = bare.partition(".")
    return whole + (point + rest.rstrip("0")).rstrip(".") if rest.isdigit() else bare


def _with_iso_dates(text: str) -> str:
    for pattern in _DATES:
        text = pattern.sub(_iso_date, text)
    return text


def _iso_date(found: re.Match[str]) -> str:
    month = found["month"]
    number = int(month) if month.isdigit() else 1 + _MONTHS.index(month[:3].lower())
    return f"{found['year']}-{number:02d}-{int(found['day']):02d}"
