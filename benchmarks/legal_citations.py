"""What the citation grammars find, against labels by hand, published annotations and eyecite; and how fast."""

import gzip
import html
import json
import logging
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from eyecite import get_citations
from rich.console import Console

from benchmarks.timing import print_table, time_in_turn
from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.citations.finding import find_citations
from metier_legal.law.numerals import parse_chinese

ROOT: Final = Path(__file__).resolve().parents[1]
LABELS: Final = ROOT / "tests" / "toolkits" / "legal" / "citations" / "labels"
DATA: Final = ROOT.parent / "shared" / "data" / "legal"
PAGE: Final = 3_000  # characters
ROUNDS: Final = 3

_LINK: Final = re.compile(
    r'<span class="volume">(.*?)</span>\s*<span class="reporter">(.*?)</span>\s*<span class="page">(.*?)</span>',
    re.DOTALL,
)
_TAG: Final = re.compile(r"<[^>]+>")
_ASKED: Final = re.compile(r"^(?P<law>.*?)(?P<year>\d{4}年)?第(?P<number>[^条第]+)条(?:之[^的]{1,2})?的内容是什么？$")


@dataclass(frozen=True, slots=True)
class Score:
    """How many citations were expected and found, and how many of them were both."""

    expected: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Returns the part of what was found that is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Returns the part of what was expected that was found; 1 when nothing was expected."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Returns the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A passage in which the labels and the grammars differ."""

    system: str
    text: str
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


