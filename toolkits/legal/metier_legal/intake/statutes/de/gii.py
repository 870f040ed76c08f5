"""German federal statutes as gesetze-im-internet.de publishes them: <dokumente> of <norm>."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.de.numbers import make_work, read_number, status_of
from metier_legal.intake.statutes.ledger import Ledger, read_pieces
from metier_legal.intake.statutes.numbers import expand_numbers
from metier_legal.intake.texts.elements import Element, child, drop, local, plain_text, stream_events
from metier_legal.intake.texts.flow import Flow
from metier_legal.intake.texts.markup import Markup, read_body
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

_MARKUP: Final = Markup(
    units=frozenset(),
    blocks=frozenset(("P", "DD", "LA", "row", "table", "DL", "pre", "Title", "BR", "Revision")),
    skipped=frozenset(("FnR", "FnArea", "Footnotes", "Footnote", "noindex", "IMG")),
    numbers=frozenset(("DT",)),
    headings=frozenset(),
)
_BUILT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LEVEL_DIGITS: Final = 3


def _recognises(head: Head) -> bool:
    return head.root == "dokumente" or (head.root == "norm" and "<metadaten" in head.text)


def _read(document: Document) -> Iterator[Batch]:
    return read_pieces(_Law(document), stream_events(document))


class _Law:
    def __init__(self, document: Document) -> None:
        self._name = document.name
        self.ledger = Ledger(document.name)
        self._built: date | None = None
        self._work: Work | None = None
        self._stand = ""
        self._sections: dict[int, str] = {}
        self._article = ""

    def take(self, found: tuple[str, Element]) -> None:
        event, element = found
        if event == "start" and local(element) in ("dokumente", "norm"):
            self._built = self._built or _day(str(element.get("builddate", "")))
        elif event == "end" and local(element) == "norm":
            self._take_norm(element)
            drop(element)

    def _take_norm(self, norm: Element) -> None:
        data = child(norm, "metadaten")
        if data is None:
            self.ledger.fault(f"line {norm.sourceline}", "A <norm> has no <metadaten>; it was left out.")
            return
        if self._work is None:
            self._begin(data)
        section = child(data, "gliederungseinheit")
        if section is not None:
            self._take_section(section)
        written = plain_text(child(data, "enbez"))
        if not written and section is not None and read_number(plain_text(child(section, "gliederungsbez"))):
            written = plain_text(child(section, "gliederungsbez"))
        flow = _text_of(norm)
        if written and (flow.text() or child(data, "enbez") is not None):
            self._take_provision(written, plain_text(child(data, "titel")), flow)

    def finish(self) -> None:
        if self._work is None:
            raise InputError(f"{self._name} holds no law (<norm> with <metadaten>).", hint="Fetch the file again.")

    def _begin(self, data: Element) -> None:
        short = plain_text(child(data, "jurabk")) or plain_text(child(data, "amtabk"))
        if not short:
            raise InputError(f"{self._name} does not say which law it is (jurabk).", hint="Fetch the file again.")
        title = plain_text(child(data, "langue"))
        aliases = (plain_text(child(data, "amtabk")), plain_text(child(data, "kurzue")))
        made = plain_text(child(data, "ausfertigung-datum"))
        # GII's file of a law is the whole law as it stands; a lone <norm> has no <langue>.
        work = make_work(short, title, aliases, complete=bool(title))
        self._work = work.model_copy(update={"promulgated": read_iso(made)})
        self._stand = " ".join(
            plain_text(child(found, "standkommentar")) for found in data if local(found) == "standangabe"
        )
        self.ledger.add_work(self._work)
        if self._built is None:
            self.ledger.fault("", "The file has no date (builddate).")

    def _take_section(self, section: Element) -> None:
        code = plain_text(child(section, "gliederungskennzahl"))
        named = plain_text(child(section, "gliederungsbez"))
        self._article = read_number(named) if named.startswith("Art") else ""
        depth = len(code) // _LEVEL_DIGITS
        name = f"{named} {plain_text(child(section, 'gliederungstitel'))}"
        self._sections = {level: text for level, text in self._sections.items() if level < depth}
        if name.strip(" -"):
            self._sections[depth] = name.strip()

    def _take_provision(self, written: str, heading: str, flow: Flow) -> None:
        if self._work is None:
            return
        numbers, known = expand_numbers(read_number(written) or written)
        if self._article and written.startswith("\u00a7"):
            numbers = tuple(f"{self._article} \u00a7 {number}" for number in numbers)
        if not known:
            self.ledger.fault(written, "The steps of this range are not known; only its ends are kept.")
        status = status_of(heading, flow.text())
        for number in numbers:
            provision = Provision(
                work=self._work.id,
                number=number,
                heading=heading,
                path=tuple(self._sections[level] for level in sorted(self._sections)),
                text="",
                observed=self._built,
                status=status,
                note=self._stand[:300],
            )
            self.ledger.add_text(provision, flow.text())
        if flow.unseen:
            self.ledger.fault(written, f"{flow.unseen} character(s) that cannot be seen were taken out of the text.")


def _text_of(norm: Element) -> Flow:
    data = child(norm, "textdaten")
    text = child(data, "text") if data is not None else None
    content = child(text, "Content") if text is not None else None
    return read_body(content, _MARKUP) if content is not None else Flow()


def _day(built: str) -> date | None:
    match = _BUILT.match(built)
    return read_iso("-".join(match.groups())) if match else None


GII: Final = Format("gii", "German federal statutes, XML of gesetze-im-internet.de", _recognises, _read)
