"""What the words of a language are: one field for each thing that a file may have to say."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. Fields with `{}` are forms to fill in, in the order given beside them."""

    tag: str
    # Notices
    fictional: str
    partly_fictional: str
    advice: str
    # Head of the memo
    memo: str
    jurisdiction: str
    as_of: str
    event_date: str
    # Sections
    question: str
    sections: Mapping[str, str]
    table: str
    verification: str
    nothing: Mapping[str, str]
    # Statements
    follows: str  # from which statements
    persuasive: str
    qualified: str
    procedural: str
    roles: Mapping[str, str]
    historical: str
    quote: str  # a quote in the marks of the language
    unread: str
    no_quote: str
    joint: str
    listing: str
    place: str  # number of a statement
    # Table of authorities
    statutes: str
    cases: str
    columns: tuple[str, str, str, str]
    levels: Mapping[str, str]
    courts: Mapping[int, str]
    parts: Mapping[str, str]
    authority: Mapping[str, str]
    forces: Mapping[str, str]
    standings: Mapping[str, str]  # day
    made_up: str
    paragraph: str  # number
    since: str  # day
    between: str  # first day, day after the last
    until: str  # day
    published: str  # day
    undated: str
    changes: Mapping[str, str]  # kind of change -> form with the day
    ahead: Mapping[str, str]
    instead_same: str  # begin of the version that is in force on the day
    instead_other: str
    replaced_by: str  # work
    treatments: Mapping[str, str]
    treated: str  # what, name, court, day
    treated_on: str  # when only the day is missing: what, name, court
    signal: str
    approved: str  # number of further cases
    untreated: str
    unchecked: str
    later_unchecked: str
    decided: str  # court, day
    undecided: str  # court
    judge: str  # author
    cited_at: str
    # Verification
    outcomes: Mapping[str, str]
    checks: str
    rules: Mapping[str, str]
    summary: str  # checked, holds, violated, unknown
    unchecked_memo: str
    claimed: str
    found: str
    removed: str
    searches: str
    states: Mapping[str, str]
    hits: str  # count
    corpus: str  # works, cases, snapshot, day
    judged: str  # model
    not_judged: str
    open_points: str
    confirmed: str
    provisional: str
    # Page and sources
    sources: str
    digest: str
    origin: str
    page: str
    contents: str
    colon: str
    brackets: tuple[str, str]
