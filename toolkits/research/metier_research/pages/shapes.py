"""What the tools return as structured content. The same shapes whoever answers: this machine or a live source.

Dates are ISO 8601 as far as they are known ("2024", "2024-05", "2024-05-17"), empty where the source gives none.
A `note` says why a query has nothing to show, or what failed; `error` says the same of a page.
"""

from metier.answer import Value


class SearchHit(Value):
    """A page that a search named, and that nobody has read yet. `rank` counts from 1; `source` says who found it."""

    rank: int
    title: str
    url: str
    snippet: str = ""
    source: str = ""
    date: str = ""


class QueryHits(Value):
    """What one query found, best first."""

    query: str
    hits: tuple[SearchHit, ...] = ()
    note: str = ""


class SearchResult(Value):
    """What a search came to, for each query in the order asked."""

    queries: tuple[QueryHits, ...]


class Work(Value):
    """A scholarly work as a catalogue has it.

    `doi` is without a resolver before it, in small letters. `version` is the one meant where versions are told apart
    ("v2"). `year` and `cited_by` are null where the source gives none, which is not zero. `retracted` is what the
    source says; false where it says nothing of it.
    """

    rank: int
    title: str
    url: str
    doi: str = ""
    version: str = ""
    year: int | None = None
    authors: tuple[str, ...] = ()
    venue: str = ""
    cited_by: int | None = None
    abstract: str = ""
    open_access_url: str = ""
    source: str = ""
    retracted: bool = False


class QueryWorks(Value):
    """The works that one query found, best first."""

    query: str
    works: tuple[Work, ...] = ()
    note: str = ""


class ScholarResult(Value):
    """What a search for scholarly works came to, for each query in the order asked."""

    queries: tuple[QueryWorks, ...]


class PassageShape(Value):
    """A piece of a page's text: the characters from `start` up to `end`, which is not included."""

    start: int
    end: int
    text: str


class LinkShape(Value):
    """A link of a page: the words that are clicked, and where they lead."""

    text: str
    url: str


class VisitedPage(Value):
    """A page or file that was read, or in `error` why it could not be.

    `passages` are its words, letter by letter; `summary` is a model's, empty without one, and nothing to cite.
    `characters` is the length of the whole text; `rendered` says that scripts made it in a browser.
    """

    url: str
    title: str = ""
    site: str = ""
    published: str = ""
    modified: str = ""
    outdated: str = ""
    rendered: bool = False
    digest: str = ""
    characters: int = 0
    summary: str = ""
    passages: tuple[PassageShape, ...] = ()
    links: tuple[LinkShape, ...] = ()
    error: str = ""


class VisitResult(Value):
    """The pages or files that were read for a goal, in the order asked."""

    goal: str
    pages: tuple[VisitedPage, ...]


class OutputResult(Value):
    """What a program printed, with which exit status, and under which isolation it ran."""

    stdout: str
    stderr: str
    exit: int
    isolation: str
    truncated: bool = False
