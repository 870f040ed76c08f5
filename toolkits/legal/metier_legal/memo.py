"""The answer of this toolkit: a memo made of statements, each with its authorities or its premises."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, Literal, Self

from metier.answer import Answer, Claim, Value
from metier.evidence import Citation

Kind = Literal["law", "fact", "inference", "procedural"]
Role = Literal["rule", "definition", "exception", "holding", "counter", "history"]


class Cited(Value):
    """One authority of a statement.

    `evidence` is the id of a provision or paragraph that was read in this run, `pin` the way down to the part of the
    provision (empty: the whole of it), `quote` the words of it, letter by letter ("..." or "……" between fragments).
    `role` "counter" is authority against, "history" law that is no longer good and is said to be so. `historical` says
    that the version is not the one in force on the memo's day.
    """

    evidence: str
    pin: tuple[str, ...] = ()
    quote: str
    role: Role = "rule"
    historical: bool = False


class Statement(Value):
    """One thing the memo says.

    `law` states or applies law and has authorities; `fact` repeats the user's words; `inference` follows from the
    statements whose ids are its `premises`; `procedural` says what was done and claims nothing of the law.
    `weight` "persuasive" says that no authority of it binds in the memo's jurisdiction; `qualified` that an exception
    may apply which is not quoted.
    """

    id: str
    kind: Kind
    text: str
    authorities: tuple[Cited, ...] = ()
    premises: tuple[str, ...] = ()
    weight: Literal["", "persuasive"] = ""
    qualified: bool = False


SECTIONS: Final = (
    "short_answer",
    "facts",
    "rules",
    "application",
    "cases_for",
    "cases_against",
    "unsettled",
)


class Memo(Answer):
    """A legal memorandum. `as_of` is the day whose law is stated, `event_date` that of the facts when it is known.

    The relevant day is `event_date` where there is one, else `as_of`. The table of authorities, their status and their
    display are not here: they are read off the evidence when the memo is shown, so they cannot be wrong.
    """

    question: str
    jurisdiction: str
    language: Literal["en", "zh"] = "en"
    as_of: date
    event_date: date | None = None
    short_answer: tuple[Statement, ...]
    facts: tuple[Statement, ...] = ()
    rules: tuple[Statement, ...] = ()
    application: tuple[Statement, ...] = ()
    cases_for: tuple[Statement, ...] = ()
    cases_against: tuple[Statement, ...] = ()
    unsettled: tuple[Statement, ...] = ()

    @property
    def relevant_day(self) -> date:
        """Returns the day whose law decides."""
        return self.event_date or self.as_of

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yields every statement with its JSON pointer, in the order of the memo."""
        for section in SECTIONS:
            for i, statement in enumerate(getattr(self, section)):
                yield f"/{section}/{i}", statement

    def by_id(self) -> Mapping[str, Statement]:
        """Returns the statements by their ids; the first of equal ids."""
        found: dict[str, Statement] = {}
        for _, statement in self.statements():
            found.setdefault(statement.id, statement)
        return found

    def grounds(self, statement: Statement) -> tuple[Cited, ...]:
        """Returns the authorities of the statement and of everything it follows from, each once."""
        known, seen, left, found = self.by_id(), {statement.id}, [statement], list[Cited]()
        while left:
            one = left.pop(0)
            found += [cited for cited in one.authorities if cited not in found]
            fresh = [known[name] for name in one.premises if name in known and name not in seen]
            seen.update(one.id for one in fresh)
            left += fresh
        return tuple(found)

    def claims(self) -> Iterable[Claim]:
        """Returns a claim for each law statement and inference, citing what it rests on.

        Facts are the user's own and procedural statements claim nothing; the checks hold both to that.
        """
        for subject, statement in self.statements():
            if statement.kind in ("law", "inference"):
                grounds = dict.fromkeys(cited.evidence for cited in self.grounds(statement))
                yield Claim(subject=subject, text=statement.text, citations=tuple(map(Citation, grounds)))

    def without(self, subjects: Collection[str]) -> Self | None:
        """Returns the memo without these statements and without what follows from them.

        None when no short answer that rests on law is left.
        """
        gone = {statement.id for subject, statement in self.statements() if subject in subjects}
        while True:
            fallen = {
                statement.id
                for _, statement in self.statements()
                if statement.id not in gone and not gone.isdisjoint(statement.premises)
            }
            if not fallen:
                break
            gone |= fallen
        kept = {
            section: tuple(statement for statement in getattr(self, section) if statement.id not in gone)
            for section in SECTIONS
        }
        rest = self.model_copy(update=kept)
        return rest if any(rest.grounds(statement) for statement in rest.short_answer) else None
