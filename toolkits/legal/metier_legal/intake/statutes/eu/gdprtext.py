"""An act of the European Union as the JSON of GDPRtEXT: chapters, sections, articles, points, subpoints."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document, read_whole
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.intake.statutes.eu.celex import celex_of, make_eu_work
from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.texts.decoding import decode_text
from metier_legal.intake.texts.flow import Flow
from metier_legal.law.provision import Provision

_FIELDS: Final = frozenset(("title", "regulation", "chapters"))
_DAY: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def _recognises(head: Head) -> bool:
    return set(head.keys) >= _FIELDS or ({"title", "abbrv", "regulation"} <= set(head.keys))


def _read(document: Document) -> Iterator[Batch]:
    act = _load(document)
    number = str(act.get("regulation") or "")
    celex = celex_of(f"Regulation (EU) {number}")
    if not celex:
        raise InputError(f"{document.name} names no regulation such as 2016/679.", hint="See GDPRtEXT.")
    work = make_eu_work(celex, f"Regulation (EU) {number}, {act.get('title', '')}", "en")
    published = _DAY.search(str(act.get("updated") or ""))
    observed = date(int(published[3]), int(published[2]), int(published[1])) if published else None
    ledger = Ledger(document.name)
    articles = list(_articles(act.get("chapters"), ()))
    numbers = [str(article.get("number")) for _, article in articles]
    whole = numbers == [str(place) for place in range(1, len(numbers) + 1)]
    ledger.add_work(work.model_copy(update={"complete": whole}))
    ledger.fault("", "It is not told from when this text is law.")
    for path, article in articles:
        provision = Provision(
            work=work.id,
            number=str(article.get("number")),
            heading=str(article.get("title") or ""),
            path=path,
            text="",
            observed=observed,
        )
        ledger.add_flow(provision, _flow(article))
    yield from ledger.rest()


def _load(document: Document) -> dict[str, Any]:
    try:
        act = json.loads(decode_text(read_whole(document), document.name))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{document.name} is no JSON that can be read.", hint="Fetch the file again.") from error
    if not isinstance(act, dict):
        raise InputError(f"{document.name} is no JSON object.", hint="Fetch the file again.")
    return act


def _articles(nodes: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for node in nodes if isinstance(nodes, list) else ():
        if not isinstance(node, dict):
            continue
        if node.get("type") == "article":
            yield path, node
        else:
            heading = f"{str(node.get('type', '')).upper()} {node.get('number', '')} {node.get('title', '')}".strip()
            yield from _articles(node.get("contents"), (*path, heading))


def _flow(article: dict[str, Any]) -> Flow:
    flow = Flow()
    points = [point for point in article.get("contents") or [] if isinstance(point, dict)]
    for point in points:
        number = str(point.get("number") or "")
        _add(flow, point, number, f"{number}." if number else "")
    return flow


def _add(flow: Flow, point: dict[str, Any], label: str, written: str) -> None:
    flow.break_line()
    if label:
        flow.open_unit(label)
        flow.add_number(written)
    flow.add(str(point.get("text") or ""))
    for below in point.get("subpoints") or []:
        if isinstance(below, dict):
            number = str(below.get("number") or "").strip("()")
            _add(flow, below, number, f"({number})" if number else "")
    if label:
        flow.close_unit()
    flow.break_line()


GDPRTEXT: Final = Format("gdprtext-json", "A regulation of the EU as JSON of GDPRtEXT", _recognises, _read)
