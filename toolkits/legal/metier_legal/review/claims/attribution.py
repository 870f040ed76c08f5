"""Which citation a quote belongs to. Pure.

In the same sentence, or directly before or after the quote, the nearest citation is its source; one that introduces
the quote ("§ 12 provides: “...”", 规定：“……”) comes before one that only follows. A note called at the quote counts as
standing there. Where nothing is near enough, the quote belongs to nobody and is not judged.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import Citation
from metier_legal.review.claims.quotes import Quote
from metier_legal.review.document import Document, Kind

REACH: Final = 400
_ADJACENT: Final = 120
_BREAK_COST: Final = 150
_FAR: Final = 10_000
_MOST: Final = 4  # citations on either side of a quote that are weighed
_PLAIN: Final = 5  # closing marks, a stop and a bracket between a quote and the citation behind it

_VERBS: Final = (
    r"provid|stat|say|said|read|hold|held|wrote|writ|explain|declar|requir|defin|warn|observ|add|rul|conclu|not|prescrib"
    r"|lautet|bestimmt|heißt|regelt|besagt|dispose|énonce|prévoit|précise"
)
_INTRODUCES: Final = re.compile(
    rf"(?:[:：]|(?:规定|载明|明确|指出|认为|写明|明文|表述为|称)[^。！？]{{0,6}}|\b(?:{_VERBS})\w{{0,3}}\b[^.!?\n]{{0,40}})[\s,，]*[“„«「『\"＂]?\s*$",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    rf"[\s,]*(?:then |also |further )?(?:{_VERBS})\w{{0,3}}\b|\s*(?:进一步)?(?:规定|载明|明确|指出|认为)", re.IGNORECASE
)
_STOP: Final = re.compile(
    r"[。！？]|(?<![A-Z])(?<!\bv)(?<!\bvs)(?<!\bNo)(?<!\bNos)(?<!\bArt)(?<!\bAbs)(?<!\bNr)(?<!\bCo)"
    r"(?<!\bInc)(?<!\bCf)(?<!\bcf)(?<!\bSec)(?<!\bsec)(?<!\bpara)(?<!\bInt’l)(?<!\bInt'l)"
    r"[.!?][”»\"’')\]]*\s+(?=[A-ZÄÖÜ“„«§(\"])"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a citation stands for this purpose: where it is, or where the footnote that holds it is called."""

    index: int
    start: int
    end: int
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """The citation that a quote belongs to, and whether the document plainly says so."""

    index: int
    sure: bool


def attribute(document: Document, citations: Sequence[Citation], quotes: Sequence[Quote]) -> dict[int, Owner]:
    """Returns, for the index of each quote that has a source, the citation that it belongs to."""
    places = _places(document, citations)
    starts = [place.start for place in places]
    longest = max((place.end - place.start for place in places), default=0)
    found: dict[int, Owner] = {}
    for number, quote in enumerate(quotes):
        first, last = _reach(document, quote)
        around = places[bisect_left(starts, first - longest) : bisect_right(starts, last)]
        source = _source_of_block(document, around, quote) if quote.block else _source_of(document, around, quote)
        if source is not None:
            found[number] = source
    return found


def _reach(document: Document, quote: Quote) -> tuple[int, int]:
    """Returns the span in which a citation can be the source of a quote."""
    first, last = quote.start - REACH, quote.end + REACH
    if not quote.block:
        return first, last
    here = document.block_at(quote.start)
    following = min(here + 1, len(document.blocks) - 1)
    return min(first, document.starts[max(here - 1, 0)]), max(last, document.starts[following] + _ADJACENT)


def _places(document: Document, citations: Sequence[Citation]) -> list[_Place]:
    places = [_Place(index, one.start, one.end) for index, one in enumerate(citations)]
    called = {
        mark: document.starts[at] + offset for at, one in enumerate(document.blocks) for offset, mark in one.marks
    }
    for place in list(places):
        block = document.blocks[document.block_at(place.start)]
        if block.kind is Kind.FOOTNOTE and block.note in called:
            places.append(_Place(place.index, called[block.note], called[block.note], noted=True))
    return sorted(places, key=lambda place: place.start)


