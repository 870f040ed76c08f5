"""The commands that search the law, and teach the search by past questions."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from metier.cli.bar import show_bar
from metier.cli.context import count, one_line, open_console, shorten, toolkit_settings
from metier.errors import InputError, MissingError, ServerError
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_case, form_law
from metier_legal.commands.days import read_day
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.law.provision import Provision, standing_on
from metier_legal.search.backend import Filters, Hit
from metier_legal.search.learning.lessons import learn as learn_file
from metier_legal.search.learning.questions import Questions
from metier_legal.search.library import open_search

NAME: Final = "legal"
_SHOWN: Final = 160


def search(
    text: Annotated[str, typer.Argument(help="Facts or legal terms, in the language of the law.")],
    jurisdiction: Annotated[str, typer.Option(help="Only law of this jurisdiction, such as us, de or cn.")] = "",
    on: Annotated[str, typer.Option(help="Law of this day, YYYY-MM-DD. Default: today.")] = "",
    cases: Annotated[bool, typer.Option("--cases", help="Search cases instead of statutes.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
) -> None:
    """Search statutes, or cases with --cases, best first."""
    if not text.strip():
        raise InputError("There is nothing to search for.", hint="Give facts or legal terms.")
    settings = toolkit_settings(NAME)
    corpus, day = open_corpus(settings), read_day(on)
    jurisdiction = _find_jurisdiction(corpus, jurisdiction)
    filters = Filters(kind="case", jurisdiction=jurisdiction, decided_to=day if on else None)
    if not cases:
        filters = Filters(kind="provision", jurisdiction=jurisdiction, on=day)
    with show_bar() as tell:
        backend = open_search(settings, corpus, progress=tell)
    found = backend.search(text, filters=filters, limit=limit)
    if found.state == "UNAVAILABLE":
        raise ServerError(found.reason, hint="Put that right and search again: nothing is known of what matches.")
    console = open_console()
    if found.reason:
        console.print(Text(one_line(found.reason)), soft_wrap=True)
    if not found.hits:
        console.print("Nothing was found.")
        raise typer.Exit(1)
    table = Table(box=None, pad_edge=False)
    for title in ("citation", "heading or text", "version", "score"):
        table.add_column(title, justify="right" if title == "score" else "left", overflow="fold")
    for hit in found.hits:
        cells = _case_row(corpus, hit) if cases else _law_row(corpus, hit, day)
        table.add_row(*(Text(one_line(cell)) for cell in (*cells, f"{hit.score:.1f}")))
    console.print(table)


def learn(
    file: Annotated[
        Path | None,
        typer.Argument(readable=False, help='Lines of {"question": …, "provisions": ["work#number" or a citation]}.'),
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget the file's questions, or all without a file.")
    ] = False,
) -> None:
    """Learn which provisions answered past questions: similar ones find them. Interrupted, run it again."""
    settings = toolkit_settings(NAME)
    corpus = open_corpus(settings)
    console = open_console()
    if file is None:
        if not forget:
            raise InputError("There is no file to learn from.", hint="Give one, or --forget to forget all questions.")
        console.print(f"Forgotten: {count(Questions(settings).clear(), 'pair')} of question and provision.")
    else:
        with show_bar() as tell:
            learned = learn_file(settings, corpus, file, forget=forget, progress=tell)
        said = "forgotten" if forget else "new"
        pairs = f"{count(learned.changed, 'pair')} of question and provision {said}"
        console.print(f"{count(learned.lessons, 'question')} read, {pairs}.", soft_wrap=True)
        if learned.wrong:
            console.print(f"Left out: {count(learned.wrong, 'line or provision', 'lines or provisions')}.")
        for problem in learned.problems:
            console.print(Text(one_line(problem)), soft_wrap=True)
        if learned.wrong and not learned.lessons:
            raise InputError(f"{file.name} holds no question that could be read.", hint="Correct it and learn again.")
    with show_bar() as tell:
        open_search(settings, corpus, progress=tell)


def _find_jurisdiction(corpus: StoredCorpus, named: str) -> str:
    wanted, there = named.strip().lower(), corpus.jurisdictions()
    if wanted and wanted not in there:
        raise MissingError(f"There is no law of {named[:40]!r} in this corpus.", hint=f"It has: {', '.join(there)}.")
    return wanted


def _law_row(corpus: StoredCorpus, hit: Hit, day: date) -> tuple[str, str, str]:
    work_id, _, number = hit.group.partition("#")
    work, version = corpus.work(work_id), corpus.provision(work_id, number, day)
    if work is None or version is None:
        return hit.group, "", ""
    shown = shorten(version.heading or version.text, _SHOWN)
    return form_law(work, Pin(number)), shown, _interval(version, day)


def _interval(version: Provision, day: date) -> str:
    if version.valid_from is None:
        seen = f"as published {version.observed}" if version.observed else "of an unknown day"
    else:
        seen = f"from {version.valid_from}"
    end = f" to {version.valid_to}" if version.valid_to else ""
    return f"{seen}{end}, {standing_on(version, day).value}"


def _case_row(corpus: StoredCorpus, hit: Hit) -> tuple[str, str, str]:
    case = corpus.case(hit.group)
    if case is None:
        return hit.group, "", ""
    number = hit.id.rpartition("¶")[2]
    text = next((one.text for one in case.paragraphs if str(one.number) == number), "")
    return form_case(case), f"¶ {number}: {shorten(text, _SHOWN)}", str(case.decided or "of an unknown day")


app = typer.Typer()
for _name, _command in (("search", search), ("learn", learn)):
    app.command(_name)(_command)
