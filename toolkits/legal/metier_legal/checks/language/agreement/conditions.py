"""Whether a claim turns or drops the condition of its quote: if and unless, until and after, ……的. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from metier_legal.checks.language.content import find_content
from metier_legal.checks.language.negation import find_negation

REMEMBERED: Final = 512
_MARK: Final = re.compile(
    r"(?P<only>\bonly (?:if|when|where|with|after|once|upon|on|by|while)\b)"
    r"|(?P<neg>\b(?:unless|until|except(?:ing)?(?: (?:where|if|when|that|for))?|save (?:where|that|if))\b)"
    r"|(?P<less>\bwithout\b)|(?P<pre>\bbefore\b)|(?P<rel>\b(?:that|which|who) (?:is|are|was|were|has|have)\b)"
    r"|(?P<pos>\b(?:if|where|when|once|provided(?: that)?|in case|as long as|so long as|while)\b(?! or not))",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[.;!?](?=\s|\Z)|\n")
_END: Final = re.compile(r",(?=\s)|\b(?:need not|shall|must|may|cannot|can)\b")
_WHOLE: Final = re.compile(r"\b(?:any|all|every)\b", re.IGNORECASE)
_TURNS: Final = frozenset(("only", "neg", "pos", "less", "pre"))
_HARMLESS: Final = re.compile(r"\b(?:no(?:t)? (?:later|less|more|fewer|earlier|longer) than|whether or not|not only)\b")
_ALIKE: Final = 0.6
_STATED: Final = 0.6
_LEAST_MAIN: Final = 2
_CHINESE_CONDITION: Final = re.compile(r"^(?:[^，。；]{1,6}，)?(?P<when>[^，。；]{4,80}的)，(?P<then>[^。；]{4,120})")
_CHINESE_MARK: Final = re.compile(
    r"如果|若|的，|除外|但|时，|除非|除[^，。]{1,30}外|只有|只要|情形|条件|依法|符合|后，|以外"
)
_CHINESE_SENTENCE: Final = re.compile(r"[。；\n]")
_NOT_HAN: Final = re.compile(r"[^\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its kind of mark, whether it takes away, its words."""

    kind: str
    takes: bool
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence in its parts. `denied` says whether the rule denies."""

    main: frozenset[str]
    denied: bool
    conditions: tuple[Condition, ...]

    def limits(self, whole: bool) -> list[frozenset[str]]:
        """Returns the words by which the conditions limit the rule: "without a reason" limits no right.

        What "that is" adds limits only against a claim of the `whole`.
        """
        left = {"pre"} if whole else {"pre", "rel"}
        left |= set() if self.denied else {"less"}
        return [one.words - self.main for one in self.conditions if one.kind not in left and one.words - self.main]


def find_turned_condition(claim: str, quote: str) -> str:
    """Returns the words of a condition that the claim turns round, or "".

    "May not, unless" and "may, if" agree; with one of the two turned they do not. "May only with" is "may not without".
    """
    for rule in _rules(claim):
        for condition in (one for one in rule.conditions if one.kind in _TURNS):
            for other in _rules(quote):
                if not _alike(rule.main, other.main):
                    continue
                near = [one.takes for one in other.conditions if _is_same(condition, one)]
                if near and all((condition.takes == takes) != (rule.denied == other.denied) for takes in near):
                    return f"the condition “{' '.join(sorted(condition.words))}” is turned round"
    return ""


def find_dropped_condition(text: str, quote: str) -> str:
    """Returns the condition of the quote of which a text that states its rule has no word, or ""."""
    said = find_content(text)
    if not any(one.kind in _TURNS for rule in _rules(text) for one in rule.conditions):
        for rule in _rules(quote):
            if len(rule.main) < _LEAST_MAIN or len(said & rule.main) < _STATED * len(rule.main):
                continue
            own = rule.limits(_WHOLE.search(text) is not None)
            if own and said.isdisjoint(frozenset().union(*own)):
                return f"the quote's condition “{' '.join(sorted(own[0])[:6])}” is left out"
    return _dropped_chinese(text, quote)


def _dropped_chinese(text: str, quote: str) -> str:
    if _CHINESE_MARK.search(text):
        return ""
    said = _pairs(text)
    for sentence in _CHINESE_SENTENCE.split(quote):
        match = _CHINESE_CONDITION.match(sentence)
        if match is None:
            continue
        when, then = _pairs(match["when"]), _pairs(match["then"])
        if len(said & then) >= _STATED * len(then) and len(said & (when - then)) <= 1:
            return f"the quote's condition “{match['when'][:30]}” is left out"
    return ""


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(_NOT_HAN.sub("", text))))


def _is_same(one: Condition, other: Condition) -> bool:
    return other.kind in _TURNS and _alike(one.words, other.words)


def _alike(words: frozenset[str], stands: frozenset[str]) -> bool:
    least = min(len(words), len(stands))
    return least > 0 and len(words & stands) >= _ALIKE * least


@lru_cache(maxsize=REMEMBERED)
def _rules(text: str) -> tuple[Rule, ...]:
    """Returns the sentences that have a condition."""
    sentences = (sentence for sentence in _STOP.split(text) if _MARK.search(sentence))
    return tuple(rule for sentence in sentences if (rule := _read(sentence)).conditions)


def _read(sentence: str) -> Rule:
    main, conditions, denied = list[str](), [], False
    for kind, part in _parts(sentence):
        if not kind:
            main.append(part)
            continue
        denied ^= kind == "only"
        takes = (kind not in ("pos", "rel")) ^ _denies(part)
        if words := find_content(part):
            conditions.append(Condition(kind, takes, words))
    whole = " ".join(main)
    return Rule(find_content(whole), denied ^ _denies(whole), tuple(conditions))


def _parts(sentence: str) -> Iterator[tuple[str, str]]:
    """Yields the parts of a sentence, "" for the rule and the kind of mark for its conditions."""
    marks = list(_MARK.finditer(sentence))
    yield "", sentence[: marks[0].start()]
    for mark, following in zip(marks, (*marks[1:], None), strict=True):
        end = following.start() if following else len(sentence)
        over = _END.search(sentence, mark.end(), end)
        stop = over.start() if over else end
        yield mark.lastgroup or "", sentence[mark.end() : stop]
        yield "", sentence[stop:end]


def _denies(part: str) -> bool:
    return bool(find_negation(_HARMLESS.sub(" ", part)))
