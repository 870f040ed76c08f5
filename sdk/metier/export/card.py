"""The card beside exported rows: what is in the file, where it came from, and what its numbers mean. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from metier.canonical import JSON
from metier.export.formats import Format
from metier.export.record import Record, reward_of
from metier.runtime.effects.models import PLAYBOOK

MOST_SOURCES = 50
REWARD = (
    "`reward` is the share of the checks' findings on the answer that hold, an unknown one counting half, from 0 to 1; "
    "0 for a run without an answer. `checks` is the same share by check."
)
LICENCE = (
    "The rows quote what tools returned. Each source named here has a licence and terms of its own, which apply to "
    "what is quoted from it; so do the terms of the models that wrote the rest. metier grants no right to either."
)
SECRETS = (
    "Secrets that metier knew were masked before anything was kept, and token ids that would have spelled one were not "
    "kept."
)


@dataclass(slots=True)
class Tally:
    """What has been written so far, counted."""

    rows: int = 0
    runs: int = 0
    rewards: list[float] = field(default_factory=list)
    sampled: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, rows: int) -> None:
        """Counts a run of which `rows` rows were written."""
        header, trace = record.header, record.trace
        self.rows += rows
        self.runs += 1
        self.rewards.append(reward_of(trace))
        records = [turn.tokens for turn in trace.turns if turn.tokens is not None]
        self.sampled += sum(len(tokens.sampled) for tokens in records)
        self._count("models", {trace.model})
        self._count("toolkits", {*header.toolkits})
        self._count("modes", {trace.mode})
        self._count("stops", {trace.stop.value})
        self._count("metier", {header.metier})
        self._count("policy versions", {span.version for tokens in records for span in tokens.spans})
        self._count("sources", {item.source for item in trace.evidence})
        if any(_is_fictional(item.source, item.value) for item in trace.evidence):
            self._count("of a fictional world", {"runs"})
        if trace.model == PLAYBOOK:
            self._count("by a playbook, not a model", {"runs"})

    def _count(self, what: str, names: set[str]) -> None:
        self.counts.setdefault(what, Counter()).update(sorted(names))


def card_of(tally: Tally, form: Format, *, name: str, digest: str, size: int) -> dict[str, JSON]:
    """Returns the card as JSON; `digest` and `size` (in bytes) are those of the file called `name`."""
    counts: dict[str, JSON] = {
        what: dict(counter.most_common(MOST_SOURCES)) for what, counter in sorted(tally.counts.items()) if counter
    }
    mean = sum(tally.rewards) / len(tally.rewards) if tally.rewards else None
    return {
        "file": name,
        "sha256": digest,
        "bytes": size,
        "format": form.name,
        "summary": form.summary,
        "fields": dict(form.columns),
        "rows": tally.rows,
        "runs": tally.runs,
        "skipped": dict(sorted(tally.skipped.items())),
        "sampled tokens": tally.sampled,
        "rewards": {"mean": mean, "least": min(tally.rewards, default=None), "most": max(tally.rewards, default=None)},
        "runs by": counts,
        "reward": REWARD,
        "licence": LICENCE,
        "secrets": SECRETS,
    }


def describe(card: Mapping[str, JSON]) -> str:
    """Returns the card as Markdown."""
    lines = [
        f"# {_plain(card['file'])}",
        "",
        f"{_count(card['rows'], 'row')} from {_count(card['runs'], 'run')} of metier, in the format "
        f"`{card['format']}`: {card['summary']}.",
        "",
        f"- SHA-256 {card['sha256']}, {card['bytes']} bytes",
        f"- sampled tokens: {card['sampled tokens']}",
        *(f"- left out: {count} ({_plain(why)})" for why, count in _pairs(card["skipped"])),
        *(f"- {_plain(name)} reward: {value}" for name, value in _pairs(card["rewards"])),
        "",
    ]
    for what, counter in _pairs(card["runs by"]):
        told = ", ".join(f"{_plain(name)} ({number})" for name, number in _pairs(counter))
        lines.append(f"- {what}: {told}")
    lines += ["", "| field | kind |", "| --- | --- |"]
    lines += [f"| {name} | {kind} |" for name, kind in _pairs(card["fields"])]
    for title, key in (("Rewards", "reward"), ("Licences", "licence"), ("Secrets", "secrets")):
        lines += ["", f"## {title}", "", str(card[key])]
    return "\n".join(lines) + "\n"


def _pairs(value: JSON) -> list[tuple[str, JSON]]:
    return [*value.items()] if isinstance(value, dict) else []


def _plain(value: JSON) -> str:
    """Returns a name of others on one line, so that it writes no Markdown of its own."""
    return " ".join(str(value).split()).translate({ord(sign): f"\\{sign}" for sign in "`|<>[]*_#"})


def _is_fictional(source: str, value: JSON) -> bool:
    return "fictional" in source.casefold() or (isinstance(value, dict) and value.get("fictional") is True)


def _count(number: JSON, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
