"""What explore returns as structured content. The shapes of the other tools stand in `pages.shapes`."""

from metier.answer import Value
from metier_research.pages.shapes import VisitedPage


class Step(Value):
    """A click of the walk. `useful` says that the page has a passage that helps; `error` why it could not be read."""

    text: str
    url: str
    title: str = ""
    depth: int = 0
    useful: bool = False
    error: str = ""


class ExploreResult(Value):
    """What a walk over a site came to: every click, and the pages that help, with their passages.

    `enough` says that one passage speaks to nearly all of the question. `refused` links led off the site; `left`
    links of it were not clicked.
    """

    site: str
    question: str
    path: tuple[Step, ...]
    pages: tuple[VisitedPage, ...]
    enough: bool
    refused: int
    left: int
