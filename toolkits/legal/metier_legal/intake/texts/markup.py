"""From the markup of one provision to its text and units."""

import re
from dataclasses import dataclass, replace
from typing import Final

from metier_legal.intake.texts.elements import Element, child, entity_text, local, plain_text
from metier_legal.intake.texts.flow import Flow

_LABEL: Final = re.compile(r"[0-9A-Za-z]+(?:[-.\u2013][0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Markup:
    """What the elements of a format mean, by their local names.

    `units` begin a unit when they have a child of `numbers` with a label; `blocks` stand on lines of their own;
    `skipped` are no text of the law (notes, credits); `headings` end their line; in `quoted`, the words of another law,
    nothing is a unit; numbers of the `bare` names are put in brackets.
    """

    units: frozenset[str]
    blocks: frozenset[str]
    skipped: frozenset[str]
    numbers: frozenset[str] = frozenset(("num",))
    headings: frozenset[str] = frozenset(("heading",))
    quoted: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()


def read_body(element: Element, markup: Markup, without: frozenset[str] = frozenset()) -> Flow:
    """Returns the text and units of a provision; its own number and heading, named in `without`, are left out."""
    flow = Flow()
    flow.add(element.text or "")
    for inner in element:
        if local(inner) not in without:
            _walk(inner, flow, markup)
        flow.add(inner.tail or "")
    return flow


def label_of(number: str) -> str:
    """Returns the label within a written number: "a" of "(a)", "101" of "§ 101.", "1a-7b" of "1a–7b"; or ""."""
    match = _LABEL.search(number)
    return match[0].replace("\u2013", "-") if match else ""


def _walk(element: Element, flow: Flow, markup: Markup) -> None:
    name = local(element)
    if not name:
        flow.add(entity_text(element))
    elif name in markup.skipped:
        return
    elif name in markup.quoted:
        flow.break_line()
        _walk_inside(element, flow, replace(markup, units=frozenset(), quoted=frozenset()))
        flow.break_line()
    elif name in markup.units:
        _walk_unit(element, flow, markup)
    elif name in markup.numbers:
        written = plain_text(element, lambda inner: local(inner) in markup.skipped)
        flow.add_number(f"({written})" if name in markup.bare and written.isalnum() else written)
    elif name in markup.blocks or name in markup.headings:
        flow.break_line()
        _walk_inside(element, flow, markup)
        flow.break_line()
    else:
        _walk_inside(element, flow, markup)


def _walk_unit(element: Element, flow: Flow, markup: Markup) -> None:
    number = child(element, *markup.numbers)
    written = number.get("value") or plain_text(number) if number is not None else ""
    label = label_of(written)
    flow.break_line()
    if label:
        flow.open_unit(label)
    _walk_inside(element, flow, markup)
    if label:
        flow.close_unit()
    flow.break_line()


def _walk_inside(element: Element, flow: Flow, markup: Markup) -> None:
    flow.add(element.text or "")
    for inner in element:
        _walk(inner, flow, markup)
        flow.add(inner.tail or "")
