"""The table of authorities in words: one row for each authority, by groups. Pure; used by every renderer."""

from dataclasses import dataclass

from metier_legal.rendering.authorities.entry import CaseEntry, Entry, LawEntry, UnreadEntry
from metier_legal.rendering.paper import Paper
from metier_legal.rendering.wording import phrases
from metier_legal.rendering.wording.cleaning import one_line


@dataclass(frozen=True, slots=True)
class Row:
    """An authority as it is shown.

    `lines` say what it is (title and version, or court and passages), `standing` and `caveats` how it stands, `force`
    what weight it has, `kind` its rank and jurisdiction, `places` the numbers of the statements that cite it, `tone`
    whether it may be relied on ("good", "mind", "bad").
    """

    number: int
    display: str
    lines: tuple[str, ...]
    kind: str
    standing: str
    caveats: tuple[str, ...]
    force: str
    tone: str
    places: tuple[int, ...]


def row_of(number: int, paper: Paper) -> Row:
    """Returns the row of the authority with this number."""
    entry, words = paper.authorities[number - 1], paper.words
    return Row(
        number=number,
        display=words.unread if isinstance(entry, UnreadEntry) else one_line(entry.display),
        lines=_lines(entry, paper),
        kind=phrases.kind_of(entry, words),
        standing=phrases.short_standing(entry, paper.memo, words),
        caveats=phrases.caveats_of(entry, words),
        force=phrases.force_of(entry, words),
        tone=phrases.tone_of(entry),
        places=paper.places(entry),
    )


def groups_of(paper: Paper) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Returns the rows under their headings: legislation, cases, what was not read; empty groups are left out."""
    words = paper.words
    titles = {"provision": words.statutes, "case": words.cases, "unread": words.unread}
    groups: dict[str, list[Row]] = {}
    for number, entry in enumerate(paper.authorities, start=1):
        groups.setdefault(titles[entry.kind], []).append(row_of(number, paper))
    return tuple((title, tuple(rows)) for title, rows in groups.items())


def _lines(entry: Entry, paper: Paper) -> tuple[str, ...]:
    words = paper.words
    if isinstance(entry, LawEntry):
        return tuple(
            line for line in (one_line(entry.title), phrases.version_of(entry, words), one_line(entry.note)) if line
        )
    if isinstance(entry, CaseEntry):
        passages = words.joint.join(phrases.passage_line(one, words) for one in entry.passages)
        return phrases.court_of(entry, words), passages
    return (one_line(entry.evidence),)