def _source_of(document: Document, places: Sequence[_Place], quote: Quote) -> Owner | None:
    near = [place for place in places if _is_near(document, place, quote)]
    before = [place for place in near if place.start < quote.start][-_MOST:]
    behind = [place for place in near if place.start >= quote.start][:_MOST]
    # Of two citations before a quote that a colon introduces, the colon belongs to the nearer one.
    costs = [
        (_cost(document, place, quote), abs(place.start - quote.start), place.index) for place in (*before, *behind)
    ]
    cost, _, index = min(costs, default=(_FAR, 0, -1))
    return Owner(index, cost <= _PLAIN) if cost < REACH else None


def _is_near(document: Document, place: _Place, quote: Quote) -> bool:
    if place.end > quote.start and place.start < quote.end:
        return place.noted
    if place.end < quote.start - REACH or place.start > quote.end + REACH:
        return False
    here, there = document.block_at(quote.start), document.block_at(place.start)
    pages = {document.blocks[index].kind for index in (here, there)}
    return here == there or pages == {Kind.PAGE}


def _cost(document: Document, place: _Place, quote: Quote) -> int:
    """Returns how far the citation is from the quote; REACH or more for one that cannot be its source."""
    text = document.text
    if place.start >= quote.end or place.noted:
        gap = text[quote.end : max(place.start, quote.end)]
        breaks = len(_STOP.findall(gap.lstrip('”»“」』"＂’) ').lstrip(".,;。，； ")))
        starts = (
            0
            if "(" in gap or "（" in gap or place.noted
            else _BREAK_COST * bool(_SUBJECT.match(text, place.end, place.end + 60))
        )
        return len(gap) + breaks * REACH + starts
    gap = text[place.end : quote.start]
    breaks = len(_STOP.findall(gap))
    if breaks == 0 and _INTRODUCES.search(gap[-120:]) is not None:
        return 0
    # A sentence of its own directly behind the citation may still quote it; farther off it does not.
    return len(gap) + (breaks * _BREAK_COST if breaks < 2 and len(gap) < _ADJACENT else breaks * REACH)


def _source_of_block(document: Document, places: Sequence[_Place], quote: Quote) -> Owner | None:
    """Returns the source of a block quote: at its own end, at the end of the block before, or opening the one after."""
    here = document.block_at(quote.start)
    inside = [
        place for place in places if document.block_at(place.start) == here and place.end >= quote.end - _ADJACENT
    ]
    before = [place for place in places if here and document.block_at(place.start) == here - 1 and not place.noted]
    behind = [place for place in places if document.block_at(place.start) == here + 1 and not place.noted]
    noted = [place for place in inside if place.noted]
    if noted:
        return Owner(noted[-1].index, sure=True)
    if behind and _is_all_of_block(document, here + 1, behind[0]) and not _leads_up(document, here - 1):
        return Owner(behind[0].index, sure=True)
    if inside and inside[-1].start > quote.start:
        return Owner(inside[-1].index, sure=True)
    if before and document.end_of(here - 1) - before[-1].end < REACH:
        introduced = document.text[before[-1].end : document.end_of(here - 1)]
        whole = not _STOP.search(introduced)
        if whole or not behind:
            return Owner(before[-1].index, sure=whole)
    if behind and behind[0].start - document.starts[here + 1] < _ADJACENT:
        return Owner(behind[0].index, sure=True)
    return None


def _is_all_of_block(document: Document, block: int, place: _Place) -> bool:
    """Returns whether a block has nothing but the citation, which then names the source of the quote above it."""
    text, start = document.text, document.starts[block]
    return not any(c.isalnum() for c in text[start : place.start] + text[place.end : document.end_of(block)])


def _leads_up(document: Document, block: int) -> bool:
    """Returns whether a block ends by introducing what follows."""
    return block >= 0 and document.blocks[block].text.rstrip().endswith((":", "：", "—"))
