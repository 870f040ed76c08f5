"""Invented pages of an invented country, as they were read in a run: prose, tables, copies, old pages, orders."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from metier.evidence import Evidence, record_evidence
from metier_research.pages.evidence import OUTPUT, RECORD, hit_evidence, passage_evidence
from metier_research.pages.page import Hit, Page
from metier_research.reading.passages import cut

SITE = "world-0"
CODE = "print(482 - 97)\n"


def url_of(title: str) -> str:
    """Returns the address of a page of the invented wiki."""
    return f"wiki://{SITE}/{title.replace(' ', '_')}"


@cache
def pages() -> dict[str, Page]:
    """Returns the pages by title; the copy of a page is "TITLE (copy)"."""
    text = (Path(__file__).parent / "pages.txt").read_text(encoding="utf-8")
    made: dict[str, Page] = {}
    for block in text.strip().split("\n\n\n"):
        head, body = block.split("\n", 1)
        title = head.removeprefix("== ")
        made[title] = Page(url_of(title), title, body, modified="2024-05-02", site=SITE)
    old = made["Yearbook 2009 of towns"]
    made[old.title] = replace(old, modified="2010-03-01", outdated="figures of 2009")
    for title in ("Skavastar", "Bölmos"):
        page = made[title]
        url, site = f"https://copies.example/{title}", "copies.example"
        made[f"{title} (copy)"] = replace(page, url=url, site=site, canonical=page.url)
        made[f"{title} (uncredited)"] = replace(page, url=f"https://other.example/{title}", site="other.example")
    made["Almanac"] = Page(
        "https://almanac.example/skavastar",
        "Skavastar in the almanac",
        "Skavastar, in the valley of the Orva, counted 4,210 inhabitants when the census of 2011 was taken. Ana Kern "
        "founded it in 1872 as a camp for railway workers.",
        site="almanac.example",
        published="2013-01-15",
    )
    return made


@cache
def evidence() -> dict[str, Evidence]:
    """Returns the evidence of the whole run by its id."""
    return {item.id: item for item in (*passages().values(), hit(), record(), output())}


@cache
def passages() -> dict[str, Evidence]:
    """Returns the evidence of each page's first passage, by title; the pages are short."""
    return {title: passage_evidence(page, cut(page)[0]) for title, page in pages().items()}


@cache
def hit() -> Evidence:
    """Returns the evidence of a page that was found and not read."""
    found = Hit("Harrow", url_of("Harrow"), "Harrow was founded in 1850 and has 700 inhabitants.", SITE, 1)
    return hit_evidence(found, "harrow")


@cache
def record() -> Evidence:
    """Returns the evidence of a scholarly work's entry."""
    return record_evidence(
        source="catalogue",
        locator="10.5555/orva.7",
        text="Floods of the Orva\nMira Sund, Pelle Rask\nJournal of Rivers\n2016\nWe report 37 floods since 1800.",
        value={"kind": RECORD, "title": "Floods of the Orva", "doi": "10.5555/orva.7", "venue": "Journal of Rivers"},
        recorded="2016",
    )


@cache
def output() -> Evidence:
    """Returns the evidence of what a program printed."""
    return record_evidence(
        source="python", locator="sha256:0", text="385\n", value={"kind": OUTPUT, "code": CODE, "isolation": "limits"}
    )
