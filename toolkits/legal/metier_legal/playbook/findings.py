"""What a run has found: the corpus, the provisions and the cases that were read, in the order of their worth. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from metier.canonical import JSON
from metier.evidence import Evidence
from metier.history import History, fields_of, rows_of
from metier.toolkit import Call, Observation
from metier_legal.citations.citation import CaseCitation, LawCitation
from metier_legal.citations.finding import find_citations
from metier_legal.law.provision import Standing, Unit
from metier_legal.playbook.passages import Holding, Rule, choose_holding, choose_rule
from metier_legal.playbook.question import Question, queries_of
from metier_legal.playbook.terms import Scale, fuse, weigh

PROVISIONS_READ: Final = 6
CASES_READ: Final = 6
CITED_READ: Final = 3
TREATING_READ: Final = 3
SEARCHED: Final = {"provision": ("search_statutes", PROVISIONS_READ), "case": ("search_cases", CASES_READ)}
FOLLOWED_READ: Final = 2
REFERRING: Final = 3  # provisions whose references are followed
REFERRED_READ: Final = 4
OWN_SYSTEMS: Final = ("german", "chinese", "eu", "uk", "french", "plain")
FLOOR: Final = 0.35  # of the best rule's worth, or a rule is not shown
LAG: Final = timedelta(days=1095)  # a case may be decided years after its facts


@dataclass(frozen=True, slots=True)
class Shelf:
    """What list_law said."""

    today: date
    jurisdictions: tuple[str, ...]
    judge: str


def read_shelf(seen: Observation) -> Shelf:
    """Returns what list_law said."""
    fields = fields_of(seen.value)
    names = tuple(str(row.get("jurisdiction")) for row in rows_of(seen.value, "holdings"))
    return Shelf(date.fromisoformat(str(fields.get("today"))), names, str(fields.get("judge") or ""))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a question is looked into: its jurisdiction and the day whose law decides."""

    question: Question
    jurisdiction: str
    day: date


def searches(ground: Ground, history: History) -> tuple[Call, ...]:
    """Returns the searches to make, statutes and then cases."""
    queries, day = queries_of(ground.question), ground.day.isoformat()
    place: dict[str, JSON] = {"jurisdiction": ground.jurisdiction}
    statutes = [Call("search_statutes", {"query": query, **place, "on": day, "limit": 10}) for query in queries]
    cases = [Call("search_cases", {"query": query, **place, "limit": 10}) for query in queries[:2]]
    text = ground.question.text
    named = [Call("resolve_citation", {"text": text, "on": day})] if _names_law(text) else []
    return (*statutes, *cases, *named)


def _names_law(text: str) -> bool:
    """Returns whether a question cites a provision by its law, or a case."""
    return any(not cited.carried and (isinstance(cited, CaseCitation) or cited.pins) for cited in find_citations(text))


def named_in_question(history: History) -> tuple[Mapping[str, JSON], ...]:
    """Returns what the citations of the question came to."""
    return tuple(row for seen in history.of("resolve_citation") for row in rows_of(seen.value, "citations"))


def readings(ground: Ground, history: History) -> tuple[Call, ...]:
    """Returns the best of what was found, to be read."""
    day = ground.day.isoformat()
    named = [_whole(str(name)) for row in named_in_question(history) for name in _names(row.get("candidates"))]
    provisions = dict.fromkeys((*(name for name in named if "#" in name), *_ranked(history, *SEARCHED["provision"])))
    cases = dict.fromkeys((*(name for name in named if "#" not in name), *_ranked(history, *SEARCHED["case"])))
    return (
        *(Call("read_provision", {"provision": name, "on": day}) for name in provisions),
        *(Call("read_case", {"case": name}) for name in cases),
        *(Call("cites", {"case": name}) for name in cases),
    )


def followings(ground: Ground, history: History) -> tuple[Call, ...]:
    """Returns what the first readings lead to.

    Provisions that the cases cite or that the best provisions refer to, cases that these cases follow, and later cases
    that did something to them.
    """
    day = ground.day.isoformat()
    first = readings(ground, history)
    cited = Counter(name for seen in _back(history, first, "cites") for name in _targets(seen))
    provisions = [name for name, _ in cited.most_common() if "#" in name][:CITED_READ]
    followed = [name for name, _ in cited.most_common() if "#" not in name and name][:FOLLOWED_READ]
    referred = [name for seen in _back(history, first, "read_provision")[:REFERRING] for name in _references(seen)][
        :REFERRED_READ
    ]
    treating = [
        str(row.get("case")) for seen in _back(history, first, "read_case") for row in rows_of(seen.value, "treated_by")
    ][:TREATING_READ]
    calls = (
        *(Call("read_provision", {"provision": name, "on": day}) for name in (*provisions, *referred)),
        *(Call("read_case", {"case": name}) for name in (*treating, *followed)),
    )
    known = {repr(call) for call in first}
    return tuple({repr(call): call for call in calls if repr(call) not in known}.values())


def _back(history: History, calls: Sequence[Call], tool: str) -> list[Observation]:
    """Returns what came back from those calls of a tool, in their order; failures are left out."""
    found = (history.answer(call) for call in calls if call.tool == tool)
    return [seen for seen in found if seen is not None and not seen.is_error]


def _references(seen: Observation) -> Iterator[str]:
    """Yields the provisions of the same work that a provision's text refers to."""
    fields = fields_of(seen.value)
    work, _, number = str(fields.get("id")).partition("#")
    yield from (f"{work}#{other}" for other in _pins(str(fields.get("text"))) if other != number)


