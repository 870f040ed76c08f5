"""A site of forty pages about an institute that never was: four clicks deep, with loops, a calendar without end, dead
links, and links that lead off it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from metier.errors import MissingError
from metier_research.pages.page import Link, Page

ROOT = "https://institute.example/"
ANSWER = f"{ROOT}departments/oceanography/tides/skerry"
QUESTION = "At what depth did the tides group of oceanography lower the turbine of project Skerry?"
FACT = "The tides group lowered the turbine of project Skerry at a depth of 41 metres, on 3 May 2027."
_DEPARTMENTS = {
    "oceanography": {"tides": ("skerry", "breaker"), "salt": ("brine", "float")},
    "geology": {"ridges": ("fold", "thrust"), "caves": ("drip", "hollow")},
    "botany": {"mosses": ("cushion", "felt"), "ferns": ("frond", "spore")},
    "history": {"charters": ("seal", "deed"), "maps": ("chart", "globe")},
}
_FILL = (
    "The institute keeps records of its own, which are open on weekdays. Visitors are asked to write beforehand. " * 4
)


def _page(path: str, title: str, text: str, *links: tuple[str, str]) -> Page:
    everywhere = (
        ("Home", ROOT),
        ("Calendar", f"{ROOT}calendar?month=2027-01"),
        ("Elsewhere", "https://other.example/"),
    )
    found = tuple(Link(words, url) for words, url in (*everywhere, *links))
    return Page(f"{ROOT}{path}", title, f"{title}\n\n{text}", found, site="institute.example")


def pages() -> Iterator[Page]:
    """Yields the forty pages."""
    sections = [(name.title(), f"{ROOT}{name}") for name in ("departments", "people", "library", "contact", "gone")]
    yield _page("", "Institute of Old Sciences", _FILL, *sections, ("Start again", f"{ROOT}#top"))
    yield _page("people", "People", _FILL, ("Departments", f"{ROOT}departments"))
    yield _page("library", "Library", _FILL)
    yield _page("contact", "Contact", _FILL, ("Write to us", "mailto:office@institute.example"))
    yield _page(
        "departments", "Departments", _FILL, *((f"Department of {d}", f"{ROOT}departments/{d}") for d in _DEPARTMENTS)
    )
    for department, groups in _DEPARTMENTS.items():
        place = f"departments/{department}"
        links = ((f"{group.title()} group", f"{ROOT}{place}/{group}") for group in groups)
        yield _page(place, f"Department of {department}", _FILL, *links, ("Up", f"{ROOT}departments"))
        for group, projects in groups.items():
            inner = f"{place}/{group}"
            links = ((f"Project {project.title()}", f"{ROOT}{inner}/{project}") for project in projects)
            yield _page(inner, f"The {group} group", _FILL, *links, ("Dead", f"{ROOT}dead/{group}"))
            for project in projects:
                told = FACT if project == "skerry" else f"Project {project.title()} has not begun."
                yield _page(f"{inner}/{project}", f"Project {project.title()}", f"{_FILL}\n\n{told}")
    for month in (1, 2, 3, 4, 5, 6, 7):
        after = f"{ROOT}calendar?month=2027-{month + 1:02}"
        yield _page(
            f"calendar?month=2027-{month:02}", f"Calendar, month {month}", "Nothing is planned.", ("Next", after)
        )


@dataclass
class Reader:
    """Reads pages of the institute and writes down which were asked for."""

    site: dict[str, Page] = field(default_factory=lambda: {page.url: page for page in pages()})
    asked: list[str] = field(default_factory=list)

    async def __call__(self, url: str) -> Page:
        """Returns the page at an address; raises MissingError where there is none."""
        self.asked.append(url)
        if url not in self.site:
            raise MissingError(f"Nothing is at {url}.")
        return self.site[url]
