"""A reader that answers a playbook's calls: the toolkit's own store, passages and evidence, without a server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from metier.answer import Answer, Refusal
from metier.canonical import JSON
from metier.evidence import Evidence
from metier.task import Task
from metier.toolkit import Call, Finish, Observation
from metier_research.checks import CHECKS
from metier_research.pages.evidence import hit_evidence, passage_evidence
from metier_research.pages.page import Link, Page, Passage
from metier_research.playbook import play
from metier_research.reading.passages import cut, rank
from metier_research.report import Report
from metier_research.wiki.address import wiki_url
from metier_research.wiki.importing import import_pages
from metier_research.wiki.store import Wiki
from metier_research.world.pages import open_truth, write_pages
from metier_research.world.truth.facts import Truth

SEED = 3  # no seed on which the playbook was set
PAGES = 700
SHOWN = 8_000
LEAST = 1_500


@dataclass
class Reader:
    """Answers searches and visits from a wiki; `observations` are those of the last run."""

    wiki: Wiki
    room: int = SHOWN
    observations: list[Observation] = field(default_factory=list)

    def run(self, task: Task, *, objections: Sequence[str] = ()) -> Report | Refusal:
        """Returns what the playbook ends a task with."""
        self.observations = []
        for _ in range(60):
            move = play(task, self.observations, objections)
            if isinstance(move, Finish):
                assert isinstance(move.outcome, Report | Refusal)
                return move.outcome
            self.observations += map(self.answer, move.calls)
        raise AssertionError("The playbook does not come to an end.")

    def answer(self, call: Call) -> Observation:
        """Returns what the tool would."""
        arguments: dict[str, Any] = dict(call.arguments)
        value, evidence = (
            self._search(arguments["query"])
            if call.tool == "search"
            else self._visit(arguments["url"], arguments["goal"])
        )
        return Observation(call, "", value, tuple(evidence), is_error=False)

    def _search(self, queries: list[str]) -> tuple[JSON, list[Evidence]]:
        rows: list[JSON] = []
        evidence: list[Evidence] = []
        for query in queries:
            hits = self.wiki.search(query)
            evidence += [hit_evidence(hit, query) for hit in hits]
            rows.append(
                {"query": query, "hits": [{"title": h.title, "url": h.url, "snippet": h.snippet} for h in hits]}
            )
        return {"queries": rows}, evidence

    def _visit(self, urls: list[str], goal: str) -> tuple[JSON, list[Evidence]]:
        rows: list[JSON] = []
        evidence: list[Evidence] = []
        for url in urls:
            page = self.wiki.read(url)
            if page is None:
                rows.append({"url": url, "error": "There is no such page."})
                continue
            shown = self._passages(page, url.partition("#char=")[2], goal, max(self.room // len(urls), LEAST))
            evidence += [passage_evidence(page, one) for one in shown]
            rows.append(
                {
                    "url": page.url,
                    "title": page.title,
                    "outdated": page.outdated,
                    "characters": len(page.text),
                    "links": [{"text": link.text, "url": link.url} for link in page.links[:60]],
                    "error": "",
                }
            )
        return {"goal": goal, "pages": rows}, evidence

    def _passages(self, page: Page, span: str, goal: str, room: int) -> list[Passage]:
        if span:
            start, end = map(int, span.split(","))
            return [Passage(start, min(end, len(page.text)), page.text[start:end])]
        passages = cut(page)
        if len(page.text) <= room:
            return list(passages)
        taken: list[Passage] = []
        for passage in rank(passages, goal, len(passages)):
            if taken and len(passage.text) > room:
                break
            room -= len(passage.text)
            taken.append(passage)
        return sorted(taken, key=lambda one: one.start)

    def evidence(self) -> dict[str, Evidence]:
        """Returns the evidence of the last run by its id."""
        return {item.id: item for seen in self.observations for item in seen.evidence}

    def faults(self, task: Task, answer: Answer) -> list[str]:
        """Returns what the toolkit's checks hold against an answer."""
        verdicts = [check(task, answer, self.evidence()) for check in CHECKS]
        return [
            f"{one.rule}: {one.found}" for verdict in verdicts for one in verdict.findings if one.outcome == "violated"
        ]


@pytest.fixture(scope="session")
def truth() -> Truth:
    return open_truth(SEED, PAGES)


@pytest.fixture(scope="session")
def world(truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    path = tmp_path_factory.mktemp("wiki") / f"{truth.wiki}.sqlite"
    import_pages(write_pages(truth, PAGES), path, name=truth.wiki, licence="CC0-1.0", synthetic=True)
    return Wiki.open(path)


@pytest.fixture
def reader(world: Wiki) -> Reader:
    return Reader(world)


@pytest.fixture
def read_pages(tmp_path: Path) -> Callable[..., Reader]:
    """Makes a reader of a few pages given as title, text and the words that are links to the page of that title."""

    def make(*pages: tuple[str, str], outdated: str = "") -> Reader:
        path = tmp_path / "small.sqlite"
        import_pages((_page(*one, pages, outdated) for one in pages), path, name="small", licence="", synthetic=True)
        return Reader(Wiki.open(path))

    return make


def _page(title: str, text: str, pages: Sequence[tuple[str, str]], outdated: str) -> Page:
    from_text = [other for other, _ in pages if other != title and other in text]
    links = tuple(_link(other) for other in sorted(from_text, key=text.index))
    marked = outdated if title.startswith("Old") else ""
    return Page(_url(title), title, text, links, site="small", outdated=marked)


def _url(title: str) -> str:
    return wiki_url("small", title)


def _link(title: str) -> Link:
    return Link(title, _url(title))