def _pins(text: str) -> Iterator[str]:
    """Yields the numbers of provisions to which a text refers without naming a law: those of its own work."""
    for cited in find_citations(text, systems=OWN_SYSTEMS):
        if isinstance(cited, LawCitation) and not cited.law:
            yield from (pin.number for pin in cited.pins)


def _is_of(rule: Rule, leading: Rule, numbers: set[str]) -> bool:
    """Returns whether a rule is one of these provisions of the leading rule's work."""
    return rule.record.work.id == leading.record.work.id and rule.record.number in numbers


def _names(value: JSON) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _whole(name: str) -> str:
    """Returns the provision of a name that goes down to a part ("work#24/1" is "work#24")."""
    work, mark, number = name.partition("#")
    return f"{work}{mark}{number.partition('/')[0]}"


def _ranked(history: History, tool: str, most: int) -> tuple[str, ...]:
    rankings = [[str(row.get("id")) for row in rows_of(seen.value, "hits")] for seen in history.of(tool)]
    return fuse(rankings)[:most]


@dataclass(frozen=True, slots=True)
class Findings:
    """The rules and holdings that speak to the question, best first, and how they were weighed.

    `share` is the part of the question's worth that the best single text has, from 0 to 1, and `shared` the number of
    the question's terms that the text with the most of them has.
    """

    scale: Scale
    rules: tuple[Rule, ...]
    holdings: tuple[Holding, ...]
    share: float
    shared: int

    def without(self, doubted: Collection[tuple[str, str]]) -> "Findings":
        """Returns the findings without what these passages, as evidence id and quote, were to support."""

        def limits(rule: Rule) -> tuple[Unit, ...]:
            return tuple(one for one in rule.exceptions if (rule.evidence.id, rule.words(one)) not in doubted)

        rules = (rule for rule in self.rules if (rule.evidence.id, rule.quote) not in doubted)
        holdings = tuple(one for one in self.holdings if (one.evidence.id, one.quote) not in doubted)
        kept = tuple(replace(rule, exceptions=limits(rule)) for rule in rules)
        return replace(self, rules=kept, holdings=holdings)


def gather(ground: Ground, history: History) -> Findings:
    """Returns what was read and is law on the day, in the language of the question, the best first."""
    provisions = list(_provisions(history))
    cases = [seen.evidence for seen in history.of("read_case") if not seen.is_error]
    texts = [item.text for item in provisions] + ["\n".join(item.text for item in items) for items in cases]
    asked = " ".join((*ground.question.facts, ground.question.asking))
    scale = weigh(asked, texts)
    cited = Counter(name for seen in history.of("cites") for name in _targets(seen))
    rules = [rule for item in provisions if (rule := choose_rule(item, scale)) is not None]
    ranked = sorted(_once(rules, ground), key=lambda rule: -_worth(rule, cited))
    floor = FLOOR * _worth(ranked[0], cited) if ranked else 0.0
    needed = set(_pins(ranked[0].evidence.text)) if ranked else set()
    kept = tuple(rule for rule in ranked if _worth(rule, cited) >= floor or _is_of(rule, ranked[0], needed))
    holdings = [holding for items in cases if (holding := choose_holding(items, scale)) is not None]
    share, shared = max(map(scale.share, texts), default=0.0), max(map(scale.count, texts), default=0)
    return Findings(scale, kept, tuple(_rank(holdings, ground, kept)), share, shared)


def _provisions(history: History) -> Iterator[Evidence]:
    """Yields the provisions that were read and were not dead on the day."""
    for seen in history.of("read_provision"):
        standing = str(fields_of(seen.value).get("standing"))
        if not seen.is_error and standing in (Standing.IN_FORCE, Standing.UNKNOWN):
            yield from seen.evidence


def _rank(holdings: Sequence[Holding], ground: Ground, rules: Sequence[Rule]) -> Iterator[Holding]:
    """Yields the holdings in the question's language, each wording once, by fit, by court and by the law they apply."""
    seen: set[str] = set()
    for holding in sorted(holdings, key=lambda one: -_weight(one, rules)):
        if holding.quote not in seen and _is_in_language(holding.record.language, ground):
            seen.add(holding.quote)
            yield holding


def _weight(holding: Holding, rules: Sequence[Rule]) -> float:
    """Returns the fit of a holding, more for a higher court, less where the leading rule read otherwise at its time."""
    weight = holding.score * (1.0 + 0.1 * holding.record.court_level)
    decided, version = holding.record.decided, rules[0].record.version if rules else None
    if decided is None or version is None:
        return weight
    if version.valid_from is not None and decided < version.valid_from:
        return weight * 0.5
    return weight * 0.8 if version.valid_to is not None and decided >= version.valid_to + LAG else weight


def _targets(seen: Observation) -> Iterator[str]:
    yield from {str(row.get("target")) for row in rows_of(seen.value, "mentions")}


def _worth(rule: Rule, cited: Mapping[str, int]) -> float:
    """Returns the worth of a rule: its own words', and more for every case on these facts that cites it."""
    return rule.score * (1.0 + 0.6 * min(cited[f"{rule.record.work.id}#{rule.record.number}"], 4))


def _once(rules: list[Rule], ground: Ground) -> Iterator[Rule]:
    seen: set[str] = set()
    for rule in rules:
        if rule.evidence.id not in seen and _is_in_language(rule.record.work.language, ground):
            seen.add(rule.evidence.id)
            yield rule


def _is_in_language(language: str, ground: Ground) -> bool:
    """Returns whether a text is in the question's language; other languages than English and Chinese always are."""
    code = language.partition("-")[0]
    return code not in ("en", "zh") or code == ground.question.language
