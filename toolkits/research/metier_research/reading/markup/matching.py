"""Which elements of a tree a selector means (CSS Selectors), in one pass over the tree, however it is nested. Pure.

XPath goes through the tree once for every combinator and element: a page of a few kilobytes can keep it busy for hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from cssselect import ExpressionError, HTMLTranslator, SelectorError, parse
from cssselect.parser import CombinedSelector, Tree
from lxml import etree

MOST_COSTLY: Final = 2_000
"""Elements of a tree in which pseudo-classes are looked for: counting siblings costs time with their square."""
_DESCENDANT, _CHILD, _NEXT, _LATER = " ", ">", "+", "~"
_Found: TypeAlias = frozenset[etree._Element]


@dataclass(frozen=True, slots=True)
class _Chain:
    """A selector from its outermost part to what it means: the elements that fit each part, and what joins them."""

    parts: tuple[_Found, ...]
    joints: tuple[str, ...]


@dataclass(slots=True)
class _Reached:
    """How far the chain has come, as bits of its parts: at the parent, above, at the one before, and at all before."""

    parent: int
    above: int
    previous: int = 0
    before: int = 0


def find_selected(root: etree._Element, selector: str, size: int) -> Iterator[etree._Element]:
    """Yields the elements that a selector means in a tree of `size` elements; nothing for one that is not understood.

    A selector with a pseudo-element (`::before`) means no element, and one with pseudo-classes none in a large tree.
    """
    try:
        selectors = parse(selector)
    except SelectorError:
        return
    for one in selectors:
        if one.pseudo_element is None:
            chain = _read_chain(root, one.parsed_tree, size)
            yield from () if chain is None else _walk(root, chain)


def _read_chain(root: etree._Element, tree: Tree, size: int) -> _Chain | None:
    parts: list[_Found] = []
    joints: list[str] = []
    while isinstance(tree, CombinedSelector):
        parts.append(_fitting(root, tree.subselector, size))
        joints.append(tree.combinator)
        tree = tree.selector
    parts.append(_fitting(root, tree, size))
    return _Chain(tuple(reversed(parts)), tuple(reversed(joints))) if all(parts) else None


def _fitting(root: etree._Element, part: Tree, size: int) -> _Found:
    """Returns the elements that fit one part of a selector, wherever they stand."""
    path = _path_of(part.canonical(), size <= MOST_COSTLY)
    try:
        return frozenset(root.xpath(path)) if path else frozenset()
    except etree.XPathError:
        return frozenset()


@cache
def _translator() -> HTMLTranslator:
    return HTMLTranslator()


def _path_of(part: str, may_be_costly: bool) -> str:
    if ":" in part and not may_be_costly:
        return ""
    try:
        return _translator().css_to_xpath(part)
    except (SelectorError, ExpressionError):
        return ""


def _walk(root: etree._Element, chain: _Chain) -> Iterator[etree._Element]:
    last = 1 << (len(chain.parts) - 1)
    reached = [_Reached(0, 0)]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            reached.pop()
            continue
        here = reached[-1]
        now = _reach(element, chain, here)
        here.previous, here.before = now, here.before | now
        reached.append(_Reached(now, here.above | now))
        if now & last:
            yield element


def _reach(element: etree._Element, chain: _Chain, here: _Reached) -> int:
    """Returns the parts that the chain reaches at an element."""
    after = {_DESCENDANT: here.above, _CHILD: here.parent, _NEXT: here.previous, _LATER: here.before}
    now = 1 if element in chain.parts[0] else 0
    for at, joint in enumerate(chain.joints, 1):
        if after.get(joint, 0) >> (at - 1) & 1 and element in chain.parts[at]:
            now |= 1 << at
    return now
