"""Forgeries of what a provision says: words changed, cut, moved, joined, or no longer law. Pure."""

from collections.abc import Sequence
from random import Random
from typing import Final

from metier_legal.attacks.editing import drop_not, swap_word
from metier_legal.attacks.material import Law, Passage, Stock, is_quotable, sentences
from metier_legal.attacks.sample import Sample, read_version, rule_of
from metier_legal.law.provision import Provision, Standing, standing_on
from metier_legal.memo import Cited, Statement

_PIECE: Final = {"en": 30, "zh": 10}


def misquote(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer with one word or number of its quote changed; the claim stays or follows."""
    rule, cited = _rule(sample)
    words = swap_word(random, cited.quote, stock.language)
    return None if words is None else _requote(sample, rule, cited, words, random)


def drop_negation(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer with a denial left out of its quote, or its quote begun right behind the denial."""
    rule, cited = _rule(sample)
    words = drop_not(random, cited.quote, stock.language)
    return None if words is None else _requote(sample, rule, cited, words, random)


def _requote(sample: Sample, rule: Statement, cited: Cited, words: str, random: Random) -> Sample | None:
    if words.strip() in sample.evidence[cited.evidence].text:
        return None
    text = rule.text.replace(cited.quote, words) if random.random() < 0.7 else rule.text
    changed = cited.model_copy(update={"quote": words})
    return sample.with_statement("rules", rule.model_copy(update={"authorities": (changed,), "text": text}))


def move_quote(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer citing another section for its words, or another part of the same one."""
    rule, cited = _rule(sample)
    other = random.choice(stock.passages)
    siblings = _siblings(stock, sample, cited)
    if siblings and random.random() < 0.5:
        pin = random.choice(siblings)
        changed = cited.model_copy(update={"pin": pin})
        return sample.with_statement("rules", rule.model_copy(update={"authorities": (changed,)}))
    if _has_words(other.version.text, cited.quote):
        return None
    item = read_version(other.law, other.version)
    changed = cited.model_copy(update={"evidence": item.id, "pin": ()})
    moved = sample.with_statement("rules", rule.model_copy(update={"authorities": (changed,)}))
    return moved.with_evidence(item)


def _siblings(stock: Stock, sample: Sample, cited: Cited) -> list[tuple[str, ...]]:
    """Returns the other top parts of the cited provision that do not hold the quote."""
    text = sample.evidence[cited.evidence].text
    passage = next((p for p in stock.passages if p.quote == cited.quote and p.version.text == text), None)
    if passage is None or not cited.pin:
        return []
    units = [unit for unit in passage.version.units if len(unit.path) == 1 and unit.path != cited.pin]
    return [unit.path for unit in units if not _has_words(text[unit.start : unit.end], cited.quote)]


def revive(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer resting on text that is not law on its day: as if current, or under the current version."""
    if sample.memo.event_date is not None:
        return None
    dead = [(law, old) for law in _some(random, stock.laws) for old in law.versions if _is_over(law, old, stock)]
    if not dead:
        return None
    law, old = random.choice(dead)
    current = law.on(stock.day)
    gone = [part for part in sentences(old.text) if is_quotable(part, stock.language)]
    gone = [part for part in gone if current is None or not _has_words(current.text, part)]
    if not gone:
        return None
    passage = Passage(law, old, (), random.choice(gone), False)
    rule = rule_of(stock, passage, quoted=random.random() < 0.5)
    item = read_version(law, old)
    if current is not None and random.random() < 0.4:
        item = read_version(law, current)
        rule = rule.model_copy(update={"authorities": (rule.authorities[0].model_copy(update={"evidence": item.id}),)})
    return sample.with_statement("rules", rule).with_evidence(item)


def _some(random: Random, laws: Sequence[Law]) -> list[Law]:
    return [random.choice(laws) for _ in range(40)]


def _is_over(law: Law, version: Provision, stock: Stock) -> bool:
    if len(version.text) < _PIECE[stock.language]:
        return False
    standing = standing_on(version, stock.day)
    return standing in (Standing.SUPERSEDED, Standing.REPEALED) or (law.on(stock.day) not in (None, version))


def splice(stock: Stock, random: Random, sample: Sample) -> Sample | None:
    """Returns the answer with one quote of words from two parts, or from two provisions, joined by an ellipsis."""
    rule, cited = _rule(sample)
    first = _piece(random, cited.quote, stock.language, end=False)
    other = random.choice(stock.passages)
    second = _piece(random, other.quote, stock.language, end=True)
    here = sample.evidence[cited.evidence].text
    passage = next((p for p in stock.passages if p.quote == cited.quote and p.version.text == here), None)
    units = [] if passage is None else [unit for unit in passage.version.units if unit.path[:1] > cited.pin[:1]]
    if units and cited.pin and random.random() < 0.6:
        unit = random.choice(units)
        second = _piece(random, here[unit.start : unit.end].strip(), stock.language, end=True)
        cited = cited.model_copy(update={"pin": ()})
    elif second is not None and _has_words(here, second):
        return None
    if first is None or second is None or "\n" in second:
        return None
    words = f"{first}……{second}" if stock.language == "zh" else f"{first} ... {second}"
    changed = cited.model_copy(update={"quote": words})
    return sample.with_statement("rules", rule.model_copy(update={"authorities": (changed,)}))


def _piece(random: Random, text: str, language: str, *, end: bool) -> str | None:
    """Returns the first or last half of the text at a word boundary, or None when that is too short."""
    if language == "zh":
        half = text[len(text) // 2 :] if end else text[: len(text) // 2]
    else:
        words = text.split(" ")
        half = " ".join(words[len(words) // 2 :] if end else words[: len(words) // 2])
    return half if len(half) >= _PIECE[language] else None


def _has_words(text: str, words: str) -> bool:
    return "".join(filter(str.isalnum, words)) in "".join(filter(str.isalnum, text))


def _rule(sample: Sample) -> tuple[Statement, Cited]:
    rule = sample.memo.rules[0]
    return rule, rule.authorities[0]
