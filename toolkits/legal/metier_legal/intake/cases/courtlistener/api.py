"""CourtListener's API v4 as JSON: search results, clusters and opinions, alone, in lists, in pages or one a line.

Opinions that lie in a file of their own are joined with the clusters beside them (clusters.json and opinions.json,
dockets.json, courts.json; or clusters-2.json and opinions-2.json). A cluster may also hold its opinions and its docket.
Source: the serializers of github freelawproject/courtlistener.
"""

from collections.abc import Iterator
from typing import Any, Final

from metier_legal.intake.batch import Batch, Fault
from metier_legal.intake.cases.courtlistener.opinions import BODIES, read_cases
from metier_legal.intake.cases.courtlistener.shelf import Cluster, Shelf, Text, number_of, open_shelf
from metier_legal.intake.cases.fields import object_of, objects_of, text_of, texts_of
from metier_legal.intake.cases.objects import read_objects
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format

_SEARCH: Final = frozenset(("caseName", "cluster_id"))
_BESIDE: Final = ("opinions", "dockets", "courts")


def _kind(keys: set[str]) -> str:
    if keys >= _SEARCH:
        return "search"
    if keys >= {"case_name", "date_filed"} and keys & {"sub_opinions", "docket_id", "docket", "citations"}:
        return "cluster" if "docket_number" not in keys or "sub_opinions" in keys else "docket"
    if keys & set(BODIES) and keys & {"cluster", "cluster_id"}:
        return "opinion"
    if "docket_number" in keys and keys & {"court", "court_id"}:
        return "docket"
    return "court" if {"full_name", "citation_string"} <= keys else ""


def _recognise(head: Head) -> bool:
    if not head.text.lstrip().startswith(("{", "[")):
        return False
    if _kind(set(head.keys)):
        return True
    paged = "results" in head.keys and ("count" in head.keys or "next" in head.keys)
    return paged and ('"absolute_url"' in head.text or '"resource_uri"' in head.text) and '"casebody"' not in head.text


def _read(document: Document) -> Iterator[Batch]:
    file = document.name.rpartition("/")[2]
    kind = next((kind for kind in _BESIDE if file.startswith(kind)), "")
    if kind and document.sibling(file.replace(kind, "clusters", 1)) is not None:
        return  # it is read with its clusters
    with open_shelf() as shelf:
        unknown = _fill(shelf, document)
        for beside in _BESIDE if file.startswith("clusters") else ():
            found = document.sibling(file.replace("clusters", beside, 1))
            unknown += 0 if found is None else _fill(shelf, found)
        yield from read_cases(shelf)
    if unknown:
        text = f"{unknown} object(s) are neither a cluster, an opinion, a docket nor a search result."
        yield Batch("unknown", (Fault(document.name, text),))


def _fill(shelf: Shelf, document: Document) -> int:
    """Lays the objects of a document on the shelf; returns how many are unknown."""
    return sum(not _lay(shelf, fields) for _, fields in read_objects(document))


def _lay(shelf: Shelf, fields: dict[str, Any]) -> bool:
    kind = _kind(set(fields))
    if kind == "search":
        _lay_result(shelf, fields)
    elif kind == "cluster":
        _lay_cluster(shelf, fields)
    elif kind == "opinion":
        _lay_opinion(shelf, fields, 0)
    elif kind == "docket":
        court = text_of(fields, "court_id") or _tail(text_of(fields, "court"))
        shelf.add_dockets([(number_of(fields, "id"), court, text_of(fields, "docket_number"))])
    elif kind == "court":
        shelf.add_courts([(text_of(fields, "id"), text_of(fields, "full_name"))])
    return bool(kind)


def _tail(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _lay_result(shelf: Shelf, fields: dict[str, Any]) -> None:
    number = number_of(fields, "cluster_id")
    opinions = objects_of(fields, "opinions")
    shelf.add_clusters(
        [
            Cluster(
                number,
                text_of(fields, "caseName", "caseNameFull"),
                text_of(fields, "dateFiled"),
                court_id=text_of(fields, "court_id"),
                court=text_of(fields, "court"),
                number=text_of(fields, "docketNumber"),
                citations=tuple(texts_of(fields, "citation")),
                stated=any(opinion.get("cites") for opinion in opinions),
            )
        ]
    )
    for opinion in opinions:
        # A snippet is a piece of an opinion torn out by the search: it may not stand for the text.
        shelf.add_texts([Text(number_of(opinion, "id"), number, text_of(opinion, "type"), "", "")])
        _lay_edges(shelf, number_of(opinion, "id"), texts_of(opinion, "cites"))


def _lay_cluster(shelf: Shelf, fields: dict[str, Any]) -> None:
    number = number_of(fields, "id")
    docket = object_of(fields, "docket")
    court = object_of(docket, "court") or object_of(fields, "court")
    shelf.add_clusters(
        [
            Cluster(
                number,
                text_of(fields, "case_name", "case_name_full", "case_name_short"),
                text_of(fields, "date_filed"),
                court_id=text_of(court, "id")
                or _tail(text_of(docket, "court_id", "court") or text_of(fields, "court_id", "court")),
                court=text_of(court, "full_name"),
                docket=number_of(docket, "id") or number_of(fields, "docket_id") or number_of(fields, "docket"),
                number=text_of(docket, "docket_number") or text_of(fields, "docket_number"),
                syllabus=text_of(fields, "syllabus"),
                citations=tuple(_write(one) for one in objects_of(fields, "citations"))
                + tuple(texts_of(fields, "citations")),
            )
        ]
    )
    for opinion in objects_of(fields, "sub_opinions"):
        _lay_opinion(shelf, opinion, number)


def _write(citation: dict[str, Any]) -> str:
    return " ".join(text_of(citation, name).strip() for name in ("volume", "reporter", "page"))


def _lay_opinion(shelf: Shelf, fields: dict[str, Any], cluster: int) -> None:
    number = number_of(fields, "id") or number_of(fields, "resource_uri")
    cluster = cluster or number_of(fields, "cluster_id") or number_of(fields, "cluster")
    author = "Per Curiam" if fields.get("per_curiam") is True else text_of(fields, "author_str")
    shelf.add_texts([Text(number, cluster, text_of(fields, "type"), author, text_of(fields, *BODIES))])
    _lay_edges(shelf, number, texts_of(fields, "opinions_cited"))


def _lay_edges(shelf: Shelf, citing: int, cited: list[str]) -> None:
    numbers = (number_of({"cited": address}, "cited") for address in cited)
    shelf.add_edges((citing, number) for number in numbers if number)


COURTLISTENER: Final = Format("courtlistener", "CourtListener API v4 JSON", _recognise, _read)
