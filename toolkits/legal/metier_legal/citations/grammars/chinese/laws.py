"""Laws in Chinese texts, by their names or carried over from before."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from metier_legal.citations.citation import LawCitation
from metier_legal.citations.grammars.chinese.names import STATE
from metier_legal.citations.grammars.chinese.pins import Spanned, read_pins
from metier_legal.citations.grammars.chinese.titles import Names, Title, name_before, names_of, read_named
from metier_legal.law.work import Style

REACH: Final = 1_000  # characters over which a name is carried to a bare 第…条

_KINDS_OF: Final = {
    "法典": ("法典",),
    "法律": ("法", "法典"),
    "法": ("法", "法典"),
    **{kind: (kind,) for kind in ("条例", "规定", "办法", "决定", "细则", "规则", "通则", "修正案")},
    "解释": ("解释", "解释（一）", "解释（二）", "解释（三）", "解释（四）", "解释（五）"),
}
_ANCHOR: Final = re.compile(r"[《第]")


def find_laws(text: str, names: Collection[str] = ()) -> list[LawCitation]:
    """Returns the citations of laws in order; 《》 around no law and clauses of contracts are none."""
    reader = _Reader(text, names_of(names))
    found = list[LawCitation]()
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() >= reader.reached:
            found += reader.read(anchor.start())
    return found


def _last_kind(word: str) -> str:
    return next(kind for kind in _KINDS_OF if kind in word)


class _Reader:
    """Reads a text once from left to right and remembers the law that was named last."""

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names
        self.reached = 0
        self.law = ""
        self.version = ""
        self.seen = 0
        self.of_paper = False
        self.named = set[str]()

    def read(self, start: int) -> Iterator[LawCitation]:
        if self.text[start] == "《":
            yield from self._read_title(start)
        else:
            yield from self._read_bare(start)

    def _read_title(self, start: int) -> Iterator[LawCitation]:
        named = read_named(self.text, start, self.names)
        if named is None:
            self.reached = start + 1
            return
        title, position = named
        pins = read_pins(self.text, position)
        self.reached = pins[-1].end if pins else max(title.end, position)
        if title.kind == "paper":
            self._turn_to_paper()
        elif pins:
            yield from self._cite(title, pins)
        elif title.kind == "law":
            self._name(title)
            yield self._citation(title, title.start, title.end, ())

    def _read_bare(self, start: int) -> Iterator[LawCitation]:
        pins = read_pins(self.text, start)
        if not pins:
            self.reached = start + 1
            return
        title = name_before(self.text, start, self.reached, self.names)
        self.reached = pins[-1].end
        if title.kind == "paper" or (title.kind == "none" and self.of_paper and start - self.seen <= REACH):
            self._turn_to_paper()
        elif title.kind == "law":
            yield from self._cite(title, pins)
        elif title.kind == "unknown":
            yield from self._spread(Title(start, title.end), pins, carried=False)
        else:
            carried = self._carried(title, start)
            self.seen = self.reached
            yield from self._spread(carried, pins, carried=True)

    def _carried(self, title: Title, start: int) -> Title:
        if title.kind == "pronoun":
            return self._of_pronoun(title)
        if start - self.seen > REACH:
            return Title(start, title.end)
        return Title(start, title.end, self.law, self.version)

    def _of_pronoun(self, title: Title) -> Title:
        """Returns the law that 本法 or 该条例 means: one of its kind, for 本 the only one that the text names."""
        word = self.text[title.start : title.end]
        fits = any(self.law.endswith(kind) for kind in _KINDS_OF[_last_kind(word)])
        only = not word.startswith("本") or len(self.named) == 1
        return Title(title.start, title.end, self.law, self.version) if fits and only else Title(title.start, title.end)

    def _cite(self, title: Title, pins: tuple[Spanned, ...]) -> Iterator[LawCitation]:
        self._name(title)
        yield from self._spread(title, pins, carried=False)

    def _name(self, title: Title) -> None:
        self.named.add(title.name.removeprefix(STATE))
        self.law, self.version, self.seen, self.of_paper = title.name, title.version, self.reached, False

    def _turn_to_paper(self) -> None:
        self.law, self.version, self.seen, self.of_paper = "", "", self.reached, True

    def _spread(self, title: Title, pins: tuple[Spanned, ...], *, carried: bool) -> Iterator[LawCitation]:
        for number, spanned in enumerate(pins):
            begin = spanned.start if number else title.start
            yield self._citation(title, begin, spanned.end, spanned, carried=carried)

    def _citation(
        self, title: Title, start: int, end: int, spanned: Spanned | tuple[()], *, carried: bool = False
    ) -> LawCitation:
        return LawCitation(
            start=start,
            end=end,
            text=self.text[start:end],
            style=Style.CHINESE,
            law=title.name,
            pins=spanned.pins if spanned else (),
            version=title.version,
            carried=carried,
        )
