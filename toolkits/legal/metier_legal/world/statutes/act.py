"""Acts as they are written in the package, before a country has given them its name."""

import re
from dataclasses import dataclass
from datetime import date

from metier.errors import InputError
from metier_legal.law.work import Level
from metier_legal.world.language import Both
from metier_legal.world.markup import list_texts, pair_lines, read_lines, split_both

SECTION = re.compile(r"§ (?P<number>\d+[a-z]?) (?P<heading>[^@]+)(?:@(?P<dates>.*))?")
FOLDER = "statutes"


@dataclass(frozen=True, slots=True)
class Section:
    """A section with the days on which its versions begin.

    `lines` hold all versions: "<two|three>" is "two" in the first and "three" in the second. `repealed` is the day on
    which the last version ends; `successor` the act and number that took its place, or ("", "").
    """

    number: str
    heading: Both
    path: tuple[Both, ...]
    begins: tuple[date, ...]
    lines: tuple[Both, ...]
    repealed: date | None = None
    successor: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Act:
    """An act, code, regulation or ordinance. `key` is its stable name in English ids, `short` how it is cited."""

    key: str
    short: Both
    level: Level
    made: date
    force: date
    sections: tuple[Section, ...]
    repealed: date | None = None
    successor: str = ""


def read_acts() -> tuple[Act, ...]:
    """Returns every act of the package, by name of file."""
    return tuple(_read_act(tuple(read_lines(FOLDER, name))) for name in list_texts(FOLDER))


def _read_act(lines: tuple[str, ...]) -> Act:
    first = next(i for i, line in enumerate(lines) if line.startswith(("#", "§")))
    head = dict(line.split(": ", 1) for line in lines[:first])
    gone, _, successor = head.get("repealed", "").partition(" ")
    force = date.fromisoformat(head["force"])
    end = date.fromisoformat(gone) if gone else None
    return Act(
        key=head["key"],
        short=split_both(head["short"]),
        level=Level(head["level"]),
        made=date.fromisoformat(head["made"]),
        force=force,
        sections=tuple(_read_sections(lines[first:], force, end)),
        repealed=end,
        successor=successor,
    )


def _read_sections(lines: tuple[str, ...], force: date, end: date | None) -> list[Section]:
    sections: list[Section] = []
    part: tuple[Both, ...] = ()
    starts = [i for i, line in enumerate(lines) if line.startswith(("#", "§"))]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        line = lines[start]
        if line.startswith("#"):
            part = (split_both(line.lstrip("# ")),)
        else:
            sections.append(_read_section(line, pair_lines(lines[start + 1 : stop]), part, (force, end)))
    return sections


def _read_section(
    line: str, pairs: tuple[Both, ...], part: tuple[Both, ...], interval: tuple[date, date | None]
) -> Section:
    found = SECTION.fullmatch(line)
    if found is None or not pairs:
        raise InputError(f"Not a section: {line!r}.", hint="Write § NUMBER HEADING | 标题 @ DATES and its text below.")
    begins, repealed, successor = [interval[0]], interval[1], ("", "")
    words = (found["dates"] or "").split()
    for i, word in enumerate(words):
        if word.startswith("="):
            begins = [date.fromisoformat(word[1:])]
        elif word.startswith("x"):
            repealed = date.fromisoformat(word[1:])
        elif word == "->":
            successor = (words[i + 1], words[i + 2])
            break
        else:
            begins.append(date.fromisoformat(word))
    return Section(found["number"], split_both(found["heading"]), part, tuple(begins), pairs, repealed, successor)