def read_labels(system: str) -> list[dict[str, Any]]:
    """Returns the labelled passages of a system."""
    with (LABELS / f"{system}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def systems() -> tuple[str, ...]:
    """Returns the systems for which there are labels."""
    return tuple(sorted(path.stem for path in LABELS.glob("*.jsonl")))


def score_labels(system: str) -> tuple[Score, list[Disagreement]]:
    """Returns how well the passages of a system are read with every grammar at work, and where not.

    A citation is right when span, kind and every labelled field agree: law, pins, style and version of legislation,
    and of a case those that the label states.
    """
    total, disagreements = Score(0, 0, 0), list[Disagreement]()
    for label in read_labels(system):
        found = {(one.start, one.text): one for one in find_citations(label["text"])}
        wrong, missed = dict(found), list[str]()
        for expected in label["expected"]:
            citation = found.get((expected["start"], expected["text"]))
            if citation is not None and agrees(citation, expected):
                del wrong[citation.start, citation.text]
            else:
                missed.append(expected["text"])
        right = len(label["expected"]) - len(missed)
        total = Score(total.expected + len(label["expected"]), total.found + len(found), total.right + right)
        if missed or wrong:
            disagreements.append(Disagreement(system, label["text"], tuple(missed), tuple(map(repr, wrong.values()))))
    return total, disagreements


def agrees(citation: Citation, expected: Mapping[str, Any]) -> bool:
    """Returns whether a citation is the labelled one."""
    if isinstance(citation, LawCitation):
        return expected["kind"] == "law" and _as_label(citation) == _of_law(expected)
    fields = {name: value for name, value in expected.items() if name not in ("kind", "start", "text")}
    return expected["kind"] == "case" and all(
        _shown(getattr(citation, name)) == value for name, value in fields.items()
    )


def _shown(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _as_label(citation: LawCitation) -> tuple[object, ...]:
    pins = [(pin.number, list(pin.path), pin.last, pin.note) for pin in citation.pins]
    return citation.style.value, citation.law, pins, citation.version, citation.carried


def _of_law(expected: Mapping[str, Any]) -> tuple[object, ...]:
    pins = [
        (pin["number"], pin.get("path", []), pin.get("last", ""), pin.get("note", False)) for pin in expected["pins"]
    ]
    return expected["style"], expected["law"], pins, expected.get("version", ""), expected.get("carried", False)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the values of a compressed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link of CourtListener in an opinion's text: where it stands, and its volume, reporter and page."""

    start: int
    end: int
    volume: str
    reporter: str
    page: str


def read_opinion(markup: str) -> tuple[str, list[Linked]]:
    """Returns the text of an opinion and the links in it that have volume, reporter and page."""
    parts, links, length, position = list[str](), list[Linked](), 0, 0
    for match in _LINK.finditer(markup):
        before = _plain(markup[position : match.start()])
        written = _plain(match[0])
        start = length + len(before)
        volume, reporter, page = (_plain(part).strip() for part in match.groups())
        if page.isdigit():
            links.append(Linked(start, start + len(written), volume, reporter, page))
        parts += [before, written]
        length, position = start + len(written), match.end()
    return "".join((*parts, _plain(markup[position:]))), links


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def count_links(text: str, links: Collection[Linked]) -> int:
    """Returns how many links are found as a case of that volume, reporter and page, at that place."""
    found = [one for one in find_citations(text, systems=("us",)) if isinstance(one, CaseCitation)]
    return sum(any(_is_linked(one, link) for one in found) for link in links)


def _is_linked(found: CaseCitation, link: Linked) -> bool:
    placed = found.start <= link.start and link.end <= found.end
    same = found.volume == link.volume and found.page == link.page
    return placed and same and found.reporter.replace(" ", "") == link.reporter.replace(" ", "")


def count_asked(items: Sequence[Mapping[str, str]]) -> int:
    """Returns of how many LawBench questions law, article and year are read; a field of law stands before the name."""
    return sum(_is_asked(item["question"]) for item in items)


def _is_asked(question: str) -> bool:
    asked = _ASKED.match(question)
    found = find_citations(question, systems=("chinese",))
    if asked is None or len(found) != 1 or not isinstance(found[0], LawCitation):
        return False
    citation = found[0]
    named = bool(citation.law) and asked["law"].endswith(citation.law) and citation.version == (asked["year"] or "")
    return named and citation.pins[0].number == str(parse_chinese(asked["number"]))


def score_german(
    documents: Mapping[str, str], annotations: Mapping[str, Sequence[Mapping[str, Any]]], kind: str
) -> Score:
    """Returns how many annotated citations of a kind ("law", "case") are met by one found, each at most once."""
    expected = found = right = 0
    for name, text in documents.items():
        of_kind = LawCitation if kind == "law" else CaseCitation
        spans = [
            (one.start, one.end) for one in find_citations(text, systems=("german", "eu")) if isinstance(one, of_kind)
        ]
        marked = [(one["span"]["start"], one["span"]["end"]) for one in annotations[name] if one["type"] == kind]
        expected, found = expected + len(marked), found + len(spans)
        free = list(spans)
        for start, end in marked:
            met = next((span for span in free if span[0] < end and start < span[1]), None)
            if met is not None:
                free.remove(met)
                right += 1
    return Score(expected, found, right)


def main() -> None:
    """Prints what was found of the labels, of the published annotations, and the pages read in a second."""
    logging.getLogger("eyecite").setLevel(logging.ERROR)  # it warns of every overlap that it drops
    rows, whole = list[list[str]](), Score(0, 0, 0)
    for system in systems():
        score, disagreements = score_labels(system)
        whole = Score(whole.expected + score.expected, whole.found + score.found, whole.right + score.right)
        rows.append(_row(system, len(read_labels(system)), score))
        if "--show" in sys.argv:
            for one in disagreements:
                Console().print(one, markup=False, highlight=False)
    rows.append(_row("all", sum(len(read_labels(system)) for system in systems()), whole))
    print_table("Labelled passages", ["system", "passages", "expected", "found", "precision", "recall", "F1"], rows)
    if not DATA.exists():
        Console().print("No ../shared/data/legal: the published annotations and the speed are left out.")
        return
    _print_published()
    _print_speed()


def _row(name: str, passages: int, score: Score) -> list[str]:
    shares = [f"{share:.3f}" for share in (score.precision, score.recall, score.f1)]
    return [name, str(passages), str(score.expected), str(score.found), *shares]


def _print_published() -> None:
    opinions = [read_opinion(one["html"]) for one in read_lines(DATA / "en-scotus50" / "opinions.jsonl.gz")]
    linked = sum(count_links(text, links) for text, links in opinions)
    total = sum(len(links) for _, links in opinions)
    with gzip.open(DATA / "zh-lawbench" / "1-1.json.gz", "rt", encoding="utf-8") as file:
        questions = json.load(file)
    folder = DATA / "citation-fixtures"
    documents = {one["doc_id"]: one["text"] for one in read_lines(folder / "de_documents.jsonl.gz")}
    annotations = {one["doc_id"]: one["citations"] for one in read_lines(folder / "de_annotations.jsonl.gz")}
    rows = [
        ["links of CourtListener in 50 opinions", f"{linked}/{total}"],
        ["LawBench 1-1: law and article", f"{count_asked(questions)}/{len(questions)}"],
    ]
    for kind in ("law", "case"):
        score = score_german(documents, annotations, kind)
        rows.append(
            [f"German {kind} annotations: P, R, F1", f"{score.precision:.3f}, {score.recall:.3f}, {score.f1:.3f}"]
        )
    print_table("Published annotations", ["measure", "result"], rows)


def _print_speed() -> None:
    opinions = [read_opinion(one["html"])[0] for one in read_lines(DATA / "en-scotus50" / "opinions.jsonl.gz")]
    american = "\n".join(opinions[:6])
    articles = read_lines(DATA / "zh-stard" / "articles.jsonl.gz")
    chinese = "\n".join(article["text"] for _, article in zip(range(4_000), articles, strict=False))
    german = "\n".join(one["text"] for one in read_lines(DATA / "citation-fixtures" / "de_documents.jsonl.gz"))
    work = [
        ("eyecite, American opinions", american, lambda: get_citations(american)),
        ("us grammar, American opinions", american, lambda: find_citations(american, systems=("us",))),
        ("all grammars, American opinions", american, lambda: find_citations(american)),
        ("chinese grammar, Chinese statutes", chinese, lambda: find_citations(chinese, systems=("chinese",))),
        ("all grammars, Chinese statutes", chinese, lambda: find_citations(chinese)),
        ("german grammar, German decisions", german, lambda: find_citations(german, systems=("german",))),
    ]
    taken = time_in_turn([piece for _, _, piece in work], rounds=ROUNDS)
    pages = [len(text) / PAGE / seconds for (_, text, _), seconds in zip(work, taken, strict=True)]
    rows = [[name, f"{rate:.0f}", f"{rate / pages[0]:.1f}"] for (name, _, _), rate in zip(work, pages, strict=True)]
    print_table("Pages (3,000 characters) a second", ["grammar and text", "pages/s", "ratio to eyecite"], rows)


if __name__ == "__main__":
    main()
