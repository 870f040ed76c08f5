"""A tree of HTML without what nobody sees: scripts, fields of forms, and what is hidden by attribute or style.

Styles within the page are read, and those of other files are not: what only they hide is taken to be seen.
"""

from collections.abc import Iterator
from typing import Final

import tinycss2
from lxml import etree
from tinycss2.color3 import RGBA

from metier_research.reading.markup.matching import find_selected
from metier_research.reading.markup.styles import (
    SHOWING,
    colour_of,
    ground_of,
    is_hiding,
    is_invisible,
    read_style,
)

_UNSEEN: Final = frozenset(
    (
        *("script", "style", "template", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "svg"),
        *("canvas", "audio", "video", "map", "head", "title", "link", "meta", "base", "datalist", "select", "textarea"),
        *("input", "button", "noframes", "noembed", "param", "source", "track", "slot", "rp"),
    )
)
_ROOTS: Final = frozenset(("html", "body"))
_MOST_STYLE: Final = 200_000
_MOST_RULES: Final = 150
_LONGEST_SELECTOR: Final = 200


def drop_hidden(root: etree._Element) -> None:
    """Takes what is not seen out of the tree. The words after a hidden element stay."""
    ruled = _hidden_by_rules(root)
    doomed: list[etree._Element] = []
    grounds: dict[etree._Element, RGBA | None] = {}
    for element in root.iter():
        if _is_unseen(element) or element in ruled or _is_styled_away(element, grounds):
            doomed.append(element)
    for element in doomed:
        _drop(element)


def _is_unseen(element: etree._Element) -> bool:
    """Returns whether the element shows nothing by what it is or by its attributes."""
    if not isinstance(element.tag, str):  # comments, processing instructions, entities
        return True
    tag = element.tag.rpartition("}")[2].lower()  # a broken page may hold names that are none in XML
    if tag in _ROOTS:
        return False
    closed = tag == "dialog" and element.get("open") is None
    return (
        tag in _UNSEEN
        or closed
        or element.get("hidden") is not None
        or element.get("aria-hidden", "").strip().lower() == "true"
    )


def _is_styled_away(element: etree._Element, grounds: dict[etree._Element, RGBA | None]) -> bool:
    """Returns whether the element's own style hides it; notes the ground that its children's text stands on."""
    parent = element.getparent()
    ground = None if parent is None else grounds.get(parent)
    written = element.get("style")
    attributes = (element.get("color"), element.get("bgcolor"))
    if written is None and attributes == (None, None):
        grounds[element] = ground
        return False
    style = read_style(written or "")
    ground = ground_of(style) or colour_of(attributes[1] or "") or ground
    grounds[element] = ground
    if element.tag in _ROOTS:
        return False
    colour = colour_of(style.get("color", "") or attributes[0] or "")
    return is_hiding(style) or (colour is not None and is_invisible(colour, ground))


def _hidden_by_rules(root: etree._Element) -> frozenset[etree._Element]:
    """Returns the elements that the styles in the page hide: of several rules for one, the last counts."""
    hidden: dict[etree._Element, bool] = {}
    size = sum(1 for _ in root.iter())
    for selector, hides in _rules(root):
        found = find_selected(root, selector, size)
        hidden.update((element, hides) for element in found if element.tag not in _ROOTS)
    return frozenset(element for element, hides in hidden.items() if hides)


def _rules(root: etree._Element) -> Iterator[tuple[str, bool]]:
    """Yields the selectors of the rules that hide or show, in their order, with whether they hide."""
    count = 0
    for sheet in root.iter("style"):
        for rule in tinycss2.parse_stylesheet(
            (sheet.text or "")[:_MOST_STYLE], skip_comments=True, skip_whitespace=True
        ):
            if rule.type != "qualified-rule":
                continue
            style = read_style(tinycss2.serialize(rule.content))
            selector = tinycss2.serialize(rule.prelude).strip()
            if not SHOWING.isdisjoint(style) or is_hiding(style):
                count += 1
                if count > _MOST_RULES:
                    return
                if len(selector) <= _LONGEST_SELECTOR:
                    yield selector, is_hiding(style) or _is_blank(style)


def _is_blank(style: dict[str, str]) -> bool:
    colour, ground = colour_of(style.get("color", "")), ground_of(style)
    return colour is not None and (ground is not None or colour.alpha == 0) and is_invisible(colour, ground)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
