"""Whether a number, a name and a verb stand beside each other as the source sets them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from metier_research.language.amounts import Amount
from metier_research.language.dates import Day
from metier_research.language.names import find_names
from metier_research.language.sentences import sentences_of
from metier_research.language.stretches import Stretch, cut_stretches
from metier_research.language.words import fold


@dataclass(frozen=True, slots=True)
class Placed:
    """A stretch of a source, the number of that source, and the title of its page, which what it says is about."""

    stretch: Stretch
    source: int
    page: str

    def has(self, name: str) -> bool:
        """Returns whether the stretch or the title of its page has the name."""
        return self.stretch.has(name) or fold(name) in fold(self.page)

    @property
    def own(self) -> tuple[str, ...]:
        """Returns the names that what it says is beside, apart from its page.

        A word that only begins the sentence ("Death came to ...") counts as a name where there is no other.
        """
        names = find_names(without(self.stretch.text, self.page))
        plain = [name.text for name in names if not name.starts or len(name.words) > 1]
        return tuple(plain or [name.text for name in names])


def find_crossed(claim: str, sources: Iterable[tuple[str, str]]) -> str:
    """Returns what the claim sets beside something else than the sources do, or "".

    `sources` are the cited sentences, each with the title of its page.
    """
    placed = enumerate(sources)
    theirs = tuple(Placed(one, number, page) for number, (text, page) in placed for one in _stretches(text))
    return next((told for mine in _stretches(claim) for told in _crossings(mine, theirs)), "")


def _stretches(text: str) -> Iterator[Stretch]:
    for sentence in sentences_of(text):
        yield from cut_stretches(sentence)


def _crossings(mine: Stretch, theirs: tuple[Placed, ...]) -> Iterator[str]:
    pages = " ".join(dict.fromkeys(one.page for one in theirs))
    if len(mine.values) == 1 and mine.values[0].written in pages:
        return  # a number of a name: "the 2008 expedition"
    if len(mine.values) == 1:
        value = mine.values[0]
        holding = [one for one in theirs if one.stretch.says(value)]
        yield from _cross_names(mine, holding, theirs, what=value.written)
        yield from _cross_verbs(mine, holding, theirs)
    elif len(mine.values) == 2 and {type(value) for value in mine.values} == {Amount, Day}:
        yield from _cross_days(mine, theirs)
    elif not mine.values and mine.body:
        best = max((len(mine.body & one.stretch.body) for one in theirs), default=0)
        holding = [one for one in theirs if best and len(mine.body & one.stretch.body) == best]
        yield from _cross_names(mine, holding, theirs, what=mine.text.strip())


def _cross_days(mine: Stretch, theirs: tuple[Placed, ...]) -> Iterator[str]:
    """Yields the year that the source sets beside another number of the same kind."""
    amount = next(value for value in mine.values if isinstance(value, Amount))
    day = next(value for value in mine.values if isinstance(value, Day))
    holding = [one for one in theirs if one.stretch.says(amount)]
    beside = [value for one in holding for value in one.stretch.values if isinstance(value, Day)]
    elsewhere = any(one.stretch.says(day) for one in theirs if one not in holding)
    if day.first and beside and elsewhere and not any(day.is_said_by(other) for other in beside):
        yield f"“{amount.written}” is set beside “{day.written}”, where the source has “{beside[0].written}”"


def _cross_names(mine: Stretch, holding: Sequence[Placed], theirs: Sequence[Placed], *, what: str) -> Iterator[str]:
    """Yields the name that the sources have in other stretches only, while the right one has one that is left out."""
    for name in mine.names if holding else ():
        if any(one.has(name) for one in holding):
            continue
        for other in (one for one in theirs if one not in holding and one.has(name)):
            lost = [told for one in holding if (told := _lost(mine, one, other))]
            if len(lost) == len(holding):
                yield f"“{what}” is set beside {name}, where the source has {lost[0]}"


def _lost(mine: Stretch, right: Placed, other: Placed) -> str:
    """Returns the name beside which the right stretch has it and that is left out, "" where one is kept.

    The names of the stretch count first; where it has none, its page does, against a stretch of another page.
    """
    own = right.own
    rest = fold(without(mine.text, right.page))
    if own:
        return "" if any(fold(name) in rest for name in own) else own[0]
    return right.page if right.source != other.source and not mine.has(right.page) else ""


def _cross_verbs(mine: Stretch, holding: Sequence[Placed], theirs: Sequence[Placed]) -> Iterator[str]:
    """Yields the number whose words the source has in another stretch only, beside another such number."""
    value = mine.values[0]
    if not holding or any(mine.body & one.stretch.body for one in holding):
        return
    for other in theirs:
        rivals = [one for one in other.stretch.values if _is_rival(value, one)]
        if other not in holding and rivals and mine.body & other.stretch.body:
            yield f"“{value.written}” is given for what the source gives “{rivals[0].written}”"
            return


def _is_rival(one: Amount | Day, other: Amount | Day) -> bool:
    if isinstance(one, Amount) and isinstance(other, Amount):
        return one.is_rival(other)
    return isinstance(one, Day) and isinstance(other, Day) and one.is_rival(other)


def without(text: str, title: str) -> str:
    """Returns a text without the title of the page it is of: "the Press of Zosen sits in Zosen" names Zosen twice."""
    return text.replace(title, "·") if title else text
