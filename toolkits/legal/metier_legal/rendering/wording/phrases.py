"""How dates, versions, treatments and findings read to a person. Pure; used by every renderer."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from metier_legal.law.case import Authority, Treatment
from metier_legal.law.provision import Standing
from metier_legal.memo import Memo
from metier_legal.records import TreatedBy
from metier_legal.rendering.authorities.entry import CaseEntry, Change, Entry, Force, LawEntry, Passage, UnreadEntry
from metier_legal.rendering.report import OpenPoint, Report, Searched
from metier_legal.rendering.wording.chinese import CHINESE
from metier_legal.rendering.wording.cleaning import one_line
from metier_legal.rendering.wording.english import ENGLISH
from metier_legal.rendering.wording.words import Words

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_APPROVING: Final = frozenset((Treatment.FOLLOWS, Treatment.AFFIRMS, Treatment.APPLIES))
MOST_NAMED: Final = 3
GOOD, MIND, BAD = "good", "mind", "bad"


def words_of(language: str) -> Words:
    """Returns the words of the memo's language."""
    return CHINESE if language == "zh" else ENGLISH


def name_day(day: date, words: Words) -> str:
    """Returns "3 February 2021" or "2021年2月3日"."""
    if words is CHINESE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def version_of(entry: LawEntry, words: Words) -> str:
    """Returns the interval of a version, or the publication that has it."""
    begin, end = entry.valid_from, entry.valid_to
    if begin is not None and end is not None:
        return words.between.format(name_day(begin, words), name_day(end, words))
    if begin is not None:
        return words.since.format(name_day(begin, words))
    if end is not None:
        return words.until.format(name_day(end, words))
    return words.published.format(name_day(entry.observed, words)) if entry.observed else words.undated


def standing_of(entry: LawEntry, memo: Memo, words: Words) -> str:
    """Returns how a version stands on the memo's day: "in force on 3 February 2021"."""
    return words.standings[entry.standing].format(name_day(memo.relevant_day, words))


def caveats_of(entry: Entry, words: Words) -> tuple[str, ...]:
    """Returns what else is to be known of an authority.

    Of a version: the later ones, the one in force instead, what replaced it. Of a case: its treatment after the first.
    """
    if isinstance(entry, CaseEntry):
        return treatments_of(entry, words)[1:]
    if not isinstance(entry, LawEntry):
        return ()
    found = [] if entry.change is None else [_change(entry.change, words)]
    if entry.instead is not None:
        form = words.instead_same if entry.instead_same else words.instead_other
        found.append(form.format(name_day(entry.instead, words)))
    if entry.replaced_by:
        found.append(words.replaced_by.format(one_line(entry.replaced_by)))
    return tuple(found)


def _change(change: Change, words: Words) -> str:
    return (words.ahead if change.ahead else words.changes)[change.kind].format(name_day(change.day, words))


def court_of(entry: CaseEntry, words: Words) -> str:
    """Returns the court, the day and the court's level."""
    court = one_line(entry.court)
    day = entry.decided
    dated = words.decided.format(court, name_day(day, words)) if day else words.undecided.format(court)
    return f"{dated}{words.joint}{words.courts.get(entry.court_level, words.courts[0])}"


def treatments_of(entry: CaseEntry, words: Words) -> tuple[str, ...]:
    """Returns what later cases did to it, by whom and when; or that this is not known.

    Of those that approve of it only the first few are named and the rest counted; all are in memo.json.
    """
    good = [one for one in entry.treated_by if one.treatment in _APPROVING]
    shown = [one for one in entry.treated_by if one not in good[MOST_NAMED:]]
    lines = tuple(_treated(one, words) for one in shown)
    if len(good) > MOST_NAMED:
        lines = (*lines, words.approved.format(len(good) - MOST_NAMED))
    if not entry.treatment_known:
        return (*lines, words.later_unchecked if lines else words.unchecked)
    return lines or (words.untreated,)


def _treated(one: TreatedBy, words: Words) -> str:
    what, name, court = words.treatments[one.treatment], one_line(one.name), one_line(one.court)
    if one.decided is None:
        line = words.treated_on.format(what, name, court)
    else:
        line = words.treated.format(what, name, court, name_day(one.decided, words))
    return line if one.stated else f"{line}{words.brackets[0]}{words.signal}{words.brackets[1]}"


def passage_line(one: Passage, words: Words) -> str:
    """Returns a cited paragraph with whose words it is: "¶ 4 (majority; by Oren J.)"."""
    whose = [words.parts[one.part]]
    if one.author.strip():
        whose.append(words.judge.format(one_line(one.author)))
    if one.page.strip():
        whose.append(words.page.format(one_line(one.page)))
    number = words.paragraph.format(one.number)
    return f"{number}{words.brackets[0]}{words.joint.join(whose)}{words.brackets[1]}"


def force_of(entry: Entry, words: Words) -> str:
    """Returns the weight of an authority in the memo's jurisdiction; nothing for what was not read."""
    return "" if isinstance(entry, UnreadEntry) else words.forces[entry.force]


