"""CourtListener's bulk data: the CSV files of one day in one folder or archive.

opinion-clusters is the file that is read; opinions, dockets, courts, citations, citation-map and parentheticals of the
same day are read with it when they lie beside it. Each is streamed once.
"""

from collections.abc import Callable, Iterator
from typing import Final

from metier_legal.intake.batch import Batch, Fault
from metier_legal.intake.cases.courtlistener.opinions import BODIES, read_cases
from metier_legal.intake.cases.courtlistener.shelf import Cluster, Shelf, Text, number_of, open_shelf
from metier_legal.intake.cases.courtlistener.tables import read_rows
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format

CLUSTERS: Final = "opinion-clusters"
_Row = dict[str, str]
_COLUMNS: Final = {
    CLUSTERS: frozenset(("case_name", "date_filed", "docket_id", "precedential_status")),
    "opinions": frozenset(("cluster_id", "type", "plain_text", "html_with_citations")),
    "dockets": frozenset(("court_id", "docket_number", "case_name")),
    "courts": frozenset(("full_name", "citation_string", "short_name")),
    "citations": frozenset(("volume", "reporter", "page", "cluster_id")),
    "citation-map": frozenset(("cited_opinion_id", "citing_opinion_id")),
    "parentheticals": frozenset(("text", "described_opinion_id", "describing_opinion_id")),
}


def _table_of(head: Head) -> str:
    keys = set(head.keys)
    return next((table for table, columns in _COLUMNS.items() if columns <= keys), "")


def _recognise(head: Head) -> bool:
    return not head.text.lstrip().startswith(("{", "[", "<")) and bool(_table_of(head))


def _read(document: Document) -> Iterator[Batch]:
    file = document.name.rpartition("/")[2]
    table = next((name for name in sorted(_COLUMNS, key=len, reverse=True) if file.startswith(name)), CLUSTERS)
    if table != CLUSTERS:
        clusters = file.replace(table, CLUSTERS, 1)
        if document.sibling(clusters) is None:
            yield Batch(
                "alone", (Fault(document.name, f"The table is of use only beside {clusters}; it was left out."),)
            )
        return  # it is read with the clusters
    with open_shelf() as shelf:
        _fill(shelf, CLUSTERS, document)
        for other in _COLUMNS:
            beside = None if other == CLUSTERS else document.sibling(file.replace(CLUSTERS, other, 1))
            if beside is not None:
                _fill(shelf, other, beside)
        yield from read_cases(shelf)


def _fill(shelf: Shelf, table: str, document: Document) -> None:
    columns, lay = _READERS[table]
    lay(shelf, read_rows(document, columns))


def _lay_clusters(shelf: Shelf, rows: Iterator[_Row]) -> None:
    shelf.add_clusters(
        Cluster(
            _number(row["id"]),
            row["case_name"] or row["case_name_full"] or row["case_name_short"],
            row["date_filed"],
            docket=_number(row["docket_id"]),
            syllabus=row["syllabus"],
            stated=True,
        )
        for row in rows
    )


def _lay_opinions(shelf: Shelf, rows: Iterator[_Row]) -> None:
    shelf.add_texts(
        Text(
            _number(row["id"]),
            _number(row["cluster_id"]),
            row["type"],
            "Per Curiam" if row["per_curiam"] in ("t", "True", "true") else row["author_str"],
            next((row[name] for name in BODIES if row[name].strip()), ""),
        )
        for row in rows
    )


def _lay_citations(shelf: Shelf, rows: Iterator[_Row]) -> None:
    shelf.add_citations(
        (_number(row["cluster_id"]), f"{row['volume']} {row['reporter']} {row['page']}".strip()) for row in rows
    )


def _lay_sayings(shelf: Shelf, rows: Iterator[_Row]) -> None:
    shelf.add_sayings(
        (_number(row["describing_opinion_id"]), _number(row["described_opinion_id"]), row["text"]) for row in rows
    )


def _number(text: str) -> int:
    return number_of({"": text}, "")


_READERS: Final[dict[str, tuple[tuple[str, ...], Callable[[Shelf, Iterator[_Row]], None]]]] = {
    CLUSTERS: (
        ("id", "case_name", "case_name_full", "case_name_short", "date_filed", "docket_id", "syllabus"),
        _lay_clusters,
    ),
    "opinions": (("id", "cluster_id", "type", "per_curiam", "author_str", *BODIES), _lay_opinions),
    "dockets": (
        ("id", "court_id", "docket_number"),
        lambda shelf, rows: shelf.add_dockets((_number(r["id"]), r["court_id"], r["docket_number"]) for r in rows),
    ),
    "courts": (
        ("id", "full_name"),
        lambda shelf, rows: shelf.add_courts((r["id"], r["full_name"]) for r in rows),
    ),
    "citations": (("volume", "reporter", "page", "cluster_id"), _lay_citations),
    "citation-map": (
        ("cited_opinion_id", "citing_opinion_id"),
        lambda shelf, rows: shelf.add_edges(
            (_number(r["citing_opinion_id"]), _number(r["cited_opinion_id"])) for r in rows
        ),
    ),
    "parentheticals": (("text", "described_opinion_id", "describing_opinion_id"), _lay_sayings),
}

BULK: Final = Format(
    "courtlistener-bulk", "CourtListener bulk CSV, the tables of one day in a folder", _recognise, _read
)
