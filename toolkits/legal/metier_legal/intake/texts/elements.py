"""XML in a stream: elements as they end, nothing fetched, nothing expanded, memory flat."""

import html.entities
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from lxml import etree

from metier.errors import InputError
from metier_legal.intake.files.document import Document, Stream

Element: TypeAlias = Any

CHUNK: Final = 1 << 16

_APART: Final = frozenset(("P", "p", "TI", "STI", "BR", "br", "Title", "Number", "row", "entry"))

_HINT: Final = "Fetch the file again; if it stays so, its publisher has to mend it."


def stream_elements(document: Document) -> Iterator[Element]:
    """Returns each element as it ends; see `stream_events`."""
    return (element for event, element in stream_events(document) if event == "end")


def stream_events(document: Document) -> Iterator[tuple[str, Element]]:
    """Returns ("start", element) for each element as it begins, with its attributes, and ("end", element) as it ends.

    The caller drops what it no longer needs by `drop`. External DTDs are never loaded and entities never expanded.
    Raises InputError naming document and line for XML that is not well formed, declares entities, or nests deeper
    than 256 elements.
    """
    # lxml rather than defusedxml: defusedxml's parser is the pure Python one, some ten times slower, and has no
    # line numbers. What it forbids is forbidden here by the parser's own options and by _refuse_entities.
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    with document.open() as stream, _telling(document):
        begun = False
        for _ in _feed(parser, stream):
            for event, element in parser.read_events():
                if not begun:
                    _refuse_entities(element, document)
                    begun = True
                yield event, element


def _feed(parser: Any, stream: Stream) -> Iterator[None]:
    while data := stream.read(CHUNK):
        parser.feed(data)
        yield
    parser.close()
    yield


@contextmanager
def _telling(document: Document) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        reason = (error.msg or "no XML").split(", line")[0].strip()
        raise InputError(f"{document.name}, line {line}: the XML is broken: {reason}.", hint=_HINT) from error


def _refuse_entities(root: Element, document: Document) -> None:
    inner = root.getroottree().docinfo.internalDTD
    if inner is not None and next(iter(inner.iterentities()), None) is not None:
        raise InputError(
            f"{document.name}: the XML declares entities, which can hide or blow up text; it was not read.",
            hint="Remove the declarations from its DOCTYPE, if you trust it.",
        )


def drop(element: Element) -> None:
    """Forgets an element that has ended and what it holds; text after it in its parent is kept."""
    parent = element.getparent()
    if parent is None:
        element.clear()
        return
    tail = element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def local(element: Element) -> str:
    """Returns the name of an element without its namespace, "" for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Returns an attribute by its name without namespace, "" when it is not there."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element, *names: str) -> Element | None:
    """Returns the first child element of one of the names, or None."""
    return next((found for found in element if local(found) in names), None)


def within(element: Element, names: frozenset[str]) -> bool:
    """Returns whether an element lies in one of the names."""
    return any(local(above) in names for above in element.iterancestors())


def entity_text(element: Element) -> str:
    """Returns what an entity that was left standing means by HTML's table, "" for anything else."""
    return html.entities.html5.get(f"{element.name};", "") if element.tag is etree.Entity else ""


def plain_text(element: Element | None, skip: Callable[[Element], bool] = lambda _: False) -> str:
    """Returns the text of an element on one line, without the elements that `skip` holds of."""
    return " ".join("".join(_pieces(element, skip)).split()) if element is not None else ""


def _pieces(element: Element, skip: Callable[[Element], bool]) -> Iterator[str]:
    yield element.text or "" if isinstance(element.tag, str) else entity_text(element)
    for inner in element:
        if isinstance(inner.tag, str) and skip(inner):
            yield " "
        else:
            yield from _pieces(inner, skip)
        yield f" {inner.tail or ''}" if local(inner) in _APART else inner.tail or ""