def tone_of(entry: Entry) -> str:
    """Returns whether an authority may be relied on without more ("good"), with care ("mind") or not ("bad")."""
    if isinstance(entry, LawEntry):
        if entry.standing is not Standing.IN_FORCE:
            return MIND if entry.standing is Standing.UNKNOWN else BAD
        return GOOD if entry.change is None or entry.change.kind == "reissued" else MIND
    if isinstance(entry, CaseEntry):
        if entry.force is Force.NO_LONGER:
            return BAD
        return GOOD if entry.treatment_known and entry.force is not Force.NOT_A_HOLDING else MIND
    return BAD


def short_standing(entry: Entry, memo: Memo, words: Words) -> str:
    """Returns how an authority stands in a few words, for the line of a citation."""
    if isinstance(entry, LawEntry):
        return standing_of(entry, memo, words)
    if isinstance(entry, CaseEntry):
        return treatments_of(entry, words)[0]
    return words.unread


def kind_of(entry: Entry, words: Words) -> str:
    """Returns what kind of authority it is, its jurisdiction, and that it is made up where it is."""
    if isinstance(entry, UnreadEntry):
        return ""
    if isinstance(entry, LawEntry):
        what = words.levels[entry.level]
    else:
        what = words.authority[entry.authority] if entry.authority is not Authority.PRECEDENT else ""
    fictional = words.made_up if entry.fictional else ""
    return words.joint.join(part for part in (what, one_line(entry.jurisdiction), fictional) if part)


def summary_of(report: Report, words: Words) -> str:
    """Returns how many findings hold, are violated or could not be decided."""
    if not report.checked:
        return words.unchecked_memo
    counts = (report.counted("holds"), report.counted("violated"), report.counted("unknown"))
    return words.summary.format(report.checked, *counts)


def open_point(point: OpenPoint, words: Words, labels: Mapping[str, int]) -> str:
    """Returns a finding that does not hold as one line; `labels` are the numbers of the statements by JSON pointer."""
    claimed = words.claimed.format(one_line(point.claimed)) if point.claimed.strip() else ""
    found = words.found.format(one_line(point.found)) if point.found.strip() else ""
    place = subject_name(point.subject, words, labels)
    outcome = f"{words.outcomes[point.outcome]}{words.brackets[0]}{place}{words.brackets[1]}"
    rest = words.joint.join(part for part in (outcome, claimed, found, one_line(point.repair)) if part)
    return f"{rule_name(point.rule, words)}{words.colon}{rest}"


def subject_name(subject: str, words: Words, labels: Mapping[str, int]) -> str:
    """Returns the number of the statement that a JSON pointer names or lies in, else the pointer itself."""
    statement = "/".join(subject.split("/")[:3])
    return words.place.format(labels[statement]) if statement in labels else one_line(subject)


def removed_line(removed: str, words: Words) -> str:
    """Returns what the guard took out with the section it stood in; its number is gone with it."""
    pointer, _, text = removed.partition(": ")
    section = words.sections.get(pointer.split("/")[1]) if pointer.count("/") == 2 else None
    return f"{section}{words.colon}{one_line(text)}" if section else one_line(removed)


def rule_name(rule: str, words: Words) -> str:
    """Returns the name of a check in the language, or its code where it has none."""
    return words.rules.get(rule, one_line(rule))


def search_line(search: Searched, words: Words) -> str:
    """Returns a search as one line: what was asked, by which tool, under which filters."""
    filters = ", ".join(f"{one_line(name)}={one_line(value)}" for name, value in sorted(search.filters.items()))
    tail = f"{words.brackets[0]}{filters}{words.brackets[1]}" if filters else ""
    return f"{one_line(search.tool)}{words.colon}{words.quote.format(one_line(search.query))}{tail}"


def search_state(search: Searched, words: Words) -> str:
    """Returns the state of a search: its code and what that means; for GROUNDED how much was found."""
    said = words.hits.format(search.hits) if search.state == "GROUNDED" else words.states[search.state]
    return f"{search.state}{words.colon}{said}"


def corpus_lines(report: Report, words: Words) -> tuple[str, ...]:
    """Returns what the corpus is, and whether a model judged the support of claims."""
    lines = [
        words.corpus.format(one.works, one.cases, one_line(one.snapshot)[:16], name_day(one.today, words))
        for one in report.corpora
    ]
    judged = words.judged.format(", ".join(map(one_line, report.judges))) if report.judges else words.not_judged
    return (*lines, judged)


def report_lists(report: Report, words: Words, labels: Mapping[str, int]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Returns the lists of the report with their titles: what is not confirmed, what was removed, what was searched."""
    searches = (
        f"{search_line(one, words)}{words.brackets[0]}{search_state(one, words)}{words.brackets[1]}"
        for one in report.searches
    )
    found = (
        (words.open_points, tuple(open_point(one, words, labels) for one in report.open_points)),
        (words.removed, tuple(removed_line(one, words) for one in report.removed)),
        (words.searches, tuple(searches)),
    )
    return tuple((title, lines) for title, lines in found if lines)
